// SPDX-License-Identifier: GPL-2.0-only
/* The tables of the device and of its folder in sysfs, and what it takes to fit their types. */
#include <linux/bpf.h>
#include <linux/device.h>
#include <linux/etherdevice.h>
#include <linux/if_link.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/xdp.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"
#include "kernel/tables.h"
#include "uapi/etun.h"

/* dev_mc_add() and its like want the operation to exist; every frame arrives as it is. */
static void etun_set_rx_mode(struct net_device *dev)
{
}

static int etun_bpf(struct net_device *dev, struct netdev_bpf *request)
{
	if (request->command != XDP_SETUP_PROG)
		return -EINVAL;
	return etun_xdp_attach(dev, request->prog, request->extack);
}

static int etun_xdp_send(struct net_device *dev, int count, struct xdp_frame **frames, u32 flags)
{
	if (flags & ~XDP_XMIT_FLAGS_MASK)
		return -EINVAL;
	return etun_xdp_xmit(dev, count, frames);
}

const struct net_device_ops etun_netdev_ops = {
	.ndo_init		= etun_init,
	.ndo_uninit		= etun_uninit,
	.ndo_open		= etun_open,
	.ndo_stop		= etun_stop,
	.ndo_start_xmit		= etun_start_xmit,
	.ndo_features_check	= passthru_features_check,
	.ndo_set_rx_mode	= etun_set_rx_mode,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_get_stats64	= etun_get_stats64,
	.ndo_fix_features	= etun_fix_features,
	.ndo_set_features	= etun_set_features,
	.ndo_set_rx_headroom	= etun_set_rx_headroom,
	.ndo_change_carrier	= etun_change_carrier,
	.ndo_get_iflink		= etun_get_iflink,
	.ndo_get_peer_dev	= etun_get_peer_dev,
	.ndo_bpf		= etun_bpf,
	.ndo_xdp_xmit		= etun_xdp_send,
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

static ssize_t attribute_store(struct device *device, struct device_attribute *attribute, const char *text,
			       size_t bytes)
{
	const void *which = container_of(attribute, struct dev_ext_attribute, attr)->var;
	ssize_t length;

	if (!rtnl_trylock())
		return restart_syscall();
	length = etun_store(to_net_dev(device), (uintptr_t)which, text, bytes);
	rtnl_unlock();
	return length;
}

#define ATTRIBUTE(_name, _which, _mode, _store)						\
	static struct dev_ext_attribute _name##_attribute = {				\
		.attr = {								\
			.attr = { .name = ETUN_SYSFS_##_which, .mode = (_mode) },	\
			.show = attribute_show,						\
			.store = (_store),						\
		},									\
		.var = (void *)(uintptr_t)(ETUN_ATTR_##_which),				\
	}

ATTRIBUTE(peer_name, PEER_NAME, 0444, NULL);
ATTRIBUTE(peer_ifindex, PEER_IFINDEX, 0444, NULL);
ATTRIBUTE(peer_netnsid, PEER_NETNSID, 0444, NULL);
ATTRIBUTE(pair_id, PAIR_ID, 0444, NULL);
ATTRIBUTE(mode, MODE, 0644, attribute_store);
ATTRIBUTE(peer_mode, PEER_MODE, 0444, NULL);
ATTRIBUTE(wire, WIRE, 0444, NULL);

static struct attribute *etun_attributes[] = {
	&peer_name_attribute.attr.attr,
	&peer_ifindex_attribute.attr.attr,
	&peer_netnsid_attribute.attr.attr,
	&pair_id_attribute.attr.attr,
	&mode_attribute.attr.attr,
	&peer_mode_attribute.attr.attr,
	&wire_attribute.attr.attr,
	NULL,
};

const struct attribute_group etun_attribute_group = {
	.name	= ETUN_SYSFS_GROUP,
	.attrs	= etun_attributes,
};
