// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The NAPI poll: a ring is emptied into the stack, and senders that waited for room go on.
#include "driver/arrival.hpp"
#include "kernel/tx_queue.hpp"

namespace etun {
namespace {

/// Empties the ring, as far as \p budget goes.
template <bool programmed> int poll(const BottomHalvesOff &section, ReceiveQueue &queue, bpf_prog *program, int budget)
{
	Arrival arrival(section, queue, program);
	const int done = arrival.receive<programmed>(budget);
	arrival.finish();
	queue.napi().set_weight(poll_weight(arrival.byte_limited()));
	return done;
}

/// The same, past a program.
[[gnu::noinline, gnu::flatten]] int poll_with_program(const BottomHalvesOff &section, ReceiveQueue &queue,
						      bpf_prog *program, int budget)
{
	const XdpPollSection polling;

	return poll<true>(section, queue, program, budget);
}

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
[[gnu::flatten]] int etun_poll(napi_struct *napi, int budget)
{
	const BottomHalvesOff section;
	ReceiveQueue &queue = ReceiveQueue::of(napi);
	bpf_prog *program = End::of(queue.device()).program(section);
	const int done = program ? poll_with_program(section, queue, program, budget)
				 : poll<false>(section, queue, nullptr, budget);
	if (done < budget && napi_complete_done(napi, done))
		queue.poll_ended();
	// After poll_ended(): a sender that stops later finds NAPI asleep and wakes it, and so comes here again.
	wake_senders(section, queue);
	return done;
}
