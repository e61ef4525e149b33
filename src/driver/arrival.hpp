// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What becomes of frames that are taken out of a ring.
#ifndef ETUN_DRIVER_ARRIVAL_HPP
#define ETUN_DRIVER_ARRIVAL_HPP

#include "driver/end.hpp"
#include "driver/receive_queue.hpp"
#include "kernel/context.hpp"
#include "kernel/sk_buff.hpp"
#include "kernel/xdp.hpp"

#include <array>

namespace etun {

/// Takes frames out of one ring: past the XDP program, if there is one, into the stack. Softirq, or a task with bottom
/// halves off; one at a time for a queue. finish() comes last.
class Arrival {
public:
	Arrival(const BottomHalvesOff &section, ReceiveRing &ring, bpf_prog *program);
	Arrival(const Arrival &) = delete;
	Arrival &operator=(const Arrival &) = delete;

	/// Receives up to \p budget frames; returns how many there were. The queue's poll alone: programs and GRO want
	/// it. \p programmed says whether there is a program, so that each way has only its own instructions.
	template <bool programmed> int receive(int budget);

	/// Drops all that is in the ring: the end went down. NAPI is disabled.
	void discard();

	/// Hands on what was gathered, and counts.
	void finish();

	/// True when a frame counted against a transmit queue's byte limit.
	bool byte_limited() const { return byte_limited_; }

private:
	/// XDP_TX frames that are sent together.
	static constexpr unsigned bulk_max = 16;

	/// Length and transmit queue of what was taken, for the sender's byte limit.
	void completed(unsigned tx_queue, unsigned bytes);
	void flush_completed();

	template <bool programmed> void take(Skb skb, bool limited);
	void take(XdpFrame frame);
	void deliver(Skb skb);

	/// Runs the program over the frame; what is passed on is delivered, everything else is gone after.
	void run(Skb skb);
	void run(XdpFrame frame);
	/// Does what a verdict other than pass says with memory that is \p view's.
	void carry_out(Verdict verdict, XdpView &view);
	void transmit(XdpView &view);
	void report(Verdict verdict);
	void flush_bulk();
	void drop_on_arrival();

	const BottomHalvesOff &section_;
	Ring &ring_;
	ReceiveQueue &queue_;
	net_device *dev_;
	const End &end_;
	net_device *peer_;
	/// The same for all frames of one poll.
	bpf_prog *program_;
	RxCount &count_;
	/// What count_ said before.
	u64 packets_before_;
	u64 bytes_before_;
	u64 redirects_before_;
	unsigned completed_queue_ = 0;
	unsigned completed_frames_ = 0;
	unsigned completed_bytes_ = 0;
	bool byte_limited_ = false;
	unsigned bulk_count_ = 0;
	std::array<xdp_frame *, bulk_max> bulk_;
};

} // namespace etun

#endif
