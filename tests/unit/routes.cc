// SPDX-License-Identifier: GPL-2.0-only
// Routes in the messages of rtnetlink.
#include "libetun/route_message.hpp"

#include <gtest/gtest.h>

#include <linux/rtnetlink.h>

#include <cstring>

using namespace etun;

namespace {

rtmsg header_of(const Message &message)
{
	rtmsg header;
	std::memcpy(&header, reinterpret_cast<const char *>(message.header()) + sizeof(nlmsghdr), sizeof(header));
	return header;
}

} // namespace

TEST(RouteMessage, WhatIsBuiltIsRead)
{
	for (const char *destination : {"0.0.0.0/0", "192.0.2.0/24", "2001:db8::/32", "::/0"}) {
		Route route{.destination = *parse_ip_prefix(destination), .index = 7};
		route.gateway = parse_ip_host(route.destination.family == AF_INET ? "192.0.2.1" : "2001:db8::1");
		route.mtu = 1300;
		route.advmss = 1200;
		route.priority = 5;
		route.table = 1000;
		route.scope = 0;
		const Message message = add_route(route);
		ASSERT_TRUE(message.complete());
		EXPECT_EQ(message.header()->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
		const auto found = read_route(message.header());
		ASSERT_TRUE(found) << destination;
		EXPECT_TRUE(*found == route) << destination;
	}
}

TEST(RouteMessage, ADestinationWithoutAGatewayIsOnTheLink)
{
	const auto scope = [](const char *destination, const char *gateway) {
		return header_of(add_route({.destination = *parse_ip_prefix(destination),
					    .gateway = parse_ip_host(gateway),
					    .index = 7}))
			.rtm_scope;
	};
	EXPECT_EQ(scope("192.0.2.1/32", ""), RT_SCOPE_LINK);
	EXPECT_EQ(scope("192.0.2.0/24", "192.0.2.1"), RT_SCOPE_UNIVERSE);
	EXPECT_EQ(scope("2001:db8::1/128", ""), RT_SCOPE_UNIVERSE);
}

TEST(RouteMessage, CutOffOrWrongIsRefused)
{
	const Message message = add_route({.destination = *parse_ip_prefix("192.0.2.0/24"), .index = 7});
	auto *header = const_cast<nlmsghdr *>(message.header());
	const auto whole = header->nlmsg_len;
	for (unsigned length = sizeof(nlmsghdr); length < whole; length++) {
		header->nlmsg_len = length;
		const auto found = read_route(header);
		// Cut between two attributes it is a route with fewer of them.
		if (found) {
			EXPECT_EQ(length % 4, 0U) << length;
		}
	}
	header->nlmsg_len = whole;
	header->nlmsg_type = RTM_NEWADDR;
	EXPECT_FALSE(read_route(header));
}

TEST(IpPrefix, NetworksAndHosts)
{
	EXPECT_EQ(to_text(network_of(*parse_ip_prefix("192.0.2.129/25"))), "192.0.2.128/25");
	EXPECT_EQ(to_text(network_of(*parse_ip_prefix("192.0.2.129/0"))), "0.0.0.0/0");
	EXPECT_EQ(to_text(network_of(*parse_ip_prefix("192.0.2.129/32"))), "192.0.2.129/32");
	EXPECT_EQ(to_text(network_of(*parse_ip_prefix("2001:db8:ffff::1/33"))), "2001:db8:8000::/33");
	EXPECT_EQ(to_text(*parse_ip_prefix("ff00::/8")), "ff00::/8");
	EXPECT_EQ(to_text(*parse_ip_host("192.0.2.1")), "192.0.2.1/32");
	EXPECT_EQ(host_text(*parse_ip_host("2001:db8::1")), "2001:db8::1");
	for (const char *bad : {"", "192.0.2.1/32", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "x"})
		EXPECT_FALSE(parse_ip_host(bad)) << bad;
	for (const char *bad : {"", "192.0.2.1", "192.0.2.1/33", "::/129", "/0"})
		EXPECT_FALSE(parse_ip_prefix(bad)) << bad;
}
