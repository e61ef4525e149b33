// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/pair_report.hpp"

#include "etunctl/end_lookup.hpp"
#include "etunctl/setting_text.hpp"
#include "libetun/complaint.hpp"
#include "uapi/etun.h"

#include <fmt/format.h>

#include <algorithm>

namespace etun {
namespace {

std::string address_of(const Link &link)
{
	return link.address ? to_text(*link.address) : "-";
}

std::string_view place_of(const Census &census, const PlacedEnd &end)
{
	return label(census.namespaces[end.netns]);
}

/// The longest word for a mode.
constexpr std::size_t mode_width = 7;

/// Widths of the columns that differ from list to list.
struct Widths {
	std::size_t name = 0, netns = 0;
};

Widths widths_of(const Census &census)
{
	Widths widths;
	for (const Pair &pair : census.pairs)
		for (const PlacedEnd *end : ends_of(pair)) {
			widths.name = std::max(widths.name, end->link.name.size());
			widths.netns = std::max(widths.netns, place_of(census, *end).size());
		}
	return widths;
}

std::string end_line(const Census &census, const PlacedEnd &end, Widths widths, const RatesByEnd &rates)
{
	const auto known = rates.find(&end);
	const std::string line =
		fmt::format("{:<{}}  {:<{}}  {:<4}  {}  mtu {:<5}  {:<{}}", end.link.name, widths.name,
			    place_of(census, end), widths.netns, end.link.up ? "up" : "down", address_of(end.link),
			    end.link.mtu, to_text(end.link.end->mode), known == rates.end() ? 0 : mode_width);
	if (known == rates.end())
		return line + '\n';
	const Rates &rate = known->second;
	return fmt::format("{}  rx {:>5} packets/s {:>5} bit/s  tx {:>5} packets/s {:>5} bit/s\n", line,
			   with_prefix(rate.rx_packets), with_prefix(rate.rx_bits), with_prefix(rate.tx_packets),
			   with_prefix(rate.tx_bits));
}

/// What can be said of an end that can't be seen.
std::string unseen_end(const Link &peer_of)
{
	if (!peer_of.end->peer_index)
		return "going\n";
	return fmt::format("index {} in a namespace that has no name or may not be entered\n",
			   *peer_of.end->peer_index);
}

/// A table of a pair: a row is a word and what each end has.
class Table {
public:
	Table(const Census &census, const Pair &pair) : both_(pair.other.has_value())
	{
		row(fmt::format("pair {}", pair.id), head(census, pair.one),
		    both_ ? head(census, *pair.other) : std::string("(not seen)"));
	}

	void row(std::string_view what, const std::string &one, const std::string &other)
	{
		// What is longer than a column is still parted from the next.
		text_ += fmt::format("{:<24}{}{:<24}{}{}\n", what, what.size() < column ? "" : " ", one,
				     one.size() < column ? "" : " ", other);
	}

	/// A row made by \p tell for each end.
	template <typename Tell> void row_of(std::string_view what, const Pair &pair, const Tell &tell)
	{
		row(what, tell(pair.one), pair.other ? tell(*pair.other) : std::string("-"));
	}

	std::string text() const { return text_; }

private:
	static constexpr std::size_t column = 24;
	static std::string head(const Census &census, const PlacedEnd &end)
	{
		return fmt::format("{} {}", end.link.name, place_of(census, end));
	}

