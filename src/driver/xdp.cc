// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// XDP on arrival: the program's verdict is carried out. Softirq. Kept out of the poll function, which is the shorter
/// for frames that meet no program.
#include "core/errc.hpp"
#include "driver/arrival.hpp"
#include "driver/crossing.hpp"
#include "driver/ring_transmit.hpp"

#include <utility>

namespace etun {
namespace {

/// Makes \p skb what a wire would have brought: header, tag and sum in the frame; false when that can't be. The
/// features that the peer has lost see to it (etun_fix_features()); what was on its way before they did, or passed by
/// them, comes otherwise. A frame that stands for several has no sum that could be filled in.
bool as_on_wire(Skb &skb)
{
	skb.push_header();
	if (skb.has_tag_beside() && !skb.put_tag_inside()) [[unlikely]]
		return false;
	return skb.checksum() != Checksum::partial || skb.is_gso() || skb.finish_checksum();
}

} // namespace

void Arrival::run(Skb skb)
{
	XdpView view;
	Verdict verdict;

	if (!as_on_wire(skb)) [[unlikely]] {
		drop_on_arrival();
		return;
	}
	const unsigned bytes = skb.length();
	sk_buff *raw = skb.release();

	if (!view.run(program_, raw, queue_.rxq(), queue_.pool(), verdict)) [[unlikely]] {
		count_.drops++;
		refuse(end_, raw, Drop::arrival_no_memory);
		return;
	}
	count_.xdp_packets++;
	count_.xdp_bytes += bytes;
	if (verdict == Verdict::pass) {
		view.update_skb();
		Skb passed(view.skb());
		// A sum over the whole frame is one of the frame before the program saw it.
		if (passed.checksum() == Checksum::complete)
			passed.set_checksum(Checksum::none);
		deliver(std::move(passed));
	} else if ((verdict == Verdict::transmit || verdict == Verdict::redirect) && etun_k_skb_is_gso(view.skb())) {
		// Without an skb nothing says any more that it is several, nor that its sums are to be filled in.
		count_.xdp_drops++;
		Skb(view.skb()).drop(koffset::drop_pkt_too_big);
	} else if (verdict == Verdict::transmit || verdict == Verdict::redirect) {
		view.take_memory();
		carry_out(verdict, view);
	} else {
		if (verdict != Verdict::drop)
			report(verdict);
		count_.xdp_drops++;
		Skb(view.skb()).drop(koffset::drop_xdp);
	}
}

[[gnu::noinline]] void Arrival::run(XdpFrame frame)
{
	XdpView view;

	if (frame.has_fragments() && !etun_k_xdp_takes_fragments(program_)) [[unlikely]] {
		drop_on_arrival();
		return;
	}
	count_.xdp_packets++;
	count_.xdp_bytes += frame.length();
	view.show(frame.get(), queue_.rxq());
	const Verdict verdict = view.run(program_);
	if (verdict == Verdict::pass) {
		const bool updated = view.update_frame(frame.get());
		Skb skb = updated ? frame.to_skb(dev_) : Skb(nullptr);
		if (skb)
			deliver(std::move(skb));
		else
			drop_on_arrival();
	} else if (verdict == Verdict::transmit || verdict == Verdict::redirect) {
		static_cast<void>(frame.release()); // the view has its memory
		carry_out(verdict, view);
	} else {
		if (verdict != Verdict::drop)
			report(verdict);
		count_.xdp_drops++;
	}
}

void Arrival::carry_out(Verdict verdict, XdpView &view)
{
	if (verdict == Verdict::transmit) {
		transmit(view);
	} else if (view.redirect(dev_, program_)) {
		count_.xdp_redirect++;
	} else {
		view.give_back();
		drop_on_arrival();
	}
}

void Arrival::transmit(XdpView &view)
{
	xdp_frame *frame = view.to_frame();
	if (!frame) {
		etun_k_xdp_exception(dev_, program_, koffset::xdp_tx);
		view.give_back();
		count_.xdp_tx_errors++;
		drop_on_arrival();
		return;
	}
	if (bulk_count_ == bulk_.size())
		flush_bulk();
	bulk_[bulk_count_++] = frame;
}

[[gnu::noinline]] void Arrival::flush_bulk()
{
	const int sent = send_frames(section_, dev_, bulk_.data(), static_cast<int>(bulk_count_));
	const unsigned went = sent > 0 ? static_cast<unsigned>(sent) : 0;

	for (unsigned i = went; i < bulk_count_; i++)
		etun_k_xdp_return_frame(bulk_[i]);
	etun_k_xdp_bulk_sent(dev_, static_cast<int>(went), static_cast<int>(bulk_count_ - went), sent < 0 ? sent : 0);
	count_.xdp_tx += went;
	count_.xdp_tx_errors += bulk_count_ - went;
	bulk_count_ = 0;
}

[[gnu::noinline]] void Arrival::report(Verdict verdict)
{
	if (verdict != Verdict::aborted)
		etun_k_xdp_unknown(dev_, program_, static_cast<unsigned>(verdict));
	etun_k_xdp_exception(dev_, program_, static_cast<unsigned>(verdict));
}

namespace {

/// The skb behind a program's context, or none when the frame travels without one.
sk_buff *skb_behind(const xdp_md *context)
{
	return etun_k_xdp_skb(context);
}

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: bottom halves off, within a program (xdp_metadata_ops.xmo_rx_timestamp); so are the next two. The program is
// bound to this device, so the kernel runs it neither in test runs nor from maps, and the context is one of
// etun_poll().
int etun_xdp_rx_timestamp(const xdp_md *context, u64 *timestamp)
{
	const sk_buff *skb = skb_behind(context);

	return skb && etun_k_skb_timestamp(skb, timestamp) ? 0 : -errc::enodata;
}

// CONTEXT: bottom halves off, within a program (xdp_metadata_ops.xmo_rx_hash).
int etun_xdp_rx_hash(const xdp_md *context, u32 *hash, bool *over_ports)
{
	sk_buff *skb = skb_behind(context);
	if (!skb)
		return -errc::enodata;
	*hash = etun_k_skb_hash(skb, over_ports);
	return 0;
}

// CONTEXT: bottom halves off, within a program (xdp_metadata_ops.xmo_rx_vlan_tag).
int etun_xdp_rx_vlan_tag(const xdp_md *context, __be16 *protocol, u16 *tag)
{
	const sk_buff *skb = skb_behind(context);

	return skb && etun_k_skb_vlan_tag(skb, protocol, tag) ? 0 : -errc::enodata;
}
