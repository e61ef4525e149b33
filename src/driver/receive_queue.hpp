// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The receive queues of an end that receives by NAPI: a ring each, and who empties it.
#ifndef ETUN_DRIVER_RECEIVE_QUEUE_HPP
#define ETUN_DRIVER_RECEIVE_QUEUE_HPP

#include "core/delivery.hpp"
#include "core/queues.hpp"
#include "core/ring.hpp"
#include "kernel/napi.hpp"
#include "kernel/spinlock.hpp"
#include "kernel/storage.hpp"

#include <cstddef>
#include <span>

namespace etun {

class ReceiveQueues;

/// What one receive queue counts; written by its poll alone.
struct RxCount {
	u64 packets = 0, bytes = 0, drops = 0;
	u64 xdp_packets = 0, xdp_bytes = 0, xdp_drops = 0, xdp_redirect = 0, xdp_tx = 0, xdp_tx_errors = 0;

	RxCount &operator+=(const RxCount &other)
	{
		packets += other.packets, bytes += other.bytes, drops += other.drops;
		xdp_packets += other.xdp_packets, xdp_bytes += other.xdp_bytes, xdp_drops += other.xdp_drops;
		xdp_redirect += other.xdp_redirect, xdp_tx += other.xdp_tx, xdp_tx_errors += other.xdp_tx_errors;
		return *this;
	}
};

/// What is counted for one transmit queue of the sender: written under the producers' lock, but for wakes, which the
/// poll writes.
struct TxCount {
	u64 packets = 0, bytes = 0, stops = 0, wakes = 0;

	TxCount &operator+=(const TxCount &other)
	{
		packets += other.packets, bytes += other.bytes, stops += other.stops, wakes += other.wakes;
		return *this;
	}
};

/// A ring's word: an skb, or an XDP frame, whose addresses leave the lowest bits free.
namespace word {
inline constexpr Ring::Word xdp_frame = 1;    ///< it is an XDP frame
inline constexpr Ring::Word byte_limited = 2; ///< an skb whose bytes count against its transmit queue's limit
inline constexpr Ring::Word flags = xdp_frame | byte_limited;
} // namespace word

/// One receive queue. The ring's producers hold lock_; its consumer is the NAPI instance.
class ReceiveQueue {
public:
	/// Prepares the queue number \p index in \p set of \p dev; \p slots is zeroed memory for \p count words.
	void prepare(ReceiveQueues &set, net_device *dev, unsigned index, Ring::Word *slots, unsigned count);

	/// The queue whose NAPI instance or timer the kernel calls.
	static ReceiveQueue &of(napi_struct *napi);
	static ReceiveQueue &of(hrtimer *timer);

	net_device *device() const { return dev_; }
	ReceiveQueues &set() const { return *set_; }
	unsigned index() const { return index_; }
	Napi &napi() { return napi_; }
	Timer &timer() { return timer_; }
	Ring &ring() { return ring_; }
	SpinLock &lock() { return lock_; }
	RxCount &count() { return count_; }
	xdp_rxq_info *rxq() { return rxq_.get(); }
	page_pool *&pool() { return pool_; }

	/// When frames wake NAPI. Written under RTNL, read by producers.
	void set_coalescing(Coalescing setting)
	{
		__atomic_store_n(&coalesce_frames_, setting.frames, __ATOMIC_RELAXED);
		__atomic_store_n(&coalesce_us_, setting.microseconds, __ATOMIC_RELAXED);
	}

	/// Says that frames wait, and has NAPI run now or soon. Producer, after its push. \p urgent: now, since the
	/// sender stopped.
	void frames_wait(bool urgent);

	/// Has NAPI run unless it does. Any context with interrupts or bottom halves off.
	void wake();

	/// The poll is over; true when frames came meanwhile and NAPI was asked to run again.
	void poll_ended();

	/// A sender's queue stopped, or was looked at by the poll that wakes it.
	void note_stopped() { __atomic_store_n(&senders_stopped_, true, __ATOMIC_RELEASE); }
	bool take_stopped()
	{
		if (!__atomic_load_n(&senders_stopped_, __ATOMIC_ACQUIRE)) [[likely]]
			return false;
		__atomic_store_n(&senders_stopped_, false, __ATOMIC_RELAXED);
		// The flag is taken back before the queues are looked at, so a stop after that is noted again.
		etun_k_smp_mb();
		return true;
	}

private:
	friend struct ReceiveQueueLayout;
	Napi napi_;
	net_device *dev_ = nullptr;
	ReceiveQueues *set_ = nullptr;
	page_pool *pool_ = nullptr;
	unsigned index_ = 0;
	unsigned coalesce_frames_ = 0;
	unsigned coalesce_us_ = 0;
	/// NAPI runs, or will: producers need not ask for it.
	bool awake_ = false;
	bool senders_stopped_ = false;
	SpinLock lock_;
	Timer timer_;
	Ring ring_;
	RxCount count_;
	Storage<xdp_rxq_info, koffset::xdp_rxq_bytes> rxq_;
};

/// All receive queues of an end, with what they count for the sender's transmit queues. One allocation for the
/// whole, one for each ring.
class ReceiveQueues {
public:
	/// Makes the queues that \p settings ask for, registered with the kernel but not running, for frames that
	/// \p peer sends; none when something failed, with \p error negative. Under RTNL; sleeps.
	static ReceiveQueues *make(const Rtnl &held, net_device *dev, const net_device *peer,
				   const ReceiveSettings &settings, int &error);

	/// Takes queues that do not run away. Readers must be gone, rings empty. Under RTNL; sleeps.
	static void destroy(const Rtnl &held, ReceiveQueues *queues);

	/// The queue that the sender's transmit queue \p transmit leads to.
	ReceiveQueue &of_transmit(unsigned transmit) { return queues_[receive_queue_of(transmit, count_)]; }

	std::span<ReceiveQueue> all() { return {queues_, count_}; }
	unsigned count() const { return count_; }

	/// What is counted for the sender's transmit queue \p index.
	TxCount &tx(unsigned index) { return tx_[index < tx_room_ ? index : 0]; }
	unsigned tx_room() const { return tx_room_; }

	/// How frames are to arrive.
	bool all_by_napi() const { return __atomic_load_n(&all_by_napi_, __ATOMIC_RELAXED); }
	void update(const ReceiveSettings &settings);

private:
	ReceiveQueues(ReceiveQueue *queues, unsigned count, TxCount *tx, unsigned tx_room)
		: queues_(queues), tx_(tx), count_(count), tx_room_(tx_room)
	{
	}
	[[nodiscard]] int register_all(const Rtnl &held, net_device *dev, unsigned slots);

	ReceiveQueue *queues_;
	TxCount *tx_;
	unsigned count_;
	unsigned tx_room_;
	unsigned registered_ = 0;
	bool all_by_napi_ = false;
};

} // namespace etun

#endif
