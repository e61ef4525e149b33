// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <ctime>

namespace bench {

/// Nanoseconds since some moment. Under icount each instruction of the guest is one of them.
inline std::int64_t now()
{
	timespec at{};
	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1'000'000'000LL + at.tv_nsec;
}

/// Lets the processor idle, so that work which the kernel has put off (RCU, work queues) is done before a clock starts.
/// Under icount an idle processor's time costs the host nothing.
inline void settle(long milliseconds = 100)
{
	const timespec span{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
	nanosleep(&span, nullptr);
}

} // namespace bench
