// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/route_message.hpp"

#include "libetun/attributes.hpp"

#include <linux/rtnetlink.h>

#include <algorithm>

namespace etun {
namespace {

void put_metrics(Message &message, const Route &route)
{
	if (!route.mtu && !route.advmss)
		return;
	message.nest(RTA_METRICS, [&] {
		if (route.mtu)
			message.put_u32(RTAX_MTU, *route.mtu);
		if (route.advmss)
			message.put_u32(RTAX_ADVMSS, *route.advmss);
	});
}

/// A destination without a gateway lies on the link, as far as IPv4 is concerned; IPv6 knows no scopes.
std::uint8_t scope_of(const Route &route)
{
	if (route.scope)
		return *route.scope;
	return route.destination.family == AF_INET && !route.gateway ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

bool read_host(const nlattr *attribute, IpAddress &address)
{
	if (mnl_attr_get_payload_len(attribute) != address.bytes())
		return false;
	std::copy_n(static_cast<const std::uint8_t *>(mnl_attr_get_payload(attribute)), address.bytes(),
		    address.host.data());
	return true;
}

bool read_metric(const nlattr *attribute, Route &route)
{
	switch (mnl_attr_get_type(attribute)) {
	case RTAX_MTU:
		return read_number(attribute, route.mtu);
	case RTAX_ADVMSS:
		return read_number(attribute, route.advmss);
	default:
		route.more = true;
		return true;
	}
}

bool read_of_route(const nlattr *attribute, Route &route)
{
	switch (mnl_attr_get_type(attribute)) {
	case RTA_DST:
		return read_host(attribute, route.destination);
	case RTA_GATEWAY:
		route.gateway = alone({.family = route.destination.family});
		return read_host(attribute, *route.gateway);
	case RTA_OIF:
		return read_number(attribute, route.index);
	case RTA_PRIORITY:
		return read_number(attribute, route.priority);
	case RTA_TABLE:
		return read_number(attribute, route.table);
	case RTA_METRICS:
		return read_nest(attribute, [&route](const nlattr *metric) { return read_metric(metric, route); });
	case RTA_PREFSRC:
	case RTA_MULTIPATH:
	case RTA_FLOW:
	case RTA_VIA:
	case RTA_ENCAP:
	case RTA_NH_ID:
		route.more = true;
		return true;
	default:
		return true;
	}
}

} // namespace

namespace {

/// A request about \p route, which is of \p scope.
Message about_route(std::uint16_t type, std::uint16_t flags, const Route &route, std::uint8_t scope)
{
	Message message(type, flags);
	auto *header = message.put_header<rtmsg>();
	header->rtm_family = static_cast<std::uint8_t>(route.destination.family);
	header->rtm_dst_len = static_cast<std::uint8_t>(route.destination.prefix);
	header->rtm_table = RT_TABLE_UNSPEC;
	header->rtm_protocol = route.protocol;
	header->rtm_type = route.type;
	header->rtm_scope = scope;
	message.put(RTA_DST, route.destination.host.data(), route.destination.bytes());
	message.put_u32(RTA_TABLE, route.table.value_or(RT_TABLE_MAIN));
	if (route.index != 0)
		message.put_u32(RTA_OIF, route.index);
	if (route.gateway)
		message.put(RTA_GATEWAY, route.gateway->host.data(), route.gateway->bytes());
	if (route.priority)
		message.put_u32(RTA_PRIORITY, *route.priority);
	return message;
}

} // namespace

Message add_route(const Route &route)
{
	Message message = about_route(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, route, scope_of(route));
	put_metrics(message, route);
	return message;
}

Message remove_route(const Route &route)
{
	return about_route(RTM_DELROUTE, NLM_F_ACK, route, RT_SCOPE_NOWHERE); // of any scope
}

Message dump_routes(int family)
{
	Message message(RTM_GETROUTE, NLM_F_DUMP);
	message.put_header<rtmsg>()->rtm_family = static_cast<std::uint8_t>(family);
	return message;
}

Outcome<Route> read_route(const nlmsghdr *message)
{
	const std::size_t head = sizeof(nlmsghdr) + MNL_ALIGN(sizeof(rtmsg));
	if (message->nlmsg_type != RTM_NEWROUTE || message->nlmsg_len < head)
		return fail(Error(EBADMSG, "not the description of a route"));

	const auto *header = static_cast<const rtmsg *>(mnl_nlmsg_get_payload(message));
	if (header->rtm_family != AF_INET && header->rtm_family != AF_INET6)
		return fail(Error(EBADMSG, "a route of another family than IPv4 and IPv6"));
	Route route;
	route.destination.family = header->rtm_family;
	route.destination.prefix = header->rtm_dst_len;
	route.table = header->rtm_table;
	route.scope = header->rtm_scope;
	route.protocol = header->rtm_protocol;
	route.type = header->rtm_type;
	route.tos = header->rtm_tos;
	route.more = (header->rtm_flags & RTNH_F_ONLINK) != 0;
	if (!read_attributes(reinterpret_cast<const char *>(message) + head, message->nlmsg_len - head,
			     [&route](const nlattr *attribute) { return read_of_route(attribute, route); }) ||
	    route.destination.prefix > route.destination.bits())
		return fail(Error(EBADMSG, "the kernel's description of a route can't be read"));
	return route;
}

} // namespace etun
