// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Looks at what namespaces have beside devices.
#ifndef ETUN_ETUNCTL_SURROUNDINGS_HPP
#define ETUN_ETUNCTL_SURROUNDINGS_HPP

#include "etunctl/inventory.hpp"
#include "etunctl/topology.hpp"

#include <string>
#include <vector>

namespace etun {

/// Fills in what is needed to compare the routes and sysctls that \p wanted names; nothing when it names none. Throws a
/// Complaint. Sysctls need CAP_SYS_ADMIN, as a namespace is made to see which ones it has.
void look_around(Inventory &inventory, const Topology &wanted);
/// Fills in all that can be saved, and what tells of that which can't. What may not be seen is left out. Throws a
/// Complaint.
void look_at_all(Inventory &inventory);

/// A sysctl that decides what a routed network does, and the value that the kernel begins with.
struct SavedSysctl {
	std::string path;
	std::string value;
};
/// Those that are saved where they have another value.
const std::vector<SavedSysctl> &saved_sysctls();

/// True for a route that a person made, or a program for one: not the kernel, nor a routing daemon, which will make it
/// again.
bool is_of_somebody(const Route &route);
/// True for one that a file can say.
bool can_be_saved(const Route &route);

} // namespace etun

#endif
