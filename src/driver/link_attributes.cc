// SPDX-License-Identifier: GPL-2.0-only
#include "driver/link_attributes.hpp"

#include "core/errc.hpp"
#include "driver/announcement.hpp"
#include "driver/end.hpp"
#include "driver/receive.hpp"
#include "kernel/netlink.hpp"
#include "uapi/etun.h"

namespace etun {
namespace {

int refuse_attribute(nlattr **data, int type, netlink_ext_ack *extack, const char *text)
{
	etun_k_extack_set(extack, text);
	etun_k_extack_bad_attribute(extack, data, type);
	return -errc::einval;
}

constexpr const char *needs_own_right = "mode direct runs this end's stack in the peer's senders: CAP_NET_ADMIN over "
					"the end's network namespace is needed";
constexpr const char *needs_peers_right = "mode direct runs this end's stack in the peer's senders: CAP_NET_ADMIN over "
					  "the peer's network namespace is needed";
constexpr const char *impossible = "direct delivery needs a kernel that counts preemption, not PREEMPT_RT";

/// False when this kernel can't deliver so.
bool is_possible(Mode mode)
{
	return mode != Mode::direct || etun_k_direct_possible();
}

int check_mode(nlattr **data, int type, netlink_ext_ack *extack)
{
	unsigned value;
	if (!etun_k_nla_get_u8(data, type, &value))
		return 0;
	if (!is_mode(value))
		return refuse_attribute(data, type, extack, "unknown delivery mode");
	return is_possible(static_cast<Mode>(value)) ? 0 : refuse_attribute(data, type, extack, impossible);
}

int check_ring(nlattr **data, int type, netlink_ext_ack *extack)
{
	unsigned value;
	if (!etun_k_nla_get_u32(data, type, &value) || is_ring_size(value))
		return 0;
	return refuse_attribute(data, type, extack, "a ring has 2 to 32768 slots");
}

int check_wire(nlattr **data, int type, netlink_ext_ack *extack)
{
	unsigned value;
	if (!etun_k_nla_get_u8(data, type, &value) || value <= 1)
		return 0;
	return refuse_attribute(data, type, extack, "wire is 0 or 1");
}

/// The numbers of the attributes that an end has.
struct EndTypes {
	int mode, ring, wire;
};
constexpr EndTypes types_here{ETUN_INFO_MODE, ETUN_INFO_RING, ETUN_INFO_WIRE};
constexpr EndTypes types_peer{ETUN_INFO_PEER_MODE, ETUN_INFO_PEER_RING, ETUN_INFO_PEER_WIRE};

int check_end(nlattr **data, const EndTypes &types, netlink_ext_ack *extack)
{
	if (const int error = check_mode(data, types.mode, extack))
		return error;
	if (const int error = check_ring(data, types.ring, extack))
		return error;
	return check_wire(data, types.wire, extack);
}

WantedSettings read_end(nlattr **data, const EndTypes &types)
{
	WantedSettings end;
	unsigned mode;
	unsigned wire;
	end.mode.given = etun_k_nla_get_u8(data, types.mode, &mode);
	if (end.mode.given)
		end.mode.value = static_cast<Mode>(mode);
	end.slots.given = etun_k_nla_get_u32(data, types.ring, &end.slots.value);
	end.wire.given = etun_k_nla_get_u8(data, types.wire, &wire);
	if (end.wire.given)
		end.wire.value = wire;
	return end;
}

ReceiveSettings settings_with(ReceiveSettings settings, const WantedSettings &asked)
{
	if (asked.mode.given)
		settings.mode = asked.mode.value;
	if (asked.slots.given)
		settings.slots = asked.slots.value;
	if (asked.wire.given)
		settings.wire = asked.wire.value;
	return settings;
}

/// What is said of one end alone holds for both.
WantedSettings share_of_peer(const WantedSettings &peer, const WantedSettings &here)
{
	return {peer.mode.given ? peer.mode : here.mode, peer.slots.given ? peer.slots : here.slots,
		peer.wire.given ? peer.wire : here.wire};
}

void set_policy(const Rtnl &held, net_device *dev, net_device *peer, MtuPolicy policy)
{
	End::of(dev).mtu_policy(held) = policy;
	End::of(peer).mtu_policy(held) = policy;
}

/// Takes `equal` into force by giving the peer this end's MTU. 0 or the negative errno of the peer's refusal.
int change_policy(const Rtnl &held, net_device *dev, net_device *peer, MtuPolicy policy, netlink_ext_ack *extack)
{
	if (mtu_follows(policy, mtu(dev), mtu(peer)))
		if (const int error = dev_set_mtu(peer, static_cast<int>(mtu(dev)))) {
			etun_k_extack_set(extack, "the peer does not take this end's MTU");
			return error;
		}
	set_policy(held, dev, peer, policy);
	return 0;
}

/// True when \p asked has \p dev take frames directly, which it does not yet.
bool becomes_direct(const Rtnl &held, net_device *dev, const WantedSettings &asked)
{
	return asked.mode.given && asked.mode.value == Mode::direct && End::of(dev).settings(held).mode != Mode::direct;
}

/// Direct delivery runs the stack of one namespace in the tasks of another, so the right over both is asked for; not
/// for leaving it. 0, or EPERM with its reason in \p extack.
int check_consent(const Rtnl &held, net_device *dev, net_device *peer, const LinkAttributes &asked,
		  netlink_ext_ack *extack)
{
	if (!becomes_direct(held, dev, asked.here) && !becomes_direct(held, peer, asked.peer))
		return 0;
	if (!etun_k_ns_capable_net_admin(etun_k_dev_net(dev))) {
		etun_k_extack_set(extack, needs_own_right);
		return -errc::eperm;
	}
	if (!etun_k_ns_capable_net_admin(etun_k_dev_net(peer))) {
		etun_k_extack_set(extack, needs_peers_right);
		return -errc::eperm;
	}
	return 0;
}

/// Changes both ends, or neither, as asked.
int change_settings(const Rtnl &held, net_device *dev, net_device *peer, const LinkAttributes &asked,
		    netlink_ext_ack *extack)
{
	if (const int error = check_consent(held, dev, peer, asked, extack))
		return error;
	const ChangeAnnounced announced(held, dev, peer);
	const ReceiveSettings before = End::of(dev).settings(held);
	const ReceiveSettings peers_before = End::of(peer).settings(held);
	const ReceiveSettings after = settings_with(before, asked.here);
	const ReceiveSettings peers_after = settings_with(peers_before, asked.peer);
	if (!fits_ring(after.coalescing, after.slots) || !fits_ring(peers_after.coalescing, peers_after.slots)) {
		etun_k_extack_set(extack, "a ring has at least as many slots as rx-frames says");
		return -errc::einval;
	}
	int error = apply_receive(held, dev, after);
	if (error) {
		etun_k_extack_set(extack, "out of memory for the rings");
		return error;
	}
	error = apply_receive(held, peer, peers_after);
	if (error)
		etun_k_extack_set(extack, "out of memory for the peer's rings");
	else if (asked.mtu_policy.given)
		error = change_policy(held, dev, peer, asked.mtu_policy.value, extack);
	if (!error) {
		// What either end offers hangs on how both receive.
		if (asked.here.wire.given || asked.peer.wire.given) {
			netdev_update_features(dev);
			netdev_update_features(peer);
		}
		return 0;
	}
	// Going back may need memory too; what can't go back keeps working as it is.
	static_cast<void>(apply_receive(held, dev, before));
	static_cast<void>(apply_receive(held, peer, peers_before));
	return error;
}

} // namespace

int peer_netnsid(const net_device *dev, const net_device *peer)
{
	net *here = etun_k_dev_net(dev);
	net *there = etun_k_dev_net(peer);

	return here == there ? -1 : etun_k_peernet2id_alloc(here, there);
}

int check_attributes(nlattr **data, netlink_ext_ack *extack)
{
	if (!data)
		return 0;
	for (int type : {ETUN_INFO_PEER_IFINDEX, ETUN_INFO_PEER_NETNSID, ETUN_INFO_PAIR_ID})
		if (data[type])
			return refuse_attribute(data, type, extack, "this attribute is read-only");
	for (const EndTypes &types : {types_here, types_peer})
		if (const int error = check_end(data, types, extack))
			return error;
	unsigned policy;
	if (etun_k_nla_get_u8(data, ETUN_INFO_MTU_POLICY, &policy) && !is_mtu_policy(policy))
		return refuse_attribute(data, ETUN_INFO_MTU_POLICY, extack, "unknown MTU policy");
	return 0;
}

LinkAttributes read_attributes(nlattr **data)
{
	LinkAttributes asked;
	unsigned policy;

	asked.here = read_end(data, types_here);
	asked.peer = read_end(data, types_peer);
	asked.mtu_policy.given = etun_k_nla_get_u8(data, ETUN_INFO_MTU_POLICY, &policy);
	if (asked.mtu_policy.given)
		asked.mtu_policy.value = static_cast<MtuPolicy>(policy);
	return asked;
}

void apply_to_new_pair(const Rtnl &held, net_device *dev, net_device *peer, const LinkAttributes &asked)
{
	const WantedSettings peers = share_of_peer(asked.peer, asked.here);

	// Neither is up, so no ring is needed yet and this can't fail.
	End::of(dev).settings(held) = settings_with(End::of(dev).settings(held), asked.here);
	End::of(peer).settings(held) = settings_with(End::of(peer).settings(held), peers);
	if (End::of(peer).settings(held).mode == Mode::napi)
		etun_k_dev_queued(dev);
	if (End::of(dev).settings(held).mode == Mode::napi)
		etun_k_dev_queued(peer);
	if (asked.mtu_policy.given)
		set_policy(held, dev, peer, asked.mtu_policy.value);
}

int change_mode(const Rtnl &held, net_device *dev, net_device *peer, Mode mode, netlink_ext_ack *extack)
{
	if (!is_possible(mode)) {
		etun_k_extack_set(extack, impossible);
		return -errc::einval;
	}
	LinkAttributes asked;
	asked.here.mode = {true, mode};
	return change_settings(held, dev, peer, asked, extack);
}

} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (rtnl_link_ops.changelink).
int etun_changelink(net_device *dev, nlattr **data, netlink_ext_ack *extack)
{
	const RtnlHeld rtnl;
	net_device *peer = End::of(dev).peer(rtnl);

	if (!data)
		return 0;
	if (data[ETUN_INFO_PEER])
		return refuse_attribute(data, ETUN_INFO_PEER, extack, "the peer is given at creation only");
	if (!peer) {
		etun_k_extack_set(extack, "the peer is gone");
		return -errc::enodev;
	}
	const LinkAttributes asked = read_attributes(data);
	if ((asked.peer.any() || asked.mtu_policy.given) && !etun_k_ns_capable_net_admin(etun_k_dev_net(peer))) {
		etun_k_extack_set(extack, "CAP_NET_ADMIN over the peer's network namespace is needed");
		return -errc::eperm;
	}
	return change_settings(rtnl, dev, peer, asked, extack);
}

