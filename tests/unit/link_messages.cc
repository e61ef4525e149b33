// SPDX-License-Identifier: GPL-2.0-only
// What libetun asks the kernel, and what it makes of the answers. What it builds is read by its own reader, and byte by
// byte where both could have the same mistake.
#include "libetun/link_answer.hpp"
#include "libetun/link_request.hpp"
#include "uapi/etun.h"

#include <gtest/gtest.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <cstring>
#include <map>
#include <string>
#include <vector>

using namespace etun;

namespace {

/// Payloads of the attributes in \p data, by number.
std::map<unsigned, std::string> attributes(std::string_view data)
{
	std::map<unsigned, std::string> found;
	while (data.size() >= sizeof(nlattr)) {
		nlattr head;
		std::memcpy(&head, data.data(), sizeof(head));
		if (head.nla_len < sizeof(head) || head.nla_len > data.size())
			break;
		found[head.nla_type & NLA_TYPE_MASK] = data.substr(sizeof(head), head.nla_len - sizeof(head));
		data.remove_prefix(std::min<std::size_t>(data.size(), NLA_ALIGN(head.nla_len)));
	}
	return found;
}

std::string_view whole(const Message &message)
{
	return {reinterpret_cast<const char *>(message.header()), message.header()->nlmsg_len};
}

constexpr std::size_t head_bytes = sizeof(nlmsghdr) + sizeof(ifinfomsg);

std::map<unsigned, std::string> link_attributes(const Message &message)
{
	return attributes(whole(message).substr(head_bytes));
}

std::map<unsigned, std::string> own_attributes(const Message &message)
{
	auto info = attributes(link_attributes(message)[IFLA_LINKINFO]);
	EXPECT_EQ(info[IFLA_INFO_KIND], "etun");
	return attributes(info[IFLA_INFO_DATA]);
}

template <typename T> std::string bytes_of(T value)
{
	return {reinterpret_cast<const char *>(&value), sizeof(value)};
}

std::string zero_ended(const char *text)
{
	return {text, std::strlen(text) + 1};
}

ifinfomsg link_header(std::string_view data)
{
	ifinfomsg header;
	std::memcpy(&header, data.data(), sizeof(header));
	return header;
}

/// A message as the kernel sends it about an end.
Message shown_end()
{
	Message message(RTM_NEWLINK, 0);
	auto *header = message.put_header<ifinfomsg>();
	header->ifi_index = 7;
	header->ifi_flags = IFF_UP | IFF_RUNNING;
	message.put_text(IFLA_IFNAME, "veth0");
	message.put_u32(IFLA_MTU, 9000);
	message.put_u8(IFLA_CARRIER, 1);
	message.put_u32(IFLA_NUM_TX_QUEUES, 4);
	message.put_u32(IFLA_NUM_RX_QUEUES, 2);
	message.put_u32(IFLA_MASTER, 3);
	message.put(IFLA_ADDRESS, "\x02\x00\x00\x00\x00\x1f", 6);
	rtnl_link_stats64 counters{};
	counters.rx_packets = 1;
	counters.tx_bytes = 1ULL << 40;
	counters.tx_dropped = 5;
	message.put(IFLA_STATS64, &counters, sizeof(counters));
	message.nest(IFLA_LINKINFO, [&] {
		message.put(IFLA_INFO_KIND, "etun", 4);
		message.nest(IFLA_INFO_DATA, [&] {
			message.put_u8(ETUN_INFO_MODE, 1);
			message.put_u32(ETUN_INFO_RING, 512);
			message.put_u8(ETUN_INFO_MTU_POLICY, 1);
			const std::uint64_t id = 1ULL << 33;
			message.put(ETUN_INFO_PAIR_ID, &id, sizeof(id));
			message.put_u32(ETUN_INFO_PEER_IFINDEX, 9);
			message.put_u32(ETUN_INFO_PEER_NETNSID, static_cast<std::uint32_t>(-1));
			message.put_u8(ETUN_INFO_PEER_MODE, 2);
			message.put_u32(ETUN_INFO_PEER_RING, 64);
			message.put_u32(ETUN_INFO_MAX + 1, 0); // of a later driver
		});
	});
	return message;
}

/// An answer as the kernel sends it, with a sentence.
Message refusal(int error, const char *sentence, std::uint16_t flags)
{
	Message message(NLMSG_ERROR, 0);
	message.header()->nlmsg_flags = flags;
	auto *answer = message.put_header<nlmsgerr>();
	answer->error = -error;
	answer->msg.nlmsg_len = sizeof(nlmsghdr) + 8;
	if (!(flags & NLM_F_CAPPED))
		message.put_header<std::uint64_t>();
	if (sentence)
		message.put_text(NLMSGERR_ATTR_MSG, sentence);
	return message;
}

} // namespace

