// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/rcupdate.h. */
#include <linux/rcupdate.h>

#include "kernel/boundary.h"

void etun_k_rcu_read_lock(void)
	__acquires(RCU)
{
	rcu_read_lock();
}

void etun_k_rcu_read_unlock(void)
	__releases(RCU)
{
	rcu_read_unlock();
}

void etun_k_smp_mb(void)
{
	/* The caller says what it orders. */
	smp_mb();
}
