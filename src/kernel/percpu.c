// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/percpu.h, linux/cpumask.h, linux/smp.h and linux/string.h. */
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "kernel/boundary.h"

u64 __percpu *etun_k_alloc_percpu(unsigned int count)
{
	return __alloc_percpu_gfp(count * sizeof(u64), sizeof(u64), GFP_KERNEL_ACCOUNT);
}

void etun_k_free_percpu(u64 __percpu *numbers)
{
	free_percpu(numbers);
}

void etun_k_percpu_clear(u64 __percpu *numbers, unsigned int count)
{
	unsigned int processor;

	for_each_possible_cpu(processor)
		memset(per_cpu_ptr(numbers, processor), 0, count * sizeof(u64));
}

void etun_k_percpu_sums(const u64 __percpu *numbers, unsigned int count, u64 *sums)
{
	unsigned int processor, i;

	for_each_possible_cpu(processor) {
		const u64 *of = per_cpu_ptr(numbers, processor);

		for (i = 0; i < count; i++)
			sums[i] += READ_ONCE(of[i]);
	}
}

u64 etun_k_percpu_of(const u64 __percpu *numbers, unsigned int which, unsigned int processor)
{
	return cpu_possible(processor) ? READ_ONCE(per_cpu_ptr(numbers, processor)[which]) : 0;
}

unsigned int etun_k_processors(void)
{
	return nr_cpu_ids;
}

unsigned int etun_k_possible_processors(void)
{
	return num_possible_cpus();
}

void etun_k_this_cpu_add(u64 __percpu *numbers, unsigned int which, u64 by)
{
	this_cpu_add(numbers[which], by);
}

unsigned int etun_k_smp_processor_id(void)
{
	return smp_processor_id();
}
