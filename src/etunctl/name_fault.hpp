// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What is wrong with the names that a person gives, in the same sentences wherever they are given.
#ifndef ETUN_ETUNCTL_NAME_FAULT_HPP
#define ETUN_ETUNCTL_NAME_FAULT_HPP

#include "etunctl/topology.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace etun {

/// One sentence about what is wrong, one about what to do.
struct NameFault {
	std::string what;
	std::string remedy;
};

/// Of the name of a device that is to be made; nothing when it can be one.
std::optional<NameFault> fault_of_device_name(std::string_view name);
/// Of the name of a network namespace that is to be made.
std::optional<NameFault> fault_of_netns_name(std::string_view name);
/// Of a device that is named twice; \p where as `in this file`.
NameFault fault_of_another(const DeviceName &device, std::string_view where);

/// Throws a Complaint of status usage, of the command \p command, unless all of \p devices can be made, each once.
void need_new_names(std::string_view command, const std::vector<DeviceName> &devices);

} // namespace etun

#endif
