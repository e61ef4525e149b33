// SPDX-License-Identifier: GPL-2.0-only
// Rates, shares and drops between two looks at the pairs, and how they are shown.
#include "etunctl/flow.hpp"
#include "etunctl/screen.hpp"

#include <gtest/gtest.h>

using namespace etun;
using namespace std::chrono_literals;

namespace {

/// The pair a0, b0 of this namespace, and the counters of each end.
Sample sample(std::chrono::milliseconds at, const Traffic &a, std::vector<Counter> counters_a, const Traffic &b,
	      std::vector<Counter> counters_b)
{
	Sample taken;
	taken.taken = std::chrono::steady_clock::time_point(at);
	taken.census.namespaces.emplace_back().current = true;
	const auto end = [](const char *name, unsigned index, const Traffic &traffic) {
		PlacedEnd placed;
		placed.link.name = name;
		placed.link.index = index;
		placed.link.traffic = traffic;
		placed.link.up = true;
		placed.link.end.emplace().pair_id = 1;
		return placed;
	};
	taken.census.pairs.push_back({1, end("a0", 2, a), end("b0", 3, b)});
	const Pair &pair = taken.census.pairs.front();
	taken.counters[&pair.one] = std::move(counters_a);
	taken.counters[&*pair.other] = std::move(counters_b);
	return taken;
}

Traffic sent(std::uint64_t packets, std::uint64_t bytes)
{
	Traffic traffic;
	traffic.tx_packets = packets;
	traffic.tx_bytes = bytes;
	return traffic;
}

Traffic received(std::uint64_t packets, std::uint64_t bytes)
{
	Traffic traffic;
	traffic.rx_packets = packets;
	traffic.rx_bytes = bytes;
	return traffic;
}

} // namespace

TEST(Rates, AreOfASecond)
{
	const Sample earlier = sample(0ms, sent(10, 1000), {}, received(10, 1000), {});
	const Sample later = sample(500ms, sent(60, 6000), {}, received(60, 6000), {});
	const RatesByEnd rates = rates_between(earlier.census, later.census, later.taken - earlier.taken);
	const Pair &pair = later.census.pairs.front();
	EXPECT_DOUBLE_EQ(rates.at(&pair.one).tx_packets, 100);
	EXPECT_DOUBLE_EQ(rates.at(&pair.one).tx_bits, 80000);
	EXPECT_DOUBLE_EQ(rates.at(&pair.one).rx_packets, 0);
	EXPECT_DOUBLE_EQ(rates.at(&*pair.other).rx_bits, 80000);
}

TEST(Rates, OfWhatWasNotThereBeforeAreNotTold)
{
	Sample earlier = sample(0ms, {}, {}, {}, {});
	const Sample later = sample(1s, sent(5, 5), {}, {}, {});
	earlier.census.pairs.front().one.link.end->pair_id = 2;
	const RatesByEnd rates = rates_between(earlier.census, later.census, 1s);
	EXPECT_FALSE(rates.contains(&later.census.pairs.front().one));
	EXPECT_EQ(rates.size(), 1U);
	// A counter that fell is one that began anew.
	EXPECT_EQ(rate_of(7, 3, 1s), 0);
	EXPECT_EQ(rate_of(3, 7, 2s), 2);
}

TEST(Rates, HaveThreeDigitsAndAPrefix)
{
	for (const auto &[value, text] : std::initializer_list<std::pair<double, const char *>>{{0, "0"},
												{1, "1.00"},
												{9.994, "9.99"},
												{9.996, "10.0"},
												{99.9, "99.9"},
												{99.96, "100"},
												{999, "999"},
												{999.6, "1.00k"},
												{12345, "12.3k"},
												{999999, "1.00M"},
												{1.5e9, "1.50G"},
												{2e15, "2000T"}})
		EXPECT_EQ(with_prefix(value), text) << value;
}

TEST(PairReport, RatesBehindTheEnds)
{
	const Sample taken = sample(0ms, {}, {}, {}, {});
	const RatesByEnd rates{
		{&taken.census.pairs.front().one, {.rx_packets = 0, .rx_bits = 0, .tx_packets = 1234, .tx_bits = 5e6}}};
	EXPECT_EQ(list_text(taken.census, false, rates), "pair 1  carrier off, cut\n"
							 "|- a0  (here)  up    -  mtu 0      backlog  rx     0 "
							 "packets/s     0 bit/s  tx 1.23k packets/s 5.00M bit/s\n"
							 "`- b0  (here)  up    -  mtu 0      backlog\n");
	EXPECT_NE(pairs_json(taken.census, {&taken.census.pairs.front()}, {}, rates)
			  .find("\"tx_packets_per_second\": 1234.0"),
		  std::string::npos);
}

