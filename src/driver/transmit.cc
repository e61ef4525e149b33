// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A frame's walk from one end to the other. All of this runs in softirq, or in a task with bottom halves off,
/// on any number of processors at once; no lock, no allocation of its own, no shared counter.
#include "core/checksum.hpp"
#include "core/frame.hpp"
#include "driver/end.hpp"
#include "kernel/context.hpp"
#include "kernel/net_device.hpp"
#include "kernel/sk_buff.hpp"

#include <utility>

namespace etun {
namespace {

/// True when \p skb has a whole header and fits the receiving end.
bool admissible(Skb &skb, const net_device *receiver)
{
	if (!skb.may_pull(ethernet_header))
		return false;
	if (!skb.is_gso())
		return fits(skb.length(), mtu(receiver));
	return skb.gso_fits(frame_limit(mtu(receiver)));
}

/// Makes \p skb a frame that the receiver has just got off the wire.
void cross(Skb &skb, const net_device *sender, net_device *receiver)
{
	skb.scrub(etun_k_dev_net(sender) != etun_k_dev_net(receiver));
	skb.arrive_at(receiver, ethernet_header);
	const bool trusts = features(receiver) & koffset::feature_rx_checksum;
	if (!trusts) [[unlikely]]
		skb.set_checksum(arriving(skb.checksum(), trusts));
}

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: softirq, or a task with bottom halves off (ndo_start_xmit); lockless.
//
// Each frame is counted once: sent and received, sent and dropped by the receiver's backlog (rx_dropped, counted
// by the core), or refused here (tx_dropped).
[[gnu::flatten]] netdev_tx_t etun_start_xmit(sk_buff *raw, net_device *sender)
{
	const BottomHalvesOff section;
	net_device *receiver = End::of(sender).receiver(section);
	Skb skb(raw);
	const unsigned length = skb.length();

	if (!receiver || !admissible(skb, receiver) || !skb.orphan_frags()) [[unlikely]] {
		etun_k_dev_core_stats_tx_dropped_inc(sender);
		return NETDEV_TX_OK;
	}
	cross(skb, sender, receiver);
	const bool received = std::move(skb).netif_rx();
	// SAFETY: both devices outlive this section, whatever became of the frame.
	etun_k_dev_sw_netstats_tx_add(sender, 1, length);
	if (received) [[likely]]
		etun_k_dev_sw_netstats_rx_add(receiver, length);
	return NETDEV_TX_OK;
}
