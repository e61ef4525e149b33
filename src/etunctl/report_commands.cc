// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/report_commands.hpp"

#include "etunctl/doctor.hpp"
#include "etunctl/end_lookup.hpp"
#include "etunctl/graph.hpp"
#include "etunctl/pair_health.hpp"
#include "etunctl/pair_report.hpp"
#include "libetun/complaint.hpp"

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

/// Of a pair that goes meanwhile there are none.
CountersByEnd counters_that_can_be_read(const Census &census)
{
	CountersByEnd counters;
	for (const Pair &pair : census.pairs) {
		try {
			read_counters_of(census, pair, counters);
		} catch (const Complaint &) {
			continue;
		}
	}
	return counters;
}

/// The queues in use of those ends that are there yet.
QueuesByEnd queues_of(const Census &census, const std::vector<const Pair *> &pairs)
{
	QueuesByEnd queues;
	for (const Pair *pair : pairs)
		for (const PlacedEnd *end : ends_of(*pair)) {
			const auto socket = EthtoolSocket::open(census.namespaces[end->netns]);
			if (!socket)
				continue;
			if (const auto in_use = read_queues_in_use(*socket, end->link.name))
				queues[end] = *in_use;
		}
	return queues;
}

} // namespace

void list_pairs(const ReportCommand &command)
{
	const auto begin = std::chrono::steady_clock::now();
	const Census earlier = need_census(command.also);
	RatesByEnd rates;
	std::optional<Census> later;
	if (command.rates) {
		std::this_thread::sleep_until(begin + rate_interval);
		const auto end = std::chrono::steady_clock::now();
		later = need_census(command.also);
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
	const Census census = need_census({command.netns});
	const auto pairs = pairs_named(census, command);
	const QueuesByEnd queues = queues_of(census, pairs);
	if (command.json)
		fmt::print("{}", pairs_json(census, pairs, {}, {}, queues));
	else
		for (const Pair *pair : pairs)
			fmt::print("{}{}", pair == pairs.front() ? "" : "\n", show_text(census, *pair, queues));
}

void show_statistics(const ReportCommand &command)
{
	const Census census = need_census({command.netns});
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
	auto findings = examine(this_machine());
	std::optional<Census> census;
	if (has_module()) {
		census = need_census();
		for (Finding &finding : examine_pairs(*census, counters_that_can_be_read(*census)))
			findings.push_back(std::move(finding));
	}
	fmt::print("{}", command.json ? findings_json(findings) : findings_text(findings));
	if (census)
		tell_closed(*census);
	const auto bad = [](const Finding &finding) { return finding.health == Health::problem; };
	if (std::any_of(findings.begin(), findings.end(), bad))
		throw ExitStatus::problem;
}

void draw_graph(bool svg, const std::vector<std::string> &also)
{
	need_module();
	const Inventory inventory = take_inventory(need_namespaces(also));
	const std::string dot = graph_dot(inventory);
	if (svg)
		print_svg(dot);
	else
		fmt::print("{}", dot);
	tell_closed(inventory.census);
}

} // namespace etun
