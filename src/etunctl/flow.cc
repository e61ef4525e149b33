// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/flow.hpp"

#include "etunctl/end_lookup.hpp"
#include "etunctl/inventory.hpp"
#include "etunctl/setting_text.hpp"
#include "uapi/etun.h"

#include <fmt/core.h>

#include <algorithm>

namespace etun {
namespace {

/// The counters of an end at two times.
class Difference {
public:
	Difference(const Sample &earlier, const PlacedEnd *before, const Sample &later, const PlacedEnd *now)
		: passed_(later.taken - earlier.taken)
	{
		const auto was = earlier.counters.find(before);
		const auto is = later.counters.find(now);
		if (was == earlier.counters.end() || is == later.counters.end())
			return;
		for (const Counter &counter : was->second)
			rates_[counter.name] = {counter.value, counter.value};
		for (const Counter &counter : is->second)
			if (const auto known = rates_.find(counter.name); known != rates_.end())
				known->second.second = counter.value;
	}

	/// Sums up, in a second, the counters that \p wanted picks by their names.
	template <typename Wanted> double sum(const Wanted &wanted) const
	{
		double total = 0;
		for (const auto &[name, values] : rates_)
			if (wanted(name))
				total += rate_of(values.first, values.second, passed_);
		return total;
	}

	/// Bytes that have been put into rings of the peer and not been taken out, at the later time.
	double in_rings() const
	{
		double total = 0;
		for (const auto &[name, values] : rates_)
			if (name.starts_with(ETUN_STAT_TX_QUEUE "_") &&
			    name.ends_with("_" ETUN_STAT_TX_QUEUE_BQL_INFLIGHT))
				total += static_cast<double>(values.second);
		return total;
	}

	std::vector<std::pair<std::string, double>> drops() const
	{
		std::vector<std::pair<std::string, double>> found;
		for (const auto &[name, values] : rates_)
			if (name.starts_with(ETUN_STAT_TX_DROP_PREFIX) || name.starts_with(ETUN_STAT_RX_DROP_PREFIX))
				if (const double rate = rate_of(values.first, values.second, passed_); rate > 0)
					found.emplace_back(name, rate);
		return found;
	}

private:
	std::chrono::duration<double> passed_;
	std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> rates_;
};

/// How frames arrive, from what their sender counts.
Arrivals arrivals_from(const Difference &sender, double sent)
{
	if (sent <= 0)
		return {};
	const double direct = sender.sum([](const std::string &name) {
		return name == ETUN_STAT_TX_DIRECT || name == ETUN_STAT_TX_DIRECT_LATER;
	});
	const double ring = sender.sum([](const std::string &name) {
		return name.starts_with(ETUN_STAT_TX_QUEUE "_") && name.ends_with("_" ETUN_STAT_QUEUE_PACKETS);
	});
	// Counters are not read at one moment.
	const double all = std::max(sent, direct + ring);
	return {.direct = direct / all, .ring = ring / all, .backlog = (all - direct - ring) / all};
}

double activity(const Pair *pair, const RatesByEnd &rates)
{
	const auto found = rates.find(&pair->one);
	return found == rates.end() ? 0 : found->second.rx_packets + found->second.tx_packets;
}

std::string share(double part)
{
	constexpr double percent = 100;
	return fmt::format("{:.0f}%", part * percent);
}

std::string drops_text(const EndFlow &flow)
{
	double total = 0;
	std::string causes;
	for (const auto &[cause, rate] : flow.drops) {
		total += rate;
		causes += fmt::format("  {} {}", cause, with_prefix(rate));
	}
	return fmt::format("{:>6}{}", with_prefix(total), causes);
}

} // namespace

Sample take_sample()
{
	Sample sample;
	sample.taken = std::chrono::steady_clock::now();
	sample.census = need_census();
	// One for each namespace, as thousands of ends may be in one.
	std::map<std::size_t, Outcome<EthtoolSocket>> sockets;
	for (const Pair &pair : sample.census.pairs)
		for (const PlacedEnd *end : ends_of(pair)) {
			auto socket = sockets.find(end->netns);
			if (socket == sockets.end())
				socket = sockets.emplace(end->netns,
							 EthtoolSocket::open(sample.census.namespaces[end->netns]))
						 .first;
			if (!socket->second)
				continue;
			if (auto counters = read_counters(*socket->second, end->link.name))
				sample.counters[end] = std::move(*counters);
		}
	return sample;
}

std::vector<EndFlow> flows_between(const Sample &earlier, const Sample &later)
{
	const auto matches = match_ends(earlier.census, later.census);
	const RatesByEnd rates = rates_between(earlier.census, later.census, later.taken - earlier.taken);
	std::vector<const Pair *> pairs;
	for (const Pair &pair : later.census.pairs)
		pairs.push_back(&pair);
	std::stable_sort(pairs.begin(), pairs.end(), [&rates](const Pair *one, const Pair *other) {
		return activity(one, rates) > activity(other, rates);
	});
	std::vector<EndFlow> flows;
	for (const Pair *pair : pairs) {
		const auto ends = ends_of(*pair);
		for (const PlacedEnd *end : ends) {
			const auto match = matches.find(end);
			if (match == matches.end())
				continue;
			const Difference own(earlier, match->second, later, end);
			EndFlow &flow = flows.emplace_back(EndFlow{.name = to_text(name_of(later.census, *end)),
								   .up = end->link.up,
								   .carrier = end->link.carrier,
								   .mode = end->link.end->mode,
								   .rates = rates.at(end),
								   .drops = own.drops()});
			const PlacedEnd *peer = ends.size() < 2 ? nullptr : end == ends[0] ? ends[1] : ends[0];
			if (const auto peers = matches.find(peer); peers != matches.end()) {
				const Difference sender(earlier, peers->second, later, peer);
				flow.arrivals = arrivals_from(sender, rates.at(peer).tx_packets);
				flow.queued = sender.in_rings();
			}
		}
	}
	return flows;
}

std::string flows_text(const std::vector<EndFlow> &flows)
{
	std::size_t name = 6;
	for (const EndFlow &flow : flows)
		name = std::max(name, flow.name.size());
	std::string text = fmt::format("{:<{}} {:<5} {:<7} {:>6} {:>5} {:>6} {:>5} {:>6} {:>4} {:>7} {:>6} {:>6}\n",
				       "END", name, "STATE", "MODE", "RX p/s", "bit/s", "TX p/s", "bit/s", "DIRECT",
				       "RING", "BACKLOG", "QUEUED", "DROP/s");
	for (const EndFlow &flow : flows)
		text += fmt::format(
			"{:<{}} {:<5} {:<7} {:>6} {:>5} {:>6} {:>5} {:>6} {:>4} {:>7} {:>6} {}\n", flow.name, name,
			flow.carrier ? "on"
			: flow.up    ? "up"
				     : "down",
			to_text(flow.mode), with_prefix(flow.rates.rx_packets), with_prefix(flow.rates.rx_bits),
			with_prefix(flow.rates.tx_packets), with_prefix(flow.rates.tx_bits),
			share(flow.arrivals.direct), share(flow.arrivals.ring), share(flow.arrivals.backlog),
			with_prefix(flow.queued), drops_text(flow));
	return text;
}

} // namespace etun
