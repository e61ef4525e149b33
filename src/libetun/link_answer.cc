// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/link_answer.hpp"

#include "libetun/attributes.hpp"
#include "uapi/etun.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

namespace etun {
namespace {

/// A mode or policy. One that this program does not know yet keeps its number, so that it can be shown.
template <typename Choice> bool read_choice(const nlattr *attribute, Choice &choice)
{
	std::uint8_t number;
	if (!read_number(attribute, number))
		return false;
	choice = static_cast<Choice>(number);
	return true;
}

/// A number of which 0 says no.
template <typename Switch> bool read_switch(const nlattr *attribute, Switch &on)
{
	std::uint8_t number;
	if (!read_number(attribute, number))
		return false;
	on = number != 0;
	return true;
}

bool read_own(const nlattr *attribute, EndAttributes &end)
{
	switch (mnl_attr_get_type(attribute)) {
	case ETUN_INFO_MODE:
		return read_choice(attribute, end.mode);
	case ETUN_INFO_PEER_MODE:
		return read_choice(attribute, end.peer_mode.emplace());
	case ETUN_INFO_RING:
		return read_number(attribute, end.ring);
	case ETUN_INFO_PEER_RING:
		return read_number(attribute, end.peer_ring);
	case ETUN_INFO_MTU_POLICY:
		return read_choice(attribute, end.mtu_policy);
	case ETUN_INFO_WIRE:
		return read_switch(attribute, end.wire);
	case ETUN_INFO_PEER_WIRE:
		return read_switch(attribute, end.peer_wire);
	case ETUN_INFO_PEER_IFINDEX:
		return read_number(attribute, end.peer_index);
	case ETUN_INFO_PEER_NETNSID:
		return read_number(attribute, end.peer_netnsid);
	case ETUN_INFO_PAIR_ID:
		return read_number(attribute, end.pair_id);
	default:
		return true;
	}
}

/// What a bridge says of a port.
bool read_port(const nlattr *attribute, Link &link)
{
	std::uint8_t hairpin;
	if (mnl_attr_get_type(attribute) != IFLA_BRPORT_MODE)
		return true;
	if (!read_number(attribute, hairpin))
		return false;
	link.hairpin = hairpin != 0;
	return true;
}

bool read_vlan(const nlattr *attribute, VlanTag &vlan)
{
	std::uint16_t protocol; // in network order
	switch (mnl_attr_get_type(attribute)) {
	case IFLA_VLAN_ID:
		return read_number(attribute, vlan.id);
	case IFLA_VLAN_PROTOCOL:
		if (!read_number(attribute, protocol))
			return false;
		vlan.customer = ntohs(protocol) == ETH_P_8021Q;
		return true;
	default:
		return true;
	}
}

bool read_xdp(const nlattr *attribute, Link &link)
{
	std::uint8_t attached;
	if (mnl_attr_get_type(attribute) != IFLA_XDP_ATTACHED)
		return true;
	if (!read_number(attribute, attached))
		return false;
	link.xdp = attached != XDP_ATTACHED_NONE;
	return true;
}

/// IFLA_LINKINFO: a kind comes before its data, which mean nothing without it.
bool read_link_info(const nlattr *info, Link &link)
{
	std::string port_kind;
	return read_nest(info, [&](const nlattr *attribute) {
		switch (mnl_attr_get_type(attribute)) {
		case IFLA_INFO_KIND:
			return read_text(attribute, link.kind);
		case IFLA_INFO_DATA:
			if (link.kind == "vlan")
				return read_nest(attribute, [&vlan = link.vlan.emplace()](const nlattr *own) {
					return read_vlan(own, vlan);
				});
			if (link.kind != link_kind)
				return true;
			link.end.emplace();
			return read_nest(attribute, [&link](const nlattr *own) { return read_own(own, *link.end); });
		case IFLA_INFO_SLAVE_KIND:
			return read_text(attribute, port_kind);
		case IFLA_INFO_SLAVE_DATA:
			return port_kind != "bridge" ||
			       read_nest(attribute, [&link](const nlattr *port) { return read_port(port, link); });
		default:
			return true;
		}
	});
}

/// The kernel appends to this structure from time to time, so the beginning has to do.
bool read_traffic(const nlattr *attribute, Traffic &traffic)
{
	rtnl_link_stats64 all{};
	std::copy_n(static_cast<const char *>(mnl_attr_get_payload(attribute)),
		    std::min<std::size_t>(mnl_attr_get_payload_len(attribute), sizeof(all)),
		    reinterpret_cast<char *>(&all));
	traffic = {.rx_packets = all.rx_packets,
		   .rx_bytes = all.rx_bytes,
		   .rx_errors = all.rx_errors,
		   .rx_dropped = all.rx_dropped,
		   .tx_packets = all.tx_packets,
		   .tx_bytes = all.tx_bytes,
		   .tx_errors = all.tx_errors,
		   .tx_dropped = all.tx_dropped};
	return true;
}

/// IFLA_PROP_LIST: names beside the first one.
bool read_properties(const nlattr *properties, Link &link)
{
	return read_nest(properties, [&link](const nlattr *attribute) {
		return mnl_attr_get_type(attribute) != IFLA_ALT_IFNAME ||
		       read_text(attribute, link.alt_names.emplace_back());
	});
}

bool read_of_link(const nlattr *attribute, Link &link)
{
	std::uint8_t truth;
	switch (mnl_attr_get_type(attribute)) {
	case IFLA_IFNAME:
		return read_text(attribute, link.name);
	case IFLA_IFALIAS:
		return read_text(attribute, link.alias);
	case IFLA_ADDRESS:
		// Devices that are not Ethernet have addresses of other lengths, or none.
		if (mnl_attr_get_payload_len(attribute) != sizeof(HardwareAddress))
			return true;
		return read_number(attribute, link.address);
	case IFLA_MTU:
		return read_number(attribute, link.mtu);
	case IFLA_MAX_MTU:
		return read_number(attribute, link.max_mtu);
	case IFLA_CARRIER:
		if (!read_number(attribute, truth))
			return false;
		link.carrier = truth != 0;
		return true;
	case IFLA_PROTO_DOWN:
		if (!read_number(attribute, truth))
			return false;
		link.proto_down = truth != 0;
		return true;
	case IFLA_PROP_LIST:
		return read_properties(attribute, link);
	case IFLA_NUM_TX_QUEUES:
		return read_number(attribute, link.tx_queues);
	case IFLA_NUM_RX_QUEUES:
		return read_number(attribute, link.rx_queues);
	case IFLA_MASTER:
		return read_number(attribute, link.master);
	case IFLA_GROUP:
		return read_number(attribute, link.group);
	case IFLA_TXQLEN:
		return read_number(attribute, link.tx_queue_length);
	case IFLA_LINK:
		return read_number(attribute, link.lower);
	case IFLA_LINK_NETNSID:
		link.lower_elsewhere = true;
		return read_number(attribute, link.link_netnsid);
	case IFLA_XDP:
		return read_nest(attribute, [&link](const nlattr *xdp) { return read_xdp(xdp, link); });
	case IFLA_STATS64:
		return read_traffic(attribute, link.traffic);
	case IFLA_LINKINFO:
		return read_link_info(attribute, link);
	default:
		return true;
	}
}

/// The sentence among the attributes behind the request that an answer repeats.
std::string reason_in(const nlmsghdr *message, const nlmsgerr *answer)
{
	std::string reason;
	std::size_t skipped = sizeof(*answer);
	if (!(message->nlmsg_flags & NLM_F_CAPPED)) {
		if (answer->msg.nlmsg_len < sizeof(nlmsghdr))
			return reason;
		skipped += answer->msg.nlmsg_len - sizeof(nlmsghdr);
	}
	skipped = MNL_ALIGN(skipped);
	const std::size_t payload = mnl_nlmsg_get_payload_len(message);
	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS) || skipped > payload)
		return reason;
	static_cast<void>(read_attributes(reinterpret_cast<const char *>(answer) + skipped, payload - skipped,
					  [&reason](const nlattr *attribute) {
						  return mnl_attr_get_type(attribute) != NLMSGERR_ATTR_MSG ||
							 read_text(attribute, reason);
					  }));
	return reason;
}

} // namespace

