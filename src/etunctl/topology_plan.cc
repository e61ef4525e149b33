// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/topology_plan.hpp"

#include "etunctl/complaint.hpp"
#include "etunctl/device_changes.hpp"
#include "etunctl/setting_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace etun {
namespace {

[[noreturn]] void refuse(const std::string &path, const std::string &what, const std::string &remedy)
{
	throw Complaint{ExitStatus::bad_file, fmt::format("{}: {}", path, what), remedy};
}

std::string pair_text(const DeviceName &one, const DeviceName &other)
{
	return fmt::format("pair {},{}", to_text(one), to_text(other));
}

class Planner {
public:
	Planner(const Topology &wanted, const Inventory &present, bool prune)
		: wanted_(wanted), present_(present), prune_(prune)
	{
	}

	std::vector<Step> steps()
	{
		match_pairs();
		if (prune_)
			plan_prune();
		plan_namespaces();
		for (std::size_t i = 0; i < wanted_.bridges.size(); i++)
			plan_bridge(wanted_.bridges[i], fmt::format("bridges[{}]", i));
		for (std::size_t i = 0; i < wanted_.pairs.size(); i++)
			plan_pair(i, fmt::format("pairs[{}]", i));
		for (const WantedBridge &bridge : wanted_.bridges)
			plan_ports(bridge);
		return std::move(steps_);
	}

private:
	template <typename Action> void add(std::string text, Action action)
	{
		steps_.push_back({std::move(text), std::move(action)});
	}

	void plan_namespaces();
	void need_namespace(const std::string &netns, const std::string &path) const;
	void match_pairs();
	void plan_prune();
	void plan_bridge(const WantedBridge &bridge, const std::string &path);
	void plan_pair(std::size_t i, const std::string &path);
	void plan_new_pair(const WantedPair &pair, const std::string &path);
	void plan_ports(const WantedBridge &bridge);
	void plan_addresses(const DeviceName &device, const std::vector<IpAddress> &addresses, std::optional<bool> up);
	const Device *remaining(const DeviceName &device) const;

