// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Pairs as text for people and as JSON for programs.
#ifndef ETUN_ETUNCTL_PAIR_REPORT_HPP
#define ETUN_ETUNCTL_PAIR_REPORT_HPP

#include "etunctl/rates.hpp"
#include "libetun/end_statistics.hpp"
#include "libetun/pairs.hpp"
#include "libetun/queues_in_use.hpp"

#include <map>
#include <string>
#include <vector>

namespace etun {

/// Counters by cause and queue of the ends whose counters could be read.
using CountersByEnd = std::map<const PlacedEnd *, std::vector<Counter>>;

/// Queues in use of the ends of which that could be read.
using QueuesByEnd = std::map<const PlacedEnd *, QueuesInUse>;

/// Reads the counters of both ends of \p pair. Throws a Complaint.
void read_counters_of(const Census &census, const Pair &pair, CountersByEnd &counters);

/// A tree: each pair with its two ends, their namespaces, state and mode, and such rates as are given. \p drawn: with
/// the characters that draw lines, else in ASCII.
std::string list_text(const Census &census, bool drawn, const RatesByEnd &rates = {});

/// All that is known of one pair, a line for each thing, a column for each end.
std::string show_text(const Census &census, const Pair &pair, const QueuesByEnd &queues);

/// Traffic and drops by cause, a column for each end. Without \p all such drops and queue counters as are 0 are left
/// out.
std::string stats_text(const Census &census, const Pair &pair, const CountersByEnd &counters, bool all);

/// The same for programs: {"pairs": [...]}, with "counters", "rates" and queues in use at the ends that have them.
std::string pairs_json(const Census &census, const std::vector<const Pair *> &pairs, const CountersByEnd &counters,
		       const RatesByEnd &rates = {}, const QueuesByEnd &queues = {});

} // namespace etun

#endif
