// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What `etunctl doctor` says of pairs: which of them do not carry, drop frames, or will.
#ifndef ETUN_ETUNCTL_PAIR_HEALTH_HPP
#define ETUN_ETUNCTL_PAIR_HEALTH_HPP

#include "etunctl/doctor.hpp"
#include "etunctl/pair_report.hpp"
#include "libetun/pairs.hpp"

#include <vector>

namespace etun {

/// A line that says how many pairs there are, and one for each thing that is not well with a pair, with its remedy:
/// an end that is down or held down, a cut, unequal MTUs, and drops by cause. \p counters may lack ends.
std::vector<Finding> examine_pairs(const Census &census, const CountersByEnd &counters);

} // namespace etun

#endif
