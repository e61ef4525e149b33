// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What is there: all devices of the namespaces that can be reached, with their addresses.
#ifndef ETUN_ETUNCTL_INVENTORY_HPP
#define ETUN_ETUNCTL_INVENTORY_HPP

#include "etunctl/topology.hpp"
#include "libetun/pairs.hpp"
#include "libetun/queues_in_use.hpp"
#include "libetun/route_message.hpp"
#include "libetun/sysctl.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace etun {

/// A device.
struct Device {
	Link link;
	std::vector<IpAddress> addresses = {};	///< lasting ones, in the kernel's order
	std::optional<QueuesInUse> queues = {}; ///< of an end
	Offload offload = {};			///< of an end: what is wanted of all that can be switched
	std::vector<std::string> qdiscs = {};	///< kinds of those that somebody made; look_at_all() finds them
};

/// What a namespace has beside devices, as far as it was looked at (surroundings.hpp).
struct Surroundings {
	std::vector<Route> routes = {};
	std::map<std::string, Sysctl> sysctls = {}; ///< by path
	bool rules = false;			    ///< somebody made rules of policy routing
	bool packet_filter = false;		    ///< there are tables of nftables or iptables
};

/// All of it.
struct Inventory {
	Census census;
	std::vector<std::vector<Device>> devices; ///< of each of the census's namespaces
	std::vector<Surroundings> surroundings;	  ///< the same
	/// Sysctls as a namespace has them that is new, by path; for those of a device `default` stands in its place.
	std::map<std::string, Sysctl> new_sysctls = {};
};

/// Looks into all reachable namespaces, and into \p others. Throws a Complaint. Without the module there are no pairs.
Inventory take_inventory(std::vector<NetNamespace> others = {});
/// The same for who will make what \p wanted names: a device that is in the way of that and goes with the namespace of
/// its peer is waited for.
Inventory take_inventory_for(const Topology &wanted);

/// The index of the namespace that \p netns names, empty for the current one; nothing when there is none.
std::optional<std::size_t> find_namespace(const Inventory &inventory, const std::string &netns);
/// That device; null when there is none.
const Device *find_device(const Inventory &inventory, const DeviceName &device);
/// The device of that index in a namespace; null when there is none.
const Device *find_device(const Inventory &inventory, std::size_t netns, unsigned index);
/// True when it could not be looked into.
bool is_closed(const Inventory &inventory, std::size_t netns);
/// How a file names a device of that namespace, and an end.
DeviceName name_of(const NetNamespace &netns, const Link &link);
DeviceName name_of(const Census &census, const PlacedEnd &end);

} // namespace etun

#endif