	const Topology &wanted_;
	const Inventory &present_;
	bool prune_;
	/// For each pair of the file the one that is there.
	std::vector<const Pair *> matches_;
	/// Indexes of devices that go, by their namespaces.
	std::set<std::pair<std::size_t, unsigned>> going_;
	std::vector<Step> steps_;
};

void Planner::plan_namespaces()
{
	for (const std::string &name : wanted_.namespaces)
		if (!find_namespace(present_, name))
			add("+ namespace " + name, AddNamespace{name});
	for (std::size_t i = 0; i < wanted_.pairs.size(); i++)
		for (std::size_t j = 0; j < wanted_.pairs[i].ends.size(); j++)
			need_namespace(wanted_.pairs[i].ends[j].device.netns, fmt::format("pairs[{}].ends[{}]", i, j));
	for (std::size_t i = 0; i < wanted_.bridges.size(); i++)
		need_namespace(wanted_.bridges[i].device.netns, fmt::format("bridges[{}]", i));
}

void Planner::need_namespace(const std::string &netns, const std::string &path) const
{
	const auto found = find_namespace(present_, netns);
	if (!found) {
		const auto &made = wanted_.namespaces;
		if (std::find(made.begin(), made.end(), netns) == made.end())
			refuse(path + ".netns", fmt::format("there is no network namespace '{}'", netns),
			       "name it in \"namespaces\", and it is made; or `ip netns add` it");
		return;
	}
	const auto &closed = present_.census.closed;
	if (std::find(closed.begin(), closed.end(), *found) != closed.end())
		throw complaint_about(fmt::format("{}.netns: namespace {}", path, netns),
				      Error(EPERM, "the network namespace can't be entered"));
}

void Planner::match_pairs()
{
	for (const WantedPair &pair : wanted_.pairs) {
		const auto is_end = [&](const WantedEnd &end, const PlacedEnd &placed) {
			return end.device.name == placed.link.name &&
			       find_namespace(present_, end.device.netns) == placed.netns;
		};
		const auto &pairs = present_.census.pairs;
		const auto found = std::find_if(pairs.begin(), pairs.end(), [&](const Pair &candidate) {
			if (!candidate.other)
				return false;
			return (is_end(pair.ends[0], candidate.one) && is_end(pair.ends[1], *candidate.other)) ||
			       (is_end(pair.ends[1], candidate.one) && is_end(pair.ends[0], *candidate.other));
		});
		matches_.push_back(found == pairs.end() ? nullptr : &*found);
	}
}

void Planner::plan_prune()
{
	for (const Pair &pair : present_.census.pairs) {
		if (std::find(matches_.begin(), matches_.end(), &pair) != matches_.end())
			continue;
		const DeviceName one = name_of(present_.census, pair.one);
		going_.emplace(pair.one.netns, pair.one.link.index);
		if (pair.other)
			going_.emplace(pair.other->netns, pair.other->link.index);
		add("- " + (pair.other ? pair_text(one, name_of(present_.census, *pair.other))
				       : fmt::format("pair {} with an end that can't be seen", to_text(one))),
		    DeletePair{one});
	}
}

const Device *Planner::remaining(const DeviceName &device) const
{
	const Device *found = find_device(present_, device);
	if (found && going_.contains({find_namespace(present_, device.netns).value_or(0), found->link.index}))
		return nullptr;
	return found;
}

void Planner::plan_bridge(const WantedBridge &bridge, const std::string &path)
{
	const Device *there = remaining(bridge.device);
	if (there && there->link.kind != "bridge")
		refuse(path + ".name", fmt::format("'{}' is there, and is no bridge", to_text(bridge.device)),
		       "give the bridge another name, or rename the device: ip link set NAME name OTHER");
	if (!there) {
		add("+ bridge " + to_text(bridge.device) + (bridge.up.value_or(true) ? "" : " (down)"),
		    AddBridge{bridge.device, bridge.up.value_or(true)});
	} else if (bridge.up && *bridge.up != there->link.up) {
		add(fmt::format("~ {}: {} -> {}", to_text(bridge.device), there->link.up ? "up" : "down",
				*bridge.up ? "up" : "down"),
		    ChangeDevice{bridge.device, {.up = bridge.up}});
	}
	plan_addresses(bridge.device, bridge.addresses, bridge.up);
}

void Planner::plan_new_pair(const WantedPair &pair, const std::string &path)
{
	for (std::size_t j = 0; j < pair.ends.size(); j++) {
		const DeviceName &device = pair.ends[j].device;
		const Device *there = remaining(device);
		if (there && there->link.end)
			refuse(fmt::format("{}.ends[{}].name", path, j),
			       fmt::format("'{}' is there as an end of another pair", to_text(device)),
			       fmt::format("etunctl show {} says of which one; etunctl del it, or apply with --prune",
					   device.name));
		if (there)
			refuse(fmt::format("{}.ends[{}].name", path, j),
			       fmt::format("'{}' is there, and is no end of a pair", to_text(device)),
			       "give the end another name");
	}
	std::string text = "+ " + pair_text(pair.ends[0].device, pair.ends[1].device);
	if (pair.mtu_policy)
		text += fmt::format("\n    mtu-policy {}", to_text(*pair.mtu_policy));
	for (const WantedEnd &end : pair.ends)
		if (const std::string settings = settings_text(end); !settings.empty())
			text += fmt::format("\n    {}: {}", to_text(end.device), settings);
	add(std::move(text), AddPair{pair});
}

void Planner::plan_pair(std::size_t i, const std::string &path)
{
	const WantedPair &pair = wanted_.pairs[i];
	if (!matches_[i]) {
		plan_new_pair(pair, path);
	} else {
		const MtuPolicy policy = matches_[i]->one.link.end->mtu_policy;
		const MtuPolicy later = pair.mtu_policy.value_or(policy);
		if (later != policy)
			add(fmt::format("~ {}: mtu-policy {} -> {}",
					pair_text(pair.ends[0].device, pair.ends[1].device), to_text(policy),
					to_text(later)),
			    ChangeDevice{pair.ends[0].device, {.mtu_policy = later}});
		// Taking the policy up gives the other end the MTU of the first, and so does each change then.
		const bool follows = later == MtuPolicy::equal;
		std::array<WantedEnd, 2> ends = pair.ends;
		if (follows && ends[0].mtu && ends[1].mtu && *ends[0].mtu != *ends[1].mtu)
			refuse(path, "the MTUs differ, but the MTU policy of this pair is equal",
			       "give both ends one MTU, or say \"mtu_policy\": \"independent\"");
		if (follows) {
			ends[0].mtu = ends[0].mtu ? ends[0].mtu : ends[1].mtu;
			ends[1].mtu.reset();
		}
		for (std::size_t j = 0; j < ends.size(); j++) {
			const Device &there = *find_device(present_, ends[j].device);
			for (Step &step : end_changes(ends[j], there, fmt::format("{}.ends[{}]", path, j)))
				steps_.push_back(std::move(step));
		}
	}
	for (const WantedEnd &end : pair.ends)
		plan_addresses(end.device, end.addresses, end.up);
}

void Planner::plan_addresses(const DeviceName &device, const std::vector<IpAddress> &addresses, std::optional<bool> up)
{
	std::vector<IpAddress> present;
	if (const Device *there = remaining(device)) {
		// A device that goes down loses those of IPv6 (unless net.ipv6.conf.*.keep_addr_on_down is set).
		const bool goes_down = there->link.up && up == false;
		std::copy_if(there->addresses.begin(), there->addresses.end(), std::back_inserter(present),
			     [goes_down](const IpAddress &address) { return !goes_down || address.family == AF_INET; });
	}
	for (const IpAddress &address : addresses) {
		if (std::find(present.begin(), present.end(), address) != present.end())
			continue;
		// IPv6 has an address once; IPv4 may have it with several prefixes.
		for (const IpAddress &other : present)
			if (address.family == AF_INET6 && address.same_host(other))
				add(fmt::format("- {}: address {}", to_text(device), to_text(other)),
				    RemoveAddress{device, other});
		add(fmt::format("+ {}: address {}", to_text(device), to_text(address)), AddAddress{device, address});
	}
}

void Planner::plan_ports(const WantedBridge &bridge)
{
	const Device *there = remaining(bridge.device);
	for (const std::string &name : bridge.ports) {
		const DeviceName port{bridge.device.netns, name};
		const Device *end = remaining(port);
		const unsigned master = end ? end->link.master : 0;
		if (there && master == there->link.index)
			continue;
		add(fmt::format("{} {}: port of {}", master ? '~' : '+', to_text(port), bridge.device.name),
		    SetMaster{port, bridge.device.name});
	}
}

} // namespace

std::vector<Step> plan_changes(const Topology &wanted, const Inventory &present, bool prune)
{
	return Planner(wanted, present, prune).steps();
}

} // namespace etun
