// SPDX-License-Identifier: GPL-2.0-only
/* The table through which the kernel asks for statistics of a queue (net/netdev_queues.h). */
#include "kernel/boundary.h"
#include "kernel/compat.h"

#ifdef ETUN_HAVE_QUEUE_STATS
#include <net/netdev_queues.h>

static void queue_rx(struct net_device *dev, int index, struct netdev_queue_stats_rx *stats)
{
	struct etun_queue_count count;

	etun_queue_stats_rx(dev, index, &count);
	stats->packets = count.packets;
	stats->bytes = count.bytes;
}

static void queue_tx(struct net_device *dev, int index, struct netdev_queue_stats_tx *stats)
{
	struct etun_queue_count count;

	etun_queue_stats_tx(dev, index, &count);
	stats->packets = count.packets;
	stats->bytes = count.bytes;
	stats->stop = count.stops;
	stats->wake = count.wakes;
}

static void base(struct net_device *dev, struct netdev_queue_stats_rx *rx, struct netdev_queue_stats_tx *tx)
{
	struct etun_queue_count received, sent;

	etun_queue_stats_base(dev, &received, &sent);
	rx->packets = received.packets;
	rx->bytes = received.bytes;
	tx->packets = sent.packets;
	tx->bytes = sent.bytes;
	tx->stop = sent.stops;
	tx->wake = sent.wakes;
}

const struct netdev_stat_ops etun_queue_stats_ops = {
	.get_queue_stats_rx	= queue_rx,
	.get_queue_stats_tx	= queue_tx,
	.get_base_stats		= base,
};
#endif
