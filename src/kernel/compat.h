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

#include <linux/netdevice.h>
#include <linux/version.h>

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

/* 6.15: rtnl_link_ops.newlink takes one struct rtnl_newlink_params. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#define ETUN_HAVE_NEWLINK_PARAMS 1
#endif

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

#endif
