// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The difference between what is wanted and what is there.
#ifndef ETUN_ETUNCTL_TOPOLOGY_PLAN_HPP
#define ETUN_ETUNCTL_TOPOLOGY_PLAN_HPP

#include "etunctl/inventory.hpp"
#include "etunctl/topology.hpp"
#include "etunctl/topology_step.hpp"

#include <set>
#include <string>
#include <vector>

namespace etun {

/// The steps from \p present to \p wanted, in an order in which they can be carried out; none when all is as wanted.
/// What \p wanted does not name stays, but with \p prune pairs go that it does not name. Throws a Complaint where the
/// two contradict each other: it says where in the file, and what to do.
std::vector<Step> plan_changes(const Topology &wanted, const Inventory &present, bool prune);

/// What is there as a file has it: pairs of which both ends can be seen, with the VLANs on them, their namespaces, the
/// bridges that have such devices as ports, and the routes that go by one of all these.
Topology topology_of(const Inventory &present);

/// The names of all devices in \p topology.
std::set<DeviceName> device_names(const Topology &topology);

/// What \p saved, which topology_of() made of \p present, lacks of it; as `qdisc fq of red/eth0`.
std::vector<std::string> left_out(const Topology &saved, const Inventory &present);

} // namespace etun

#endif
