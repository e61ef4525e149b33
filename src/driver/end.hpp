// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// One end of a pair: what the driver keeps in a device's private area.
#ifndef ETUN_DRIVER_END_HPP
#define ETUN_DRIVER_END_HPP

#include "core/link.hpp"
#include "kernel/context.hpp"
#include "kernel/net_device.hpp"

#include <cstddef>

namespace etun {

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
		peer_.publish(held, nullptr);
	}

	/// Sets where frames go.
	void set_receiver(const Rtnl &held, net_device *dev) { receiver_.publish(held, dev); }

	/// What this end contributes to the link, but for proto_down, which the core keeps.
	EndState &link(const Rtnl & /*held*/) { return link_; }

	/// The next pair of a batch in the making (PairBatch).
	net_device *&batch_next(const Rtnl & /*held*/) { return batch_next_; }

private:
	friend struct EndLayout;
	// Read for each packet.
	RcuPointer<net_device> receiver_;
	// Read by control.
	RcuPointer<net_device> peer_;
	u64 pair_id_ = 0;
	net_device *batch_next_ = nullptr;
	EndState link_;
};

struct EndLayout {
	static_assert(offsetof(End, receiver_) == 0, "the per-packet field comes first");
	static_assert(sizeof(End) <= ETUN_END_BYTES, "raise ETUN_END_BYTES in boundary.h");
};

} // namespace etun

#endif
