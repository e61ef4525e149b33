// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The rtnetlink link kind: `ip link add ... type etun`, `ip link del`, and the end of a namespace.
#include "core/errc.hpp"
#include "core/frame.hpp"
#include "driver/channels.hpp"
#include "driver/end.hpp"
#include "driver/link_attributes.hpp"
#include "driver/module.hpp"
#include "driver/pair.hpp"
#include "kernel/context.hpp"
#include "kernel/net.hpp"
#include "uapi/etun.h"

#include <array>
#include <initializer_list>
#include <new>

namespace etun {
namespace {

/// What a generated name looks like; the kernel puts the first free number there.
constexpr std::string_view generated_name = "etun%d";

/// What an end can do, all of it on at first and switchable: a frame crosses as it lies in memory, its checksum and its
/// segmentation left to whoever needs them done (core/checksum.hpp), its VLAN tag beside it.
constexpr netdev_features_t inner_features = koffset::features_any_memory | koffset::features_tx_checksum |
					     koffset::feature_rx_checksum | koffset::features_gso |
					     koffset::features_gso_inner;
constexpr netdev_features_t offered_features = inner_features | koffset::feature_ctag_rx | koffset::feature_ctag_tx |
					       koffset::feature_stag_rx | koffset::feature_stag_tx;

/// The peer as a request describes it; where it does not, the peer is as the first end but for name, address and index.
struct PeerDescription {
	std::array<nlattr *, koffset::attributes_max + 1> own{};
	nlattr **attributes = nullptr;	   ///< its own, or, where it is not described, the first end's
	const ifinfomsg *header = nullptr; ///< none where it is not described

