// SPDX-License-Identifier: GPL-2.0-only
// What libetun asks and reads of VLANs, groups, queues, routes, qdiscs and rules for a lab from a file; and names of
// sysctls.
#include "libetun/link_answer.hpp"
#include "libetun/link_request.hpp"
#include "libetun/qdisc_message.hpp"
#include "libetun/route_message.hpp"
#include "libetun/rule_message.hpp"
#include "libetun/sysctl.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <linux/fib_rules.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <cstring>
#include <string>
#include <vector>

using namespace etun;

namespace {

/// Reads each beginning of \p message, in memory of its own, so that the sanitizer sees a read behind it.
template <typename Read> void read_cut_off(const Message &message, const Read &read)
{
	const auto *bytes = reinterpret_cast<const char *>(message.header());
	for (std::uint32_t size = sizeof(nlmsghdr); size < message.header()->nlmsg_len; size++) {
		std::vector<char> piece(bytes, bytes + size);
		auto *header = reinterpret_cast<nlmsghdr *>(piece.data());
		header->nlmsg_len = size;
		read(header);
	}
}

/// A link of that kind, with these attributes as well.
template <typename Attributes> Message link_of(const char *kind, const Attributes &attributes)
{
	Message message(RTM_NEWLINK, 0);
	message.put_header<ifinfomsg>()->ifi_index = 7;
	message.put_text(IFLA_IFNAME, "a0");
	message.nest(IFLA_LINKINFO, [&] { message.put(IFLA_INFO_KIND, kind, std::strlen(kind)); });
	attributes(message);
	return message;
}

} // namespace

