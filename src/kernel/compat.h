/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that etun supports, named by ability; each with the release that
 * changed it. Nothing else in the project looks at a version.
 *
 * Debian's kernels carry much that is newer than their number says (6.1.y has the statistics types of
 * 6.7, say): so what the compiler can be asked is asked of it, and the number is only the last resort.
 */
#ifndef ETUN_KERNEL_COMPAT_H
#define ETUN_KERNEL_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/version.h>
#include <net/rtnetlink.h>
#include <net/xdp.h>

/* 6.6: page_pool has a folder of its own. */
#if __has_include(<net/page_pool/helpers.h>)
#include <net/page_pool/helpers.h>
#else
#include <net/page_pool.h>
#endif

/* 6.15: what is about the lock of a device has a header of its own. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#include <net/netdev_lock.h>
#endif

#include "kernel/tables.h"

/* 6.5: the functions about GSO moved out of linux/skbuff.h. */
#if __has_include(<net/gso.h>)
#include <net/gso.h>
#endif

/*
 * 6.12: lockless transmission and the right to change proto_down became bits of struct net_device; before
 * they were NETIF_F_LLTX and IFF_CHANGE_PROTO_DOWN.
 */
#ifdef NETIF_F_LLTX
#define ETUN_HAVE_FLAGS_IN_FEATURES 1
#endif

/*
 * 6.13: a link kind tells which attribute describes the peer, so that rtnetlink locks the peer's namespace and checks
 * the right over it.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define ETUN_HAVE_PEER_TYPE 1
#endif

/* 6.15: rtnl_link_ops.newlink takes one struct rtnl_newlink_params, which has the peer's namespace. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#define ETUN_HAVE_NEWLINK_PARAMS 1
#endif

/* 6.11: a UDP socket cuts its datagrams (UDP_SEGMENT) also for a device that finishes no checksums. */
#define ETUN_UDP_GSO_WANTS_CHECKSUMS (LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0))

/* 6.3: devices tell what they can do with XDP, and programs ask for metadata of a frame. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define ETUN_HAVE_XDP_FEATURES 1
#endif

/* 6.8: skb_pp_cow_data(); the VLAN tag among the metadata; NAPI instances bound to their queues. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#define ETUN_HAVE_SKB_PP_COW_DATA 1
#define ETUN_HAVE_XDP_VLAN_TAG 1
#define ETUN_HAVE_QUEUE_NAPI 1
#endif

/* 6.10: struct netdev_stat_ops. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define ETUN_HAVE_QUEUE_STATS 1
#endif

/* 6.13: a device keeps number and settings of the NAPI instance of each queue. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define ETUN_HAVE_NAPI_CONFIG 1
#endif

/* 6.15: what GRO holds is a structure of its own. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#define ETUN_HAVE_GRO_NODE 1
#endif

/* 6.13: hrtimer_setup() in place of hrtimer_init() and an assignment. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define ETUN_HAVE_HRTIMER_SETUP 1
#endif

/* 7.3 at the latest: unregister_netdevice_queue_net(), for a device that may be of another namespace. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
#define ETUN_HAVE_UNREGISTER_QUEUE_NET 1
#endif

/* Every lock that keeps softirq code out shows in the preemption count. Not so on PREEMPT_RT, nor without the count. */
#if defined(CONFIG_PREEMPT_COUNT) && !defined(CONFIG_PREEMPT_RT)
#define ETUN_HAVE_VISIBLE_LOCKS 1
#endif

/* Until 7.0 BIG TCP marks an IPv6 frame of over 64 KB by a hop-by-hop header. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define ETUN_HAVE_JUMBO_HEADER 1
#include <net/ipv6.h>
#endif

/* 6.14: a frame keeps the type of its memory alone; a page knows its pool. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#define ETUN_HAVE_FRAME_MEM_TYPE 1
#endif

/*
 * Flags of skb_shared_info: a socket, or from 6.15 on a program, wants to know when the frame leaves. The flag's number was
 * another's before (wifi status), so its number is no way to tell.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#define ETUN_COMPAT_SKBTX_AWAITED (SKBTX_SW_TSTAMP | SKBTX_BPF)
#else
#define ETUN_COMPAT_SKBTX_AWAITED SKBTX_SW_TSTAMP
#endif

static inline bool etun_compat_recursion_leave(void)
{
	if (!dev_recursion_level())
		return false;
	dev_xmit_recursion_dec();
	return true;
}

/* The namespace that the peer goes to, referenced, or an error: by its attributes, unless rtnetlink has looked there. */
static inline struct net *etun_compat_peer_net(struct net *source, struct nlattr **attributes)
{
#ifdef ETUN_HAVE_NEWLINK_PARAMS
	return get_net(source);
#else
	return rtnl_link_get_net(source, attributes);
#endif
}

