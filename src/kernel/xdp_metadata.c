// SPDX-License-Identifier: GPL-2.0-only
/* What a program may ask about its frame: the table, and what it takes to answer. */
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <net/xdp.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"
#include "kernel/xdp.h"

struct sk_buff *etun_k_xdp_skb(const struct xdp_md *context)
{
	return ((const struct etun_xdp *)context)->skb;
}

bool etun_k_skb_timestamp(const struct sk_buff *skb, u64 *timestamp)
{
	*timestamp = skb_hwtstamps((struct sk_buff *)skb)->hwtstamp;
	return *timestamp != 0;
}

u32 etun_k_skb_hash(struct sk_buff *skb, bool *over_ports)
{
	const u32 hash = skb_get_hash(skb);

	/* Which kind of hash it is, is known once there is one. */
	*over_ports = skb->l4_hash;
	return hash;
}

bool etun_k_skb_vlan_tag(const struct sk_buff *skb, __be16 *protocol, u16 *tag)
{
	if (!skb_vlan_tag_present(skb))
		return false;
	*protocol = skb->vlan_proto;
	*tag = skb_vlan_tag_get(skb);
	return true;
}

#ifdef ETUN_HAVE_XDP_FEATURES
static int rx_hash(const struct xdp_md *context, u32 *hash, enum xdp_rss_hash_type *type)
{
	bool over_ports = false;
	int error = etun_xdp_rx_hash(context, hash, &over_ports);

	*type = over_ports ? XDP_RSS_TYPE_L4_ANY : XDP_RSS_TYPE_NONE;
	return error;
}

const struct xdp_metadata_ops etun_xdp_metadata_ops = {
	.xmo_rx_timestamp	= etun_xdp_rx_timestamp,
	.xmo_rx_hash		= rx_hash,
#ifdef ETUN_HAVE_XDP_VLAN_TAG
	.xmo_rx_vlan_tag	= etun_xdp_rx_vlan_tag,
#endif
};
#endif
