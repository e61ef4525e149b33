// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/slab.h and linux/mm.h. */
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "kernel/boundary.h"

void *etun_k_kvzalloc(unsigned long bytes)
{
	return kvzalloc(bytes, GFP_KERNEL_ACCOUNT);
}

struct retired {
	struct rcu_head head;
};

void etun_k_kvfree_rcu(void *memory)
{
	struct retired *retired = memory;

	kvfree_rcu(retired, head);
}
