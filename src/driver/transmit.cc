// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A frame's walk from one end to the other. All of this runs in softirq, or in a task with bottom halves off,
/// on any number of processors at once; by the backlog without lock, allocation of its own or shared counter.
#include "driver/crossing.hpp"
#include "driver/direct.hpp"
#include "driver/ring_transmit.hpp"

#include <utility>

namespace etun {
namespace {

/// The reason that tracing shows for a drop (enum skb_drop_reason).
constexpr unsigned reason_of(Drop cause)
{
	switch (cause) {
	case Drop::no_carrier:
	case Drop::arrival_link_down:
		return koffset::drop_dev_ready;
	case Drop::header:
		return koffset::drop_hdr_trunc;
	case Drop::too_long:
		return koffset::drop_pkt_too_big;
	case Drop::no_memory:
	case Drop::arrival_no_memory:
		return koffset::drop_nomem;
	case Drop::ring_full:
		return koffset::drop_full_ring;
	case Drop::count_:
		break;
	}
	return koffset::drop_not_specified;
}

/// True when the frame goes by a ring of \p target rather than by the backlog.
bool goes_by_ring(const Skb &skb, const ReceiveRings &target, const net_device *sender, const net_device *receiver)
{
	if (target.all_by_napi())
		return true;
	return gro_promises({.sender_cuts = (features(sender) & koffset::features_tcp_segmentation) != 0,
			     .receiver_forwards = (features(receiver) & koffset::features_gro_forward) != 0,
			     .from_local_socket = skb.is_awaited()});
}

} // namespace

// Aligned by hand, as gcc 12 does not align cold functions, and ftrace on arm64 counts on it.
[[gnu::noinline, gnu::cold, gnu::aligned(16)]] netdev_tx_t refuse(const End &end, sk_buff *skb, Drop cause)
{
	end.count_drop(cause);
	Skb(skb).drop(reason_of(cause));
	return NET_XMIT_DROP;
}

namespace {

/// Refuses a frame that finds no receiver. Those before it in a burst may lie in a ring and wait for it to wake NAPI.
[[gnu::noinline, gnu::cold, gnu::aligned(16)]] netdev_tx_t
refuse_without_carrier(const End &end, sk_buff *raw, const net_device *sender, ReceiveRings *target)
{
	Skb skb(raw);

	if (target)
		target->of_transmit(own_transmit_queue(skb, sender)).burst_broke_off();
	return refuse(end, skb.release(), Drop::no_carrier);
}

} // namespace

} // namespace etun

using namespace etun;

// CONTEXT: softirq, or a task with bottom halves off (ndo_start_xmit); lockless. Never hard interrupt: netpoll, which
// would, is refused (IFF_DISABLE_NETPOLL), also to a bridge, a bond, a team, a VLAN or a macvlan on top.
//
// Each frame is counted once: sent and received, sent and dropped by the receiver's backlog (rx_dropped, counted
// by the core), or refused here (tx_dropped).
[[gnu::flatten]] netdev_tx_t etun_start_xmit(sk_buff *raw, net_device *sender)
{
	const BottomHalvesOff section;
	const End &end = End::of(sender);
	net_device *receiver = end.receiver(section);
	ReceiveRings *target = end.target(section);
	Skb skb(raw);

	if (!receiver) [[unlikely]]
		return refuse_without_carrier(end, skb.release(), sender, target);
	if (target && goes_by_ring(skb, *target, sender, receiver)) [[unlikely]]
		return send_by_ring(skb.release(), sender, receiver, *target);

	const unsigned length = skb.length();
	const Drop cause = obstacle(skb, receiver);
	if (cause != no_obstacle) [[unlikely]]
		return refuse(end, skb.release(), cause);
	cross(skb, sender, receiver);
	skb.forget_queue();
	// SAFETY: both devices outlive this section, whatever became of the frame.
	if (end.direct()) {
		etun_k_dev_sw_netstats_tx_add(sender, 1, length);
		deliver_directly(section, end, receiver, skb, length);
		return NETDEV_TX_OK;
	}
	const bool received = std::move(skb).netif_rx();
	etun_k_dev_sw_netstats_tx_add(sender, 1, length);
	if (!received) [[unlikely]]
		return NET_XMIT_DROP; // dropped and counted by the backlog
	etun_k_dev_sw_netstats_rx_add(receiver, length);
	return NETDEV_TX_OK;
}
