// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/delay.h. */
#include <linux/delay.h>

#include "kernel/boundary.h"

void etun_k_sleep_shortly(void)
{
	usleep_range(50, 500);
}
