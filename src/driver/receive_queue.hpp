// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The receive queues of an end that receives by NAPI: who empties its rings. They stay for as long as the end wants
/// NAPI, whatever happens to the rings, so that NAPI keeps its number and its settings.
#ifndef ETUN_DRIVER_RECEIVE_QUEUE_HPP
#define ETUN_DRIVER_RECEIVE_QUEUE_HPP

#include "driver/receive_ring.hpp"
#include "kernel/napi.hpp"
#include "kernel/storage.hpp"

#include <span>

namespace etun {

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

/// One receive queue: a NAPI instance, and what is the kernel's and XDP's of it.
class ReceiveQueue {
public:
	/// Makes queue number \p index of \p dev, registered with the kernel, without a ring and not running; none when
	/// something failed, with \p error negative. Under RTNL; sleeps.
	static ReceiveQueue *make(const Rtnl &held, net_device *dev, unsigned index, int &error);

	/// Takes a queue away that does not run, and that no sender can find any more. It is freed once the kernel does
	/// not look at it either. Under RTNL; waits for its timer alone.
	static void retire(const Rtnl &held, ReceiveQueue *queue);

	/// The queue whose NAPI instance or timer the kernel calls.
	static ReceiveQueue &of(napi_struct *napi);
	static ReceiveQueue &of(hrtimer *timer);

	net_device *device() const { return dev_; }
	unsigned index() const { return index_; }
	Napi &napi() { return napi_; }
	Timer &timer() { return timer_; }
	RxCount &count() { return count_; }
	xdp_rxq_info *rxq() { return rxq_.get(); }
	page_pool *pool() const { return pool_; }

	/// Sees to it that NAPI runs soon, though nobody may have it run when this poll is over. The poll alone.
	void run_soon_whatever_comes();

	/// The timer has expired. Its handler alone.
	void time_is_up();

	/// The ring that it empties; none while it is stopped. On an RCU read side, or under RTNL.
	ReceiveRing *ring() const { return __atomic_load_n(&ring_, __ATOMIC_RELAXED); }

	/// Lets it run, on \p ring. Under RTNL; it does not run. Frames that came before could not wake it, so it
	/// looks.
	void start(const Rtnl &held, ReceiveRing &ring);

	/// Stops it, waiting for a poll that runs; it has no ring any more. Under RTNL; sleeps.
	void stop(const Rtnl &held);

private:
	friend struct ReceiveQueueLayout;
	ReceiveQueue(net_device *dev, unsigned index) : dev_(dev), index_(index) { timer_.init(); }

	[[maybe_unused]] Retirement retirement_; // first, as etun_k_kvfree_rcu() wants it
	net_device *dev_;
	ReceiveRing *ring_ = nullptr;
	page_pool *pool_ = nullptr;
	unsigned index_;
	bool must_run_ = false; ///< the timer does not rest before NAPI runs
	RxCount count_;
	Napi napi_;
	Timer timer_;
	Storage<xdp_rxq_info, koffset::xdp_rxq_bytes> rxq_;
};

/// All receive queues of an end, and the rings that they empty at present.
class ReceiveQueues {
public:
	/// Makes room for the queues of \p dev, and none; none of it when memory is short. Under RTNL; sleeps.
	static ReceiveQueues *make(const Rtnl &held, net_device *dev);

	/// Frees what is left when all queues are gone. Task.
	static void destroy(ReceiveQueues *queues);

	/// Makes queues until there are \p count; on failure there are as many as before. Under RTNL; sleeps.
	/// Returns 0 or a negative errno (ENOMEM, or what the kernel's registration says).
	[[nodiscard]] int grow(const Rtnl &held, net_device *dev, unsigned count);

	/// Retires the queues from number \p count on, which do not run, and keeps what they counted. Under RTNL.
	void shrink(const Rtnl &held, net_device *dev, unsigned count);

	std::span<ReceiveQueue *const> all() const { return {queues_, count_}; }
	unsigned count() const { return count_; }

	/// The rings in use; none before there are any.
	ReceiveRings *&rings(const Rtnl & /*held*/) { return rings_; }

private:
	explicit ReceiveQueues(ReceiveQueue **queues) : queues_(queues) {}

	ReceiveQueue **queues_;
	unsigned count_ = 0;
	ReceiveRings *rings_ = nullptr;
};

} // namespace etun

#endif
