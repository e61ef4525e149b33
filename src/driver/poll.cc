// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The NAPI poll: a ring is emptied into the stack, and senders that waited for room go on.
#include "driver/arrival.hpp"
#include "kernel/tx_queue.hpp"

namespace etun {
namespace {

/// Lets the sender's queues go on that stopped for want of room in the ring.
void wake_senders(const BottomHalvesOff &section, ReceiveQueue &queue)
{
	if (!queue.take_stopped()) [[likely]]
		return;
	ReceiveQueues &all = queue.set();
	net_device *peer = End::of(queue.device()).peer(section);
	// All that lead here, in use or not: one that stopped before it went out of use may come back.
	for (unsigned i = queue.index(); peer && i < tx_queue_room(peer); i += all.count()) {
		TxQueue txq(peer, i);
		if (!txq.stopped())
			continue;
		all.tx(i).wakes++;
		txq.wake();
	}
}

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: softirq, or a NAPI thread with bottom halves off (napi_struct.poll).
int etun_poll(napi_struct *napi, int budget)
{
	const BottomHalvesOff section;
	ReceiveQueue &queue = ReceiveQueue::of(napi);
	int done;
	{
		const XdpPollSection polling;
		Arrival arrival(section, queue);
		done = arrival.receive(budget);
		arrival.finish();
	}
	if (done < budget && napi_complete_done(napi, done))
		queue.poll_ended();
	// After poll_ended(): a sender that stops later finds NAPI asleep and wakes it, and so comes here again.
	wake_senders(section, queue);
	return done;
}
