// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/topology_plan.hpp"

#include "etunctl/device_changes.hpp"
#include "etunctl/namespace_changes.hpp"
#include "etunctl/setting_text.hpp"
#include "libetun/complaint.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

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
		// What a device does with an address hangs on its sysctls, as accept_dad: they come first.
		std::vector<Step> device_sysctls = sysctl_changes(wanted_, present_, SysctlsOf::devices);
		addresses_last_ = !device_sysctls.empty();
		add_all(sysctl_changes(wanted_, present_, SysctlsOf::namespaces));
		for (std::size_t i = 0; i < wanted_.bridges.size(); i++)
			plan_bridge(wanted_.bridges[i], fmt::format("bridges[{}]", i));
		for (std::size_t i = 0; i < wanted_.pairs.size(); i++)
			plan_pair(i, fmt::format("pairs[{}]", i));
		for (const WantedBridge &bridge : wanted_.bridges)
			plan_ports(bridge);
		add_all(std::move(device_sysctls));
		add_all(std::move(addresses_));
		add_all(route_changes(wanted_, present_, going_));
		return std::move(steps_);
	}

private:
	template <typename Action> void add(std::string text, Action action)
	{
		steps_.push_back({std::move(text), std::move(action)});
	}

	template <typename Action> void add_address_step(std::string text, Action action)
	{
		(addresses_last_ ? addresses_ : steps_).push_back({std::move(text), std::move(action)});
	}

	void add_all(std::vector<Step> steps) { std::move(steps.begin(), steps.end(), std::back_inserter(steps_)); }

	void plan_namespaces();
	void need_namespace(const std::string &netns, const std::string &path) const;
	void match_pairs();
	void plan_prune();
	void plan_bridge(const WantedBridge &bridge, const std::string &path);
	void plan_pair(std::size_t i, const std::string &path);
	void plan_new_pair(const WantedPair &pair, const std::string &path);
	void plan_vlan(const WantedEnd &end, const WantedVlan &vlan, const std::string &path);
	void plan_ports(const WantedBridge &bridge);
	std::string one_mtu(const WantedPair &pair) const;
	void plan_addresses(const DeviceName &device, const std::vector<IpAddress> &addresses, std::optional<bool> up);
	const Device *remaining(const DeviceName &device) const;

	const Topology &wanted_;
	const Inventory &present_;
	bool prune_;
	/// For each pair of the file the one that is there.
	std::vector<const Pair *> matches_;
	/// Indexes of devices that go, by their namespaces.
	PlacedIndexes going_;
	std::vector<Step> steps_;
	std::vector<Step> addresses_;
	bool addresses_last_ = false;
};

void Planner::plan_namespaces()
{
	for (std::size_t i = 0; i < wanted_.namespaces.size(); i++) {
		const WantedNamespace &netns = wanted_.namespaces[i];
		if (!find_namespace(present_, netns.name))
			add("+ namespace " + netns.name, AddNamespace{netns.name});
		else if (!netns.sysctls.empty() || !netns.routes.empty())
			need_namespace(netns.name, fmt::format("namespaces[{}].name", i));
	}
	for (std::size_t i = 0; i < wanted_.pairs.size(); i++)
		for (std::size_t j = 0; j < wanted_.pairs[i].ends.size(); j++)
			need_namespace(wanted_.pairs[i].ends[j].device.netns,
				       fmt::format("pairs[{}].ends[{}].netns", i, j));
	for (std::size_t i = 0; i < wanted_.bridges.size(); i++)
		need_namespace(wanted_.bridges[i].device.netns, fmt::format("bridges[{}].netns", i));
}

void Planner::need_namespace(const std::string &netns, const std::string &path) const
{
	const auto found = find_namespace(present_, netns);
	if (!found) {
		const auto &made = wanted_.namespaces;
		if (std::none_of(made.begin(), made.end(),
				 [&netns](const WantedNamespace &named) { return named.name == netns; }))
			refuse(path, fmt::format("there is no network namespace '{}'", netns),
			       "name it in \"namespaces\", and it is made; or `ip netns add` it");
		return;
	}
	if (is_closed(present_, *found))
		throw complaint_about(fmt::format("{}: namespace {}", path, netns),
				      Error(EPERM, "the network namespace can't be entered"));
}

