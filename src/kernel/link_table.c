// SPDX-License-Identifier: GPL-2.0-only
/* The table of the link kind (net/rtnetlink.h), and what it takes to fit its types. */
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"
#include "kernel/tables.h"
#include "uapi/etun.h"

static int newlink(struct net *net, struct net_device *dev, struct nlattr **attributes, struct nlattr **data,
		   struct netlink_ext_ack *extack)
{
	const struct etun_link_request request = {
		.source_net = net,
		.dev = dev,
		.attributes = attributes,
		.data = data,
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
	return etun_validate(tb, data, extack);
}

static int etun_link_change(struct net_device *dev, struct nlattr *tb[], struct nlattr *data[],
			    struct netlink_ext_ack *extack)
{
	return etun_changelink(dev, data, extack);
}

static size_t etun_link_size(const struct net_device *dev)
{
	return 5 * nla_total_size(sizeof(u8)) + 4 * nla_total_size(sizeof(u32)) + nla_total_size_64bit(sizeof(u64));
}

static const struct nla_policy etun_policy[ETUN_INFO_MAX + 1] = {
	[ETUN_INFO_PEER]	 = { .len = sizeof(struct ifinfomsg) },
	[ETUN_INFO_MODE]	 = { .type = NLA_U8 },
	[ETUN_INFO_PEER_MODE]	 = { .type = NLA_U8 },
	[ETUN_INFO_RING]	 = { .type = NLA_U32 },
	[ETUN_INFO_PEER_RING]	 = { .type = NLA_U32 },
	[ETUN_INFO_MTU_POLICY]	 = { .type = NLA_U8 },
	[ETUN_INFO_WIRE]	 = { .type = NLA_U8 },
	[ETUN_INFO_PEER_WIRE]	 = { .type = NLA_U8 },
};

struct rtnl_link_ops etun_link_ops = {
	.kind			= ETUN_KIND,
	.priv_size		= ETUN_END_BYTES,
	.setup			= etun_setup,
	.validate		= etun_link_validate,
	.newlink		= etun_link_new,
	.changelink		= etun_link_change,
	.dellink		= etun_dellink,
	.get_size		= etun_link_size,
	.fill_info		= etun_fill_info,
	.get_link_net		= etun_get_link_net,
	.get_num_tx_queues	= etun_default_queues,
	.get_num_rx_queues	= etun_default_queues,
	.policy			= etun_policy,
#ifdef ETUN_HAVE_PEER_TYPE
	.peer_type		= ETUN_INFO_PEER,
#endif
	.maxtype		= ETUN_INFO_MAX,
};
