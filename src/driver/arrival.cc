// SPDX-License-Identifier: GPL-2.0-only
#include "driver/arrival.hpp"

#include "core/frame.hpp"
#include "driver/crossing.hpp"
#include "kernel/tx_queue.hpp"

#include <utility>

namespace etun {
namespace {

sk_buff *skb_in(Ring::Word taken)
{
	// SAFETY: word_of() made the word of this skb.
	// NOLINTNEXTLINE(performance-no-int-to-ptr): a pointer with flags in its free bits
	return reinterpret_cast<sk_buff *>(taken & ~word::byte_limited);
}

xdp_frame *frame_in(Ring::Word taken)
{
	// SAFETY: push_frames() made the word of this frame.
	// NOLINTNEXTLINE(performance-no-int-to-ptr): a pointer with a flag in its free bit
	return reinterpret_cast<xdp_frame *>(taken & ~word::xdp_frame);
}

} // namespace

Arrival::Arrival(const BottomHalvesOff &section, ReceiveRing &ring, bpf_prog *program)
	: section_(section), ring_(ring.ring()), queue_(ring.queue()), dev_(queue_.device()), end_(End::of(dev_)),
	  peer_(end_.peer(section)), program_(program), count_(queue_.count()), packets_before_(count_.packets),
	  bytes_before_(count_.bytes), redirects_before_(count_.xdp_redirect)
{
}

template <bool programmed> int Arrival::receive(int budget)
{
	int done = 0;
	for (; done < budget; done++) {
		const Ring::Word taken = ring_.pop();
		if (!taken)
			break;
		if (taken & word::xdp_frame)
			take(XdpFrame(frame_in(taken)));
		else
			take<programmed>(Skb(skb_in(taken)), taken & word::byte_limited);
	}
	return done;
}

template int Arrival::receive<false>(int budget);
template int Arrival::receive<true>(int budget);

void Arrival::discard()
{
	for (Ring::Word taken = ring_.pop(); taken; taken = ring_.pop()) {
		count_.drops++;
		if (taken & word::xdp_frame) {
			const XdpFrame frame(frame_in(taken));
			end_.count_drop(Drop::arrival_link_down);
			continue;
		}
		Skb skb(skb_in(taken));
		if (taken & word::byte_limited)
			completed(skb.tx_queue(), skb.length() + ethernet_header);
		refuse(end_, skb.release(), Drop::arrival_link_down);
	}
}

template <bool programmed> void Arrival::take(Skb skb, bool limited)
{
	// The header was pulled when the frame crossed; it counts.
	const unsigned bytes = skb.length() + ethernet_header;
	if (limited)
		completed(skb.tx_queue(), bytes);
	count_.packets++;
	count_.bytes += bytes;
	skb.forget_queue();
	if constexpr (programmed)
		run(std::move(skb));
	else
		deliver(std::move(skb));
}

[[gnu::noinline]] void Arrival::take(XdpFrame frame)
{
	count_.packets++;
	count_.bytes += frame.length();
	if (program_) {
		run(std::move(frame));
		return;
	}
	Skb skb = frame.to_skb(dev_);
	if (skb)
		deliver(std::move(skb));
	else
		drop_on_arrival();
}

void Arrival::deliver(Skb skb)
{
	// GRO changes headers and keeps the frame; without it neither matters.
	if (features(dev_) & koffset::feature_gro && skb.make_private()) {
		skb.orphan();
		std::move(skb).gro_receive(queue_.napi().get());
	} else {
		skb.mark_napi(queue_.napi().get());
		std::move(skb).receive();
	}
}

void Arrival::drop_on_arrival()
{
	count_.drops++;
	end_.count_drop(Drop::arrival_no_memory);
}

void Arrival::completed(unsigned tx_queue, unsigned bytes)
{
	if (tx_queue != completed_queue_)
		flush_completed();
	byte_limited_ = true;
	completed_queue_ = tx_queue;
	completed_frames_++;
	completed_bytes_ += bytes;
}

void Arrival::flush_completed()
{
	if (completed_frames_ && peer_)
		TxQueue(peer_, completed_queue_).completed(completed_frames_, completed_bytes_);
	completed_frames_ = 0;
	completed_bytes_ = 0;
}

void Arrival::finish()
{
	if (bulk_count_ != 0)
		flush_bulk();
	if (count_.xdp_redirect != redirects_before_)
		xdp_do_flush();
	flush_completed();
	etun_k_dev_sw_netstats_rx_add_many(dev_, static_cast<unsigned>(count_.packets - packets_before_),
					   static_cast<unsigned>(count_.bytes - bytes_before_));
}

} // namespace etun
