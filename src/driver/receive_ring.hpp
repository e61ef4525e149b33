// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The rings of an end that receives by NAPI, as its senders see them. Who empties them is a ReceiveQueue each, which
/// stays when rings are replaced.
#ifndef ETUN_DRIVER_RECEIVE_RING_HPP
#define ETUN_DRIVER_RECEIVE_RING_HPP

#include "core/delivery.hpp"
#include "core/queues.hpp"
#include "core/ring.hpp"
#include "kernel/spinlock.hpp"
#include "kernel/storage.hpp"

#include <span>

namespace etun {

class ReceiveQueue;
class ReceiveRings;

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

/// A ring's word: an skb, whose address leaves the lowest bits free, or an XDP frame, whose address leaves one free.
namespace word {
inline constexpr Ring::Word xdp_frame = 1;    ///< it is an XDP frame; the next bit belongs to its address
inline constexpr Ring::Word byte_limited = 2; ///< of an skb alone: its bytes count against its transmit queue's limit
} // namespace word

/// One ring. Its producers hold lock(); its consumer is the NAPI instance of queue().
class ReceiveRing {
public:
	/// A ring of \p set that \p queue is to empty; \p slots is zeroed memory for \p count words.
	ReceiveRing(ReceiveRings &set, unsigned index, ReceiveQueue &queue, Ring::Word *slots, unsigned count)
		: index_(index), set_(&set), queue_(&queue), ring_(slots, count)
	{
		lock_.init();
	}

	Ring &ring() { return ring_; }
	SpinLock &lock() { return lock_; }
	ReceiveRings &set() const { return *set_; }
	ReceiveQueue &queue() const { return *queue_; }
	unsigned index() const { return index_; }

	/// When frames wake NAPI. Written under RTNL, read by producers.
	void set_coalescing(Coalescing setting)
	{
		__atomic_store_n(&coalesce_frames_, setting.frames, __ATOMIC_RELAXED);
		__atomic_store_n(&coalesce_us_, setting.microseconds, __ATOMIC_RELAXED);
	}

	/// Says that frames wait, and has NAPI run now or soon. Producer, after its push. \p urgent, which is called
	/// only where frames may be held back for company, says that they may not: the sender stopped.
	template <typename Urgent> void frames_wait(Urgent urgent)
	{
		// The push comes before the look at awake_, as poll_ended() takes awake_ back before it looks at the
		// ring.
		etun_k_smp_mb();
		if (__atomic_load_n(&awake_, __ATOMIC_RELAXED))
			return;
		if (__atomic_load_n(&coalesce_us_, __ATOMIC_RELAXED) == 0 || urgent())
			wake();
		else
			wake_soon();
	}

	/// Has NAPI receive what waits here, if anything does, as no frame comes behind it to see to that. Producer, or
	/// any sender: bottom halves off.
	void burst_broke_off()
	{
		if (!idle())
			frames_wait([] { return false; });
	}

	/// Has NAPI run unless it does; false when it does. Any context with interrupts or bottom halves off.
	bool wake();

	/// The poll is over. Has NAPI run again when frames came meanwhile, or a sender stopped.
	void poll_ended();

	/// True when nothing is in the ring, and no sender waits to be woken. Any context; an answer for now only.
	bool idle() const { return ring_.empty() && !__atomic_load_n(&senders_stopped_, __ATOMIC_RELAXED); }

	/// A sender's queue stopped, or is looked at by the poll that wakes it.
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
	void wake_soon();

	/// NAPI runs, or will: producers need not ask for it.
	bool awake_ = false;
	bool senders_stopped_ = false;
	unsigned index_;
	unsigned coalesce_frames_ = 0;
	unsigned coalesce_us_ = 0;
	ReceiveRings *set_;
	ReceiveQueue *queue_;
	SpinLock lock_;
	Ring ring_;
};

/// All rings of an end, with what is counted for the sender's transmit queues. Never changed but for its settings:
/// other rings are another set. One allocation.
class ReceiveRings {
public:
	/// Makes the rings that \p settings ask for, one for each of \p queues, for frames that \p peer sends; none
	/// when memory is short. Under RTNL; sleeps.
	static ReceiveRings *make(std::span<ReceiveQueue *const> queues, const net_device *peer,
				  const ReceiveSettings &settings);

	/// Frees rings, which are empty, once nobody can know them. Task; does not wait.
	static void retire(ReceiveRings *rings) { etun_k_kvfree_rcu(rings); }

	/// The ring that the sender's transmit queue \p transmit leads to.
	ReceiveRing &of_transmit(unsigned transmit) { return rings_[receive_queue_of(transmit, count_)]; }

	std::span<ReceiveRing> all() { return {rings_, count_}; }
	unsigned count() const { return count_; }

	/// What is counted for the sender's transmit queue \p index.
	TxCount &tx(unsigned index) { return tx_[index < tx_room_ ? index : 0]; }
	unsigned tx_room() const { return tx_room_; }

	/// How frames are to arrive.
	bool all_by_napi() const { return __atomic_load_n(&all_by_napi_, __ATOMIC_RELAXED); }

	/// Takes what of \p settings needs no other rings. Under RTNL; when fewer frames go by the rings, waits until
	/// no sender believes otherwise.
	void update(const Rtnl &held, const ReceiveSettings &settings);

private:
	ReceiveRings(ReceiveRing *rings, unsigned count, TxCount *tx, unsigned tx_room)
		: rings_(rings), tx_(tx), count_(count), tx_room_(tx_room)
	{
	}

	[[maybe_unused]] Retirement retirement_; // first, as etun_k_kvfree_rcu() wants it
	ReceiveRing *rings_;
	TxCount *tx_;
	unsigned count_;
	unsigned tx_room_;
	bool all_by_napi_ = false;
};

/// Lets the sender's queues go on that stopped for want of room in \p ring. Its poll, or who has stopped that.
void wake_senders(const BottomHalvesOff &section, ReceiveRing &ring);

} // namespace etun

#endif
