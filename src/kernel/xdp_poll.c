// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wrappers for linux/filter.h that look at the current task. They stay out of link-time optimisation: 6.12 knows the
 * task and the preemption count by two names of one per-CPU section, which gcc does not accept in one LTO unit.
 */
#include <linux/filter.h>

#include "kernel/boundary.h"

void etun_k_xdp_poll_begin(void)
{
	xdp_set_return_frame_no_direct();
}

void etun_k_xdp_poll_end(void)
{
	xdp_clear_return_frame_no_direct();
}
