// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/route_text.hpp"

#include <fmt/core.h>

#include <tuple>

namespace etun {
namespace {

/// What the kernel gives a route of that family when nothing is said (IP6_RT_PRIO_USER).
unsigned default_metric(int family)
{
	return family == AF_INET6 ? 1024 : 0;
}

auto place_of(const WantedRoute &route)
{
	return std::tuple(route.destination, table_of(route), metric_of(route));
}

} // namespace

unsigned metric_of(const WantedRoute &route)
{
	// IPv6 takes 0 for nothing said.
	const unsigned metric = route.metric.value_or(0);
	return metric == 0 ? default_metric(route.destination.family) : metric;
}

std::uint32_t table_of(const WantedRoute &route)
{
	return route.table.value_or(RT_TABLE_MAIN);
}

bool have_one_place(const WantedRoute &one, const WantedRoute &other)
{
	return place_of(one) == place_of(other);
}

WantedRoute wanted_route(const Route &route, const std::string &device)
{
	WantedRoute wanted{.destination = route.destination, .gateway = route.gateway, .device = device};
	if (route.priority && *route.priority != default_metric(route.destination.family))
		wanted.metric = *route.priority;
	if (route.table && *route.table != RT_TABLE_MAIN)
		wanted.table = route.table;
	return wanted;
}

std::string to_text(const WantedRoute &route)
{
	std::string text = route.destination.prefix != 0	 ? to_text(route.destination)
			   : route.destination.family == AF_INET ? "default"
			   : route.gateway			 ? "default"
								 : "::/0";
	if (route.gateway)
		text += " via " + host_text(*route.gateway);
	if (!route.device.empty())
		text += " dev " + route.device;
	if (route.metric)
		text += fmt::format(" metric {}", *route.metric);
	if (route.table)
		text += fmt::format(" table {}", *route.table);
	return text;
}

} // namespace etun
