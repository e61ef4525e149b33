// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// One end of a pair: what the driver keeps in a device's private area.
#ifndef ETUN_DRIVER_END_HPP
#define ETUN_DRIVER_END_HPP

#include "core/delivery.hpp"
#include "core/drop.hpp"
#include "core/link.hpp"
#include "core/mtu_policy.hpp"
#include "driver/counter_pool.hpp"
#include "kernel/context.hpp"
#include "kernel/net_device.hpp"

#include <cstddef>

namespace etun {

class ReceiveQueues;
class ReceiveRings;
class QueueTotals;

/// One end. Both ends of a pair are alike; what is between them is that each knows the other.
class End {
public:
	/// The end that is \p dev, a device of ours. Any context.
	static End &of(const net_device *dev)
	{
		// SAFETY: setup() made an End there, and it lives as long as the device.
		return *static_cast<End *>(etun_k_netdev_priv(dev));
	}

	/// Where frames go: the peer while the link carries, else none. Softirq; the per-packet path.
	net_device *receiver(const RcuReader &section) const { return receiver_.read(section); }

	/// Rings that the peer receives by; none when it takes frames from the backlog. Softirq; the per-packet path.
	ReceiveRings *target(const RcuReader &section) const { return target_.read(section); }

	/// True when the peer takes frames in the sender's context. Softirq; the per-packet path.
	bool direct() const { return __atomic_load_n(&direct_, __ATOMIC_RELAXED); }
	void set_direct(const Rtnl & /*held*/, bool on) { __atomic_store_n(&direct_, on, __ATOMIC_RELAXED); }

	/// The XDP program that sees what arrives, or none. Softirq.
	bpf_prog *program(const RcuReader &section) const { return program_.read(section); }

	/// Counts a drop. Bottom halves off.
	void count_drop(Drop cause, u64 frames = 1) const { counters_.add(static_cast<unsigned>(cause), frames); }

	/// Counters of all processors (namespace counter).
	EndCounters &counters() { return counters_; }
	const EndCounters &counters() const { return counters_; }
	CounterPlace &counter_place() { return counter_place_; }

	/// The peer, whether or not the link carries; none once the pair is being destroyed.
	net_device *peer(const RcuReader &section) const { return peer_.read(section); }
	net_device *peer(const Rtnl &held) const { return peer_.held(held); }

	/// Number of the pair since the module was loaded, the same at both ends, from 1 on.
	u64 pair_id(const Rtnl & /*held*/) const { return pair_id_; }

	/// Joins this end to \p peer. Both ends must be told, before either can be seen.
	void join(const Rtnl &held, net_device *peer, u64 pair_id)
	{
		pair_id_ = pair_id;
		peer_.publish(held, peer);
	}

	/// Forgets the peer; frames find no receiver from now on, but those on their way still arrive.
	void part(const Rtnl &held)
	{
		receiver_.publish(held, nullptr);
		target_.publish(held, nullptr);
		peer_.publish(held, nullptr);
	}

	/// Sets where frames go.
	void set_receiver(const Rtnl &held, net_device *dev) { receiver_.publish(held, dev); }

	/// Sets by which rings the peer receives.
	void set_target(const Rtnl &held, ReceiveRings *rings) { target_.publish(held, rings); }

	/// Sets the program; the old one may be put at once, since that waits for its readers by itself.
	void set_program(const Rtnl &held, bpf_prog *program) { program_.publish(held, program); }
	bpf_prog *program(const Rtnl &held) const { return program_.held(held); }

	/// How this end receives: as settings(), and by queues(), none without NAPI. driver/receive.cc keeps both.
	ReceiveSettings &settings(const Rtnl & /*held*/) { return settings_; }
	const ReceiveSettings &settings(const Rtnl & /*held*/) const { return settings_; }
	ReceiveQueues *&queues(const Rtnl & /*held*/) { return queues_; }

	/// Counts of queues that are no more; none before there were any. Freed with the device.
	QueueTotals *&totals() { return totals_; }

	/// Whether the pair's MTUs are kept equal; the same at both ends.
	MtuPolicy &mtu_policy(const Rtnl & /*held*/) { return mtu_policy_; }

	/// True once the device was registered: when it is again, it has moved to another namespace.
	bool &registered(const Rtnl & /*held*/) { return registered_; }

	/// True while the MTU of one end is made that of the other.
	bool &mtu_changing(const Rtnl & /*held*/) { return mtu_changing_; }

	/// The peer's features that this end's hang on, as this end saw them last (driver/offload.cc).
	netdev_features_t &peer_features(const Rtnl & /*held*/) { return peer_features_; }

	/// Headroom in bytes that whoever forwards from here asked for. Any context.
	unsigned short wanted_headroom() const { return __atomic_load_n(&wanted_headroom_, __ATOMIC_RELAXED); }
	void set_wanted_headroom(unsigned short bytes) { __atomic_store_n(&wanted_headroom_, bytes, __ATOMIC_RELAXED); }

	/// What this end contributes to the link, but for proto_down, which the core keeps.
	EndState &link(const Rtnl & /*held*/) { return link_; }

	/// True once the pair is to be unregistered (retire_pair()).
	bool &retired(const Rtnl & /*held*/) { return retired_; }

	/// The next pair of a batch in the making (PairBatch).
	net_device *&batch_next(const Rtnl & /*held*/) { return batch_next_; }

private:
	friend struct EndLayout;
	// Read for each packet.
	RcuPointer<net_device> receiver_;
	RcuPointer<ReceiveRings> target_;
	EndCounters counters_;
	RcuPointer<bpf_prog> program_;
	bool direct_ = false;
	// Read by control.
	RcuPointer<net_device> peer_;
	CounterPlace counter_place_;
	u64 pair_id_ = 0;
	net_device *batch_next_ = nullptr;
	ReceiveQueues *queues_ = nullptr;
	QueueTotals *totals_ = nullptr;
	ReceiveSettings settings_;
	bool registered_ = false;
	netdev_features_t peer_features_ = 0;
	unsigned short wanted_headroom_ = 0;
	bool mtu_changing_ = false;
	EndState link_;
	bool retired_ = false;
	MtuPolicy mtu_policy_ = MtuPolicy::independent;
};

struct EndLayout {
	static_assert(offsetof(End, receiver_) == 0, "the per-packet fields come first");
	static_assert(offsetof(End, peer_) <= 64, "and fit in one cache line");
	static_assert(sizeof(End) <= ETUN_END_BYTES, "raise ETUN_END_BYTES in boundary.h");
};

} // namespace etun

#endif