Outcome<Link> read_link(const nlmsghdr *message)
{
	const std::size_t bytes = message->nlmsg_len;
	const std::size_t head = sizeof(nlmsghdr) + MNL_ALIGN(sizeof(ifinfomsg));
	if (message->nlmsg_type != RTM_NEWLINK || bytes < head)
		return fail(Error(EBADMSG, "not the description of a link"));

	const auto *header = static_cast<const ifinfomsg *>(mnl_nlmsg_get_payload(message));
	Link link;
	link.index = static_cast<unsigned>(header->ifi_index);
	link.up = (header->ifi_flags & IFF_UP) != 0;
	if (!read_attributes(reinterpret_cast<const char *>(message) + head, bytes - head,
			     [&link](const nlattr *attribute) { return read_of_link(attribute, link); }) ||
	    link.name.empty())
		return fail(Error(EBADMSG, "the kernel's description of a link can't be read"));
	return link;
}

std::optional<Error> read_answer(const nlmsghdr *message)
{
	if (message->nlmsg_type != NLMSG_ERROR || message->nlmsg_len < NLMSG_LENGTH(sizeof(nlmsgerr)))
		return Error(EBADMSG, "the kernel's answer can't be read");
	const auto *answer = static_cast<const nlmsgerr *>(mnl_nlmsg_get_payload(message));
	if (answer->error == 0)
		return {};
	return Error(-answer->error, reason_in(message, answer));
}

} // namespace etun
