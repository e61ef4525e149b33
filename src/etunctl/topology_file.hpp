// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A topology as the text of a file, and back; etun.conf(5) documents the format.
#ifndef ETUN_ETUNCTL_TOPOLOGY_FILE_HPP
#define ETUN_ETUNCTL_TOPOLOGY_FILE_HPP

#include "etunctl/topology.hpp"

#include <string>
#include <string_view>

namespace etun {

/// Reads \p text. Throws a Complaint that says where it makes no sense, and what to write there.
Topology parse_topology(std::string_view text);

/// What parse_topology() reads as the same.
std::string topology_text(const Topology &topology);

} // namespace etun

#endif
