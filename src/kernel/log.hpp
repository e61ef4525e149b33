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

/// The length of \p input that a log line repeats.
inline int logged_length(std::string_view input)
{
	return static_cast<int>(input.size() < logged_input_max ? input.size() : logged_input_max);
}

/// One line about a refused write to \p verb; rate-limited by sysctl net.core.message_cost and message_burst.
/// Any context.
inline void log_refusal(const char *verb, const Refusal &refusal)
{
	etun_k_log_refusal(verb, refusal.input.data(), logged_length(refusal.input), refusal.text(), refusal.error());
}

/// One line about a refused write to \p attribute of \p dev in sysfs, rate-limited as above; \p error is a positive
/// errno. Any context.
inline void log_refused_store(const net_device *dev, const char *attribute, std::string_view input, const char *reason,
			      int error)
{
	etun_k_log_refused_store(dev, attribute, input.data(), logged_length(input), reason, error);
}

} // namespace etun

#endif
