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

/// The steps from \p present to \p wanted, without addresses and the policy of the pair. Throws a Complaint, with \p
/// path for where in the file, when there is none.
std::vector<Step> end_changes(const WantedEnd &wanted, const Device &present, const std::string &path);

} // namespace etun

#endif