void Planner::match_pairs()
{
	for (const WantedPair &pair : wanted_.pairs) {
		const auto is_end = [&](const WantedEnd &end, const PlacedEnd &placed) {
			return is_called(placed.link, end.device.name) &&
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
		for (const PlacedEnd *end : ends_of(pair)) {
			going_.emplace(end->netns, end->link.index);
			// And what lies upon it.
			for (const Device &device : present_.devices[end->netns])
				if (!device.link.end && !device.link.lower_elsewhere &&
				    device.link.lower == end->link.index)
					going_.emplace(end->netns, device.link.index);
		}
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
	for (const WantedEnd &end : pair.ends)
		add_all(new_end_changes(end));
}

/// The MTU that taking the policy up gives the other end, where that is another one and the file gives none.
std::string Planner::one_mtu(const WantedPair &pair) const
{
	const Device *one = find_device(present_, pair.ends[0].device);
	const Device *other = find_device(present_, pair.ends[1].device);
	if (!one || !other || one->link.mtu == other->link.mtu || pair.ends[0].mtu || pair.ends[1].mtu)
		return {};
	return fmt::format(", mtu {} at both", one->link.mtu);
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
			add(fmt::format("~ {}: mtu-policy {} -> {}{}",
					pair_text(pair.ends[0].device, pair.ends[1].device), to_text(policy),
					to_text(later), later == MtuPolicy::equal ? one_mtu(pair) : ""),
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
			add_all(end_changes(ends[j], there, fmt::format("{}.ends[{}]", path, j)));
		}
	}
	for (std::size_t j = 0; j < pair.ends.size(); j++) {
		const WantedEnd &end = pair.ends[j];
		plan_addresses(end.device, end.addresses, end.up);
		for (std::size_t k = 0; k < end.vlans.size(); k++)
			plan_vlan(end, end.vlans[k], fmt::format("{}.ends[{}].vlans[{}]", path, j, k));
	}
}

void Planner::plan_vlan(const WantedEnd &end, const WantedVlan &vlan, const std::string &path)
{
	constexpr unsigned new_mtu = 1500;
	const Device *lower = remaining(end.device);
	const bool was_up = lower && lower->link.up;
	const bool up = end.up.value_or(was_up);
	const unsigned mtu = end.mtu.value_or(lower ? lower->link.mtu : new_mtu);
	const std::string name = to_text(vlan.device);
	if (vlan.up == true && !up)
		refuse(path + ".up", fmt::format("'{}' can't be up while '{}' is down", name, to_text(end.device)),
		       "say \"up\": true of the end as well");
	if (vlan.mtu && *vlan.mtu > mtu)
		refuse(path + ".mtu", fmt::format("'{}' can't have more than the MTU of its end, {}", name, mtu),
		       "give the end a larger \"mtu\"");
	const auto is_wanted = [&](const Device &device) {
		const Link &link = device.link;
		return lower && link.vlan && link.vlan->customer && link.vlan->id == vlan.id && !link.lower_elsewhere &&
		       link.lower == lower->link.index;
	};
	const Device *there = remaining(vlan.device);
	if (there && !is_wanted(*there))
		refuse(path + ".name",
		       fmt::format("'{}' is there, and is not VLAN {} on '{}'", name, vlan.id, end.device.name),
		       "give the VLAN another name");
	if (!there) {
		if (lower)
			for (const Device &device : present_.devices[*find_namespace(present_, end.device.netns)])
				if (is_wanted(device))
					refuse(path + ".id",
					       fmt::format("VLAN {} on '{}' is there as '{}'", vlan.id,
							   to_text(end.device), device.link.name),
					       "take up that name, or take it away: ip link del NAME");
		steps_.push_back(new_vlan(end.device, vlan));
		plan_addresses(vlan.device, vlan.addresses, vlan.up);
		return;
	}
	// An end that comes up takes its VLANs with it, and one that goes down does; its MTU bounds theirs.
	Link now = there->link;
	now.up = up && (now.up || !was_up);
	now.mtu = std::min(now.mtu, mtu);
	add_all(vlan_changes(vlan, now));
	plan_addresses(vlan.device, vlan.addresses, up ? vlan.up : std::optional(false));
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
				add_address_step(fmt::format("- {}: address {}", to_text(device), to_text(other)),
						 RemoveAddress{device, other});
		add_address_step(fmt::format("+ {}: address {}", to_text(device), to_text(address)),
				 AddAddress{device, address});
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
