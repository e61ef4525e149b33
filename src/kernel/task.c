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

bool etun_k_task_reclaims(void)
{
	return current->flags & PF_MEMALLOC;
}

/* lockdep is told what the preemption count says: code that runs as in a softirq. */
void etun_k_lockdep_softirq_begin(void)
{
	lockdep_softirq_enter();
}

void etun_k_lockdep_softirq_end(void)
{
	lockdep_softirq_exit();
}