TEST(LabMessages, AVlanIsBuiltAndRead)
{
	const Message message = create_vlan({.name = "a0.5", .lower = 7, .id = 5, .mtu = 1400, .up = true});
	EXPECT_EQ(message.header()->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	const auto vlan = read_link(message.header());
	ASSERT_TRUE(vlan);
	const Link link = *vlan;
	EXPECT_EQ(link.name, "a0.5");
	EXPECT_EQ(link.kind, "vlan");
	EXPECT_EQ(link.lower, 7U);
	EXPECT_FALSE(link.lower_elsewhere);
	EXPECT_EQ(link.mtu, 1400U);
	EXPECT_TRUE(link.up);
	ASSERT_TRUE(link.vlan);
	EXPECT_EQ(link.vlan->id, 5);
	EXPECT_TRUE(link.vlan->customer);
	EXPECT_FALSE(link.end);
	read_cut_off(message, [](const nlmsghdr *piece) { static_cast<void>(read_link(piece)); });
}

TEST(LabMessages, AServiceTagIsToldFromAVlan)
{
	Message message(RTM_NEWLINK, 0);
	message.put_header<ifinfomsg>();
	message.put_text(IFLA_IFNAME, "s0");
	message.nest(IFLA_LINKINFO, [&] {
		message.put(IFLA_INFO_KIND, "vlan", 4);
		message.nest(IFLA_INFO_DATA, [&] {
			const std::uint16_t protocol = htons(ETH_P_8021AD);
			message.put(IFLA_VLAN_PROTOCOL, &protocol, sizeof(protocol));
		});
	});
	const auto link = read_link(message.header());
	ASSERT_TRUE(link);
	EXPECT_FALSE(Link(*link).vlan->customer);
}

TEST(LabMessages, GroupQueueAndWhatIsBelowAreRead)
{
	const Message message = link_of("dummy", [](Message &link) {
		link.put_u32(IFLA_GROUP, 7);
		link.put_u32(IFLA_TXQLEN, 500);
		link.put_u32(IFLA_LINK, 9);
		link.put_u32(IFLA_LINK_NETNSID, 0);
		link.nest(IFLA_XDP, [&] { link.put_u8(IFLA_XDP_ATTACHED, XDP_ATTACHED_DRV); });
	});
	const auto read = read_link(message.header());
	ASSERT_TRUE(read);
	const Link link = *read;
	EXPECT_EQ(link.group, 7U);
	EXPECT_EQ(link.tx_queue_length, 500U);
	EXPECT_EQ(link.lower, 9U);
	EXPECT_TRUE(link.lower_elsewhere);
	EXPECT_TRUE(link.xdp);
	EXPECT_FALSE(link.vlan);
	const auto without =
		read_link(link_of("dummy", [](Message &plain) {
				  plain.nest(IFLA_XDP, [&] { plain.put_u8(IFLA_XDP_ATTACHED, XDP_ATTACHED_NONE); });
			  }).header());
	ASSERT_TRUE(without);
	EXPECT_FALSE(Link(*without).xdp);
	read_cut_off(message, [](const nlmsghdr *piece) { static_cast<void>(read_link(piece)); });
}

TEST(LabMessages, GroupAndQueueAreChanged)
{
	const Message message = change_link(7, {.group = 0, .tx_queue_length = 500});
	const auto *bytes = reinterpret_cast<const char *>(message.header());
	const auto *first = reinterpret_cast<const nlattr *>(bytes + sizeof(nlmsghdr) + sizeof(ifinfomsg));
	EXPECT_EQ(mnl_attr_get_type(first), IFLA_GROUP);
	EXPECT_EQ(mnl_attr_get_u32(first), 0U);
	const nlattr *second = mnl_attr_next(first);
	EXPECT_EQ(mnl_attr_get_type(second), IFLA_TXQLEN);
	EXPECT_EQ(mnl_attr_get_u32(second), 500U);
	EXPECT_EQ(reinterpret_cast<const char *>(mnl_attr_next(second)), bytes + message.header()->nlmsg_len);
}

TEST(LabMessages, ARouteIsTakenAwayAsItIs)
{
	const Message message = remove_route({.destination = *parse_ip_prefix("192.0.2.0/24"),
					      .gateway = parse_ip_host("198.51.100.1"),
					      .index = 7,
					      .priority = 5,
					      .table = 100,
					      .scope = RT_SCOPE_LINK,
					      .protocol = RTPROT_BOOT,
					      .type = RTN_BLACKHOLE});
	EXPECT_EQ(message.header()->nlmsg_type, RTM_DELROUTE);
	EXPECT_EQ(message.header()->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
	const auto *header = static_cast<const rtmsg *>(mnl_nlmsg_get_payload(message.header()));
	EXPECT_EQ(header->rtm_scope, RT_SCOPE_NOWHERE);
	EXPECT_EQ(header->rtm_protocol, RTPROT_BOOT);
	EXPECT_EQ(header->rtm_type, RTN_BLACKHOLE);
	Message read(RTM_NEWROUTE, 0);
	std::memcpy(read.header(), message.header(), message.header()->nlmsg_len);
	read.header()->nlmsg_type = RTM_NEWROUTE;
	const auto route = read_route(read.header());
	ASSERT_TRUE(route);
	const Route found = *route;
	EXPECT_EQ(found.gateway, parse_ip_host("198.51.100.1"));
	EXPECT_EQ(found.index, 7U);
	EXPECT_EQ(found.priority, 5U);
	EXPECT_EQ(found.table, 100U);
	EXPECT_FALSE(found.more);
}

TEST(LabMessages, ARouteByNoDeviceNamesNone)
{
	const auto has_device = [](const Message &message) {
		const auto route = read_route(message.header());
		return route && Route(*route).index != 0;
	};
	Route route{.destination = *parse_ip_prefix("0.0.0.0/0"), .gateway = parse_ip_host("192.0.2.1"), .index = 7};
	EXPECT_TRUE(has_device(add_route(route)));
	route.index = 0;
	const Message message = add_route(route);
	EXPECT_FALSE(has_device(message));
	const std::string bytes(reinterpret_cast<const char *>(message.header()), message.header()->nlmsg_len);
	const std::string attribute("\x08\0\x04\0", 4); // 8 bytes, RTA_OIF
	EXPECT_EQ(bytes.find(attribute), std::string::npos);
}

TEST(LabMessages, ARouteWithMoreThanIsReadIsKnown)
{
	for (const int attribute : {RTA_PREFSRC, RTA_MULTIPATH, RTA_FLOW, RTA_VIA, RTA_ENCAP, RTA_NH_ID}) {
		Message message(RTM_NEWROUTE, 0);
		message.put_header<rtmsg>()->rtm_family = AF_INET;
		message.put_u32(static_cast<std::uint16_t>(attribute), 0);
		const auto route = read_route(message.header());
		ASSERT_TRUE(route);
		EXPECT_TRUE(Route(*route).more) << attribute;
	}
	Message message(RTM_NEWROUTE, 0);
	message.put_header<rtmsg>()->rtm_family = AF_INET;
	message.nest(RTA_METRICS, [&] { message.put_u32(RTAX_INITCWND, 10); });
	const auto route = read_route(message.header());
	ASSERT_TRUE(route);
	EXPECT_TRUE(Route(*route).more);
}

TEST(LabMessages, QdiscsThatSomebodyMadeHaveAHandle)
{
	for (const unsigned handle : {0U, 0x10000U}) {
		Message message(RTM_NEWQDISC, 0);
		auto *header = message.put_header<tcmsg>();
		header->tcm_ifindex = 7;
		header->tcm_handle = handle;
		message.put_text(TCA_KIND, "fq");
		const auto qdisc = read_qdisc(message.header());
		ASSERT_TRUE(qdisc);
		EXPECT_EQ(Qdisc(*qdisc).index, 7U);
		EXPECT_EQ(Qdisc(*qdisc).kind, "fq");
		EXPECT_EQ(Qdisc(*qdisc).made, handle != 0);
		read_cut_off(message, [](const nlmsghdr *piece) { static_cast<void>(read_qdisc(piece)); });
		message.header()->nlmsg_type = RTM_NEWLINK;
		EXPECT_FALSE(read_qdisc(message.header()));
	}
}

TEST(LabMessages, RulesOfTheKernelAreNobodysWish)
{
	for (const std::uint8_t made_by : {RTPROT_KERNEL, RTPROT_BOOT, RTPROT_STATIC}) {
		Message message(RTM_NEWRULE, 0);
		message.put_header<fib_rule_hdr>();
		message.put_u8(FRA_PROTOCOL, made_by);
		EXPECT_EQ(is_rule_of_somebody(message.header()), made_by != RTPROT_KERNEL);
		read_cut_off(message, [](const nlmsghdr *piece) { static_cast<void>(is_rule_of_somebody(piece)); });
	}
}

TEST(Sysctl, NamesAndPaths)
{
	EXPECT_EQ(sysctl_path("net.ipv4.ip_forward"), "net/ipv4/ip_forward");
	EXPECT_EQ(sysctl_path("net.ipv4.conf.eth0/5.rp_filter"), "net/ipv4/conf/eth0.5/rp_filter");
	EXPECT_EQ(sysctl_name("net/ipv4/conf/eth0.5/rp_filter"), "net.ipv4.conf.eth0/5.rp_filter");
	EXPECT_EQ(device_of_sysctl("net/ipv4/conf/eth0.5/rp_filter"), "eth0.5");
	EXPECT_EQ(device_of_sysctl("net/ipv6/neigh/default/gc_thresh1"), "default");
	EXPECT_EQ(device_of_sysctl("net/ipv4/ip_forward"), "");
	EXPECT_EQ(device_of_sysctl("net/ipv4/neigh/default"), "");
	// None leads out of /proc/sys/net.
	for (const char *bad : {"net.//.//.kernel.hostname", "net.ipv4.//", "net./.x", "net...x", "a.net.x"})
		EXPECT_FALSE(sysctl_path(bad)) << bad;
	EXPECT_FALSE(sysctl_path(std::string("net.ipv4.x\0y", 12)));
	EXPECT_EQ(sysctl_value("4096\t131072  6291456\n"), "4096 131072 6291456");
	EXPECT_EQ(sysctl_value(" \n"), "");
}
