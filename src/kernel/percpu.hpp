// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Counters of 64 bits, one set for each processor, so that nobody shares a cache line.
#ifndef ETUN_KERNEL_PERCPU_HPP
#define ETUN_KERNEL_PERCPU_HPP

#include "kernel/boundary.h"

#include <array>

namespace etun {

/// \p count counters for each processor, in memory that somebody else owns.
template <unsigned count> class PerCpuCounters {
public:
	constexpr PerCpuCounters() = default;
	explicit PerCpuCounters(u64 __percpu *numbers) : numbers_(numbers) {}

	/// Bottom halves off.
	void add(unsigned which, u64 by) const { etun_k_this_cpu_add(numbers_, which, by); }

	/// Over all processors, which are visited once; 0 while there is no memory. Any context.
	std::array<u64, count> sums() const
	{
		std::array<u64, count> sums{};
		if (numbers_)
			etun_k_percpu_sums(numbers_, count, sums.data());
		return sums;
	}

	/// Over those processors whose number is \p index modulo \p queues. Any context.
	u64 sum_of(unsigned which, unsigned index, unsigned queues) const
	{
		u64 sum = 0;
		for (unsigned cpu = index; numbers_ && cpu < etun_k_processors(); cpu += queues)
			sum += etun_k_percpu_of(numbers_, which, cpu);
		return sum;
	}

	/// Makes them 0. While nobody counts; task.
	void clear() { etun_k_percpu_clear(numbers_, count); }

private:
	u64 __percpu *numbers_ = nullptr;
};

} // namespace etun

#endif
