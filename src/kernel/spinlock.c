// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/spinlock.h and linux/bottom_half.h. */
#include <linux/bottom_half.h>
#include <linux/spinlock.h>

#include "kernel/boundary.h"

void etun_k_local_bh_disable(void)
{
	local_bh_disable();
}

void etun_k_local_bh_enable(void)
{
	local_bh_enable();
}

void etun_k_spin_lock_init(struct spinlock *lock)
{
	spin_lock_init(lock);
}

void etun_k_spin_lock(struct spinlock *lock) __acquires(lock)
{
	spin_lock(lock);
}

void etun_k_spin_unlock(struct spinlock *lock) __releases(lock)
{
	spin_unlock(lock);
}
