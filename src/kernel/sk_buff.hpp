// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// struct sk_buff with an owner. Everything here may be called in softirq and is one or a few instructions,
/// or the kernel's own function.
#ifndef ETUN_KERNEL_SK_BUFF_HPP
#define ETUN_KERNEL_SK_BUFF_HPP

#include "core/checksum.hpp"
#include "kernel/exported.h"
#include "kernel/field.hpp"
#include "kernel/koffsets.h"

#include <utility>

namespace etun {

static_assert(static_cast<unsigned>(Checksum::none) == koffset::checksum_none);
static_assert(static_cast<unsigned>(Checksum::unnecessary) == koffset::checksum_unnecessary);
static_assert(static_cast<unsigned>(Checksum::complete) == koffset::checksum_complete);
static_assert(static_cast<unsigned>(Checksum::partial) == koffset::checksum_partial);

/// A frame that is ours: dropped (kfree_skb()) at the end of its scope unless it is handed on.
/// Any context; one processor at a time.
class [[nodiscard]] Skb {
public:
	/// Takes over \p raw, which the kernel gave away.
	explicit Skb(sk_buff *raw) : raw_(raw) {}
	Skb(Skb &&other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
	Skb &operator=(Skb &&) = delete;
	~Skb()
	{
		if (raw_)
			etun_k_kfree_skb_reason(raw_, koffset::drop_not_specified);
	}

	/// False when there is no frame.
	explicit operator bool() const { return raw_; }

	/// Drops the frame for \p reason, which tracing shows (enum skb_drop_reason).
	void drop(unsigned reason) && { etun_k_kfree_skb_reason(std::exchange(raw_, nullptr), reason); }

	/// Gives the frame away, or back.
	[[nodiscard]] sk_buff *release() { return std::exchange(raw_, nullptr); }
	sk_buff *get() const { return raw_; }

	/// Bytes of the frame, header included before it is pulled.
	unsigned length() const { return ETUN_FIELD(unsigned, sk_buff, len)::get(raw_); }

	/// Makes the first \p bytes lie in one piece; false when the frame is shorter or memory is short.
	[[nodiscard]] bool may_pull(unsigned bytes) { return etun_k_pskb_may_pull(raw_, bytes); }

	/// Makes the frame independent of the sender's zero-copy pages; false when memory is short.
	[[nodiscard]] bool orphan_frags() { return etun_k_skb_orphan_frags(raw_); }

	/// True for a frame that stands for several (generic segmentation offload).
	bool is_gso() const { return etun_k_skb_is_gso(raw_); }

	/// True when each segment of a GSO frame has at most \p bytes, header included.
	bool gso_fits(unsigned bytes) const { return etun_k_skb_gso_fits(raw_, bytes); }

	/// State of the checksum.
	Checksum checksum() const { return static_cast<Checksum>(etun_k_skb_ip_summed(raw_)); }
	void set_checksum(Checksum state) { etun_k_skb_set_ip_summed(raw_, static_cast<unsigned char>(state)); }

	/// Fills in the sum that a frame of one piece left to the device, SCTP's CRC too; false when that can't be. The
	/// header is pushed.
	[[nodiscard]] bool finish_checksum() { return etun_k_skb_finish_checksum(raw_); }

	/// True for a VLAN tag that lies beside the frame.
	bool has_tag_beside() const { return etun_k_skb_vlan_tag_present(raw_); }

	/// Puts that tag into the frame, whose header is pushed; false when memory is short, and the frame is gone.
	[[nodiscard]] bool put_tag_inside()
	{
		raw_ = etun_k_vlan_hwaccel_push_inside(raw_);
		return raw_;
	}

	/// Makes the frame begin with its header again, as on the wire.
	void push_header() { etun_k_skb_push_mac_header(raw_); }

	/// Takes off what the sending stack knew about the frame: route, conntrack, extensions, priority, traffic
	/// control, and a reception time from elsewhere; between namespaces also mark and IPVS state.
	void scrub(bool between_namespaces)
	{
		skb_scrub_packet(raw_, between_namespaces);
		ETUN_FIELD(unsigned, sk_buff, priority)::set(raw_, 0);
		etun_k_skb_clear_traffic_control(raw_);
		etun_k_skb_clear_tstamp(raw_);
	}

	/// Makes \p dev the receiver of a scrubbed frame and pulls the Ethernet header of \p header bytes, checksum
	/// kept true.
	void arrive_at(net_device *dev, unsigned header)
	{
		etun_k_skb_arrive(raw_, dev);
		etun_k_skb_postpull_rcsum(raw_, header);
	}

	/// Tells the sender that its frame leaves, if it wants to know (SO_TIMESTAMPING, software).
	void tx_timestamp() { etun_k_skb_tx_timestamp(raw_); }

	/// Index of the transmit queue that it was sent by.
	unsigned tx_queue() const { return etun_k_skb_get_queue_mapping(raw_); }

	/// Makes it one of which no queue is known: what was the sender's transmit queue would be taken for the queue
	/// that brought it, and traffic that is sent on would all choose the same one.
	void forget_queue() { ETUN_FIELD(u16, sk_buff, queue_mapping)::set(raw_, 0); }

	/// Notes the NAPI instance that brought it (SO_INCOMING_NAPI_ID), by which a socket may poll for more.
	void mark_napi(const napi_struct *napi) { etun_k_skb_mark_napi_id(raw_, napi); }

	/// True when a local socket waits to hear that it is gone.
	bool is_awaited() const { return etun_k_skb_awaited(raw_); }

	/// Makes it one whose headers may be changed; false when that can't be.
	[[nodiscard]] bool make_private() { return etun_k_skb_make_private(raw_); }

	/// Lets the sending socket know that its frame arrived.
	void orphan() { etun_k_skb_orphan(raw_); }

	/// Hands the frame to the receiving stack. Softirq.
	void receive() && { static_cast<void>(netif_receive_skb(std::exchange(raw_, nullptr))); }

	/// Hands the frame to GRO of \p napi, which polls. Softirq.
	void gro_receive(napi_struct *napi) && { etun_k_napi_gro_receive(napi, std::exchange(raw_, nullptr)); }

	/// Hands the frame to the receiving stack's backlog; false when the backlog had no room, and dropped and
	/// counted it (rx_dropped). Bottom halves off.
	[[nodiscard]] bool netif_rx() && { return __netif_rx(std::exchange(raw_, nullptr)) == 0; }

private:
	sk_buff *raw_;
};

} // namespace etun

#endif
