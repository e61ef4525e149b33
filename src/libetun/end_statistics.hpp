// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The counters of an end that `ethtool -S` shows.
#ifndef ETUN_LIBETUN_END_STATISTICS_HPP
#define ETUN_LIBETUN_END_STATISTICS_HPP

#include "libetun/error.hpp"
#include "libetun/ethtool_socket.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace etun {

/// A counter with the driver's name for it (docs/control.md, statistics).
struct Counter {
	std::string name;
	std::uint64_t value = 0;
};

/// All counters of the device \p name in the namespace of \p socket, in the driver's order.
Outcome<std::vector<Counter>> read_counters(const EthtoolSocket &socket, const std::string &name);

} // namespace etun

#endif
