// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What passed through the ends between two looks at them: rates, how frames arrived, and drops by cause.
#ifndef ETUN_ETUNCTL_FLOW_HPP
#define ETUN_ETUNCTL_FLOW_HPP

#include "etunctl/pair_report.hpp"
#include "etunctl/rates.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace etun {

/// All pairs with their counters at one time. Counters refer to the census, so it is moved and not copied.
struct Sample {
	std::chrono::steady_clock::time_point taken = {};
	Census census = {};
	CountersByEnd counters = {};

	Sample() = default;
	Sample(Sample &&) = default;
	Sample &operator=(Sample &&) = default;
};

/// Looks now. Throws a Complaint. An end that goes meanwhile has no counters.
Sample take_sample();

/// How frames arrived at an end, as shares of 1; all are 0 when none arrived.
struct Arrivals {
	double direct = 0;  ///< at once, or by the delivery that surrounded their transmission
	double ring = 0;    ///< through a ring
	double backlog = 0; ///< through the backlog
};

/// An end between two samples.
struct EndFlow {
	std::string name; ///< as `name`, or `netns/name`
	bool up = false, carrier = false;
	Mode mode = Mode::backlog;
	Rates rates = {};
	Arrivals arrivals = {};
	/// Bytes that waited in its rings at the later look, where the kernel counts them (byte queue limits).
	double queued = 0;
	/// Causes, as the driver calls them, with drops in a second; such as had none are left out.
	std::vector<std::pair<std::string, double>> drops = {};
};

/// The ends that are in both samples, those of the busiest pair first.
std::vector<EndFlow> flows_between(const Sample &earlier, const Sample &later);

/// A table with a line for each end, which fits into 80 columns unless names are long or something was dropped.
std::string flows_text(const std::vector<EndFlow> &flows);

} // namespace etun

#endif
