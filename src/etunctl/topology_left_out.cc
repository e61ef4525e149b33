// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/route_text.hpp"
#include "etunctl/surroundings.hpp"
#include "etunctl/topology_plan.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace etun {
namespace {

/// What a device has that a file does not say.
void tell_device(const Device &device, const std::string &name, std::vector<std::string> &told)
{
	const Link &link = device.link;
	for (const std::string &kind : device.qdiscs)
		told.push_back(kind == "clsact" || kind == "ingress" ? fmt::format("filters of {} ({})", name, kind)
								     : fmt::format("qdisc {} of {}", kind, name));
	if (link.xdp)
		told.push_back(fmt::format("XDP program of {}", name));
	if (device.queues && device.queues->rx != device.queues->tx)
		told.push_back(fmt::format("queues of {} (rx {} tx {})", name, device.queues->rx, device.queues->tx));
	for (const auto &[feature, on] : device.offload)
		if (!default_offload().contains(feature))
			told.push_back(fmt::format("offload {} {} of {}", feature, on ? "on" : "off", name));
}

/// What lies upon a device that is saved or is its master, and is not saved itself.
void tell_neighbours(const std::set<DeviceName> &saved, const Inventory &present, std::size_t netns, const Link &link,
		     const std::string &name, std::vector<std::string> &told)
{
	const auto &names = present.census.namespaces[netns];
	const auto is_saved = [&](const Link &other) { return saved.contains(name_of(names, other)); };
	for (const Device &other : present.devices[netns]) {
		const Link &upper = other.link;
		if (!upper.end && upper.lower == link.index && !upper.lower_elsewhere && !is_saved(upper))
			told.push_back(fmt::format("{} {} on {}", upper.kind, upper.name, name));
		if (link.master == upper.index && !is_saved(upper))
			told.push_back(fmt::format("{} {} that {} belongs to", upper.kind, upper.name, name));
	}
}

void tell_namespace(const std::set<DeviceName> &saved, const Inventory &present, std::size_t netns,
		    std::vector<std::string> &told)
{
	const Surroundings &there = present.surroundings[netns];
	const NetNamespace &names = present.census.namespaces[netns];
	const std::string of = names.current ? "of this namespace" : fmt::format("of {}", names.name);
	for (const Route &route : there.routes) {
		const Device *device = find_device(present, netns, route.index);
		const bool goes_by_saved = device && saved.contains(name_of(names, device->link));
		// One with several hops, or none, has no device of its own.
		if (is_of_somebody(route) && !can_be_saved(route) && (goes_by_saved || !device))
			told.push_back(fmt::format("route {} {}", to_text(wanted_route(route, "")), of));
	}
	if (there.rules)
		told.push_back(fmt::format("rules of policy routing {}", of));
	if (there.packet_filter)
		told.push_back(fmt::format("packet filter {}", of));
}

} // namespace

std::set<DeviceName> device_names(const Topology &topology)
{
	std::set<DeviceName> names;
	for (const WantedPair &pair : topology.pairs)
		for (const WantedEnd &end : pair.ends) {
			names.insert(end.device);
			for (const WantedVlan &vlan : end.vlans)
				names.insert(vlan.device);
		}
	for (const WantedBridge &bridge : topology.bridges)
		names.insert(bridge.device);
	return names;
}

std::vector<std::string> left_out(const Topology &saved, const Inventory &present)
{
	const std::set<DeviceName> names = device_names(saved);
	std::vector<std::string> told;
	for (std::size_t netns = 0; netns < present.devices.size(); netns++) {
		bool any = false;
		for (const Device &device : present.devices[netns]) {
			const DeviceName name = name_of(present.census.namespaces[netns], device.link);
			if (!names.contains(name))
				continue;
			any = true;
			tell_device(device, to_text(name), told);
			tell_neighbours(names, present, netns, device.link, to_text(name), told);
		}
		if (any)
			tell_namespace(names, present, netns, told);
	}
	return told;
}

} // namespace etun
