// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for what linux/netdevice.h says about transmit queues. */
#include <linux/netdevice.h>
#include <net/sch_generic.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"

bool etun_k_txq_has_qdisc(const struct net_device *dev, unsigned int index)
{
	return !!rcu_dereference_bh(netdev_get_tx_queue(dev, index)->qdisc)->enqueue;
}

void etun_k_netif_tx_stop_queue(struct net_device *dev, unsigned int index)
{
	netif_tx_stop_queue(netdev_get_tx_queue(dev, index));
}

bool etun_k_netif_tx_queue_stopped(const struct net_device *dev, unsigned int index)
{
	return netif_tx_queue_stopped(netdev_get_tx_queue(dev, index));
}

bool etun_k_netif_xmit_stopped(const struct net_device *dev, unsigned int index)
{
	return netif_xmit_stopped(netdev_get_tx_queue(dev, index));
}

void etun_k_netif_tx_wake_queue(struct net_device *dev, unsigned int index)
{
	netif_tx_wake_queue(netdev_get_tx_queue(dev, index));
}

void etun_k_netif_tx_start_all_queues(struct net_device *dev)
{
	netif_tx_start_all_queues(dev);
}

bool etun_k_netdev_xmit_more(void)
{
	return netdev_xmit_more();
}

bool etun_k_netdev_tx_sent_queue(struct net_device *dev, unsigned int index, unsigned int bytes, bool more)
{
	return __netdev_tx_sent_queue(netdev_get_tx_queue(dev, index), bytes, more);
}

void etun_k_netdev_tx_completed_queue(struct net_device *dev, unsigned int index, unsigned int packets,
				      unsigned int bytes)
{
	netdev_tx_completed_queue(netdev_get_tx_queue(dev, index), packets, bytes);
}

unsigned int etun_k_dql_limit(const struct net_device *dev, unsigned int index)
{
#ifdef CONFIG_BQL
	return READ_ONCE(netdev_get_tx_queue(dev, index)->dql.limit);
#else
	return 0;
#endif
}

unsigned int etun_k_dql_inflight(const struct net_device *dev, unsigned int index)
{
#ifdef CONFIG_BQL
	const struct dql *dql = &netdev_get_tx_queue(dev, index)->dql;

	return READ_ONCE(dql->num_queued) - READ_ONCE(dql->num_completed);
#else
	return 0;
#endif
}
