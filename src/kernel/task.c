// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wrappers for linux/sched.h: the current task. Apart from direct.c, as 6.12 knows the task and the preemption count by
 * two names of one per-CPU section, which gcc does not accept in one unit of link-time optimisation.
 */
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>

#include "kernel/boundary.h"

unsigned long etun_k_stack_left(void)
{
	return current_stack_pointer - (unsigned long)end_of_stack(current);
}

unsigned long etun_k_memalloc_clear(void)
{
	unsigned long flags = current->flags;

	current->flags &= ~PF_MEMALLOC;
	lockdep_softirq_enter();
	return flags;
}

void etun_k_memalloc_restore(unsigned long flags)
{
	lockdep_softirq_exit();
	current_restore_flags(flags, PF_MEMALLOC);
}
