// SPDX-License-Identifier: GPL-2.0-only
/* Only in a build that counts how often each line runs: the last of the module's objects in the list of gcov's. */
#include <linux/compiler.h>

void *etun_gcov_end[1] __used __section(".etun_gcov") = { etun_gcov_end };
