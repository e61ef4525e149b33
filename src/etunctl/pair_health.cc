// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/pair_health.hpp"

#include "etunctl/end_lookup.hpp"
#include "uapi/etun.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

namespace etun {
namespace {

/// What a counter of docs/troubleshooting.md means, and what to do.
struct Cause {
	std::string_view counter;
	const char *meaning;
	const char *remedy;
};

constexpr std::array causes{
	Cause{ETUN_STAT_TX_DROP_TOO_LONG, "longer than the receiver's MTU allows",
	      "the same MTU at both ends: etunctl set NAME --mtu BYTES --both; --mtu-policy equal keeps it so"},
	Cause{ETUN_STAT_TX_DROP_NO_CARRIER, "sent while there was no carrier",
	      "both ends up, and none cut: etunctl join NAME"},
	Cause{ETUN_STAT_TX_DROP_RING_FULL, "the receiver's ring was full, and no qdisc could hold them",
	      "tc qdisc replace dev NAME root fq_codel, or a larger ring: etunctl set NAME --peer-ring SLOTS"},
	Cause{ETUN_STAT_TX_DROP_HEADER, "shorter than an Ethernet header", "look at the program that sends them"},
	Cause{ETUN_STAT_TX_DROP_NO_MEMORY, "no memory",
	      "look at the memory of the machine, and of the sender's cgroup"},
	Cause{ETUN_STAT_RX_DROP_NO_MEMORY, "no memory", "look at the memory of the machine"},
	Cause{ETUN_STAT_RX_DROP_LINK_DOWN, "in the ring when the end went down", "none, if that was meant"},
};
constexpr const char *other_remedy = "docs/troubleshooting.md, Frames are lost";
constexpr const char *backlog_remedy =
	"sysctl net.core.netdev_max_backlog=10000, or mode napi; `nstat -az` and `ip -s -s link` tell more";

bool is_drop(std::string_view counter)
{
	return counter.starts_with(ETUN_STAT_TX_DROP_PREFIX) || counter.starts_with(ETUN_STAT_RX_DROP_PREFIX);
}

/// What was dropped because the link was down is over when it is not.
bool is_over(std::string_view counter, const Link &link)
{
	return link.carrier && (counter == ETUN_STAT_TX_DROP_NO_CARRIER || counter == ETUN_STAT_RX_DROP_LINK_DOWN);
}

/// One word of a command line for a shell.
std::string quoted(std::string_view word)
{
	constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-:@%+,=/";
	if (word.find_first_not_of(plain) == std::string_view::npos)
		return std::string(word);
	std::string text = "'";
	for (const char c : word) {
		if (c == '\'')
			text += "'\\'";
		text += c;
	}
	return text + "'";
}

/// Words behind the name of the end, for where it is.
std::string place_of(const Census &census, const PlacedEnd &end)
{
	const NetNamespace &netns = census.namespaces[end.netns];
	return netns.current || netns.name.empty() ? "" : " --netns " + quoted(netns.name);
}

/// \p remedy with the end in place of NAME.
std::string about(std::string remedy, const Census &census, const PlacedEnd &end)
{
	constexpr std::string_view name = "NAME";
	const std::size_t at = remedy.find(name);
	if (at == std::string::npos)
		return remedy;
	const bool ours = remedy.find("etunctl") < at;
	return remedy.replace(at, name.size(), quoted(end.link.name) + (ours ? place_of(census, end) : ""));
}

class PairExamination {
public:
	PairExamination(const Census &census, const Pair &pair, const CountersByEnd &counters)
		: census_(census), pair_(pair), counters_(counters)
	{
	}

	std::vector<Finding> findings()
	{
		if (!examine_ends_down() && !pair_.one.link.carrier)
			examine_carrier();
		if (pair_.other && pair_.one.link.mtu != pair_.other->link.mtu)
			examine_mtus();
		for (const PlacedEnd *end : ends_of(pair_))
			if (const auto known = counters_.find(end); known != counters_.end())
				examine_drops(*end, known->second);
		return std::move(findings_);
	}

private:
	void add(std::string what, std::string remedy)
	{
		findings_.push_back(
			{Health::note, fmt::format("pair {}", pair_.id), std::move(what), std::move(remedy)});
	}

