// SPDX-License-Identifier: GPL-2.0-only
#include "cni/result.hpp"

#include <fmt/format.h>

#include <limits>

namespace etun::cni {
namespace {

using Json = nlohmann::json;

constexpr unsigned number_max = std::numeric_limits<unsigned>::max();

std::string text_or_none(const JsonPlace &place, const char *name)
{
	const auto member = place.member(name);
	return member ? member->text() : "";
}

std::optional<unsigned> number_or_none(const JsonPlace &place, const char *name, unsigned most = number_max)
{
	const auto member = place.member(name);
	return member ? std::optional(member->number(0, most)) : std::nullopt;
}

std::optional<IpAddress> host_or_none(const JsonPlace &place, const char *name)
{
	const std::string text = text_or_none(place, name);
	if (text.empty())
		return {};
	const auto host = parse_ip_host(text);
	if (!host)
		place.refuse(fmt::format("'{}' is no address of a host", text), "write it without a prefix: 192.0.2.1");
	return host;
}

Interface read_interface(const JsonPlace &place)
{
	return {.name = place.need_member("name").text(),
		.mac = text_or_none(place, "mac"),
		.mtu = number_or_none(place, "mtu"),
		.sandbox = text_or_none(place, "sandbox")};
}

AssignedIp read_ip(const JsonPlace &place)
{
	const std::string text = place.need_member("address").text();
	const auto address = parse_ip_address(text);
	if (!address)
		place.refuse(fmt::format("'{}' is no IP address of a device", text),
			     "write it with the length of its prefix: 192.0.2.1/24");
	const AssignedIp ip{.address = *address,
			    .gateway = host_or_none(place, "gateway"),
			    .interface = number_or_none(place, "interface")};
	if (ip.gateway && ip.gateway->family != address->family)
		place.refuse("address and gateway are of two families", "give them one");
	return ip;
}

Route read_route_of(const JsonPlace &place)
{
	const std::string text = place.need_member("dst").text();
	const auto destination = parse_ip_prefix(text);
	if (!destination)
		place.refuse(fmt::format("'{}' is no destination of a route", text),
			     "write it with the length of its prefix: 0.0.0.0/0, 2001:db8::/32");
	Route route{.destination = network_of(*destination),
		    .gateway = host_or_none(place, "gw"),
		    .mtu = number_or_none(place, "mtu"),
		    .advmss = number_or_none(place, "advmss"),
		    .priority = number_or_none(place, "priority"),
		    .table = number_or_none(place, "table"),
		    .scope = {}};
	if (const auto scope = number_or_none(place, "scope", std::numeric_limits<std::uint8_t>::max()))
		route.scope = static_cast<std::uint8_t>(*scope);
	if (route.gateway && route.gateway->family != destination->family)
		place.refuse("destination and gateway are of two families", "give them one");
	return route;
}

template <typename Number> void put_number(Json &json, const char *name, const std::optional<Number> &number)
{
	if (number)
		json[name] = *number;
}

void put_text(Json &json, const char *name, const std::string &text)
{
	if (!text.empty())
		json[name] = text;
}

Json interface_json(const Interface &interface, Version version)
{
	Json json{{"name", interface.name}};
	put_text(json, "mac", interface.mac);
	put_text(json, "sandbox", interface.sandbox);
	if (version >= with_gc)
		put_number(json, "mtu", interface.mtu);
	return json;
}

Json ip_json(const AssignedIp &ip, Version version)
{
	Json json{{"address", to_text(ip.address)}};
	if (ip.gateway)
		json["gateway"] = host_text(*ip.gateway);
	put_number(json, "interface", ip.interface);
	if (version < without_ip_version)
		json["version"] = ip.address.family == AF_INET ? "4" : "6";
	return json;
}

Json route_json(const Route &route, Version version)
{
	Json json{{"dst", to_text(route.destination)}};
	if (route.gateway)
		json["gw"] = host_text(*route.gateway);
	if (version < with_gc)
		return json;
	put_number(json, "mtu", route.mtu);
	put_number(json, "advmss", route.advmss);
	put_number(json, "priority", route.priority);
	put_number(json, "table", route.table);
	put_number(json, "scope", route.scope);
	return json;
}

template <typename Member, typename Make>
Json array_of(const std::vector<Member> &members, const Make &make, Version version)
{
	Json array = Json::array();
	for (const Member &member : members)
		array.push_back(make(member, version));
	return array;
}

} // namespace

nlohmann::json without_nulls(nlohmann::json json)
{
	if (json.is_object())
		for (auto member = json.begin(); member != json.end();)
			member = member->is_null() ? json.erase(member) : std::next(member);
	if (json.is_structured())
		for (auto &member : json)
			member = without_nulls(std::move(member));
	return json;
}

AddResult read_result(const JsonPlace &place)
{
	static_cast<void>(place.object());
	AddResult result;
	for (const JsonPlace &interface : place.elements_of("interfaces"))
		result.interfaces.push_back(read_interface(interface));
	for (const JsonPlace &ip : place.elements_of("ips")) {
		result.ips.push_back(read_ip(ip));
		if (const auto index = result.ips.back().interface; index && *index >= result.interfaces.size())
			ip.refuse(fmt::format("there is no interface {}", *index), "they are counted from 0 on");
	}
	for (const JsonPlace &route : place.elements_of("routes"))
		result.routes.push_back(read_route_of(route));
	if (const auto dns = place.member("dns"))
		result.dns = dns->object();
	return result;
}

nlohmann::json to_json(const AddResult &result, Version version)
{
	Json json{{"cniVersion", version_text(version)},
		  {"interfaces", array_of(result.interfaces, interface_json, version)},
		  {"ips", array_of(result.ips, ip_json, version)},
		  {"routes", array_of(result.routes, route_json, version)}};
	json["dns"] = result.dns;
	return json;
}

AddResult joined(AddResult earlier, const AddResult &ours)
{
	const auto before = static_cast<unsigned>(earlier.interfaces.size());
	earlier.interfaces.insert(earlier.interfaces.end(), ours.interfaces.begin(), ours.interfaces.end());
	for (AssignedIp ip : ours.ips) {
		if (ip.interface)
			*ip.interface += before;
		earlier.ips.push_back(ip);
	}
	earlier.routes.insert(earlier.routes.end(), ours.routes.begin(), ours.routes.end());
	if (!ours.dns.empty())
		earlier.dns = ours.dns;
	return earlier;
}

} // namespace etun::cni