/*
 * Queues a device to be unregistered with those of the namespace. One of another namespace is unregistered a moment
 * later, under that one's lock, where each namespace has a lock of its own.
 */
static inline void etun_compat_unregister_queue_net(struct net *net, struct net_device *dev, struct list_head *head)
{
#ifdef ETUN_HAVE_UNREGISTER_QUEUE_NET
	unregister_netdevice_queue_net(net, dev, head);
#else
	unregister_netdevice_queue(dev, head);
#endif
}

/* Bytes that a frame has for itself, and none of its segments. */
static inline unsigned int etun_compat_jumbo_bytes(const struct sk_buff *skb)
{
#ifdef ETUN_HAVE_JUMBO_HEADER
	if (skb->len > GSO_LEGACY_MAX_SIZE && ipv6_has_hopopt_jumbo(skb))
		return sizeof(struct hop_jumbo_hdr);
#endif
	return 0;
}

static inline void etun_compat_lockless(struct net_device *dev)
{
#ifdef ETUN_HAVE_FLAGS_IN_FEATURES
	dev->features |= NETIF_F_LLTX;
	dev->priv_flags |= IFF_CHANGE_PROTO_DOWN;
#else
	dev->lltx = true;
	dev->change_proto_down = true;
#endif
}

/* Tables that only some kernels ask for. */
static inline void etun_compat_more_tables(struct net_device *dev)
{
#ifdef ETUN_HAVE_XDP_FEATURES
	dev->xdp_metadata_ops = &etun_xdp_metadata_ops;
#endif
#ifdef ETUN_HAVE_QUEUE_STATS
	dev->stat_ops = &etun_queue_stats_ops;
#endif
}

/* What an end can do with XDP: frames that are sent to it always, programs as long as its queues suffice. */
static inline void etun_compat_xdp_features(struct net_device *dev, bool programs)
{
#ifdef ETUN_HAVE_XDP_FEATURES
	xdp_features_t features = NETDEV_XDP_ACT_NDO_XMIT | NETDEV_XDP_ACT_NDO_XMIT_SG;

	if (programs)
		features |= NETDEV_XDP_ACT_BASIC | NETDEV_XDP_ACT_REDIRECT | NETDEV_XDP_ACT_RX_SG;
	if (dev->reg_state == NETREG_REGISTERED)
		xdp_set_features_flag(dev, features);
	else
		dev->xdp_features = features;
#endif
}

/* Who gets the memory of a frame back. */
static inline struct xdp_mem_info etun_compat_frame_memory(const struct xdp_frame *frame)
{
#ifdef ETUN_HAVE_FRAME_MEM_TYPE
	return (struct xdp_mem_info){ .type = frame->mem_type };
#else
	return frame->mem;
#endif
}

/* Where memory of the page pool of a receive queue goes back to, or, without one, pages that belong to nobody's. */
static inline struct xdp_mem_info etun_compat_pool_memory(const struct page_pool *pool)
{
	struct xdp_mem_info memory = { .type = MEM_TYPE_PAGE_SHARED };

	if (pool) {
		memory.type = MEM_TYPE_PAGE_POOL;
		memory.id = pool->xdp_mem_id;
	}
	return memory;
}

static inline void etun_compat_napi_add(struct net_device *dev, struct napi_struct *napi,
					int (*poll)(struct napi_struct *napi, int budget), unsigned int index)
{
#ifdef ETUN_HAVE_NAPI_CONFIG
	netif_napi_add_config(dev, napi, poll, index);
#else
	netif_napi_add(dev, napi, poll);
#endif
}

/* Which chains of frames that GRO holds are not empty. */
static inline bool etun_compat_napi_holds_frames(const struct napi_struct *napi)
{
#ifdef ETUN_HAVE_GRO_NODE
	return READ_ONCE(napi->gro.bitmask) != 0;
#else
	return READ_ONCE(napi->gro_bitmask) != 0;
#endif
}

static inline void etun_compat_queue_set_napi(struct net_device *dev, unsigned int index, struct napi_struct *napi)
{
#ifdef ETUN_HAVE_QUEUE_NAPI
	netif_queue_set_napi(dev, index, NETDEV_QUEUE_TYPE_RX, napi);
#endif
}

static inline void etun_compat_hrtimer_setup(struct hrtimer *timer,
					     enum hrtimer_restart (*expired)(struct hrtimer *timer))
{
#ifdef ETUN_HAVE_HRTIMER_SETUP
	hrtimer_setup(timer, expired, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	timer->function = expired;
#endif
}

#endif