TEST(LinkRequest, APairIsDescribedInOneMessage)
{
	const PairDescription pair{.one = {.name = "a0",
					   .netns = 5,
					   .address = HardwareAddress{2, 0, 0, 0, 0, 1},
					   .mtu = 1400,
					   .queues = 3,
					   .mode = Mode::napi,
					   .ring = 512,
					   .up = false},
				   .other = {.name = "b0",
					     .netns = 6,
					     .address = HardwareAddress{2, 0, 0, 0, 0, 2},
					     .mtu = 9000,
					     .queues = 4,
					     .mode = Mode::direct,
					     .ring = 64,
					     .up = true},
				   .mtu_policy = MtuPolicy::independent};
	const Message message = create_pair(pair);
	ASSERT_TRUE(message.complete());
	EXPECT_EQ(message.header()->nlmsg_type, RTM_NEWLINK);
	EXPECT_EQ(message.header()->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	EXPECT_EQ(link_header(whole(message).substr(sizeof(nlmsghdr))).ifi_change, 0U);

	auto one = link_attributes(message);
	EXPECT_EQ(one[IFLA_IFNAME], zero_ended("a0"));
	EXPECT_EQ(one[IFLA_NET_NS_FD], bytes_of(5U));
	EXPECT_EQ(one[IFLA_ADDRESS], std::string("\x02\0\0\0\0\x01", 6));
	EXPECT_EQ(one[IFLA_MTU], bytes_of(1400U));
	EXPECT_EQ(one[IFLA_NUM_TX_QUEUES], bytes_of(3U));
	EXPECT_EQ(one[IFLA_NUM_RX_QUEUES], bytes_of(3U));

	auto own = own_attributes(message);
	EXPECT_EQ(own[ETUN_INFO_MODE], std::string(1, 1));
	EXPECT_EQ(own[ETUN_INFO_PEER_MODE], std::string(1, 2));
	EXPECT_EQ(own[ETUN_INFO_RING], bytes_of(512U));
	EXPECT_EQ(own[ETUN_INFO_PEER_RING], bytes_of(64U));
	EXPECT_EQ(own[ETUN_INFO_MTU_POLICY], std::string(1, 0));

	const std::string peer = own[ETUN_INFO_PEER];
	ASSERT_GT(peer.size(), sizeof(ifinfomsg));
	EXPECT_EQ(link_header(peer).ifi_flags, static_cast<unsigned>(IFF_UP));
	EXPECT_EQ(link_header(peer).ifi_change, static_cast<unsigned>(IFF_UP));
	auto other = attributes(std::string_view(peer).substr(sizeof(ifinfomsg)));
	EXPECT_EQ(other[IFLA_IFNAME], zero_ended("b0"));
	EXPECT_EQ(other[IFLA_NET_NS_FD], bytes_of(6U));
	EXPECT_EQ(other[IFLA_MTU], bytes_of(9000U));
	EXPECT_EQ(other[IFLA_NUM_RX_QUEUES], bytes_of(4U));
}

TEST(LinkRequest, WhatIsNotGivenIsNotSaid)
{
	PairDescription pair;
	pair.one.name = "a0";
	pair.other.name = "b0";
	const Message message = create_pair(pair);
	EXPECT_EQ(link_attributes(message).size(), 2U); // the name and IFLA_LINKINFO
	auto own = own_attributes(message);
	ASSERT_EQ(own.size(), 1U);
	EXPECT_EQ(attributes(std::string_view(own[ETUN_INFO_PEER]).substr(sizeof(ifinfomsg))).size(), 1U);
}

TEST(LinkRequest, AChangeNamesWhatChanges)
{
	const Message mtu = change_link(4, {.mtu = 1400, .up = true});
	EXPECT_EQ(mtu.header()->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK); // must not make a link
	EXPECT_EQ(link_header(whole(mtu).substr(sizeof(nlmsghdr))).ifi_index, 4);
	EXPECT_EQ(link_header(whole(mtu).substr(sizeof(nlmsghdr))).ifi_flags, static_cast<unsigned>(IFF_UP));
	EXPECT_EQ(link_attributes(mtu).size(), 1U);

	const Message down = change_link(4, {.up = false});
	EXPECT_EQ(link_header(whole(down).substr(sizeof(nlmsghdr))).ifi_flags, 0U);
	EXPECT_EQ(link_header(whole(down).substr(sizeof(nlmsghdr))).ifi_change, static_cast<unsigned>(IFF_UP));

	const Message cut = change_link(4, {.carrier = false});
	EXPECT_EQ(link_attributes(cut)[IFLA_CARRIER], std::string(1, 0));
	EXPECT_EQ(link_header(whole(cut).substr(sizeof(nlmsghdr))).ifi_change, 0U);

	const Message mode = change_link(4, {.peer_mode = Mode::napi});
	auto own = own_attributes(mode);
	EXPECT_EQ(own.size(), 1U);
	EXPECT_EQ(own[ETUN_INFO_PEER_MODE], std::string(1, 1));
}

TEST(LinkRequest, WhatDoesNotFitIsNotComplete)
{
	PairDescription pair;
	pair.one.name = "a0";
	pair.other.name = std::string(4000, 'b');
	EXPECT_FALSE(create_pair(pair).complete());
}

TEST(LinkRequest, ADumpAsksForAKind)
{
	EXPECT_EQ(attributes(link_attributes(dump_links("etun"))[IFLA_LINKINFO])[IFLA_INFO_KIND], "etun");
	EXPECT_TRUE(link_attributes(dump_links()).empty());
	EXPECT_EQ(dump_links().header()->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
}

TEST(LinkAnswer, AnEndIsRead)
{
	const Message message = shown_end();
	ASSERT_TRUE(message.complete());
	auto link = read_link(message.header());
	ASSERT_TRUE(link) << link.error().reason();
	EXPECT_EQ(link->index, 7U);
	EXPECT_EQ(link->name, "veth0");
	EXPECT_EQ(link->kind, "etun");
	EXPECT_EQ(to_text(*link->address), "02:00:00:00:00:1f");
	EXPECT_EQ(link->mtu, 9000U);
	EXPECT_TRUE(link->up);
	EXPECT_TRUE(link->carrier);
	EXPECT_EQ(link->tx_queues, 4U);
	EXPECT_EQ(link->rx_queues, 2U);
	EXPECT_EQ(link->master, 3U);
	EXPECT_EQ(link->traffic.rx_packets, 1U);
	EXPECT_EQ(link->traffic.tx_bytes, 1ULL << 40);
	EXPECT_EQ(link->traffic.tx_dropped, 5U);
	ASSERT_TRUE(link->end);
	EXPECT_EQ(link->end->mode, Mode::napi);
	EXPECT_EQ(link->end->ring, 512U);
	EXPECT_EQ(link->end->mtu_policy, MtuPolicy::equal);
	EXPECT_EQ(link->end->pair_id, 1ULL << 33);
	EXPECT_EQ(link->end->peer_index, 9U);
	EXPECT_EQ(link->end->peer_netnsid, -1);
	EXPECT_EQ(link->end->peer_mode, Mode::direct);
	EXPECT_EQ(link->end->peer_ring, 64U);
}

TEST(LinkAnswer, WhatIsBuiltIsRead)
{
	PairDescription pair;
	pair.one = {.name = "a0",
		    .netns = -1,
		    .address = HardwareAddress{2, 0, 0, 0, 0, 1},
		    .mtu = 1400,
		    .queues = 3,
		    .mode = Mode::direct,
		    .ring = 512,
		    .wire = true,
		    .up = true};
	pair.other = {.name = "b0",
		      .netns = -1,
		      .address = {},
		      .mtu = {},
		      .queues = {},
		      .mode = Mode::napi,
		      .ring = {},
		      .wire = false,
		      .up = false};
	auto link = read_link(create_pair(pair).header());
	ASSERT_TRUE(link);
	EXPECT_EQ(link->name, "a0");
	EXPECT_EQ(link->address, pair.one.address);
	EXPECT_EQ(link->mtu, 1400U);
	EXPECT_EQ(link->tx_queues, 3U);
	EXPECT_TRUE(link->up);
	EXPECT_EQ(link->end->mode, Mode::direct);
	EXPECT_EQ(link->end->peer_mode, Mode::napi);
	EXPECT_EQ(link->end->ring, 512U);
	EXPECT_FALSE(link->end->peer_ring);
	EXPECT_TRUE(link->end->wire);
	EXPECT_EQ(link->end->peer_wire, false);
}

TEST(LinkAnswer, OtherKindsHaveNoEnd)
{
	auto bridge = read_link(create_bridge("br0", true).header());
	ASSERT_TRUE(bridge);
	EXPECT_EQ(bridge->kind, "bridge");
	EXPECT_FALSE(bridge->end);
	EXPECT_FALSE(bridge->address);
}

// Cut off anywhere, the message is refused or less is read; never is there a read behind it, which the sanitizer sees,
// as each piece has memory of its own.
TEST(LinkAnswer, CutOffAnywhereIsHarmless)
{
	const Message message = shown_end();
	const std::string_view bytes = whole(message);
	unsigned refused = 0;
	for (std::size_t size = sizeof(nlmsghdr); size < bytes.size(); size++) {
		std::vector<char> piece(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
		auto *header = reinterpret_cast<nlmsghdr *>(piece.data());
		header->nlmsg_len = static_cast<std::uint32_t>(size);
		const auto link = read_link(header);
		if (!link) {
			EXPECT_EQ(link.error().number(), EBADMSG);
			refused++;
		}
	}
	EXPECT_GT(refused, bytes.size() / 2);
}

// Every byte of it set to values that lengths and types trip over.
TEST(LinkAnswer, GarbledAnywhereIsHarmless)
{
	const Message message = shown_end();
	const std::string_view bytes = whole(message);
	unsigned refused = 0;
	for (std::size_t at = sizeof(nlmsghdr); at < bytes.size(); at++) {
		for (const int value : {0x00, 0x01, 0x03, 0x04, 0x7f, 0x80, 0xff}) {
			std::vector<char> garbled(bytes.begin(), bytes.end());
			garbled[at] = static_cast<char>(value);
			refused += !read_link(reinterpret_cast<const nlmsghdr *>(garbled.data()));
		}
	}
	EXPECT_GT(refused, 0U);
}

// A newer module may have them.
TEST(LinkAnswer, ModesThatNobodyKnowsKeepTheirNumber)
{
	Message message(RTM_NEWLINK, 0);
	message.put_header<ifinfomsg>();
	message.put_text(IFLA_IFNAME, "veth0");
	message.nest(IFLA_LINKINFO, [&] {
		message.put(IFLA_INFO_KIND, "etun", 4);
		message.nest(IFLA_INFO_DATA, [&] { message.put_u8(ETUN_INFO_MODE, 200); });
	});
	auto link = read_link(message.header());
	ASSERT_TRUE(link);
	EXPECT_EQ(static_cast<unsigned>(link->end->mode), 200U);
}

TEST(LinkAnswer, SuccessIsNoError)
{
	EXPECT_FALSE(read_answer(refusal(0, nullptr, NLM_F_CAPPED).header()));
	EXPECT_FALSE(read_answer(refusal(0, "a warning", NLM_F_CAPPED | NLM_F_ACK_TLVS).header()));
}

TEST(LinkAnswer, ARefusalHasErrnoAndSentence)
{
	const auto capped =
		read_answer(refusal(EINVAL, "a ring has 2 to 32768 slots", NLM_F_CAPPED | NLM_F_ACK_TLVS).header());
	ASSERT_TRUE(capped);
	EXPECT_EQ(capped->number(), EINVAL);
	EXPECT_EQ(capped->reason(), "a ring has 2 to 32768 slots");
	// With the request in front of it.
	const auto whole = read_answer(refusal(EEXIST, "it exists", NLM_F_ACK_TLVS).header());
	ASSERT_TRUE(whole);
	EXPECT_EQ(whole->reason(), "it exists");
	// Without the flag what follows is no attribute.
	const auto none = read_answer(refusal(EPERM, "it exists", NLM_F_CAPPED).header());
	ASSERT_TRUE(none);
	EXPECT_EQ(none->number(), EPERM);
	EXPECT_EQ(none->reason(), "");
}

TEST(LinkAnswer, ARefusalCutOffIsHarmless)
{
	for (const int flags : {0, NLM_F_CAPPED, NLM_F_ACK_TLVS, NLM_F_CAPPED | NLM_F_ACK_TLVS}) {
		const Message message = refusal(EINVAL, "a sentence", static_cast<std::uint16_t>(flags));
		const std::string_view bytes = whole(message);
		for (std::size_t size = sizeof(nlmsghdr); size < bytes.size(); size++) {
			std::vector<char> piece(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
			auto *header = reinterpret_cast<nlmsghdr *>(piece.data());
			header->nlmsg_len = static_cast<std::uint32_t>(size);
			const auto error = read_answer(header);
			ASSERT_TRUE(error);
			EXPECT_EQ(error->number(), size < sizeof(nlmsghdr) + sizeof(nlmsgerr) ? EBADMSG : EINVAL);
		}
	}
}

TEST(HardwareAddress, TextAndBack)
{
	EXPECT_EQ(to_text(*parse_hardware_address("02:AB:cd:00:00:ff")), "02:ab:cd:00:00:ff");
	for (const char *bad : {"", "02", "02:ab:cd:00:00:f", "02:ab:cd:00:00:ff:", "02:ab:cd:00:00:fg",
				"02-ab-cd-00-00-ff", "02:ab:cd:00:00:ff:00", "+2:ab:cd:00:00:ff", " 2:ab:cd:00:00:ff"})
		EXPECT_FALSE(parse_hardware_address(bad)) << bad;
}
