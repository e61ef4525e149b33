// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Commands that look and change nothing. All of them throw a Complaint when they could not.
#ifndef ETUN_ETUNCTL_REPORT_COMMANDS_HPP
#define ETUN_ETUNCTL_REPORT_COMMANDS_HPP

#include <string>
#include <vector>

namespace etun {

/// What is to be reported, and how.
struct ReportCommand {
	std::vector<std::string> names; ///< ends
	std::string netns;		///< that of the ends
	std::vector<std::string> also;	///< namespaces to look into beside those that have a name
	bool json = false;
	bool all = false;   ///< counters that are 0, too
	bool rates = false; ///< what passes through in a second
};

/// `etunctl list`; with rates it takes as long as rate_interval.
void list_pairs(const ReportCommand &command);
/// `etunctl show`.
void show_pairs(const ReportCommand &command);
/// `etunctl stats`.
void show_statistics(const ReportCommand &command);
/// `etunctl doctor`. Throws ExitStatus::problem when there is one.
void report_health(const ReportCommand &command);
/// `etunctl graph`, of the namespaces \p also, too.
void draw_graph(bool svg, const std::vector<std::string> &also);

} // namespace etun

#endif
