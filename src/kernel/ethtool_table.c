// SPDX-License-Identifier: GPL-2.0-only
/* The table through which ethtool asks (linux/ethtool.h), and what it takes to fit its types. */
#include <linux/ethtool.h>

#include "kernel/boundary.h"
#include "kernel/tables.h"

static void ring_get(struct net_device *dev, struct ethtool_ringparam *ring, struct kernel_ethtool_ringparam *more,
		     struct netlink_ext_ack *extack)
{
	etun_get_ring(dev, ring);
}

static int ring_set(struct net_device *dev, struct ethtool_ringparam *ring, struct kernel_ethtool_ringparam *more,
		    struct netlink_ext_ack *extack)
{
	return etun_set_ring(dev, ring, extack);
}

static int coalesce_get(struct net_device *dev, struct ethtool_coalesce *coalesce,
			struct kernel_ethtool_coalesce *more, struct netlink_ext_ack *extack)
{
	etun_get_coalesce(dev, coalesce);
	return 0;
}

static int coalesce_set(struct net_device *dev, struct ethtool_coalesce *coalesce,
			struct kernel_ethtool_coalesce *more, struct netlink_ext_ack *extack)
{
	return etun_set_coalesce(dev, coalesce, extack);
}

const struct ethtool_ops etun_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_RX_USECS | ETHTOOL_COALESCE_RX_MAX_FRAMES,
	.get_drvinfo		= etun_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= etun_get_link_ksettings,
	.get_sset_count		= etun_get_sset_count,
	.get_strings		= etun_get_strings,
	.get_ethtool_stats	= etun_get_ethtool_stats,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_channels		= etun_get_channels,
	.set_channels		= etun_set_channels,
	.get_ringparam		= ring_get,
	.set_ringparam		= ring_set,
	.get_coalesce		= coalesce_get,
	.set_coalesce		= coalesce_set,
};
