// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// One transmit queue of a device: stopping and waking it, and its byte limit.
#ifndef ETUN_KERNEL_TX_QUEUE_HPP
#define ETUN_KERNEL_TX_QUEUE_HPP

#include "kernel/context.hpp"
#include "kernel/exported.h"

namespace etun {

/// A transmit queue by device and index (struct netdev_queue, linux/netdevice.h). Bottom halves off, or under RTNL.
class TxQueue {
public:
	TxQueue(net_device *dev, unsigned index) : dev_(dev), index_(index) {}

	/// True when a qdisc stands before it that can hold frames back.
	bool has_qdisc(const BottomHalvesOff & /*section*/) const { return etun_k_txq_has_qdisc(dev_, index_); }

	/// Asks the qdisc to hold frames until wake().
	void stop() { etun_k_netif_tx_stop_queue(dev_, index_); }
	bool stopped() const { return etun_k_netif_tx_queue_stopped(dev_, index_); }
	void wake() { etun_k_netif_tx_wake_queue(dev_, index_); }

	/// True while its qdisc may not send, whether the driver stopped it or its byte limit is reached.
	bool held_back() const { return etun_k_netif_xmit_stopped(dev_, index_); }

	/// Adds to the bytes on their way; past the limit the kernel stops the queue by itself. True when the receiver
	/// should be woken now: no further frame comes directly behind, or the queue stopped.
	[[nodiscard]] bool sent(unsigned bytes, bool more)
	{
		return etun_k_netdev_tx_sent_queue(dev_, index_, bytes, more);
	}

	/// Takes from the bytes on their way what arrived. One processor at a time for a queue.
	void completed(unsigned packets, unsigned bytes)
	{
		etun_k_netdev_tx_completed_queue(dev_, index_, packets, bytes);
	}

	/// Bytes that may be on their way, and that are. Any context.
	unsigned limit() const { return etun_k_dql_limit(dev_, index_); }
	unsigned inflight() const { return etun_k_dql_inflight(dev_, index_); }

private:
	net_device *dev_;
	unsigned index_;
};

} // namespace etun

#endif
