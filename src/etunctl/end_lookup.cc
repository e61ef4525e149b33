// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/end_lookup.hpp"

#include "libetun/complaint.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

namespace etun {
namespace {

/// Calls \p take with each end that can be seen.
template <typename Take> void for_each_end(const Census &census, const Take &take)
{
	for (const Pair &pair : census.pairs) {
		const PlacedEnd *other = pair.other ? &*pair.other : nullptr;
		take(FoundEnd{&pair, &pair.one, other});
		if (other)
			take(FoundEnd{&pair, other, &pair.one});
	}
}

std::size_t find_namespace(const Census &census, const std::string &netns)
{
	if (netns.empty())
		return 0;
	const auto found = std::find_if(census.namespaces.begin(), census.namespaces.end(),
					[&netns](const NetNamespace &known) { return is_called(known, netns); });
	if (found == census.namespaces.end())
		throw complaint_about("namespace " + netns, Error(ENOENT, "there is no such network namespace"));
	const auto index = static_cast<std::size_t>(found - census.namespaces.begin());
	if (std::find(census.closed.begin(), census.closed.end(), index) != census.closed.end())
		throw complaint_about("namespace " + netns, Error(EPERM, "the network namespace can't be entered"));
	return index;
}

} // namespace

bool has_module()
{
	return access("/sys/module/etun", F_OK) == 0;
}

void need_module()
{
	if (!has_module())
		throw complaint_about_module();
}

NetNamespace need_namespace(const std::string &given)
{
	if (given.empty())
		return or_complain(current_namespace(), "this network namespace");
	return or_complain(given_namespace(given), "namespace " + given);
}

std::vector<NetNamespace> need_namespaces(const std::vector<std::string> &given)
{
	std::vector<NetNamespace> found;
	for (const std::string &text : given)
		if (!text.empty())
			found.push_back(need_namespace(text));
	return found;
}

Census need_census(const std::vector<std::string> &given)
{
	need_module();
	return or_complain(take_census(need_namespaces(given)), "looking for pairs");
}

FoundEnd find_end(const Census &census, const std::string &name, const std::string &netns)
{
	const std::size_t where = find_namespace(census, netns);
	FoundEnd found{};
	std::string elsewhere;
	for_each_end(census, [&](const FoundEnd &candidate) {
		if (!is_called(candidate.end->link, name))
			return;
		if (candidate.end->netns == where)
			found = candidate;
		else if (!census.namespaces[candidate.end->netns].name.empty())
			elsewhere = census.namespaces[candidate.end->netns].name;
	});
	if (found.end)
		return found;
	const std::string place = netns.empty() ? "in this namespace" : "in namespace " + netns;
	Complaint complaint{ExitStatus::not_found, fmt::format("no end of a pair is called {} {}", name, place),
			    "`etunctl list` shows the pairs that there are"};
	if (!elsewhere.empty())
		complaint.remedy = fmt::format("there is one in namespace {}: --netns {}", elsewhere, elsewhere);
	throw complaint;
}

void tell_closed(const Census &census)
{
	for (const std::size_t index : census.closed)
		fmt::print(stderr, "etunctl: namespace {} can't be entered, its ends are missing here; root can\n",
			   label(census.namespaces[index]));
}

std::string told(const Census &census, const PlacedEnd &end)
{
	return fmt::format("{} {}", end.link.name, label(census.namespaces[end.netns]));
}

std::string_view label(const NetNamespace &netns)
{
	return netns.name.empty() ? std::string_view("(here)") : netns.name;
}

} // namespace etun
