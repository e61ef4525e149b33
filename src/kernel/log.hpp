// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What the kernel log is told.
#ifndef ETUN_KERNEL_LOG_HPP
#define ETUN_KERNEL_LOG_HPP

#include "core/refusal.hpp"
#include "kernel/boundary.h"

namespace etun {

/// Longest piece of a stranger's input, in bytes, that a log line repeats.
inline constexpr unsigned logged_input_max = 64;

/// One line about a refused write to \p verb; rate-limited by sysctl net.core.message_cost and message_burst.
/// Any context.
inline void log_refusal(const char *verb, const Refusal &refusal)
{
	const auto size = refusal.input.size() < logged_input_max ? refusal.input.size() : logged_input_max;
	etun_k_log_refusal(verb, refusal.input.data(), static_cast<int>(size), refusal.text(), refusal.error());
}

} // namespace etun

#endif
