// SPDX-License-Identifier: GPL-2.0-only
#include "driver/link_state.hpp"

#include "core/link.hpp"
#include "driver/end.hpp"
#include "driver/receive.hpp"

namespace etun {
namespace {

/// All that \p dev contributes to the link.
EndState state_of(const Rtnl &held, const net_device *dev)
{
	EndState state = End::of(dev).link(held);
	state.proto_down = etun_k_dev_proto_down(dev);
	return state;
}

/// Lets \p dev send to \p receiver, or to nobody; the carrier says the same.
void connect(const Rtnl &held, net_device *dev, net_device *receiver)
{
	End::of(dev).set_receiver(held, receiver);
	if (receiver)
		netif_carrier_on(dev);
	else
		netif_carrier_off(dev);
}

} // namespace

void update_link(const Rtnl &held, net_device *dev)
{
	net_device *peer = End::of(dev).peer(held);
	const bool on = peer && carries(state_of(held, dev), state_of(held, peer));

	connect(held, dev, on ? peer : nullptr);
	if (peer)
		connect(held, peer, on ? dev : nullptr);
}

} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (ndo_open).
int etun_open(net_device *dev)
{
	const RtnlHeld rtnl;
	End &end = End::of(dev);
	ReceiveSettings next = end.settings(rtnl);

	next.up = true;
	if (const int error = apply_receive(rtnl, dev, next))
		return error;
	etun_k_netif_tx_start_all_queues(dev);
	end.link(rtnl).up = true;
	update_link(rtnl, dev);
	return 0;
}

// CONTEXT: task, under RTNL (ndo_stop).
int etun_stop(net_device *dev)
{
	const RtnlHeld rtnl;
	End &end = End::of(dev);
	ReceiveSettings next = end.settings(rtnl);

	end.link(rtnl).up = false;
	update_link(rtnl, dev);
	next.up = false;
	return apply_receive(rtnl, dev, next); // needs no memory, so it does not fail
}

// CONTEXT: task, under RTNL (ndo_change_carrier).
//
// What is kept is the wish, not the carrier: joining the cable while the peer is down leaves the carrier off.
int etun_change_carrier(net_device *dev, bool on)
{
	const RtnlHeld rtnl;

	End::of(dev).link(rtnl).cut = !on;
	update_link(rtnl, dev);
	return 0;
}

// CONTEXT: task, under RTNL (NETDEV_CHANGE), mostly by linkwatch's work. It ends: what the carrier was already is not
// announced, and what is announced is so later, by that work.
//
// Lifting proto_down, the core turns the carrier on without asking; here it gets what it really is.
void etun_device_changed(net_device *dev)
{
	const RtnlHeld rtnl;

	update_link(rtnl, dev);
}

// CONTEXT: any (ndo_get_iflink): rtnetlink holds RTNL, linkwatch either, sysfs's `iflink` nothing. 0 when the peer is
// gone, as for a device without one.
int etun_get_iflink(const net_device *dev)
{
	const RcuGuard section;
	const net_device *peer = End::of(dev).peer(section);

	return peer ? ifindex(peer) : 0;
}

// CONTEXT: task, under RTNL (rtnl_link_ops.get_link_net), which keeps the namespace that it returns: rtnetlink, and
// since Linux 7 the core when proto_down is lifted.
net *etun_get_link_net(const net_device *dev)
{
	const RcuGuard section;
	const net_device *peer = End::of(dev).peer(section);

	return etun_k_dev_net(peer ? peer : dev);
}

// CONTEXT: bottom halves off (ndo_get_peer_dev), within the reception of a frame, behind a program of traffic control:
// where bpf_redirect_peer() puts the frame.
net_device *etun_get_peer_dev(net_device *dev)
{
	const BottomHalvesOff section;

	return End::of(dev).peer(section);
}
