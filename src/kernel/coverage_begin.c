// SPDX-License-Identifier: GPL-2.0-only
/*
 * Only in a build that counts how often each line runs: the first of the module's objects in the list of gcov's
 * (tests/coverage), and what its entries refer to.
 */
#include <linux/compiler.h>

void __gcov_merge_add(long long *counters, unsigned int count);

/* A program would call it to add what a file has; here nobody does. */
void __gcov_merge_add(long long *counters, unsigned int count)
{
}

void *etun_gcov_begin[1] __used __section(".etun_gcov") = { etun_gcov_begin };
