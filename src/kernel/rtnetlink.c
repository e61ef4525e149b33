// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/rtnetlink.h, net/rtnetlink.h and net/netlink.h. */
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"
#include "kernel/tables.h"

void etun_k_assert_rtnl(void)
{
	ASSERT_RTNL();
}

struct net_device *etun_k_rtnl_create_link(struct net *net, const char *name, bool given, struct nlattr **attributes,
					   struct netlink_ext_ack *extack)
{
	static struct nlattr *none[IFLA_MAX + 1];

	return rtnl_create_link(net, name, given ? NET_NAME_USER : NET_NAME_ENUM, &etun_link_ops,
				attributes ? attributes : none, extack);
}

int etun_k_rtnl_configure_link(struct net_device *dev, const struct ifinfomsg *header)
{
	return rtnl_configure_link(dev, header, 0, NULL);
}

int etun_k_parse_peer(struct nlattr *peer, struct nlattr **attributes, const struct ifinfomsg **header,
		      struct netlink_ext_ack *extack)
{
	*header = nla_data(peer);
	return rtnl_nla_parse_ifinfomsg(attributes, peer, extack);
}

int etun_k_header_ifindex(const struct ifinfomsg *header)
{
	return header->ifi_index;
}

struct net *etun_k_peer_net(struct net *source, struct nlattr **attributes)
{
	return etun_compat_peer_net(source, attributes);
}

bool etun_k_attribute_name(struct nlattr **attributes, char *name)
{
	if (!attributes[IFLA_IFNAME])
		return false;
	nla_strscpy(name, attributes[IFLA_IFNAME], IFNAMSIZ);
	return true;
}

bool etun_k_attribute_address(struct nlattr **attributes, const u8 **address, int *bytes)
{
	if (!attributes[IFLA_ADDRESS])
		return false;
	*address = nla_data(attributes[IFLA_ADDRESS]);
	*bytes = nla_len(attributes[IFLA_ADDRESS]);
	return true;
}

bool etun_k_is_valid_ether_addr(const u8 *address)
{
	return is_valid_ether_addr(address);
}

bool etun_k_attribute_queues(struct nlattr **attributes, bool *transmit, bool *receive)
{
	*transmit = attributes[IFLA_NUM_TX_QUEUES];
	*receive = attributes[IFLA_NUM_RX_QUEUES];
	return *transmit || *receive;
}

bool etun_k_attribute_mtu(struct nlattr **attributes, unsigned int *mtu)
{
	if (!attributes[IFLA_MTU])
		return false;
	*mtu = nla_get_u32(attributes[IFLA_MTU]);
	return true;
}

void etun_k_extack_set(struct netlink_ext_ack *extack, const char *text)
{
	/* NL_SET_ERR_MSG() wants a literal; the texts are static storage in C++. The rest is as there. */
	do_trace_netlink_extack(text);
	if (extack)
		extack->_msg = text;
}

int etun_k_link_register(void)
{
	return rtnl_link_register(&etun_link_ops);
}

void etun_k_link_unregister(void)
{
	rtnl_link_unregister(&etun_link_ops);
}
