// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for what linux/netdevice.h and net/gro.h say about NAPI. */
#include <linux/netdevice.h>
#include <net/gro.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"

void etun_k_netif_napi_add(struct net_device *dev, struct napi_struct *napi, unsigned int index)
{
	etun_compat_napi_add(dev, napi, etun_poll, index);
}

void etun_k_netif_napi_del(struct napi_struct *napi)
{
	__netif_napi_del(napi);
}

void etun_k_netif_queue_set_napi(struct net_device *dev, unsigned int index, struct napi_struct *napi)
{
	etun_compat_queue_set_napi(dev, index, napi);
}

void etun_k_napi_set_weight(struct napi_struct *napi, unsigned int frames)
{
	napi->weight = frames;
}

bool etun_k_in_serving_softirq(void)
{
	return in_serving_softirq();
}

bool etun_k_napi_holds_frames(const struct napi_struct *napi)
{
	return etun_compat_napi_holds_frames(napi);
}

unsigned int etun_k_napi_id(const struct napi_struct *napi)
{
	return napi->napi_id;
}

void etun_k_napi_gro_receive(struct napi_struct *napi, struct sk_buff *skb)
{
	napi_gro_receive(napi, skb);
}
