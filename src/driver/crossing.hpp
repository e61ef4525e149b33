// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What every way of delivery does to a frame: may it go, and making it one that the receiver got off the wire.
/// All of this runs with bottom halves off, on any number of processors at once.
#ifndef ETUN_DRIVER_CROSSING_HPP
#define ETUN_DRIVER_CROSSING_HPP

#include "core/checksum.hpp"
#include "core/drop.hpp"
#include "core/frame.hpp"
#include "driver/end.hpp"
#include "kernel/context.hpp"
#include "kernel/net_device.hpp"
#include "kernel/sk_buff.hpp"

namespace etun {

/// Nothing stands in the way.
inline constexpr Drop no_obstacle = Drop::count_;

/// Why \p skb may not go to \p receiver, or no_obstacle.
inline Drop obstacle(Skb &skb, const net_device *receiver)
{
	if (!skb.may_pull(ethernet_header)) [[unlikely]]
		return Drop::header;
	const bool fit = skb.is_gso() ? skb.gso_fits(frame_limit(mtu(receiver))) : fits(skb.length(), mtu(receiver));
	if (!fit) [[unlikely]]
		return Drop::too_long;
	return skb.orphan_frags() ? no_obstacle : Drop::no_memory;
}

/// Makes \p skb a frame that the receiver has just got off the wire.
inline void cross(Skb &skb, const net_device *sender, net_device *receiver)
{
	skb.tx_timestamp();
	skb.scrub(etun_k_dev_net(sender) != etun_k_dev_net(receiver));
	skb.arrive_at(receiver, ethernet_header);
	const bool trusts = features(receiver) & koffset::feature_rx_checksum;
	if (!trusts) [[unlikely]]
		skb.set_checksum(arriving(skb.checksum(), trusts));
}

/// The transmit queue of \p sender that \p skb names. A program in a qdisc can have it name one that is not there; then
/// it names the first from now on, for whoever counts what arrived.
inline unsigned own_transmit_queue(Skb &skb, const net_device *sender)
{
	const unsigned index = skb.tx_queue();
	if (index < tx_queue_room(sender)) [[likely]]
		return index;
	skb.forget_queue();
	return 0;
}

/// Drops \p skb, which \p end was to send or to receive, and counts it under \p cause. Returns what its sender is to be
/// told: the frame is gone (NET_XMIT_DROP), which is ENOBUFS to who asks, and no reason to send it again.
netdev_tx_t refuse(const End &end, sk_buff *skb, Drop cause);

} // namespace etun

#endif