TEST(Flows, SharesAreThoseOfTheSendersFrames)
{
	const Sample earlier = sample(0ms, sent(0, 0),
				      {{"tx_direct", 0},
				       {"tx_direct_later", 0},
				       {"tx_direct_backlog", 0},
				       {"tx_queue_0_packets", 0},
				       {"tx_queue_1_packets", 0},
				       {"tx_queue_0_stops", 0}},
				      {}, {});
	const Sample later = sample(1s, sent(100, 0),
				    {{"tx_direct", 30},
				     {"tx_direct_later", 20},
				     {"tx_direct_backlog", 7},
				     {"tx_queue_0_packets", 15},
				     {"tx_queue_1_packets", 10},
				     {"tx_queue_0_stops", 99}},
				    {}, {});
	const auto flows = flows_between(earlier, later);
	ASSERT_EQ(flows.size(), 2U);
	EXPECT_EQ(flows[1].name, "b0");
	EXPECT_DOUBLE_EQ(flows[1].arrivals.direct, 0.5);
	EXPECT_DOUBLE_EQ(flows[1].arrivals.ring, 0.25);
	EXPECT_DOUBLE_EQ(flows[1].arrivals.backlog, 0.25);
	// Nothing arrived at a0.
	EXPECT_EQ(flows[0].arrivals.backlog, 0);
}

TEST(Flows, WhatWaitsIsWhatTheSenderHasInFlight)
{
	const Sample earlier =
		sample(0ms, {}, {{"tx_queue_0_bql_inflight", 900}, {"tx_queue_1_bql_inflight", 0}}, {}, {});
	const Sample later =
		sample(1s, {}, {{"tx_queue_0_bql_inflight", 300}, {"tx_queue_1_bql_inflight", 42}}, {}, {});
	const auto flows = flows_between(earlier, later);
	EXPECT_EQ(flows[0].queued, 0);
	EXPECT_EQ(flows[1].queued, 342);
}

TEST(Flows, DropsByCause)
{
	const Sample earlier = sample(0ms, {}, {{"tx_drop_header", 1}, {"tx_drop_too_long", 5}}, {}, {});
	const Sample later =
		sample(2s, {}, {{"tx_drop_header", 1}, {"tx_drop_too_long", 11}, {"rx_drop_new", 3}}, {}, {});
	const auto flows = flows_between(earlier, later);
	ASSERT_EQ(flows[0].drops.size(), 1U);
	EXPECT_EQ(flows[0].drops[0], (std::pair<std::string, double>("tx_drop_too_long", 3)));
	EXPECT_EQ(flows_text(flows),
		  "END    STATE MODE    RX p/s bit/s TX p/s bit/s DIRECT RING BACKLOG QUEUED DROP/s\n"
		  "a0     up    backlog      0     0      0     0     0%   0%      0%      0   3.00  "
		  "tx_drop_too_long 3.00\n"
		  "b0     up    backlog      0     0      0     0     0%   0%      0%      0      0\n");
}

TEST(Flows, TheBusiestPairComesFirst)
{
	const auto with_second_pair = [](Sample taken, std::uint64_t packets) {
		Pair pair = taken.census.pairs.front();
		pair.id = 2;
		pair.one.link.name = "busy";
		pair.one.link.end->pair_id = pair.other->link.end->pair_id = 2;
		pair.one.link.traffic = sent(packets, 0);
		taken.census.pairs.push_back(pair);
		return taken;
	};
	const Sample earlier = with_second_pair(sample(0ms, {}, {}, {}, {}), 0);
	const Sample later = with_second_pair(sample(1s, sent(5, 0), {}, {}, {}), 50);
	const auto flows = flows_between(earlier, later);
	ASSERT_EQ(flows.size(), 4U);
	EXPECT_EQ(flows[0].name, "busy");
	EXPECT_EQ(flows[2].name, "a0");
}

TEST(Screen, TextIsCutToItsSize)
{
	EXPECT_EQ(cut_to_size("one\ntwo\nthree\n", 2, 80), "one\ntwo\n");
	EXPECT_EQ(cut_to_size("abcdef\nab\n", 5, 3), "abc\nab\n");
	EXPECT_EQ(cut_to_size("no end", 5, 80), "no end\n");
	EXPECT_EQ(cut_to_size("", 5, 80), "");
	EXPECT_EQ(cut_to_size("a\n", 0, 80), "");
}
