// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/netdevice.h and linux/etherdevice.h. */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"
#include "kernel/tables.h"

void *etun_k_netdev_priv(const struct net_device *dev)
{
	return netdev_priv(dev);
}

struct net *etun_k_dev_net(const struct net_device *dev)
{
	return dev_net(dev);
}

bool etun_k_is_etun(const struct net_device *dev)
{
	return dev->netdev_ops == &etun_netdev_ops;
}

void etun_k_dev_tables(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &etun_netdev_ops;
	dev->ethtool_ops = &etun_ethtool_ops;
	dev->sysfs_groups[0] = &etun_attribute_group;
	dev->priv_destructor = etun_destroy;
	dev->needs_free_netdev = true;
	/* It never sleeps, and the folder "power" costs more than all of ours. */
	device_set_pm_not_required(&dev->dev);
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	/* A frame is rewritten on its way, so one buffer can't be sent twice at once (pktgen's clone_skb). */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_NO_QUEUE | IFF_DISABLE_NETPOLL | IFF_PHONY_HEADROOM;
	etun_compat_lockless(dev);
	etun_compat_more_tables(dev);
}

void etun_k_dev_features(struct net_device *dev, netdev_features_t features, netdev_features_t inner,
			 netdev_features_t mpls)
{
	dev->features |= features;
	dev->hw_features |= features;
	dev->hw_enc_features |= features;
	dev->vlan_features |= inner;
	dev->mpls_features |= mpls;
}

void etun_k_dev_features_off(struct net_device *dev, netdev_features_t features)
{
	dev->features &= ~features;
	dev->wanted_features &= ~features;
}

/* The core attaches its default qdisc to a device without this flag. */
void etun_k_dev_queued(struct net_device *dev)
{
	dev->priv_flags &= ~IFF_NO_QUEUE;
}

void etun_k_dev_lockdep_classes(struct net_device *dev)
{
	netdev_lockdep_set_classes(dev);
}

void etun_k_unregister_queue_net(struct net *net, struct net_device *dev, struct list_head *head)
{
	etun_compat_unregister_queue_net(net, dev, head);
}

void etun_k_xdp_set_features(struct net_device *dev, bool programs)
{
	etun_compat_xdp_features(dev, programs);
}

void etun_k_dev_mtu_range(struct net_device *dev, unsigned int smallest, unsigned int largest)
{
	dev->min_mtu = smallest;
	dev->max_mtu = largest;
}

void etun_k_dev_perm_addr_keep(struct net_device *dev)
{
	memcpy(dev->perm_addr, dev->dev_addr, dev->addr_len);
}

void etun_k_dev_addr_random(struct net_device *dev, const u8 *address)
{
	dev->addr_assign_type = NET_ADDR_RANDOM;
	eth_hw_addr_set(dev, address);
}

bool etun_k_dev_proto_down(const struct net_device *dev)
{
	return dev->proto_down;
}

bool etun_k_dev_is_registered(const struct net_device *dev)
{
	return dev->reg_state == NETREG_REGISTERED;
}

void etun_k_dev_info_changed(struct net_device *dev)
{
	call_netdevice_notifiers(NETDEV_CHANGEINFODATA, dev);
}

/*
 * dev_sw_netstats_tx_add() and dev_sw_netstats_rx_add() in fewer instructions, where a counter of 64 bits needs no
 * sequence count.
 */
#if BITS_PER_LONG == 64
#define netstats_add(dev, counter, by) \
	this_cpu_add(*(u64 __percpu *)&(dev)->tstats->counter, by)

static_assert(sizeof(u64_stats_t) == sizeof(u64));

void etun_k_dev_sw_netstats_tx_add(struct net_device *dev, unsigned int packets, unsigned int bytes)
{
	netstats_add(dev, tx_bytes, bytes);
	netstats_add(dev, tx_packets, packets);
}

void etun_k_dev_sw_netstats_rx_add(struct net_device *dev, unsigned int bytes)
{
	netstats_add(dev, rx_bytes, bytes);
	netstats_add(dev, rx_packets, 1);
}
#else
void etun_k_dev_sw_netstats_tx_add(struct net_device *dev, unsigned int packets, unsigned int bytes)
{
	dev_sw_netstats_tx_add(dev, packets, bytes);
}

void etun_k_dev_sw_netstats_rx_add(struct net_device *dev, unsigned int bytes)
{
	dev_sw_netstats_rx_add(dev, bytes);
}
#endif

/* dev_sw_netstats_rx_add() for several packets. */
void etun_k_dev_sw_netstats_rx_add_many(struct net_device *dev, unsigned int packets, unsigned int bytes)
{
	struct pcpu_sw_netstats *tstats = this_cpu_ptr(dev->tstats);

	u64_stats_update_begin(&tstats->syncp);
	u64_stats_add(&tstats->rx_bytes, bytes);
	u64_stats_add(&tstats->rx_packets, packets);
	u64_stats_update_end(&tstats->syncp);
}
