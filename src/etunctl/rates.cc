// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/rates.hpp"

#include <fmt/core.h>

#include <array>
#include <tuple>

namespace etun {
namespace {

constexpr double bits_of_byte = 8;

/// Calls \p take with each end that can be seen.
template <typename Take> void for_each_end(const Census &census, const Take &take)
{
	for (const Pair &pair : census.pairs)
		for (const PlacedEnd *end : ends_of(pair))
			take(*end);
}

/// What no two ends have in common, nor one with another that came in its place.
auto identity_of(const Census &census, const PlacedEnd &end)
{
	return std::tuple(end.link.end->pair_id, census.namespaces[end.netns].identity, end.link.index);
}

} // namespace

std::map<const PlacedEnd *, const PlacedEnd *> match_ends(const Census &earlier, const Census &later)
{
	std::map<decltype(identity_of(earlier, PlacedEnd())), const PlacedEnd *> known;
	for_each_end(earlier, [&](const PlacedEnd &end) { known[identity_of(earlier, end)] = &end; });
	std::map<const PlacedEnd *, const PlacedEnd *> matches;
	for_each_end(later, [&](const PlacedEnd &end) {
		if (const auto found = known.find(identity_of(later, end)); found != known.end())
			matches[&end] = found->second;
	});
	return matches;
}

double rate_of(std::uint64_t earlier, std::uint64_t later, std::chrono::duration<double> passed)
{
	return later > earlier ? static_cast<double>(later - earlier) / passed.count() : 0;
}

RatesByEnd rates_between(const Census &earlier, const Census &later, std::chrono::duration<double> passed)
{
	RatesByEnd rates;
	for (const auto &[now, before] : match_ends(earlier, later)) {
		const Traffic &was = before->link.traffic;
		const Traffic &is = now->link.traffic;
		rates[now] = {.rx_packets = rate_of(was.rx_packets, is.rx_packets, passed),
			      .rx_bits = rate_of(was.rx_bytes, is.rx_bytes, passed) * bits_of_byte,
			      .tx_packets = rate_of(was.tx_packets, is.tx_packets, passed),
			      .tx_bits = rate_of(was.tx_bytes, is.tx_bytes, passed) * bits_of_byte};
	}
	return rates;
}

std::string with_prefix(double value)
{
	constexpr double step = 1000;
	constexpr std::array prefixes{"", "k", "M", "G", "T"};
	std::size_t prefix = 0;
	// What three digits would round up to 1000 has the next prefix.
	while (value >= step - 0.5 && prefix + 1 < prefixes.size()) {
		value /= step;
		prefix++;
	}
	const int decimals = value == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
	return fmt::format("{:.{}f}{}", value, decimals, prefixes[prefix]);
}

} // namespace etun
