// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What is there: all devices of the namespaces that can be reached, with their addresses.
#ifndef ETUN_ETUNCTL_INVENTORY_HPP
#define ETUN_ETUNCTL_INVENTORY_HPP

#include "etunctl/topology.hpp"
#include "libetun/pairs.hpp"
#include "libetun/queues_in_use.hpp"

#include <optional>
#include <string>
#include <vector>

namespace etun {

/// A device.
struct Device {
	Link link;
	std::vector<IpAddress> addresses = {};	///< lasting ones, in the kernel's order
	std::optional<QueuesInUse> queues = {}; ///< of an end
};

/// All of it.
struct Inventory {
	Census census;
	std::vector<std::vector<Device>> devices; ///< of each of the census's namespaces
};

/// Looks into all reachable namespaces. Throws a Complaint. Without the module there are no pairs.
Inventory take_inventory();

/// The index of the namespace that \p netns names, empty for the current one; nothing when there is none.
std::optional<std::size_t> find_namespace(const Inventory &inventory, const std::string &netns);
/// That device; null when there is none.
const Device *find_device(const Inventory &inventory, const DeviceName &device);
/// The device of that index in a namespace; null when there is none.
const Device *find_device(const Inventory &inventory, std::size_t netns, unsigned index);
/// How a file names a device of that namespace, and an end.
DeviceName name_of(const NetNamespace &netns, const Link &link);
DeviceName name_of(const Census &census, const PlacedEnd &end);

} // namespace etun

#endif
