/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables through which the kernel calls the driver; C only. */
#ifndef ETUN_KERNEL_TABLES_H
#define ETUN_KERNEL_TABLES_H

#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/sysfs.h>
#include <net/rtnetlink.h>

struct netdev_stat_ops;
struct xdp_metadata_ops;

extern const struct net_device_ops etun_netdev_ops;
extern const struct ethtool_ops etun_ethtool_ops;
extern const struct attribute_group etun_attribute_group;
extern const struct netdev_stat_ops etun_queue_stats_ops;
extern const struct xdp_metadata_ops etun_xdp_metadata_ops;
extern struct rtnl_link_ops etun_link_ops;

#endif
