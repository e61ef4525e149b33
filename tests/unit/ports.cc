// SPDX-License-Identifier: GPL-2.0-only
// Bridges, their ports and what links are called for people, in the messages of rtnetlink.
#include "libetun/link_answer.hpp"
#include "libetun/link_request.hpp"

#include <gtest/gtest.h>

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

using namespace etun;

namespace {

/// A port as the kernel shows it.
Message shown_port(const char *bridge_kind)
{
	Message message(RTM_NEWLINK, 0);
	message.put_header<ifinfomsg>()->ifi_index = 7;
	message.put_text(IFLA_IFNAME, "a0");
	message.put_text(IFLA_IFALIAS, "what people say");
	message.put_u32(IFLA_MASTER, 3);
	message.nest(IFLA_LINKINFO, [&] {
		message.put_text(IFLA_INFO_KIND, "etun");
		message.put_text(IFLA_INFO_SLAVE_KIND, bridge_kind);
		message.nest(IFLA_INFO_SLAVE_DATA, [&] {
			message.put_u8(IFLA_BRPORT_STATE, 3);
			message.put_u8(IFLA_BRPORT_MODE, 1);
		});
	});
	return message;
}

} // namespace

TEST(Ports, AreReadWithHairpinAndAlias)
{
	const Message message = shown_port("bridge");
	auto port = read_link(message.header());
	ASSERT_TRUE(port);
	EXPECT_EQ(port->alias, "what people say");
	EXPECT_EQ(port->master, 3U);
	EXPECT_TRUE(port->hairpin);
	// Of what else has ports the number means something else.
	const Message bond = shown_port("bond");
	EXPECT_FALSE(read_link(bond.header())->hairpin);
}

TEST(Ports, APairsFirstEndIsMadeAsOne)
{
	const Message message = create_pair({.one = {.name = "a0"}, .other = {.name = "b0"}, .master = 3});
	auto end = read_link(message.header());
	ASSERT_TRUE(end);
	EXPECT_EQ(end->master, 3U);
	// Once in the whole message: it is not said of the peer.
	const Message without = create_pair({.one = {.name = "a0"}, .other = {.name = "b0"}});
	EXPECT_EQ(message.header()->nlmsg_len - without.header()->nlmsg_len, NLA_HDRLEN + 4U);
}

TEST(Ports, ABridgeMayHaveAnAddressOfItsOwn)
{
	const Message message = create_bridge("br0", true, HardwareAddress{2, 0, 0, 0, 0, 1});
	auto bridge = read_link(message.header());
	ASSERT_TRUE(bridge);
	EXPECT_EQ(bridge->kind, "bridge");
	EXPECT_EQ(bridge->address, (HardwareAddress{2, 0, 0, 0, 0, 1}));
	EXPECT_FALSE(read_link(create_bridge("br0", true).header())->address);
}

TEST(Ports, AnAliasIsGiven)
{
	const Message message = change_link(7, {.name = "a0", .alias = "what people say"});
	auto link = read_link(message.header());
	ASSERT_TRUE(link);
	EXPECT_EQ(link->alias, "what people say");
}
