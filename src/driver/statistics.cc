// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Statistics of a device and of its queues, as rtnetlink and the netdev family show them.
#include "driver/end.hpp"
#include "driver/queue_totals.hpp"
#include "kernel/storage.hpp"

namespace etun {
namespace {

/// Drops of an end, as sender and as receiver.
struct DropCount {
	u64 sent, received;
};

DropCount drops(const End &end)
{
	DropCount count{};
	const auto sums = end.counters().sums();
	for (unsigned i = 0; i < drop_count; i++)
		(is_senders(static_cast<Drop>(i)) ? count.sent : count.received) += sums[i];
	return count;
}

/// Frames and bytes of a whole device.
struct DeviceCount {
	u64 rx_packets, rx_bytes, tx_packets, tx_bytes;
};

DeviceCount device_count(net_device *dev)
{
	Storage<rtnl_link_stats64, koffset::link_stats_bytes> stats;

	dev_get_tstats64(dev, stats.get());
	return {ETUN_FIELD(u64, rtnl_link_stats64, rx_packets)::get(stats.get()),
		ETUN_FIELD(u64, rtnl_link_stats64, rx_bytes)::get(stats.get()),
		ETUN_FIELD(u64, rtnl_link_stats64, tx_packets)::get(stats.get()),
		ETUN_FIELD(u64, rtnl_link_stats64, tx_bytes)::get(stats.get())};
}

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: any but hard interrupt (ndo_get_stats64); must not sleep: /proc/net/dev reads under RCU, bonding with a spin
// lock. \p stats comes zeroed.
void etun_get_stats64(net_device *dev, rtnl_link_stats64 *stats)
{
	const DropCount dropped = drops(End::of(dev));
	using Sent = ETUN_FIELD(u64, rtnl_link_stats64, tx_dropped);
	using Received = ETUN_FIELD(u64, rtnl_link_stats64, rx_dropped);

	dev_get_tstats64(dev, stats);
	Sent::set(stats, Sent::get(stats) + dropped.sent);
	Received::set(stats, Received::get(stats) + dropped.received);
}

// CONTEXT: task, under RTNL (netdev_stat_ops.get_queue_stats_rx). Since 6.15 a device may have the core take its own
// lock for this and the next two instead (struct net_device, request_ops_lock), which an end does not.
//
// By the backlog frames are counted for the device alone. With one queue all of them are that queue's; with several,
// those that went by rings are their queue's, and the rest is the base.
void etun_queue_stats_rx(net_device *dev, int index, etun_queue_count *count)
{
	const RtnlHeld rtnl;
	if (rx_queues(dev) == 1) {
		const DeviceCount all = device_count(dev);
		*count = {all.rx_packets, all.rx_bytes, 0, 0};
		return;
	}
	const RxCount queue = rx_count(rtnl, dev, static_cast<unsigned>(index));
	*count = {queue.packets, queue.bytes, 0, 0};
}

// CONTEXT: task, under RTNL (netdev_stat_ops.get_queue_stats_tx).
void etun_queue_stats_tx(net_device *dev, int index, etun_queue_count *count)
{
	const RtnlHeld rtnl;
	const TxCount queue = tx_count(rtnl, dev, static_cast<unsigned>(index));

	*count = {queue.packets, queue.bytes, queue.stops, queue.wakes};
	if (tx_queues(dev) == 1) {
		const DeviceCount all = device_count(dev);
		count->packets = all.tx_packets;
		count->bytes = all.tx_bytes;
	}
}

// CONTEXT: task, under RTNL (netdev_stat_ops.get_base_stats): what no queue in use has counted.
void etun_queue_stats_base(net_device *dev, etun_queue_count *rx, etun_queue_count *tx)
{
	const RtnlHeld rtnl;
	const DeviceCount all = device_count(dev);

	*rx = {rx_queues(dev) == 1 ? 0 : all.rx_packets, rx_queues(dev) == 1 ? 0 : all.rx_bytes, 0, 0};
	*tx = {tx_queues(dev) == 1 ? 0 : all.tx_packets, tx_queues(dev) == 1 ? 0 : all.tx_bytes, 0, 0};
	for (unsigned i = 0; rx_queues(dev) != 1 && i < rx_queues(dev); i++) {
		const RxCount queue = rx_count(rtnl, dev, i);
		rx->packets -= queue.packets;
		rx->bytes -= queue.bytes;
	}
	for (unsigned i = 0; i < tx_queue_room(dev); i++) {
		const TxCount queue = tx_count(rtnl, dev, i);
		if (i >= tx_queues(dev)) {
			tx->stops += queue.stops;
			tx->wakes += queue.wakes;
		} else if (tx_queues(dev) != 1) {
			tx->packets -= queue.packets;
			tx->bytes -= queue.bytes;
		}
	}
}
