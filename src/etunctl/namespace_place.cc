// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/namespace_place.hpp"

#include "etunctl/route_text.hpp"
#include "libetun/sysctl.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

namespace etun {
namespace {

constexpr std::size_t value_length_max = 4000; // a page, which the kernel takes at most, less what it adds

/// Setting one for all devices sets those of each, and so does ip_forward.
int rank_of(const WantedSysctl &sysctl)
{
	const std::string_view device = device_of_sysctl(sysctl.path);
	if (device.empty())
		return 0;
	return device == "all" ? 1 : device == "default" ? 2 : 3;
}

IpAddress read_destination(const JsonPlace &place, const std::optional<IpAddress> &gateway)
{
	const std::string text = place.text();
	if (text == "default")
		return {.family = gateway ? gateway->family : AF_INET};
	auto destination = parse_ip_prefix(text);
	if (!destination)
		destination = parse_ip_host(text);
	if (!destination)
		place.refuse(
			fmt::format("'{}' is no destination of a route", text),
			"write it with the length of its prefix, as 192.0.2.0/24 or 2001:db8::/32, or \"default\"");
	if (network_of(*destination) != *destination)
		place.refuse(fmt::format("'{}' has bits behind its prefix", text),
			     fmt::format("write {}", to_text(network_of(*destination))));
	return *destination;
}

std::optional<IpAddress> read_gateway(const JsonPlace &route)
{
	const auto place = route.member("via");
	if (!place)
		return {};
	const auto gateway = parse_ip_host(place->text());
	if (!gateway)
		place->refuse(fmt::format("'{}' is no address of a gateway", place->text()),
			      "write it without a prefix: 192.0.2.1, fe80::1");
	return gateway;
}

bool is_link_local(const IpAddress &address)
{
	return address.family == AF_INET6 && address.host[0] == 0xfe && (address.host[1] & 0xc0) == 0x80;
}

WantedRoute read_route(const JsonPlace &place)
{
	place.need_object({"to", "via", "dev", "metric", "table"});
	WantedRoute route;
	route.gateway = read_gateway(place);
	route.destination = read_destination(place.need_member("to"), route.gateway);
	if (const auto device = place.member("dev"))
		route.device = device->text();
	if (const auto metric = place.member("metric"))
		route.metric = metric->number(0, std::numeric_limits<unsigned>::max());
	if (const auto table = place.member("table"))
		route.table = table->number(1, std::numeric_limits<unsigned>::max());
	if (route.gateway && route.gateway->family != route.destination.family)
		place.refuse("destination and gateway are of two families", "give them one");
	if (route.device.empty() && (!route.gateway || is_link_local(*route.gateway)))
		place.refuse("'dev' is missing",
			     "say by which device it goes; only a gateway that is no link-local address tells that");
	return route;
}

} // namespace

std::vector<WantedSysctl> read_sysctls(const JsonPlace &netns)
{
	std::vector<WantedSysctl> sysctls;
	const auto object = netns.member("sysctls");
	if (!object)
		return sysctls;
	for (const auto &[name, place] : object->members()) {
		const auto path = sysctl_path(name);
		if (!path)
			place.refuse(
				fmt::format("'{}' is no sysctl of a network namespace", name),
				"their names begin with net., as net.ipv4.ip_forward; a dot within a device's name is "
				"written as a slash");
		const std::string text = place.text_or_number();
		const auto bad = [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; };
		if (text.size() > value_length_max || std::any_of(text.begin(), text.end(), bad))
			place.refuse("a sysctl has no such value",
				     fmt::format("it is one line of at most {} bytes", value_length_max));
		sysctls.push_back({*path, sysctl_value(text)});
	}
	std::stable_sort(sysctls.begin(), sysctls.end(),
			 [](const WantedSysctl &a, const WantedSysctl &b) { return rank_of(a) < rank_of(b); });
	return sysctls;
}

std::vector<WantedRoute> read_routes(const JsonPlace &netns)
{
	std::vector<WantedRoute> routes;
	for (const JsonPlace &place : netns.elements_of("routes")) {
		WantedRoute route = read_route(place);
		for (const WantedRoute &other : routes)
			if (have_one_place(route, other))
				place.refuse(fmt::format("there is a route to {} already", to_text(route.destination)),
					     "give one of them another \"metric\" or \"table\", or take it out");
		routes.push_back(std::move(route));
	}
	return routes;
}

} // namespace etun
