// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/report_commands.hpp"

#include "etunctl/complaint.hpp"
#include "etunctl/doctor.hpp"
#include "etunctl/end_lookup.hpp"
#include "etunctl/graph.hpp"
#include "etunctl/pair_report.hpp"

#include <fmt/core.h>
#include <langinfo.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace etun {
namespace {

/// The pairs of the ends that were named, each once; all pairs when none was.
std::vector<const Pair *> pairs_named(const Census &census, const ReportCommand &command)
{
	std::vector<const Pair *> pairs;
	if (command.names.empty())
		for (const Pair &pair : census.pairs)
			pairs.push_back(&pair);
	for (const std::string &name : command.names) {
		const Pair *pair = find_end(census, name, command.netns).pair;
		if (std::find(pairs.begin(), pairs.end(), pair) == pairs.end())
			pairs.push_back(pair);
	}
	return pairs;
}

} // namespace

void list_pairs(const ReportCommand &command)
{
	const auto begin = std::chrono::steady_clock::now();
	const Census earlier = need_census();
	RatesByEnd rates;
	std::optional<Census> later;
	if (command.rates) {
		std::this_thread::sleep_until(begin + rate_interval);
		const auto end = std::chrono::steady_clock::now();
		later = need_census();
		rates = rates_between(earlier, *later, end - begin);
	}
	const Census &census = later ? *later : earlier;
	const bool drawn = std::string_view(nl_langinfo(CODESET)) == "UTF-8";
	fmt::print("{}", command.json ? pairs_json(census, pairs_named(census, {}), {}, rates)
				      : list_text(census, drawn, rates));
	tell_closed(census);
}

void show_pairs(const ReportCommand &command)
{
	const Census census = need_census();
	const auto pairs = pairs_named(census, command);
	if (command.json)
		fmt::print("{}", pairs_json(census, pairs, {}));
	else
		for (const Pair *pair : pairs)
			fmt::print("{}{}", pair == pairs.front() ? "" : "\n", show_text(census, *pair));
}

void show_statistics(const ReportCommand &command)
{
	const Census census = need_census();
	const auto pairs = pairs_named(census, command);
	CountersByEnd counters;
	for (const Pair *pair : pairs)
		read_counters_of(census, *pair, counters);
	if (command.json)
		fmt::print("{}", pairs_json(census, pairs, counters));
	else
		for (const Pair *pair : pairs)
			fmt::print("{}{}", pair == pairs.front() ? "" : "\n",
				   stats_text(census, *pair, counters, command.all));
}

void report_health(const ReportCommand &command)
{
	const auto findings = examine(this_machine());
	fmt::print("{}", command.json ? findings_json(findings) : findings_text(findings));
	const auto bad = [](const Finding &finding) { return finding.health == Health::problem; };
	if (std::any_of(findings.begin(), findings.end(), bad))
		throw ExitStatus::problem;
}

void draw_graph(bool svg)
{
	need_module();
	const Inventory inventory = take_inventory();
	const std::string dot = graph_dot(inventory);
	if (svg)
		print_svg(dot);
	else
		fmt::print("{}", dot);
	tell_closed(inventory.census);
}

} // namespace etun
