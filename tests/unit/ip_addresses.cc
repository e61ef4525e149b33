// SPDX-License-Identifier: GPL-2.0-only
// IP addresses: as text, and in the messages of rtnetlink.
#include "libetun/address_message.hpp"

#include <gtest/gtest.h>

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include <cstring>
#include <vector>

using namespace etun;

namespace {

/// An address as the kernel shows it.
Message shown(const char *text, std::uint32_t flags, int made_by)
{
	const IpAddress address = *parse_ip_address(text);
	Message message(RTM_NEWADDR, 0);
	auto *header = message.put_header<ifaddrmsg>();
	header->ifa_family = static_cast<std::uint8_t>(address.family);
	header->ifa_prefixlen = static_cast<std::uint8_t>(address.prefix);
	header->ifa_index = 7;
	message.put(IFA_ADDRESS, address.host.data(), address.bytes());
	message.put_u32(IFA_FLAGS, flags);
	if (made_by >= 0)
		message.put_u8(IFA_PROTO, static_cast<std::uint8_t>(made_by));
	return message;
}

bool lasting(const char *text, std::uint32_t flags, int made_by)
{
	const Message message = shown(text, flags, made_by);
	auto found = read_address(message.header());
	EXPECT_TRUE(found);
	return found->lasting;
}

} // namespace

TEST(IpAddress, TextAndBack)
{
	for (const char *text : {"192.0.2.1/24", "192.0.2.1/0", "192.0.2.1/32", "2001:db8::1/64", "fe80::1/128"})
		EXPECT_EQ(to_text(*parse_ip_address(text)), text);
	EXPECT_EQ(to_text(*parse_ip_address("2001:DB8:0:0::1/64")), "2001:db8::1/64");
	for (const char *bad :
	     {"", "/", "192.0.2.1", "192.0.2.1/", "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/24 ", " 192.0.2.1/24",
	      "192.0.2/24", "192.0.2.256/24", "2001:db8::1/129", "2001:db8::1", "2001:db8::g/64", "0.0.0.0/0", "::/0",
	      "224.0.0.1/24", "255.255.255.255/32", "ff02::1/64"})
		EXPECT_FALSE(parse_ip_address(bad)) << bad;
}

TEST(AddressMessage, WhatIsBuiltIsRead)
{
	for (const char *text : {"192.0.2.1/24", "2001:db8::1/64"}) {
		const Message message = add_address(7, *parse_ip_address(text));
		auto found = read_address(message.header());
		ASSERT_TRUE(found);
		EXPECT_EQ(found->index, 7U);
		EXPECT_EQ(to_text(found->address), text);
	}
	EXPECT_EQ(remove_address(7, *parse_ip_address("192.0.2.1/24")).header()->nlmsg_type, RTM_DELADDR);
}

// Of a point-to-point address IFA_ADDRESS is the other side's.
TEST(AddressMessage, TheOwnAddressIsRead)
{
	const IpAddress own = *parse_ip_address("192.0.2.1/24");
	const IpAddress other = *parse_ip_address("192.0.2.2/24");
	for (const bool own_first : {true, false}) {
		Message message(RTM_NEWADDR, 0);
		auto *header = message.put_header<ifaddrmsg>();
		header->ifa_family = AF_INET;
		if (own_first)
			message.put(IFA_LOCAL, own.host.data(), own.bytes());
		message.put(IFA_ADDRESS, other.host.data(), other.bytes());
		if (!own_first)
			message.put(IFA_LOCAL, own.host.data(), own.bytes());
		auto found = read_address(message.header());
		ASSERT_TRUE(found);
		EXPECT_TRUE(found->address.same_host(own));
	}
}

TEST(AddressMessage, LastingIsWhatSomebodyGave)
{
	EXPECT_TRUE(lasting("192.0.2.1/24", IFA_F_PERMANENT, -1));
	EXPECT_TRUE(lasting("fe80::1/64", IFA_F_PERMANENT | IFA_F_TENTATIVE, IFAPROT_UNSPEC));
	EXPECT_FALSE(lasting("192.0.2.1/24", 0, -1));
	EXPECT_FALSE(lasting("fe80::1/64", IFA_F_PERMANENT, IFAPROT_KERNEL_LL));
	EXPECT_FALSE(lasting("2001:db8::1/64", IFA_F_PERMANENT, IFAPROT_KERNEL_RA));
}

TEST(AddressMessage, CutOffAnywhereIsHarmless)
{
	const Message message = shown("2001:db8::1/64", IFA_F_PERMANENT, IFAPROT_UNSPEC);
	const char *bytes = reinterpret_cast<const char *>(message.header());
	unsigned refused = 0;
	for (std::size_t size = sizeof(nlmsghdr); size < message.header()->nlmsg_len; size++) {
		std::vector<char> piece(bytes, bytes + size);
		auto *header = reinterpret_cast<nlmsghdr *>(piece.data());
		header->nlmsg_len = static_cast<std::uint32_t>(size);
		const auto found = read_address(header);
		if (found)
			continue;
		EXPECT_EQ(found.error().number(), EBADMSG);
		refused++;
	}
	EXPECT_GT(refused, 30U);
}

TEST(AddressMessage, OtherFamiliesAndLengthsAreRefused)
{
	Message message = shown("192.0.2.1/24", 0, -1);
	auto *header = static_cast<ifaddrmsg *>(mnl_nlmsg_get_payload(message.header()));
	header->ifa_family = AF_INET6;
	EXPECT_FALSE(read_address(message.header()));
	header->ifa_family = AF_UNIX;
	EXPECT_FALSE(read_address(message.header()));
	header->ifa_family = AF_INET;
	header->ifa_prefixlen = 33;
	EXPECT_FALSE(read_address(message.header()));
	header->ifa_prefixlen = 32;
	EXPECT_TRUE(read_address(message.header()));
}

TEST(AddressMessage, OptionsAreFlags)
{
	const IpAddress address = *parse_ip_address("2001:db8::1/64");
	const auto length = [&](AddressOptions options) {
		return add_address(7, address, options).header()->nlmsg_len;
	};
	const auto plain = length({});
	const unsigned attribute = NLA_HDRLEN + sizeof(std::uint32_t);
	EXPECT_EQ(length({.prefix_route = false}), plain + attribute);
	const Message message = add_address(7, address, {.prefix_route = false, .detect_duplicates = false});
	const auto *bytes = reinterpret_cast<const char *>(message.header()) + plain + NLA_HDRLEN;
	std::uint32_t flags;
	std::memcpy(&flags, bytes, sizeof(flags));
	EXPECT_EQ(flags, unsigned{IFA_F_NOPREFIXROUTE | IFA_F_NODAD});
}
