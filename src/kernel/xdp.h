/* SPDX-License-Identifier: GPL-2.0-only */
/* A frame as an XDP program sees it; C only. */
#ifndef ETUN_KERNEL_XDP_H
#define ETUN_KERNEL_XDP_H

#include <linux/skbuff.h>
#include <net/xdp.h>

/* The program's context points to buff, so buff comes first. */
struct etun_xdp {
	struct xdp_buff buff;
	struct sk_buff *skb; /* whose memory it is; none of a frame without */
};

#endif
