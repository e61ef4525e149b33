// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/topology_plan.hpp"

#include "etunctl/route_text.hpp"
#include "etunctl/surroundings.hpp"

#include <set>

namespace etun {
namespace {

/// Queues in use that a file can say, and that a new pair would not have anyway.
std::optional<unsigned> queues_of(const Device &device)
{
	if (!device.queues || device.queues->rx != device.queues->tx || device.queues->rx == 1)
		return {};
	return device.queues->rx;
}

/// What a new end would not have.
Offload offload_of(const Device &device)
{
	Offload offload;
	for (const auto &[feature, on] : default_offload())
		if (const auto found = device.offload.find(feature);
		    found != device.offload.end() && found->second != on)
			offload[feature] = !on;
	return offload;
}

/// The VLANs on a device of a namespace.
std::vector<WantedVlan> vlans_on(const Inventory &present, std::size_t netns, const Link &end)
{
	std::vector<WantedVlan> vlans;
	for (const Device &device : present.devices[netns]) {
		const Link &link = device.link;
		if (link.vlan && link.vlan->customer && link.lower == end.index && !link.lower_elsewhere)
			vlans.push_back({.device = name_of(present.census.namespaces[netns], link),
					 .id = link.vlan->id,
					 .mtu = link.mtu,
					 .up = link.up,
					 .addresses = device.addresses});
	}
	return vlans;
}

WantedEnd wanted_end(const Inventory &present, const PlacedEnd &end)
{
	const Device &device = *find_device(present, end.netns, end.link.index);
	const Link &link = device.link;
	WantedEnd wanted{.device = name_of(present.census, end),
			 .mac = link.address,
			 .mtu = link.mtu,
			 .queues = queues_of(device),
			 .mode = link.end->mode,
			 .ring = link.end->ring,
			 .wire = link.end->wire,
			 .up = link.up,
			 .offload = offload_of(device),
			 .addresses = device.addresses,
			 .vlans = vlans_on(present, end.netns, link)};
	if (link.tx_queue_length != tx_queue_length_default)
		wanted.tx_queue_length = link.tx_queue_length;
	if (link.group != 0)
		wanted.group = link.group;
	if (!link.alias.empty())
		wanted.alias = link.alias;
	// There is no word for it that this program would take again.
	if (!is_mode(static_cast<unsigned>(*wanted.mode)))
		wanted.mode.reset();
	return wanted;
}

/// The bridges of a namespace that have ends of \p topology as ports, put into it.
void add_bridges(Topology &topology, const Inventory &present, std::size_t netns, const std::set<DeviceName> &saved)
{
	for (const Device &device : present.devices[netns]) {
		if (device.link.kind != "bridge")
			continue;
		WantedBridge bridge{.device = name_of(present.census.namespaces[netns], device.link),
				    .up = device.link.up,
				    .addresses = device.addresses};
		for (const Device &port : present.devices[netns])
			if (port.link.master == device.link.index &&
			    saved.contains(name_of(present.census.namespaces[netns], port.link)))
				bridge.ports.push_back(port.link.name);
		if (!bridge.ports.empty())
			topology.bridges.push_back(std::move(bridge));
	}
}

/// The names of the namespaces that devices of \p topology are in, empty for the current one.
std::set<std::string> names_of(const Topology &topology)
{
	std::set<std::string> names;
	for (const WantedPair &pair : topology.pairs)
		for (const WantedEnd &end : pair.ends)
			names.insert(end.device.netns);
	return names;
}

std::vector<WantedSysctl> sysctls_of(const Inventory &present, std::size_t netns)
{
	std::vector<WantedSysctl> sysctls;
	for (const SavedSysctl &saved : saved_sysctls()) {
		const auto &there = present.surroundings[netns].sysctls;
		const auto found = there.find(saved.path);
		const auto in_new = present.new_sysctls.find(saved.path);
		// A new one may have what the machine's first namespace has, which elsewhere is something else.
		if (found != there.end() &&
		    (found->second.value != saved.value ||
		     (in_new != present.new_sysctls.end() && in_new->second.value != saved.value &&
		      !present.census.namespaces[netns].current)))
			sysctls.push_back({saved.path, found->second.value});
	}
	return sysctls;
}

/// The routes of a namespace that go by devices of \p saved.
std::vector<WantedRoute> routes_of(const Inventory &present, std::size_t netns, const std::set<DeviceName> &saved)
{
	std::vector<WantedRoute> routes;
	for (const Route &route : present.surroundings[netns].routes) {
		const Device *device = find_device(present, netns, route.index);
		if (is_of_somebody(route) && can_be_saved(route) && device &&
		    saved.contains(name_of(present.census.namespaces[netns], device->link)))
			routes.push_back(wanted_route(route, device->link.name));
	}
	return routes;
}

} // namespace

Topology topology_of(const Inventory &present)
{
	Topology topology;
	for (const Pair &pair : present.census.pairs) {
		if (!pair.other)
			continue;
		WantedPair &wanted = topology.pairs.emplace_back();
		wanted.ends = {wanted_end(present, pair.one), wanted_end(present, *pair.other)};
		if (is_mtu_policy(static_cast<unsigned>(pair.one.link.end->mtu_policy)))
			wanted.mtu_policy = pair.one.link.end->mtu_policy;
		// What is said of one end alone would hold for both.
		if (wanted.ends[0].wire == false && wanted.ends[1].wire == false)
			wanted.ends[0].wire = wanted.ends[1].wire = {};
	}
	std::set<DeviceName> saved = device_names(topology);
	for (std::size_t netns = 0; netns < present.devices.size(); netns++)
		add_bridges(topology, present, netns, saved);
	saved = device_names(topology);
	for (const std::string &name : names_of(topology)) {
		const std::size_t netns = *find_namespace(present, name);
		WantedNamespace wanted{.name = name,
				       .sysctls = sysctls_of(present, netns),
				       .routes = routes_of(present, netns, saved)};
		if (!name.empty() || !wanted.sysctls.empty() || !wanted.routes.empty())
			topology.namespaces.push_back(std::move(wanted));
	}
	return topology;
}

} // namespace etun
