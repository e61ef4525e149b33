// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What a file says of a namespace beside its devices: sysctls and routes.
#ifndef ETUN_ETUNCTL_NAMESPACE_PLACE_HPP
#define ETUN_ETUNCTL_NAMESPACE_PLACE_HPP

#include "etunctl/topology.hpp"
#include "libetun/json_place.hpp"

#include <vector>

namespace etun {

/// The member `sysctls` of \p netns, in the order in which they have to be set: those that change others come first.
/// Throws a Complaint.
std::vector<WantedSysctl> read_sysctls(const JsonPlace &netns);
/// The member `routes` of \p netns. Throws a Complaint.
std::vector<WantedRoute> read_routes(const JsonPlace &netns);

} // namespace etun

#endif
