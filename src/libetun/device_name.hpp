// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Which texts can be names of devices that are to be made.
#ifndef ETUN_LIBETUN_DEVICE_NAME_HPP
#define ETUN_LIBETUN_DEVICE_NAME_HPP

#include "core/name.hpp"

#include <algorithm>
#include <string_view>

namespace etun {

/// As the kernel has it (dev_valid_name), and no pattern, for which it would find a number.
constexpr bool is_device_name(std::string_view name)
{
	constexpr std::string_view not_allowed = "/:%";
	const auto bad = [not_allowed](char c) { return is_space(c) || not_allowed.find(c) != not_allowed.npos; };
	return !name.empty() && name.size() <= name_length_max && name != "." && name != ".." &&
	       std::none_of(name.begin(), name.end(), bad);
}

/// As `ip netns` has it: no hidden file, and none in another folder.
constexpr bool is_netns_name(std::string_view name)
{
	return !name.empty() && name.front() != '.' && name.find('/') == name.npos;
}

} // namespace etun

#endif