	bool examine_ends_down()
	{
		std::vector<const PlacedEnd *> down;
		for (const PlacedEnd *end : ends_of(pair_))
			if (!end->link.up)
				down.push_back(end);
		if (down.empty())
			return false;
		const PlacedEnd &first = *down.front();
		if (down.size() > 1)
			add(fmt::format("both ends are down: {} and {}", told(census_, first), told(census_, *down[1])),
			    about("etunctl set NAME --up --both", census_, first));
		else
			add(fmt::format("{} is down, so there is no carrier", told(census_, first)),
			    about("etunctl set NAME --up", census_, first));
		return true;
	}

	void examine_carrier()
	{
		for (const PlacedEnd *end : ends_of(pair_)) {
			if (!end->link.proto_down)
				continue;
			const std::string &netns = census_.namespaces[end->netns].name;
			add(fmt::format("{} is held down by a protocol (protodown)", told(census_, *end)),
			    fmt::format("ip{} link set {} protodown off",
					place_of(census_, *end).empty() ? "" : " -n " + quoted(netns),
					quoted(end->link.name)));
			return;
		}
		if (is_cut(pair_))
			add(fmt::format("cut: {} and {} are up, and there is no carrier", told(census_, pair_.one),
					told(census_, *pair_.other)),
			    about("etunctl join NAME", census_, pair_.one));
		else if (!pair_.other)
			add(fmt::format("{} is up and has no carrier: its peer, which can't be seen from here, is "
					"down, or one of them is cut",
					told(census_, pair_.one)),
			    about("etunctl join NAME, and see to the peer where it is", census_, pair_.one));
	}

	void examine_mtus()
	{
		const Link &one = pair_.one.link;
		const Link &other = pair_.other->link;
		add(fmt::format("unequal MTUs: {} at {}, {} at {}; what is longer than the receiver's is dropped",
				one.mtu, told(census_, pair_.one), other.mtu, told(census_, *pair_.other)),
		    about(fmt::format("etunctl set NAME --mtu {} --both; --mtu-policy equal keeps them equal",
				      mtu_for_both(one, other)),
			  census_, pair_.one));
	}

	/// The larger one, unless an end does not take it, as beside an XDP program.
	static unsigned mtu_for_both(const Link &one, const Link &other)
	{
		unsigned mtu = std::max(one.mtu, other.mtu);
		for (const Link *end : {&one, &other})
			if (end->max_mtu != 0)
				mtu = std::min(mtu, end->max_mtu);
		return mtu;
	}

	void examine_drops(const PlacedEnd &end, const std::vector<Counter> &counters)
	{
		std::uint64_t told_of_rx = 0;
		for (const Counter &counter : counters) {
			if (!is_drop(counter.name) || counter.value == 0)
				continue;
			if (counter.name.starts_with("rx"))
				told_of_rx += counter.value;
			if (is_over(counter.name, end.link))
				continue;
			const auto *cause = std::find_if(causes.begin(), causes.end(), [&counter](const Cause &known) {
				return known.counter == counter.name;
			});
			add_drops(end, counter, cause == causes.end() ? nullptr : &*cause);
		}
		// The counters were read later, so they may be ahead.
		if (end.link.traffic.rx_dropped > told_of_rx)
			add(fmt::format("{} dropped {} frames: rx_dropped beside those with a cause: the backlog was "
					"full, or nobody took them",
					told(census_, end), end.link.traffic.rx_dropped - told_of_rx),
			    backlog_remedy);
	}

	void add_drops(const PlacedEnd &end, const Counter &counter, const Cause *cause)
	{
		add(fmt::format("{} dropped {} frames: {}{}{}", told(census_, end), counter.value, counter.name,
				cause ? ", " : "", cause ? cause->meaning : ""),
		    about(cause ? cause->remedy : other_remedy, census_, end));
	}

	const Census &census_;
	const Pair &pair_;
	const CountersByEnd &counters_;
	std::vector<Finding> findings_;
};

} // namespace

std::vector<Finding> examine_pairs(const Census &census, const CountersByEnd &counters)
{
	std::vector<Finding> all;
	std::size_t well = 0;
	for (const Pair &pair : census.pairs) {
		std::vector<Finding> found = PairExamination(census, pair, counters).findings();
		well += found.empty() ? 1 : 0;
		std::move(found.begin(), found.end(), std::back_inserter(all));
	}
	const std::size_t count = census.pairs.size();
	all.insert(all.begin(), {Health::good, "pairs",
				 count == 0	 ? "there are none"
				 : well == count ? fmt::format("{}, all of them well", count)
						 : fmt::format("{}, of which {} are well", count, well)});
	return all;
}

} // namespace etun
