// SPDX-License-Identifier: GPL-2.0-only
// How libetun asks for the numbers of network namespaces, and what it reads of devices that lead into another one, have
// other names, or are held down.
#include "libetun/link_answer.hpp"
#include "libetun/link_request.hpp"
#include "libetun/netns_id.hpp"

#include <gtest/gtest.h>

#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

using namespace etun;

namespace {

/// The one attribute behind the header of \p message, with its number.
std::pair<unsigned, int> only_attribute(const Message &message)
{
	const auto *attribute = reinterpret_cast<const nlattr *>(reinterpret_cast<const char *>(message.header()) +
								 sizeof(nlmsghdr) + MNL_ALIGN(sizeof(rtgenmsg)));
	EXPECT_EQ(message.header()->nlmsg_len,
		  sizeof(nlmsghdr) + MNL_ALIGN(sizeof(rtgenmsg)) + MNL_ALIGN(attribute->nla_len));
	return {mnl_attr_get_type(attribute), static_cast<int>(mnl_attr_get_u32(attribute))};
}

Message answer(std::uint16_t type, const std::function<void(Message &)> &content)
{
	Message message(type, 0);
	message.put_header<rtgenmsg>();
	content(message);
	return message;
}

Message link(const std::function<void(Message &)> &content)
{
	Message message(RTM_NEWLINK, 0);
	message.put_header<ifinfomsg>();
	message.put_text(IFLA_IFNAME, "a0");
	content(message);
	return message;
}

} // namespace

TEST(NetnsId, IsAskedForByDescriptorAndByNumber)
{
	EXPECT_EQ(get_netns_id(7).header()->nlmsg_type, RTM_GETNSID);
	EXPECT_EQ(only_attribute(get_netns_id(7)), (std::pair<unsigned, int>(NETNSA_FD, 7)));
	EXPECT_EQ(only_attribute(get_netns(3)), (std::pair<unsigned, int>(NETNSA_NSID, 3)));
}

TEST(NetnsId, IsRead)
{
	const auto number = [](int id) {
		return answer(RTM_NEWNSID,
			      [id](Message &message) { message.put_u32(NETNSA_NSID, static_cast<std::uint32_t>(id)); });
	};
	EXPECT_EQ(*read_netns_id(number(5).header()), 5);
	EXPECT_EQ(*read_netns_id(number(-1).header()), -1);
}

TEST(NetnsId, WhatIsNoneIsRefused)
{
	const Message empty = answer(RTM_NEWNSID, [](Message &) {});
	const Message narrow = answer(RTM_NEWNSID, [](Message &message) { message.put_u8(NETNSA_NSID, 1); });
	const Message other = answer(RTM_NEWLINK, [](Message &message) { message.put_u32(NETNSA_NSID, 1); });
	for (const Message *message : {&empty, &narrow, &other})
		EXPECT_EQ(read_netns_id(message->header()).error().number(), EBADMSG);
	Message cut = answer(RTM_NEWNSID, [](Message &message) { message.put_u32(NETNSA_NSID, 1); });
	for (unsigned bytes = sizeof(nlmsghdr); bytes < 28; bytes++) {
		cut.header()->nlmsg_len = bytes;
		EXPECT_FALSE(read_netns_id(cut.header())) << bytes;
	}
}

TEST(LinkAnswer, OtherNames)
{
	const auto found = read_link(link([](Message &message) {
					     message.nest(IFLA_PROP_LIST | NLA_F_NESTED, [&message] {
						     message.put_text(IFLA_ALT_IFNAME, "uplink");
						     message.put_text(IFLA_ALT_IFNAME, "a-name-of-more-than-fifteen");
					     });
				     }).header());
	ASSERT_TRUE(found);
	EXPECT_EQ((*found).alt_names, (std::vector<std::string>{"uplink", "a-name-of-more-than-fifteen"}));
	for (const char *name : {"a0", "uplink", "a-name-of-more-than-fifteen"})
		EXPECT_TRUE(is_called(*found, name)) << name;
	EXPECT_FALSE(is_called(*found, "a"));
}

TEST(LinkAnswer, WhereItLeadsAndWhetherItIsHeldDown)
{
	const auto plain = read_link(link([](Message &) {}).header());
	EXPECT_FALSE((*plain).link_netnsid);
	EXPECT_FALSE((*plain).proto_down);
	const auto found = read_link(link([](Message &message) {
					     message.put_u32(IFLA_LINK_NETNSID, static_cast<std::uint32_t>(-1));
					     message.put_u8(IFLA_PROTO_DOWN, 1);
				     }).header());
	ASSERT_TRUE(found);
	EXPECT_EQ((*found).link_netnsid, -1);
	EXPECT_TRUE((*found).proto_down);
	EXPECT_FALSE(read_link(link([](Message &message) { message.put_u8(IFLA_LINK_NETNSID, 1); }).header()));
}

TEST(LinkRequest, MovesAnEnd)
{
	const Message message = change_link(4, {.name = "eth0", .netns = 9});
	const auto *first = reinterpret_cast<const nlattr *>(reinterpret_cast<const char *>(message.header()) +
							     sizeof(nlmsghdr) + sizeof(ifinfomsg));
	EXPECT_EQ(mnl_attr_get_type(first), IFLA_IFNAME);
	const nlattr *second = mnl_attr_next(first);
	EXPECT_EQ(mnl_attr_get_type(second), IFLA_NET_NS_FD);
	EXPECT_EQ(mnl_attr_get_u32(second), 9U);
}
