// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What has to change at an end that is there.
#ifndef ETUN_ETUNCTL_DEVICE_CHANGES_HPP
#define ETUN_ETUNCTL_DEVICE_CHANGES_HPP

#include "etunctl/inventory.hpp"
#include "etunctl/topology.hpp"
#include "etunctl/topology_step.hpp"

#include <string>
#include <vector>

namespace etun {

/// The settings that \p end gives, as `mode napi, mtu 9000, up`; empty when it gives none.
std::string settings_text(const WantedEnd &end);

/// The steps that give a new end what can't be said when it is made.
std::vector<Step> new_end_changes(const WantedEnd &end);
/// The step that makes a VLAN on \p end, and what changes it when it is there: \p now is what it is like when its end
/// has changed already.
Step new_vlan(const DeviceName &end, const WantedVlan &vlan);
std::vector<Step> vlan_changes(const WantedVlan &wanted, const Link &now);

/// The steps from \p present to \p wanted, without addresses and the policy of the pair. Throws a Complaint, with \p
/// path for where in the file, when there is none.
std::vector<Step> end_changes(const WantedEnd &wanted, const Device &present, const std::string &path);

} // namespace etun

#endif
