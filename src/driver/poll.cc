// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The NAPI poll: a ring is emptied into the stack, and senders that waited for room go on.
#include "driver/arrival.hpp"

namespace etun {
namespace {

/// Empties the ring, as far as \p budget goes.
template <bool programmed> int poll(const BottomHalvesOff &section, ReceiveRing &ring, bpf_prog *program, int budget)
{
	Arrival arrival(section, ring, program);
	const int done = arrival.receive<programmed>(budget);
	arrival.finish();
	ring.queue().napi().set_weight(poll_weight(arrival.byte_limited()));
	return done;
}

/// The same, past a program.
[[gnu::noinline, gnu::flatten]] int poll_with_program(const BottomHalvesOff &section, ReceiveRing &ring,
						      bpf_prog *program, int budget)
{
	const XdpPollSection polling;

	return poll<true>(section, ring, program, budget);
}

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: softirq, or with bottom halves off a NAPI thread or a socket that polls (napi_struct.poll).
[[gnu::flatten]] int etun_poll(napi_struct *napi, int budget)
{
	const BottomHalvesOff section;
	ReceiveQueue &queue = ReceiveQueue::of(napi);
	ReceiveRing &ring = *queue.ring(); // while it runs it has one
	bpf_prog *program = End::of(queue.device()).program(section);
	const int done = program ? poll_with_program(section, ring, program, budget)
				 : poll<false>(section, ring, nullptr, budget);
	// One that stops after this is seen by poll_ended(), or finds NAPI asleep and wakes it.
	wake_senders(section, ring);
	// Nothing is counted after this: whoever takes the queue away may have gone on.
	if (done < budget) {
		if (napi_complete_done(napi, done))
			ring.poll_ended();
	} else if (queue.napi().is_left_by_socket()) {
		// When a socket stops polling, busy_poll_stop() of net/core/dev.c leaves what waits to a timer that it
		// has set before this poll (up to 6.12 at least). If that has expired meanwhile, nobody polls again.
		queue.run_soon_whatever_comes();
	}
	return done;
}
