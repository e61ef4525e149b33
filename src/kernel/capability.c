// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/capability.h. */
#include <linux/capability.h>
#include <net/net_namespace.h>

#include "kernel/boundary.h"

bool etun_k_ns_capable_net_admin(struct net *net)
{
	return ns_capable(net->user_ns, CAP_NET_ADMIN);
}
