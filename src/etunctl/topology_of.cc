// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/topology_plan.hpp"

#include <algorithm>

namespace etun {
namespace {

/// Queues in use that a file can say, and that a new pair would not have anyway.
std::optional<unsigned> queues_of(const Device &device)
{
	if (!device.queues || device.queues->rx != device.queues->tx || device.queues->rx == 1)
		return {};
	return device.queues->rx;
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
			 .up = link.up,
			 .addresses = device.addresses};
	// There is no word for it that this program would take again.
	if (!is_mode(static_cast<unsigned>(*wanted.mode)))
		wanted.mode.reset();
	return wanted;
}

/// The bridges of a namespace that have ends of \p topology as ports, put into it.
void add_bridges(Topology &topology, const Inventory &present, std::size_t netns)
{
	for (const Device &device : present.devices[netns]) {
		if (device.link.kind != "bridge")
			continue;
		WantedBridge bridge{.device = name_of(present.census.namespaces[netns], device.link),
				    .up = device.link.up,
				    .addresses = device.addresses};
		for (const Pair &pair : present.census.pairs)
			for (const PlacedEnd *end : ends_of(pair))
				if (pair.other && end->netns == netns && end->link.master == device.link.index)
					bridge.ports.push_back(end->link.name);
		if (!bridge.ports.empty())
			topology.bridges.push_back(std::move(bridge));
	}
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
		for (const WantedEnd &end : wanted.ends) {
			auto &names = topology.namespaces;
			if (!end.device.netns.empty() &&
			    std::find(names.begin(), names.end(), end.device.netns) == names.end())
				names.push_back(end.device.netns);
		}
	}
	std::sort(topology.namespaces.begin(), topology.namespaces.end());
	for (std::size_t netns = 0; netns < present.devices.size(); netns++)
		add_bridges(topology, present, netns);
	return topology;
}

} // namespace etun
