// SPDX-License-Identifier: GPL-2.0-only
/* The tables through which the kernel calls the driver, and what it takes to fit their types. */
#include <linux/device.h>
#include <linux/etherdevice.h>
#include <linux/if_link.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"
#include "kernel/tables.h"

/* dev_mc_add() and its like want the operation to exist; every frame arrives as it is. */
static void etun_set_rx_mode(struct net_device *dev)
{
}

const struct net_device_ops etun_netdev_ops = {
	.ndo_uninit		= etun_uninit,
	.ndo_open		= etun_open,
	.ndo_stop		= etun_stop,
	.ndo_start_xmit		= etun_start_xmit,
	.ndo_features_check	= passthru_features_check,
	.ndo_set_rx_mode	= etun_set_rx_mode,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_get_stats64	= dev_get_tstats64,
	.ndo_fix_features	= etun_fix_features,
	.ndo_change_carrier	= etun_change_carrier,
	.ndo_get_iflink		= etun_get_iflink,
};

const struct ethtool_ops etun_ethtool_ops = {
	.get_drvinfo		= etun_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= etun_get_link_ksettings,
	.get_sset_count		= etun_get_sset_count,
	.get_strings		= etun_get_strings,
	.get_ethtool_stats	= etun_get_ethtool_stats,
};

/*
 * Removing the device waits for readers with RTNL held, so a reader must not wait for RTNL: it tries, and
 * else lets the system call start again (as net/core/net-sysfs.c does).
 */
static ssize_t attribute_show(struct device *device, struct device_attribute *attribute, char *page)
{
	const void *which = container_of(attribute, struct dev_ext_attribute, attr)->var;
	ssize_t length;

	if (!rtnl_trylock())
		return restart_syscall();
	length = etun_show(to_net_dev(device), (uintptr_t)which, page);
	rtnl_unlock();
	return length;
}

#define ATTRIBUTE(_name, _which)							\
	static struct dev_ext_attribute _name##_attribute = {				\
		.attr = __ATTR(_name, 0444, attribute_show, NULL),			\
		.var = (void *)(uintptr_t)(_which),					\
	}

ATTRIBUTE(peer_name, ETUN_ATTR_PEER_NAME);
ATTRIBUTE(peer_ifindex, ETUN_ATTR_PEER_IFINDEX);
ATTRIBUTE(peer_netnsid, ETUN_ATTR_PEER_NETNSID);
ATTRIBUTE(pair_id, ETUN_ATTR_PAIR_ID);

static struct attribute *etun_attributes[] = {
	&peer_name_attribute.attr.attr,
	&peer_ifindex_attribute.attr.attr,
	&peer_netnsid_attribute.attr.attr,
	&pair_id_attribute.attr.attr,
	NULL,
};

const struct attribute_group etun_attribute_group = {
	.name	= "etun",
	.attrs	= etun_attributes,
};

static int newlink(struct net *net, struct net_device *dev, struct nlattr **attributes, struct nlattr **data,
		   struct netlink_ext_ack *extack)
{
	const struct etun_link_request request = {
		.source_net = net,
		.dev = dev,
		.attributes = attributes,
		.peer = data ? data[ETUN_INFO_PEER] : NULL,
		.extack = extack,
	};

	return etun_newlink(&request);
}

#ifdef ETUN_HAVE_NEWLINK_PARAMS
static int etun_link_new(struct net_device *dev, struct rtnl_newlink_params *params, struct netlink_ext_ack *extack)
{
	return newlink(rtnl_newlink_peer_net(params), dev, params->tb, params->data, extack);
}
#else
static int etun_link_new(struct net *net, struct net_device *dev, struct nlattr *tb[], struct nlattr *data[],
			 struct netlink_ext_ack *extack)
{
	return newlink(net, dev, tb, data, extack);
}
#endif

static int etun_link_validate(struct nlattr *tb[], struct nlattr *data[], struct netlink_ext_ack *extack)
{
	return etun_validate(tb, extack);
}

static const struct nla_policy etun_policy[ETUN_INFO_MAX + 1] = {
	[ETUN_INFO_PEER] = { .len = sizeof(struct ifinfomsg) },
};

struct rtnl_link_ops etun_link_ops = {
	.kind		= "etun",
	.priv_size	= ETUN_END_BYTES,
	.setup		= etun_setup,
	.validate	= etun_link_validate,
	.newlink	= etun_link_new,
	.dellink	= etun_dellink,
	.get_link_net	= etun_get_link_net,
	.policy		= etun_policy,
	.maxtype	= ETUN_INFO_MAX,
};
