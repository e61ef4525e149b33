// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/capability.h and linux/user_namespace.h. */
#include <linux/capability.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "kernel/boundary.h"

bool etun_k_ns_capable_net_admin(struct net *net)
{
	return ns_capable(net->user_ns, CAP_NET_ADMIN);
}

bool etun_k_net_within(const struct net *inner, const struct net *outer)
{
	const struct user_namespace *owner = inner->user_ns;

	/* in_userns() is not exported. */
	while (owner && owner != outer->user_ns)
		owner = owner->parent;
	return owner;
}
