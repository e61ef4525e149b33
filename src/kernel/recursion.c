// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wrappers for the level of transmit recursion, which linux/netdevice.h keeps for the processor and on PREEMPT_RT for the
 * task. Apart from direct.c and task.c, of which each knows just one of the two.
 */
#include <linux/netdevice.h>
#include <linux/sched.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"

/* True when there was a level to leave. */
bool etun_k_recursion_leave(void)
{
	return etun_compat_recursion_leave();
}

void etun_k_recursion_enter(void)
{
	dev_xmit_recursion_inc();
}