	bool both_;
	std::string text_;
};

std::string mode_text(std::optional<Mode> mode)
{
	return mode ? to_text(*mode) : "-";
}

struct TrafficRow {
	const char *what;
	std::uint64_t Traffic::*counter;
};

constexpr TrafficRow traffic_rows[] = {
	{"rx packets", &Traffic::rx_packets}, {"rx bytes", &Traffic::rx_bytes},	    {"rx errors", &Traffic::rx_errors},
	{"rx dropped", &Traffic::rx_dropped}, {"tx packets", &Traffic::tx_packets}, {"tx bytes", &Traffic::tx_bytes},
	{"tx errors", &Traffic::tx_errors},   {"tx dropped", &Traffic::tx_dropped},
};

/// What is no counter, though `ethtool -S` has it among them.
bool is_index(std::string_view name)
{
	return name == ETUN_STAT_PARTNER_IFINDEX || name == ETUN_STAT_PEER_IFINDEX;
}

const Counter *find_counter(const CountersByEnd &counters, const PlacedEnd *end, const std::string &name)
{
	const auto known = counters.find(end);
	if (known == counters.end())
		return nullptr;
	const auto found = std::find_if(known->second.begin(), known->second.end(),
					[&name](const Counter &counter) { return counter.name == name; });
	return found == known->second.end() ? nullptr : &*found;
}

/// Names of the counters of either end, those of the first one first: ends may have different numbers of queues.
std::vector<std::string> names_of(const Pair &pair, const CountersByEnd &counters)
{
	std::vector<std::string> names;
	for (const PlacedEnd *end : ends_of(pair)) {
		const auto known = counters.find(end);
		if (known == counters.end())
			continue;
		for (const Counter &counter : known->second)
			if (!is_index(counter.name) &&
			    std::find(names.begin(), names.end(), counter.name) == names.end())
				names.push_back(counter.name);
	}
	return names;
}

/// A cut is one cable's, so it is told at both ends.
std::string carrier_text(const Pair &pair, const PlacedEnd &end)
{
	if (end.link.carrier)
		return "on";
	return is_cut(pair) ? "off, cut" : end.link.proto_down ? "off, held down" : "off";
}

/// With the MTU that the policy makes that of both.
std::string mtu_policy_text(const Link &link)
{
	const MtuPolicy policy = link.end->mtu_policy;
	return policy == MtuPolicy::equal ? fmt::format("{}, {} at both", to_text(policy), link.mtu) : to_text(policy);
}

bool has_other_names(const Pair &pair)
{
	const auto ends = ends_of(pair);
	return std::any_of(ends.begin(), ends.end(), [](const PlacedEnd *end) { return !end->link.alt_names.empty(); });
}

/// `1 of 16`: in use, and those that there is room for.
std::string queues_text(const PlacedEnd &end, const QueuesByEnd &queues, unsigned QueuesInUse::*direction,
			unsigned room)
{
	const auto known = queues.find(&end);
	if (known == queues.end())
		return fmt::format("room for {}", room);
	return fmt::format("{} of {}", known->second.*direction, room);
}

} // namespace

void read_counters_of(const Census &census, const Pair &pair, CountersByEnd &counters)
{
	for (const PlacedEnd *end : ends_of(pair)) {
		const std::string what = "stats " + end->link.name;
		const EthtoolSocket socket = or_complain(EthtoolSocket::open(census.namespaces[end->netns]), what);
		counters[end] = or_complain(read_counters(socket, end->link.name), what);
	}
}

std::string list_text(const Census &census, bool drawn, const RatesByEnd &rates)
{
	const char *const branch = drawn ? "├─ " : "|- ";
	const char *const last = drawn ? "└─ " : "`- ";
	const Widths widths = widths_of(census);
	std::string text;
	for (const Pair &pair : census.pairs) {
		text += fmt::format("pair {}  carrier {}\n", pair.id, carrier_text(pair, pair.one));
		text += branch + end_line(census, pair.one, widths, rates);
		text += last + (pair.other ? end_line(census, *pair.other, widths, rates) : unseen_end(pair.one.link));
	}
	return text;
}

std::string show_text(const Census &census, const Pair &pair, const QueuesByEnd &queues)
{
	Table table(census, pair);
	const auto number = [&](std::string_view what, const auto &of) {
		table.row_of(what, pair, [&of](const PlacedEnd &end) { return fmt::format("{}", of(end.link)); });
	};
	if (has_other_names(pair))
		number("other names",
		       [](const Link &link) { return fmt::format("{}", fmt::join(link.alt_names, " ")); });
	number("index", [](const Link &link) { return link.index; });
	number("state", [](const Link &link) { return link.up ? "up" : "down"; });
	table.row_of("carrier", pair, [&pair](const PlacedEnd &end) { return carrier_text(pair, end); });
	number("address", address_of);
	number("mtu", [](const Link &link) { return link.mtu; });
	number("mtu policy", mtu_policy_text);
	// How this end's frames are delivered is told of a peer that can't be seen, too.
	table.row("mode", mode_text(pair.one.link.end->mode),
		  mode_text(pair.other ? pair.other->link.end->mode : pair.one.link.end->peer_mode));
	number("ring", [](const Link &link) { return link.end->ring; });
	number("wire", [](const Link &link) { return link.end->wire ? "on" : "off"; });
	table.row_of("rx queues", pair, [&queues](const PlacedEnd &end) {
		return queues_text(end, queues, &QueuesInUse::rx, end.link.rx_queues);
	});
	table.row_of("tx queues", pair, [&queues](const PlacedEnd &end) {
		return queues_text(end, queues, &QueuesInUse::tx, end.link.tx_queues);
	});
	return table.text();
}

std::string stats_text(const Census &census, const Pair &pair, const CountersByEnd &counters, bool all)
{
	Table table(census, pair);
	for (const auto &[what, counter] : traffic_rows) {
		const auto member = counter;
		table.row_of(what, pair,
			     [member](const PlacedEnd &end) { return std::to_string(end.link.traffic.*member); });
	}
	for (const std::string &name : names_of(pair, counters)) {
		bool any = all;
		const auto tell = [&](const PlacedEnd &end) {
			const Counter *counter = find_counter(counters, &end, name);
			any |= counter && counter->value != 0;
			return counter ? std::to_string(counter->value) : std::string("-");
		};
		const std::string one = tell(pair.one);
		const std::string other = pair.other ? tell(*pair.other) : "-";
		if (any)
			table.row(name, one, other);
	}
	return table.text();
}

} // namespace etun
