// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// NAPI instances and the timer that may wake one.
#ifndef ETUN_KERNEL_NAPI_HPP
#define ETUN_KERNEL_NAPI_HPP

#include "kernel/context.hpp"
#include "kernel/field.hpp"
#include "kernel/storage.hpp"

namespace etun {

/// One NAPI instance (linux/netdevice.h; Documentation/networking/napi.rst). Its poll function is etun_poll().
class Napi {
public:
	/// Registers it with \p dev as the one of receive queue \p index, whose number and settings it has again where
	/// the kernel keeps those (6.13 on). It does not run before enable(). Under RTNL.
	void add(const Rtnl & /*held*/, net_device *dev, unsigned index)
	{
		etun_k_netif_napi_add(dev, room_.get(), index);
	}

	/// Unregisters it. A grace period must pass before its memory goes. Under RTNL.
	void remove(const Rtnl & /*held*/) { etun_k_netif_napi_del(room_.get()); }

	/// Lets it run, and stops it, waiting for a poll that runs. Under RTNL; sleep.
	void enable(const Rtnl & /*held*/) { napi_enable(room_.get()); }
	void disable(const Rtnl & /*held*/) { napi_disable(room_.get()); }

	/// Number by which the kernel knows it (SO_INCOMING_NAPI_ID).
	unsigned id() const { return etun_k_napi_id(room_.get()); }

	/// Lets each further poll take up to \p frames, 1 to 64. The poll alone.
	void set_weight(unsigned frames) { etun_k_napi_set_weight(room_.get(), frames); }

	/// True in the last poll of a socket that has polled by itself: neither a softirq nor a thread polls, nor does
	/// the socket go on. The poll alone.
	bool is_left_by_socket() const
	{
		using State = ETUN_FIELD(unsigned long, napi_struct, state);
		return !etun_k_in_serving_softirq() &&
		       (State::get(room_.get()) & (koffset::napi_in_busy_poll | koffset::napi_sched_threaded)) == 0;
	}

	/// True while GRO holds frames back that may be joined by others. Any context; an answer for now only.
	bool holds_frames() const { return etun_k_napi_holds_frames(room_.get()); }

	napi_struct *get() { return room_.get(); }

private:
	Storage<napi_struct, koffset::napi_bytes> room_;
};

/// A one-shot timer (linux/hrtimer.h); its handler is etun_timer().
class Timer {
public:
	void init() { etun_k_hrtimer_setup(room_.get()); }

	/// True while it will expire. Any context.
	bool is_queued() { return etun_k_hrtimer_is_queued(room_.get()); }

	/// Any context.
	void start(unsigned microseconds) { etun_k_hrtimer_start(room_.get(), microseconds); }

	/// Stops it, waiting for a handler that runs. Task.
	void cancel() { static_cast<void>(hrtimer_cancel(room_.get())); }

private:
	Storage<hrtimer, koffset::hrtimer_bytes> room_;
};

} // namespace etun

#endif
