// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/link_request.hpp"

#include "uapi/etun.h"

#include <net/if.h>

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

namespace etun {
namespace {

/// What every description of a link begins with.
void put_link_header(Message &message, unsigned index, std::optional<bool> up)
{
	auto *header = message.put_header<ifinfomsg>();
	header->ifi_family = AF_UNSPEC;
	header->ifi_index = static_cast<int>(index);
	header->ifi_change = up ? IFF_UP : 0;
	header->ifi_flags = up.value_or(false) ? IFF_UP : 0;
}

void put_end(Message &message, const EndDescription &end)
{
	message.put_text(IFLA_IFNAME, end.name);
	if (end.netns >= 0)
		message.put_u32(IFLA_NET_NS_FD, static_cast<std::uint32_t>(end.netns));
	if (end.address)
		message.put(IFLA_ADDRESS, end.address->data(), end.address->size());
	if (end.mtu)
		message.put_u32(IFLA_MTU, *end.mtu);
	if (end.queues) {
		message.put_u32(IFLA_NUM_TX_QUEUES, *end.queues);
		message.put_u32(IFLA_NUM_RX_QUEUES, *end.queues);
	}
}

template <typename Number> void put_choice(Message &message, std::uint16_t type, std::optional<Number> value)
{
	if (value)
		message.put_u8(type, static_cast<std::uint8_t>(*value));
}

void put_slots(Message &message, std::uint16_t type, std::optional<unsigned> slots)
{
	if (slots)
		message.put_u32(type, *slots);
}

/// What both a new pair and a change may say.
struct OwnAttributes {
	std::optional<Mode> mode, peer_mode;
	std::optional<unsigned> ring, peer_ring;
	std::optional<bool> wire, peer_wire;
	std::optional<MtuPolicy> mtu_policy;

	bool any() const { return mode || peer_mode || ring || peer_ring || wire || peer_wire || mtu_policy; }
};

void put_own(Message &message, const OwnAttributes &own)
{
	put_choice(message, ETUN_INFO_MODE, own.mode);
	put_choice(message, ETUN_INFO_PEER_MODE, own.peer_mode);
	put_slots(message, ETUN_INFO_RING, own.ring);
	put_slots(message, ETUN_INFO_PEER_RING, own.peer_ring);
	put_choice(message, ETUN_INFO_WIRE, own.wire);
	put_choice(message, ETUN_INFO_PEER_WIRE, own.peer_wire);
	put_choice(message, ETUN_INFO_MTU_POLICY, own.mtu_policy);
}

void put_kind(Message &message, std::string_view kind)
{
	message.put(IFLA_INFO_KIND, kind.data(), kind.size());
}

} // namespace

Message create_pair(const PairDescription &pair)
{
	const EndDescription &one = pair.one;
	const EndDescription &peer = pair.other;
	const OwnAttributes own{one.mode, peer.mode, one.ring, peer.ring, one.wire, peer.wire, pair.mtu_policy};
	Message message(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);

	put_link_header(message, 0, one.up ? std::optional(true) : std::nullopt);
	put_end(message, one);
	if (pair.master)
		message.put_u32(IFLA_MASTER, *pair.master);
	message.nest(IFLA_LINKINFO, [&] {
		put_kind(message, link_kind);
		message.nest(IFLA_INFO_DATA, [&] {
			put_own(message, own);
			message.nest(ETUN_INFO_PEER, [&] {
				put_link_header(message, 0, peer.up ? std::optional(true) : std::nullopt);
				put_end(message, peer);
			});
		});
	});
	return message;
}

Message create_bridge(const std::string &name, bool up, std::optional<HardwareAddress> address)
{
	Message message(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	put_link_header(message, 0, up);
	message.put_text(IFLA_IFNAME, name);
	if (address)
		message.put(IFLA_ADDRESS, address->data(), address->size());
	message.nest(IFLA_LINKINFO, [&message] { put_kind(message, "bridge"); });
	return message;
}

Message create_vlan(const VlanDescription &vlan)
{
	Message message(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	put_link_header(message, 0, vlan.up);
	message.put_text(IFLA_IFNAME, vlan.name);
	message.put_u32(IFLA_LINK, vlan.lower);
	if (vlan.mtu)
		message.put_u32(IFLA_MTU, *vlan.mtu);
	message.nest(IFLA_LINKINFO, [&] {
		put_kind(message, "vlan");
		message.nest(IFLA_INFO_DATA, [&] { message.put(IFLA_VLAN_ID, &vlan.id, sizeof(vlan.id)); });
	});
	return message;
}

Message set_hairpin(unsigned index, bool hairpin)
{
	Message message(RTM_SETLINK, NLM_F_ACK);
	auto *header = message.put_header<ifinfomsg>();
	header->ifi_family = AF_BRIDGE;
	header->ifi_index = static_cast<int>(index);
	// Without the flag of a nest the kernel takes it for a port's state alone.
	message.nest(IFLA_PROTINFO | NLA_F_NESTED, [&] { message.put_u8(IFLA_BRPORT_MODE, hairpin ? 1 : 0); });
	return message;
}

Message delete_link(unsigned index)
{
	Message message(RTM_DELLINK, NLM_F_ACK);
	put_link_header(message, index, {});
	return message;
}

Message delete_link(const std::string &name)
{
	Message message(RTM_DELLINK, NLM_F_ACK);
	put_link_header(message, 0, {});
	message.put_text(IFLA_IFNAME, name);
	return message;
}

Message change_link(unsigned index, const LinkChange &change)
{
	const OwnAttributes own{change.mode, change.peer_mode, change.ring,	 change.peer_ring,
				change.wire, change.peer_wire, change.mtu_policy};
	Message message(RTM_NEWLINK, NLM_F_ACK);

	put_link_header(message, index, change.up);
	if (change.name)
		message.put_text(IFLA_IFNAME, *change.name);
	if (change.netns)
		message.put_u32(IFLA_NET_NS_FD, static_cast<std::uint32_t>(*change.netns));
	if (change.alias)
		message.put(IFLA_IFALIAS, change.alias->data(), change.alias->size());
	if (change.address)
		message.put(IFLA_ADDRESS, change.address->data(), change.address->size());
	if (change.mtu)
		message.put_u32(IFLA_MTU, *change.mtu);
	if (change.carrier)
		message.put_u8(IFLA_CARRIER, *change.carrier ? 1 : 0);
	if (change.master)
		message.put_u32(IFLA_MASTER, *change.master);
	if (change.group)
		message.put_u32(IFLA_GROUP, *change.group);
	if (change.tx_queue_length)
		message.put_u32(IFLA_TXQLEN, *change.tx_queue_length);
	if (own.any())
		message.nest(IFLA_LINKINFO, [&] {
			put_kind(message, link_kind);
			message.nest(IFLA_INFO_DATA, [&] { put_own(message, own); });
		});
	return message;
}

Message get_link(const std::string &name)
{
	Message message(RTM_GETLINK, 0);
	put_link_header(message, 0, {});
	message.put_text(IFLA_IFNAME, name);
	return message;
}

Message dump_links(std::string_view kind)
{
	Message message(RTM_GETLINK, NLM_F_DUMP);
	put_link_header(message, 0, {});
	if (!kind.empty())
		message.nest(IFLA_LINKINFO, [&] { put_kind(message, kind); });
	return message;
}

} // namespace etun
