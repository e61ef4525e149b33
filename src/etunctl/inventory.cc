// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/inventory.hpp"

#include "etunctl/end_lookup.hpp"
#include "libetun/complaint.hpp"
#include "libetun/namesake.hpp"
#include "libetun/route_socket.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>

namespace etun {
namespace {

std::vector<Device> devices_in(RouteSocket &socket, const NetNamespace &netns)
{
	const std::string where = fmt::format("looking into namespace {}", label(netns));
	std::vector<Device> devices;
	std::unordered_map<unsigned, std::size_t> places;
	for (Link &link : or_complain(socket.links(), where)) {
		places[link.index] = devices.size();
		devices.push_back({.link = std::move(link)});
	}
	for (const DeviceAddress &found : or_complain(socket.addresses(), where))
		if (const auto place = places.find(found.index); found.lasting && place != places.end())
			devices[place->second].addresses.push_back(found.address);

	std::optional<EthtoolSocket> ethtool;
	for (Device &device : devices) {
		if (!device.link.end)
			continue;
		if (!ethtool)
			ethtool = or_complain(EthtoolSocket::open(netns), where);
		// One that went meanwhile has none; the kernel will say so to who wants to change it.
		if (const auto queues = read_queues_in_use(*ethtool, device.link.name))
			device.queues = *queues;
		if (auto offload = read_offload(*ethtool, device.link.name))
			device.offload = std::move(*offload);
	}
	return devices;
}

std::vector<DeviceName> names_in(const Topology &wanted)
{
	std::vector<DeviceName> names;
	for (const WantedPair &pair : wanted.pairs)
		for (const WantedEnd &end : pair.ends)
			names.push_back(end.device);
	for (const WantedBridge &bridge : wanted.bridges)
		names.push_back(bridge.device);
	return names;
}

/// Whether both ends of the pair can be seen that \p link is an end of: neither of their namespaces goes then.
bool is_of_whole_pair(const Census &census, const Link &link)
{
	return link.end && std::any_of(census.pairs.begin(), census.pairs.end(), [&link](const Pair &pair) {
		       return pair.id == link.end->pair_id && pair.other;
	       });
}

} // namespace

Inventory take_inventory(std::vector<NetNamespace> others)
{
	Inventory inventory;
	Census &census = inventory.census;
	census.namespaces = or_complain(reachable_namespaces(std::move(others)), "looking for namespaces");
	std::vector<PlacedEnd> ends;
	for (std::size_t i = 0; i < census.namespaces.size(); i++) {
		std::vector<Device> &devices = inventory.devices.emplace_back();
		inventory.surroundings.emplace_back();
		auto socket = RouteSocket::open(census.namespaces[i]);
		if (!socket && socket.error().number() == EPERM) {
			census.closed.push_back(i);
			continue;
		}
		RouteSocket opened = or_complain(std::move(socket), label(census.namespaces[i]));
		devices = devices_in(opened, census.namespaces[i]);
		for (const Device &device : devices)
			if (device.link.end)
				ends.push_back({device.link, i});
	}
	census.pairs = join_ends(std::move(ends));
	return inventory;
}

Inventory take_inventory_for(const Topology &wanted)
{
	Inventory present = take_inventory();
	NamesakeWait wait;
	bool waited = false;
	for (const DeviceName &name : names_in(wanted)) {
		const Device *device = find_device(present, name);
		if (!device || !device->link.link_netnsid || is_of_whole_pair(present.census, device->link))
			continue;
		wait.until_free({present.census.namespaces[*find_namespace(present, name.netns)], name.name});
		waited = true;
	}
	return waited ? take_inventory() : std::move(present);
}

std::optional<std::size_t> find_namespace(const Inventory &inventory, const std::string &netns)
{
	if (netns.empty())
		return 0;
	const auto &known = inventory.census.namespaces;
	const auto found = std::find_if(known.begin(), known.end(), [&netns](const NetNamespace &candidate) {
		return is_called(candidate, netns);
	});
	if (found == known.end())
		return {};
	return static_cast<std::size_t>(found - known.begin());
}

const Device *find_device(const Inventory &inventory, const DeviceName &device)
{
	const auto netns = find_namespace(inventory, device.netns);
	if (!netns)
		return nullptr;
	const auto &devices = inventory.devices[*netns];
	const auto found = std::find_if(devices.begin(), devices.end(), [&device](const Device &candidate) {
		return is_called(candidate.link, device.name);
	});
	return found == devices.end() ? nullptr : &*found;
}

const Device *find_device(const Inventory &inventory, std::size_t netns, unsigned index)
{
	const auto &devices = inventory.devices[netns];
	const auto found = std::find_if(devices.begin(), devices.end(),
					[index](const Device &candidate) { return candidate.link.index == index; });
	return found == devices.end() ? nullptr : &*found;
}

bool is_closed(const Inventory &inventory, std::size_t netns)
{
	const auto &closed = inventory.census.closed;
	return std::find(closed.begin(), closed.end(), netns) != closed.end();
}

DeviceName name_of(const NetNamespace &netns, const Link &link)
{
	return {netns.current ? std::string() : netns.name, link.name};
}

DeviceName name_of(const Census &census, const PlacedEnd &end)
{
	return name_of(census.namespaces[end.netns], end.link);
}

} // namespace etun
