// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Attributes within IFLA_INFO_DATA of the link kind etun (kernel/boundary.h has their numbers), and words for what
/// some of them hold.
#ifndef ETUN_IPROUTE2_ATTRIBUTES_HPP
#define ETUN_IPROUTE2_ATTRIBUTES_HPP

#include "core/delivery.hpp"
#include "core/mtu_policy.hpp"
#include "kernel/boundary.h"

#include <array>
#include <cstddef>

namespace etun {

/// The words for the MTU policies, in the order of their numbers.
inline constexpr std::array<const char *, 2> mtu_policy_words{"independent", "equal"};

static_assert(mtu_policy_words.size() == static_cast<std::size_t>(MtuPolicy::count_));

} // namespace etun

#endif
