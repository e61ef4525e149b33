// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What has to change in namespaces beside their devices: sysctls and routes.
#ifndef ETUN_ETUNCTL_NAMESPACE_CHANGES_HPP
#define ETUN_ETUNCTL_NAMESPACE_CHANGES_HPP

#include "etunctl/inventory.hpp"
#include "etunctl/topology.hpp"
#include "etunctl/topology_step.hpp"

#include <set>
#include <utility>
#include <vector>

namespace etun {

/// Devices by their namespaces and indexes.
using PlacedIndexes = std::set<std::pair<std::size_t, unsigned>>;

/// Those of a namespace, and of all its devices, are set before there are devices, which begin with them.
enum class SysctlsOf { namespaces, devices };

/// The steps to the sysctls that \p wanted names. Throws a Complaint about one that a namespace does not have for
/// itself, and about one of a device that is neither there nor in the file.
std::vector<Step> sysctl_changes(const Topology &wanted, const Inventory &present, SysctlsOf which);

/// The steps to the routes that \p wanted names, when \p going have gone. Throws a Complaint about one whose device is
/// not there, or down.
std::vector<Step> route_changes(const Topology &wanted, const Inventory &present, const PlacedIndexes &going);

/// A sysctl's path with `default` where it has the name of a device.
std::string path_in_new(const std::string &path);

} // namespace etun

#endif
