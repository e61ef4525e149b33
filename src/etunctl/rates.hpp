// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What passes through ends in a second.
#ifndef ETUN_ETUNCTL_RATES_HPP
#define ETUN_ETUNCTL_RATES_HPP

#include "libetun/pairs.hpp"

#include <chrono>
#include <map>
#include <string>

namespace etun {

/// How long is counted, where nobody says otherwise.
inline constexpr std::chrono::milliseconds rate_interval{1000};

/// Of one end, in a second.
struct Rates {
	double rx_packets = 0, rx_bits = 0;
	double tx_packets = 0, tx_bits = 0;
};

/// Those of ends that were there all the time.
using RatesByEnd = std::map<const PlacedEnd *, Rates>;

/// The ends of \p earlier that are in \p later too: the later one leads to the earlier one.
std::map<const PlacedEnd *, const PlacedEnd *> match_ends(const Census &earlier, const Census &later);

/// The rates of the ends of \p later, so long after \p earlier.
RatesByEnd rates_between(const Census &earlier, const Census &later, std::chrono::duration<double> passed);

/// By how much a counter rose in a second; 0 when it fell, as where the device was made anew.
double rate_of(std::uint64_t earlier, std::uint64_t later, std::chrono::duration<double> passed);

/// Three digits and a prefix of the decimal ones: 0, 12.3, 1.23k, 45.6M.
std::string with_prefix(double value);

} // namespace etun

#endif
