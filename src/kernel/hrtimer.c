// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/hrtimer.h. */
#include <linux/hrtimer.h>
#include <linux/ktime.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"

static enum hrtimer_restart expired(struct hrtimer *timer)
{
	etun_timer(timer);
	return HRTIMER_NORESTART;
}

void etun_k_hrtimer_setup(struct hrtimer *timer)
{
	etun_compat_hrtimer_setup(timer, expired);
}

void etun_k_hrtimer_start(struct hrtimer *timer, unsigned int microseconds)
{
	hrtimer_start(timer, ns_to_ktime((u64)microseconds * NSEC_PER_USEC), HRTIMER_MODE_REL_PINNED);
}

bool etun_k_hrtimer_is_queued(struct hrtimer *timer)
{
	return hrtimer_is_queued(timer);
}
