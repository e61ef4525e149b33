// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/skbuff.h. */
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <net/busy_poll.h>
#include <net/dsa.h>
#include <net/sock.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"

bool etun_k_pskb_may_pull(struct sk_buff *skb, unsigned int bytes)
{
	return pskb_may_pull(skb, bytes);
}

bool etun_k_skb_orphan_frags(struct sk_buff *skb)
{
	if (!skb)
		__builtin_unreachable(); /* skb_zcopy() need not ask */
	return skb_orphan_frags(skb, GFP_ATOMIC) == 0;
}

bool etun_k_skb_is_gso(const struct sk_buff *skb)
{
	return skb_is_gso(skb);
}

bool etun_k_skb_gso_fits(const struct sk_buff *skb, unsigned int bytes)
{
	/* BIG TCP's hop-by-hop header is in none of the segments. */
	return skb_gso_validate_mac_len(skb, bytes + etun_compat_jumbo_bytes(skb));
}

unsigned char etun_k_skb_ip_summed(const struct sk_buff *skb)
{
	return skb->ip_summed;
}

void etun_k_skb_set_ip_summed(struct sk_buff *skb, unsigned char state)
{
	skb->ip_summed = state;
}

void etun_k_skb_clear_traffic_control(struct sk_buff *skb)
{
	skb_reset_redirect(skb);
#ifdef CONFIG_NET_SCHED
	skb->tc_index = 0;
#endif
}

void etun_k_skb_clear_tstamp(struct sk_buff *skb)
{
	skb_clear_tstamp(skb);
}

/*
 * eth_type_trans() without a call for the usual frame, whose header is in one piece and which is marked PACKET_HOST.
 * A DSA conduit and a frame of IEEE 802.3 or 802.2 are left to the kernel's.
 */
void etun_k_skb_arrive(struct sk_buff *skb, struct net_device *dev)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	if (unlikely(netdev_uses_dsa(dev) || !eth_proto_is_802_3(eth->h_proto))) {
		skb->protocol = eth_type_trans(skb, dev);
		return;
	}
	skb->dev = dev;
	skb_reset_mac_header(skb);
	skb->data += ETH_HLEN;
	skb->len -= ETH_HLEN;
	skb->protocol = eth->h_proto;
	if (!ether_addr_equal_64bits(eth->h_dest, dev->dev_addr))
		skb->pkt_type = !is_multicast_ether_addr_64bits(eth->h_dest) ? PACKET_OTHERHOST :
				ether_addr_equal_64bits(eth->h_dest, dev->broadcast) ? PACKET_BROADCAST :
											PACKET_MULTICAST;
}

void etun_k_skb_postpull_rcsum(struct sk_buff *skb, unsigned int bytes)
{
	skb_postpull_rcsum(skb, skb_mac_header(skb), bytes);
}

void etun_k_skb_push_mac_header(struct sk_buff *skb)
{
	__skb_push(skb, skb->data - skb_mac_header(skb));
}

bool etun_k_skb_finish_checksum(struct sk_buff *skb)
{
	return skb_csum_hwoffload_help(skb, 0) == 0;
}

bool etun_k_skb_vlan_tag_present(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb);
}

struct sk_buff *etun_k_vlan_hwaccel_push_inside(struct sk_buff *skb)
{
	return __vlan_hwaccel_push_inside(skb);
}

void etun_k_kfree_skb_reason(struct sk_buff *skb, unsigned int reason)
{
	kfree_skb_reason(skb, reason);
}

unsigned int etun_k_skb_get_queue_mapping(const struct sk_buff *skb)
{
	return skb_get_queue_mapping(skb);
}

void etun_k_skb_mark_napi_id(struct sk_buff *skb, const struct napi_struct *napi)
{
	skb_mark_napi_id(skb, (struct napi_struct *)napi);
}

void etun_k_skb_tx_timestamp(struct sk_buff *skb)
{
	/* skb_tx_timestamp() less what it does for a PHY, which an end never has. */
	if (unlikely(skb_shinfo(skb)->tx_flags & ETUN_COMPAT_SKBTX_AWAITED))
		skb_tstamp_tx(skb, NULL);
}

bool etun_k_skb_awaited(const struct sk_buff *skb)
{
	return skb->destructor == sock_wfree;
}

bool etun_k_skb_make_private(struct sk_buff *skb)
{
	return !skb_shared(skb) && !skb_unclone(skb, GFP_ATOMIC);
}

void etun_k_skb_orphan(struct sk_buff *skb)
{
	skb_orphan(skb);
}