	bool described() const { return header != nullptr; }
};

/// Reads the description of the peer, if there is one. 0, or a negative errno with its reason in extack.
int describe_peer(const etun_link_request &request, PeerDescription &peer)
{
	nlattr *description = request.data ? request.data[ETUN_INFO_PEER] : nullptr;
	peer.attributes = description ? peer.own.data() : request.attributes;
	if (!description)
		return 0;
	if (const int error = etun_k_parse_peer(description, peer.attributes, &peer.header, request.extack))
		return error;
	return etun_validate(peer.attributes, nullptr, request.extack);
}

int refuse(const etun_link_request &request, const Refusal &refusal)
{
	// What the kernel refused it has explained by itself, but for an index.
	if (refusal.error() == errc::ebusy)
		etun_k_extack_set(request.extack, "a device of this index exists in the end's network namespace");
	else if (refusal.rule != Rule::kernel_refused)
		etun_k_extack_set(request.extack, refusal.text());
	return -refusal.error();
}

/// The peer by the name that it asks for, or a generated one.
EndRequest peer_request(const etun_link_request &request, const PeerDescription &peer, net *where)
{
	std::array<char, koffset::name_bytes> text{};
	const bool given = peer.described() && etun_k_attribute_name(peer.attributes, text.data());

	return {where,
		given ? Name(text.data()) : Name(generated_name),
		given,
		peer.attributes,
		request.extack,
		peer.described(),
		peer.described() ? etun_k_header_ifindex(peer.header) : 0};
}

/// Registers both ends: first the one that asks for an index, lest the other is given it; else the peer.
Result<Done, Refusal> register_linked(const Rtnl &held, UnregisteredDevice &one, UnregisteredDevice &peer)
	ETUN_REQUIRES(rtnl_mutex);
Result<Done, Refusal> register_linked(const Rtnl &held, UnregisteredDevice &one, UnregisteredDevice &peer)
{
	const bool only_one_asks = ifindex(one.get()) != 0 && ifindex(peer.get()) == 0;
	return only_one_asks ? register_pair(held, one, peer) : register_pair(held, peer, one);
}

/// True when \p asked wants both MTUs equal and gives two that are not.
bool contradicts_itself(const LinkAttributes &asked, nlattr **attributes, nlattr **peers)
{
	unsigned here;
	unsigned there;
	return asked.mtu_policy.given && asked.mtu_policy.value == MtuPolicy::equal &&
	       etun_k_attribute_mtu(attributes, &here) && etun_k_attribute_mtu(peers, &there) && here != there;
}

/// The policy `equal` from the start: the MTU that \p dev was given holds for both, else the peer's does.
void equal_initial_mtu(const Rtnl &held, net_device *dev, net_device *peer, nlattr **attributes)
{
	unsigned given;
	if (etun_k_attribute_mtu(attributes, &given))
		set_initial_mtu(held, peer, mtu(dev));
	else
		set_initial_mtu(held, dev, mtu(peer));
}

int make_linked_pair(const Rtnl &held, const etun_link_request &request, const PeerDescription &peer)
	ETUN_REQUIRES(rtnl_mutex);
int make_linked_pair(const Rtnl &held, const etun_link_request &request, const PeerDescription &peer)
{
	net *where = etun_k_peer_net(request.source_net, peer.attributes);
	if (is_error(where))
		return -error_of(where);
	const NetReference reference(where);
	if (!etun_k_ns_capable_net_admin(where))
		return refuse(request, {Rule::not_permitted, {}});

	const LinkAttributes asked = read_attributes(request.data);
	if (contradicts_itself(asked, request.attributes, peer.attributes)) {
		etun_k_extack_set(request.extack, "two MTUs are given, and the policy is that they are equal");
		return -errc::einval;
	}
	auto other = make_end(held, peer_request(request, peer, where));
	if (!other)
		return refuse(request, other.error());

	// rtnetlink made this end, and frees it when this fails.
	UnregisteredDevice one(request.dev);
	// Of a new link 6.1 takes any size for GSO, though more than the link can do: this takes it back to that.
	for (net_device *dev : {one.get(), other->get()})
		netif_set_tso_max_size(dev, koffset::gso_bytes_max);
	apply_to_new_pair(held, one.get(), other->get(), asked);
	if (End::of(one.get()).mtu_policy(held) == MtuPolicy::equal)
		equal_initial_mtu(held, one.get(), other->get(), request.attributes);
	auto registered = register_linked(held, one, *other);
	static_cast<void>(one.release());
	if (!registered)
		return refuse(request, registered.error());

	net_device *peer_device = other->release();
	const int error = etun_k_rtnl_configure_link(peer_device, peer.header);
	if (error < 0) {
		UnregisterBatch batch(held);
		retire_pair(held, request.dev, batch.list());
	}
	return error < 0 ? error : 0;
}

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (rtnl_link_ops.setup): the device is new and nobody else knows it.
void etun_setup(net_device *dev)
{
	etun_k_dev_tables(dev);
	etun_k_dev_features(dev, offered_features, inner_features, koffset::features_mpls);
	netif_set_tso_max_size(dev, koffset::gso_bytes_max);
	etun_k_dev_mtu_range(dev, mtu_min, mtu_max);
	// SAFETY: the private area is ETUN_END_BYTES large, aligned for any type, and nothing lives there yet. An
	// End needs no destructor: it owns nothing.
	new (etun_k_netdev_priv(dev)) End;
}

// CONTEXT: task (rtnl_link_ops.validate), under RTNL up to 6.12, later without it; and for the
// peer's attributes.
int etun_validate(nlattr **attributes, nlattr **data, netlink_ext_ack *extack)
{
	const u8 *address;
	int bytes;
	if (etun_k_attribute_address(attributes, &address, &bytes)) {
		if (bytes != 6) {
			etun_k_extack_set(extack, "an Ethernet address has 6 bytes");
			return -errc::einval;
		}
		if (!etun_k_is_valid_ether_addr(address)) {
			etun_k_extack_set(extack, "not a unicast Ethernet address");
			return -errc::eaddrnotavail;
		}
	}
	unsigned mtu;
	if (etun_k_attribute_mtu(attributes, &mtu) && (mtu < mtu_min || mtu > mtu_max)) {
		etun_k_extack_set(extack, "the MTU of an etun end is 46 to 65535 bytes");
		return -errc::einval;
	}
	return check_attributes(data, extack);
}

// CONTEXT: task, under RTNL (rtnl_link_ops.newlink).
int etun_newlink(const etun_link_request *request)
{
	const RtnlHeld rtnl;
	auto taking = taking_requests(rtnl);
	if (!taking)
		return refuse(*request, taking.error());

	PeerDescription peer;
	if (const int error = describe_peer(*request, peer))
		return error;

	address_unless_given(request->dev, request->attributes);
	queues_unless_given(rtnl, request->dev, request->attributes);
	return make_linked_pair(rtnl, *request, peer);
}

// CONTEXT: task, under RTNL (rtnl_link_ops.dellink): `ip link del`, namespace exit, unloading.
void etun_dellink(net_device *dev, list_head *batch)
{
	const RtnlHeld rtnl;

	retire_pair(rtnl, dev, batch);
}
