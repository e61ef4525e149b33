// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What people call the settings of an end: the words that sysfs, `ip link` and etunctl read and print.
#ifndef ETUN_CORE_SETTING_WORDS_HPP
#define ETUN_CORE_SETTING_WORDS_HPP

#include "core/delivery.hpp"
#include "core/mtu_policy.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace etun {

/// The words for the modes, in the order of their numbers.
inline constexpr std::array<const char *, 3> mode_words{"backlog", "napi", "direct"};
static_assert(mode_words.size() == static_cast<std::size_t>(Mode::count_));

/// The mode that \p word stands for, or count_. Any context.
constexpr Mode mode_called(std::string_view word)
{
	std::size_t i = 0;
	while (i < mode_words.size() && word != mode_words[i])
		i++;
	return static_cast<Mode>(i);
}

/// The words for the MTU policies, in the order of their numbers.
inline constexpr std::array<const char *, 2> mtu_policy_words{"independent", "equal"};

/// The words for what is or is not, in the order of the numbers.
inline constexpr std::array<const char *, 2> switch_words{"off", "on"};

static_assert(mtu_policy_words.size() == static_cast<std::size_t>(MtuPolicy::count_));

} // namespace etun

#endif