// CONTEXT: task, under RTNL (rtnl_link_ops.fill_info); must not sleep: a change of flags is announced with GFP_ATOMIC
// (__dev_notify_flags()), as macsec up to 6.12 passes promiscuity on with a list of addresses locked. 0, or -EMSGSIZE
// when the message is full.
int etun_fill_info(sk_buff *message, const net_device *dev)
{
	const RtnlHeld rtnl;
	End &end = End::of(dev);
	const net_device *peer = end.peer(rtnl);
	const ReceiveSettings &settings = end.settings(rtnl);

	AttributeBlock<9> block;
	block.u8(ETUN_INFO_MODE, static_cast<u8>(settings.mode));
	block.u32(ETUN_INFO_RING, settings.slots);
	block.u8(ETUN_INFO_MTU_POLICY, static_cast<u8>(end.mtu_policy(rtnl)));
	block.u8(ETUN_INFO_WIRE, settings.wire);
	if (peer) {
		const ReceiveSettings &peers = End::of(peer).settings(rtnl);
		block.u32(ETUN_INFO_PEER_IFINDEX, static_cast<u32>(ifindex(peer)));
		block.u32(ETUN_INFO_PEER_NETNSID, static_cast<u32>(peer_netnsid(dev, peer)));
		block.u8(ETUN_INFO_PEER_MODE, static_cast<u8>(peers.mode));
		block.u32(ETUN_INFO_PEER_RING, peers.slots);
		block.u8(ETUN_INFO_PEER_WIRE, peers.wire);
	}
	const int error = block.put(message);
	return error ? error : etun_k_nla_put_u64(message, ETUN_INFO_PAIR_ID, end.pair_id(rtnl), ETUN_INFO_PAD);
}
