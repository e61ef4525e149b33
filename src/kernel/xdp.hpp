// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Frames as XDP knows them: what a program sees, and frames that travel without an skb.
#ifndef ETUN_KERNEL_XDP_HPP
#define ETUN_KERNEL_XDP_HPP

#include "kernel/context.hpp"
#include "kernel/sk_buff.hpp"
#include "kernel/storage.hpp"

#include <utility>

namespace etun {

/// A program's verdict (linux/bpf.h, enum xdp_action). A program may return any number.
enum class Verdict : unsigned {
	aborted = koffset::xdp_aborted,
	drop = koffset::xdp_drop,
	pass = koffset::xdp_pass,
	transmit = koffset::xdp_tx,
	redirect = koffset::xdp_redirect,
};

/// A frame without an skb that is ours: its memory goes back where it came from at the end of its scope unless it is
/// handed on. Softirq.
class [[nodiscard]] XdpFrame {
public:
	explicit XdpFrame(xdp_frame *raw) : raw_(raw) {}
	XdpFrame(XdpFrame &&other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
	XdpFrame &operator=(XdpFrame &&) = delete;
	~XdpFrame()
	{
		if (raw_)
			etun_k_xdp_return_frame(raw_);
	}

	/// Bytes, header included.
	unsigned length() const { return etun_k_xdp_frame_length(raw_); }

	/// True when the frame lies in several buffers.
	bool has_fragments() const { return etun_k_xdp_frame_has_frags(raw_); }

	/// Makes an skb of it that \p dev has received. When memory is short that is an empty one, and the frame is
	/// still here; else it is used up.
	[[nodiscard]] Skb to_skb(net_device *dev)
	{
		sk_buff *skb = etun_k_xdp_build_skb(raw_, dev);
		if (skb)
			raw_ = nullptr;
		return Skb(skb);
	}

	xdp_frame *get() const { return raw_; }
	[[nodiscard]] xdp_frame *release() { return std::exchange(raw_, nullptr); }

private:
	xdp_frame *raw_;
};

/// What a program sees of one frame. Whose memory it is, the functions say. Softirq.
class XdpView {
public:
	/// Runs \p program over \p raw, which begins with its header, copied first when it is not the program's to
	/// change: skb() is what it saw. False when memory is short; then \p raw is still the caller's, and nothing was
	/// run.
	[[nodiscard]] bool run(bpf_prog *program, sk_buff *raw, xdp_rxq_info *rxq, page_pool *pool, Verdict &verdict)
	{
		unsigned number;
		if (!etun_k_xdp_run_skb(room_.get(), raw, rxq, pool, program, &number)) [[unlikely]]
			return false;
		verdict = static_cast<Verdict>(number);
		return true;
	}

	/// The skb whose memory the program saw.
	sk_buff *skb() const
	{
		// SAFETY: the field is declared as a pointer to an skb (kernel/xdp.h).
		return static_cast<sk_buff *>(ETUN_FIELD(void *, etun_xdp, skb)::get(room_.get()));
	}

	/// Shows \p frame, which stays the caller's.
	void show(xdp_frame *frame, xdp_rxq_info *rxq) { etun_k_xdp_from_frame(room_.get(), frame, rxq); }

	/// Runs \p program over the frame that was shown.
	Verdict run(bpf_prog *program) { return static_cast<Verdict>(etun_k_xdp_run(program, room_.get())); }

	/// Makes what the program changed true of the skb that was shown.
	void update_skb() { etun_k_xdp_to_skb(room_.get()); }

	/// Makes what the program changed true of the frame that was shown; false when it left no room for that.
	[[nodiscard]] bool update_frame(xdp_frame *frame) { return etun_k_xdp_update_frame(room_.get(), frame); }

	/// Frees the skb that was shown and keeps its memory, which is the view's from now on.
	void take_memory() { etun_k_xdp_take_memory(room_.get()); }

	/// A frame in the memory shown, or none when the program left no room for one.
	xdp_frame *to_frame() { return etun_k_xdp_to_frame(room_.get()); }

	/// Hands the memory to where the program redirected it; false when that refused, and it is still here.
	[[nodiscard]] bool redirect(net_device *dev, bpf_prog *program)
	{
		return etun_k_xdp_redirect(dev, room_.get(), program);
	}

	/// Gives the memory back.
	void give_back() { etun_k_xdp_return(room_.get()); }

private:
	Room<etun_xdp, koffset::xdp_bytes> room_;
};

/// Marks the frames that are handed out while it lives as not to be recycled on this processor. Softirq.
class [[nodiscard]] XdpPollSection {
public:
	XdpPollSection() { etun_k_xdp_poll_begin(); }
	XdpPollSection(const XdpPollSection &) = delete;
	XdpPollSection &operator=(const XdpPollSection &) = delete;
	~XdpPollSection() { etun_k_xdp_poll_end(); }
};

} // namespace etun

#endif
