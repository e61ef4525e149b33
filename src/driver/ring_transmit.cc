// SPDX-License-Identifier: GPL-2.0-only
#include "driver/ring_transmit.hpp"

#include "core/errc.hpp"
#include "driver/crossing.hpp"
#include "kernel/tx_queue.hpp"
#include "kernel/xdp.hpp"

#include <utility>

namespace etun {
namespace {

/// The word of a ring that stands for \p skb.
Ring::Word word_of(Skb skb, bool limited)
{
	// SAFETY: only the number is used until the consumer makes a pointer of it; an skb's lowest bits are 0.
	return reinterpret_cast<Ring::Word>(skb.release()) | (limited ? word::byte_limited : 0);
}

/// Has the qdisc hold what comes next. Whoever empties the ring wakes the queue, and is asked to come.
void hold_back(TxQueue &txq, TxCount &count, ReceiveRing &ring)
{
	txq.stop();
	ring.note_stopped();
	count.stops++;
}

} // namespace

// Not inlined into etun_start_xmit(): the way by the ring takes a lock, as a queued device's transmission does; the
// way by the backlog takes none.
[[gnu::noinline, gnu::flatten]] netdev_tx_t send_by_ring(sk_buff *raw, net_device *sender, net_device *receiver,
							 ReceiveRings &target)
{
	const BottomHalvesOff section;
	Skb skb(raw);
	const unsigned length = skb.length();
	const unsigned index = own_transmit_queue(skb, sender);
	// Where only some frames go by the ring, the next one may not come here to wake NAPI for this one as well.
	const bool more = etun_k_netdev_xmit_more() && target.all_by_napi();
	TxQueue txq(sender, index);
	TxCount &count = target.tx(index);
	ReceiveRing &ring = target.of_transmit(index);
	Drop cause = Drop::ring_full;
	{
		const SpinGuard producer(section, ring.lock());
		const bool held_by_qdisc = txq.has_qdisc(section);

		if (ring.ring().has_room()) [[likely]] {
			cause = obstacle(skb, receiver);
		} else if (held_by_qdisc) {
			hold_back(txq, count, ring);
			ring.frames_wait([] { return true; });
			static_cast<void>(skb.release());
			return NETDEV_TX_BUSY;
		}
		if (cause == no_obstacle) [[likely]] {
			cross(skb, sender, receiver);
			// Before the receiver can find the frame and take its bytes off, as the kernel stops at a count
			// below 0 (BUG in dql_completed()).
			const bool now = held_by_qdisc ? txq.sent(length, more) : !more;
			ring.ring().push(word_of(std::move(skb), held_by_qdisc));
			count.packets++;
			count.bytes += length;
			etun_k_dev_sw_netstats_tx_add(sender, 1, length);
			const bool full = held_by_qdisc && !ring.ring().has_room();
			if (full)
				hold_back(txq, count, ring);
			if (now || full)
				ring.frames_wait([&] { return held_by_qdisc && txq.held_back(); });
			return NETDEV_TX_OK;
		}
		// Frames before this one may wait for it to wake the receiver; and a sender that is told of the drop
		// need not send the rest of its burst.
		ring.burst_broke_off();
	}
	return refuse(End::of(sender), skb.release(), cause);
}

namespace {

/// What went of a bulk of frames, and what stopped it.
struct Sent {
	int frames = 0;
	unsigned bytes = 0;
	Drop obstacle = no_obstacle;
};

/// Puts as many frames as there is room for into a ring of \p target; all of a processor into the same one.
///
/// NAPI is woken for each bulk, whether or not the caller means to flush later: it need not come to that, as an egress
/// program of a devmap may drop what is left.
Sent push_frames(const BottomHalvesOff &section, ReceiveRings &target, std::span<xdp_frame *> frames, unsigned limit)
{
	ReceiveRing &ring = target.of_transmit(etun_k_smp_processor_id());
	const SpinGuard producer(section, ring.lock());
	Sent sent;

	for (xdp_frame *frame : frames) {
		const unsigned length = etun_k_xdp_frame_length(frame);
		if (length > limit)
			sent.obstacle = Drop::too_long;
		else if (!ring.ring().has_room())
			sent.obstacle = Drop::ring_full;
		if (sent.obstacle != no_obstacle)
			break;
		// SAFETY: as in word_of(). A frame may lie at 2 modulo 4 (virtio_net's small buffers), so of its bits
		// the lowest alone is free.
		ring.ring().push(reinterpret_cast<Ring::Word>(frame) | word::xdp_frame);
		sent.frames++;
		sent.bytes += length;
	}
	ring.burst_broke_off();
	return sent;
}

/// Gives frames to the receiver's backlog, each in an skb: no program and no NAPI is needed over there.
Sent receive_frames(net_device *receiver, std::span<xdp_frame *> frames, unsigned limit)
{
	Sent sent;

	for (xdp_frame *raw : frames) {
		XdpFrame frame(raw);
		const unsigned length = frame.length();
		Skb skb = length > limit ? Skb(nullptr) : frame.to_skb(receiver);
		if (!skb) {
			sent.obstacle = length > limit ? Drop::too_long : Drop::no_memory;
			static_cast<void>(frame.release()); // still the caller's
			break;
		}
		if (std::move(skb).netif_rx())
			etun_k_dev_sw_netstats_rx_add(receiver, length);
		sent.frames++;
		sent.bytes += length;
	}
	return sent;
}

} // namespace

int send_frames(const BottomHalvesOff &section, net_device *sender, xdp_frame **frames, int count)
{
	const End &end = End::of(sender);
	net_device *receiver = end.receiver(section);
	if (!receiver) {
		end.count_drop(Drop::no_carrier, static_cast<unsigned>(count));
		return -errc::enetdown;
	}
	const std::span<xdp_frame *> all(frames, static_cast<std::size_t>(count));
	const unsigned limit = frame_limit(mtu(receiver));
	ReceiveRings *target = end.target(section);
	const Sent sent = target ? push_frames(section, *target, all, limit) : receive_frames(receiver, all, limit);

	etun_k_dev_sw_netstats_tx_add(sender, static_cast<unsigned>(sent.frames), sent.bytes);
	if (sent.frames < count)
		end.count_drop(sent.obstacle, static_cast<unsigned>(count - sent.frames));
	return sent.frames;
}

} // namespace etun

using namespace etun;

// CONTEXT: bottom halves off (ndo_xdp_xmit): softirq, cpumap's thread, or a task that writes to a tap device or runs a
// program by a test run.
int etun_xdp_xmit(net_device *dev, int count, xdp_frame **frames)
{
	const BottomHalvesOff section;
	const End &end = End::of(dev);
	const int sent = send_frames(section, dev, frames, count);
	const unsigned went = sent > 0 ? static_cast<unsigned>(sent) : 0;

	end.counters().add(counter::xdp_xmit, went);
	end.counters().add(counter::xdp_xmit_errors, static_cast<unsigned>(count) - went);
	return sent;
}
