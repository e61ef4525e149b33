// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for net/net_namespace.h. */
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <net/net_namespace.h>

#include "kernel/boundary.h"

struct net *etun_k_current_net(void)
{
	return current->nsproxy->net_ns;
}

void etun_k_put_net(struct net *net)
{
	put_net(net);
}

/* GFP_ATOMIC, as the core has it for IFLA_LINK_NETNSID: a message about an end may be filled where nobody may sleep. */
int etun_k_peernet2id_alloc(struct net *net, struct net *peer)
{
	return peernet2id_alloc(net, peer, GFP_ATOMIC);
}
