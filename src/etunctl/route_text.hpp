// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Routes of a topology: what makes two the same, and how they are told.
#ifndef ETUN_ETUNCTL_ROUTE_TEXT_HPP
#define ETUN_ETUNCTL_ROUTE_TEXT_HPP

#include "etunctl/topology.hpp"
#include "libetun/route_message.hpp"

#include <string>

namespace etun {

/// As the kernel has it: by family where it is not given.
unsigned metric_of(const WantedRoute &route);
std::uint32_t table_of(const WantedRoute &route);

/// True for two of which the kernel takes one alone: of one destination, table and metric.
bool have_one_place(const WantedRoute &one, const WantedRoute &other);

/// A route that is there, as a file has it; \p device is the name of its device.
WantedRoute wanted_route(const Route &route, const std::string &device);

/// As `default via 192.0.2.1 dev eth0`.
std::string to_text(const WantedRoute &route);

} // namespace etun

#endif
