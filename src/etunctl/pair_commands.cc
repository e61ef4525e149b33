// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/pair_commands.hpp"

#include "etunctl/end_lookup.hpp"
#include "etunctl/interrupt.hpp"
#include "etunctl/name_fault.hpp"
#include "etunctl/name_pattern.hpp"
#include "etunctl/progress.hpp"
#include "libetun/complaint.hpp"
#include "libetun/delif_file.hpp"
#include "libetun/link_request.hpp"
#include "libetun/namesake.hpp"
#include "libetun/route_socket.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <span>

namespace etun {
namespace {

using NamePair = std::pair<std::string, std::string>;

std::vector<NamePair> names_to_make(const AddCommand &command)
{
	if (command.pattern.empty())
		return {{command.name_a, command.name_b}};
	return numbered_pairs(command.pattern, command.start, command.count);
}

/// Both ends of all pairs, with their namespaces as they were given. Two names of one namespace are one.
std::vector<DeviceName> devices_of(const AddCommand &command, const std::vector<NamePair> &names, bool one_namespace)
{
	std::vector<DeviceName> devices;
	for (const auto &[one, other] : names) {
		devices.push_back({command.netns_a, one});
		devices.push_back({one_namespace ? command.netns_a : command.netns_b, other});
	}
	return devices;
}

/// Takes back those of \p names up to \p count that were made. What can't be taken back is said.
void take_back(RouteSocket &socket, const std::vector<NamePair> &names, std::size_t count)
{
	for (std::size_t i = 0; i < count; i++)
		if (const auto gone = socket.ask(delete_link(names[i].first)); !gone)
			fmt::print(stderr, "etunctl: {}\n",
				   complaint_about("taking back " + names[i].first, gone.error()).what);
}

RouteSocket socket_in(const NetNamespace &netns)
{
	return or_complain(RouteSocket::open(netns), fmt::format("namespace {}", label(netns)));
}

/// Deletes the pairs of \p ends, which are in one namespace: at once where that is possible, for /sys is read-only in
/// many a container. What delif refuses it refuses as a whole.
void delete_some(const NetNamespace &where, std::span<const FoundEnd> ends, Progress &progress)
{
	std::vector<std::string> names;
	for (const FoundEnd &found : ends)
		names.push_back(found.end->link.name);
	if (names.size() > 1 && write_delif(where, names)) {
		for (std::size_t i = 0; i < ends.size(); i++)
			progress.step();
		return;
	}
	RouteSocket socket = socket_in(where);
	for (const FoundEnd &found : ends) {
		or_complain(socket.ask(delete_link(found.end->link.index)), "del " + found.end->link.name);
		progress.step();
	}
}

/// Changes an end that was found.
Outcome<Done> change(const Census &census, const PlacedEnd &end, const LinkChange &wanted)
{
	return socket_in(census.namespaces[end.netns]).ask(change_link(end.link.index, wanted));
}

/// Why the cable does not carry, as far as can be seen.
std::string reason_for_no_carrier(const Census &census, const FoundEnd &found)
{
	std::string down;
	for (const PlacedEnd *end : {found.end, found.peer})
		if (end && !end->link.up)
			down += (down.empty() ? "" : ", ") + told(census, *end);
	if (!down.empty())
		return "down: " + down;
	return found.peer ? "an end is held down (protodown)" : "the peer can't be seen from here";
}

} // namespace

void add_pairs(AddCommand command)
{
	const std::vector<NamePair> names = names_to_make(command);
	const NetNamespace where_a = need_namespace(command.netns_a);
	const NetNamespace where_b = need_namespace(command.netns_b);
	need_new_names("add", devices_of(command, names, where_a.identity == where_b.identity));
	// The first end is made where the request is sent; the other one's place is always said, being another
	// namespace as seen from there.
	RouteSocket socket = socket_in(where_a);
	command.pair.other.netns = where_b.descriptor.number();

	notice_interrupts();
	Progress progress(static_cast<unsigned>(names.size()));
	for (std::size_t i = 0; i < names.size(); i++) {
		command.pair.one.name = names[i].first;
		command.pair.other.name = names[i].second;
		const auto made = ask_for_names(socket, create_pair(command.pair),
						{{where_a, names[i].first}, {where_b, names[i].second}});
		if (made && !interrupted()) {
			progress.step();
			continue;
		}
		take_back(socket, names, made ? i + 1 : i);
		if (!made)
			throw complaint_about(fmt::format("add {} {}", names[i].first, names[i].second), made.error());
		throw Complaint{ExitStatus::refused, "add: interrupted; no pair was made"};
	}
}

void delete_pairs(const DeleteCommand &command)
{
	const auto names =
		command.pattern.empty() ? command.names : numbered_names(command.pattern, command.start, command.count);
	const Census census = need_census({command.netns});
	std::set<std::uint64_t> seen;
	std::vector<FoundEnd> ends;
	for (const std::string &name : names) {
		const FoundEnd found = find_end(census, name, command.netns);
		// Both ends may have been named.
		if (seen.insert(found.pair->id).second)
			ends.push_back(found);
	}
	const NetNamespace where = need_namespace(command.netns);
	Progress progress(static_cast<unsigned>(ends.size()));
	for (std::span<const FoundEnd> rest = ends; !rest.empty();) {
		const auto some = rest.first(std::min(rest.size(), delif_names));
		delete_some(where, some, progress);
		rest = rest.subspan(some.size());
	}
}

void cut_cable(const std::string &name, const std::string &netns)
{
	const Census census = need_census({netns});
	or_complain(change(census, *find_end(census, name, netns).end, {.carrier = false}), "cut " + name);
}

void join_cable(const std::string &name, const std::string &netns)
{
	const Census before = need_census({netns});
	const FoundEnd found = find_end(before, name, netns);
	or_complain(change(before, *found.end, {.carrier = true}), "join " + name);
	if (found.peer)
		or_complain(change(before, *found.peer, {.carrier = true}), "join " + found.peer->link.name);

	const Census census = need_census({netns});
	const FoundEnd after = find_end(census, name, netns);
	if (!after.end->link.carrier)
		fmt::print(stderr, "etunctl: join {}: not cut any more, but there is no carrier: {}\n", name,
			   reason_for_no_carrier(census, after));
}

} // namespace etun
