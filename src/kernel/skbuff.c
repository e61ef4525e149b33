// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/skbuff.h. */
#include <linux/if_ether.h>
#include <linux/skbuff.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"

bool etun_k_pskb_may_pull(struct sk_buff *skb, unsigned int bytes)
{
	return pskb_may_pull(skb, bytes);
}

bool etun_k_skb_orphan_frags(struct sk_buff *skb)
{
	return skb_orphan_frags(skb, GFP_ATOMIC) == 0;
}

bool etun_k_skb_is_gso(const struct sk_buff *skb)
{
	return skb_is_gso(skb);
}

bool etun_k_skb_gso_fits(const struct sk_buff *skb, unsigned int bytes)
{
	return skb_gso_validate_mac_len(skb, bytes);
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

void etun_k_skb_postpull_rcsum(struct sk_buff *skb, unsigned int bytes)
{
	skb_postpull_rcsum(skb, skb_mac_header(skb), bytes);
}

void etun_k_kfree_skb(struct sk_buff *skb)
{
	kfree_skb(skb);
}
