// SPDX-License-Identifier: GPL-2.0-only
// What etunctl says of pairs that are not well, of names that can't be, and of words that there are not.
#include "complaint_of.hpp"
#include "core/drop.hpp"
#include "etunctl/name_fault.hpp"
#include "etunctl/near_word.hpp"
#include "etunctl/pair_health.hpp"
#include "libetun/device_name.hpp"

#include <gtest/gtest.h>

using namespace etun;

namespace {

PlacedEnd end_up(const char *name, std::size_t netns)
{
	PlacedEnd placed;
	placed.link.name = name;
	placed.link.mtu = 1500;
	placed.link.up = true;
	placed.link.carrier = true;
	placed.link.end.emplace();
	placed.netns = netns;
	return placed;
}

/// A pair between this namespace and one called blue, with which all is well.
class PairHealth : public testing::Test {
protected:
	PairHealth()
	{
		census_.namespaces.emplace_back().current = true;
		census_.namespaces.emplace_back().name = "blue";
		census_.pairs.push_back({7, end_up("a0", 0), end_up("b0", 1)});
	}

	Pair &pair() { return census_.pairs[0]; }
	Link &here() { return pair().one.link; }
	Link &there() { return pair().other->link; }
	void carrier(bool on) { here().carrier = there().carrier = on; }

	/// All that is said, each line with its remedy.
	std::string said() const
	{
		std::string text;
		for (const Finding &finding : examine_pairs(census_, counters_)) {
			EXPECT_EQ(finding.remedy.empty(), finding.health == Health::good) << finding.what;
			text += finding.subject + ": " + finding.what;
			text += finding.remedy.empty() ? "\n" : " -> " + finding.remedy + '\n';
		}
		return text;
	}

	Census census_;
	CountersByEnd counters_;
};

constexpr const char *ill = "pairs: 1, of which 0 are well\n";

} // namespace

TEST_F(PairHealth, NothingIsSaidOfWhatIsWell)
{
	EXPECT_EQ(said(), "pairs: 1, all of them well\n");
	counters_[&pair().one] = {{"peer_ifindex", 9}, {"tx_drop_header", 0}, {"rx_queue_0_packets", 5}};
	EXPECT_EQ(said(), "pairs: 1, all of them well\n");
	census_.pairs.clear();
	EXPECT_EQ(said(), "pairs: there are none\n");
}

TEST_F(PairHealth, EndsThatAreDown)
{
	carrier(false);
	there().up = false;
	EXPECT_EQ(said(), std::string(ill) + "pair 7: b0 blue is down, so there is no carrier -> "
					     "etunctl set b0 --netns blue --up\n");
	here().up = false;
	EXPECT_EQ(said(), std::string(ill) + "pair 7: both ends are down: a0 (here) and b0 blue -> "
					     "etunctl set a0 --up --both\n");
}

TEST_F(PairHealth, WhatTakesTheCarrierAwayWhileBothAreUp)
{
	carrier(false);
	EXPECT_TRUE(is_cut(pair()));
	EXPECT_EQ(said(), std::string(ill) + "pair 7: cut: a0 (here) and b0 blue are up, and there is no carrier -> "
					     "etunctl join a0\n");
	there().proto_down = true;
	EXPECT_FALSE(is_cut(pair()));
	EXPECT_EQ(said(), std::string(ill) + "pair 7: b0 blue is held down by a protocol (protodown) -> "
					     "ip -n blue link set b0 protodown off\n");
	pair().other.reset();
	EXPECT_FALSE(is_cut(pair()));
	EXPECT_NE(said().find("can't be seen from here"), std::string::npos) << said();
}

TEST_F(PairHealth, ACutIsNotSeenWhileAnEndIsDown)
{
	carrier(false);
	here().up = false;
	EXPECT_FALSE(is_cut(pair()));
	carrier(true);
	here().up = true;
	EXPECT_FALSE(is_cut(pair()));
}

TEST_F(PairHealth, UnequalMtus)
{
	there().mtu = 9000;
	EXPECT_EQ(said(), std::string(ill) + "pair 7: unequal MTUs: 1500 at a0 (here), 9000 at b0 blue; what is longer "
					     "than the receiver's is dropped -> etunctl set a0 --mtu 9000 --both; "
					     "--mtu-policy equal keeps them equal\n");
}

TEST_F(PairHealth, DropsByCauseAndEnd)
{
	counters_[&*pair().other] = {{"tx_drop_ring_full", 3}, {"tx_drop_header", 0}};
	EXPECT_EQ(said(), std::string(ill) +
				  "pair 7: b0 blue dropped 3 frames: tx_drop_ring_full, the receiver's ring was "
				  "full, and no qdisc could hold them -> tc qdisc replace dev b0 root fq_codel, "
				  "or a larger ring: etunctl set NAME --peer-ring SLOTS\n");
	counters_.clear();
	counters_[&pair().one] = {{"tx_drop_of_another_day", 1}};
	EXPECT_NE(said().find("tx_drop_of_another_day -> docs/troubleshooting.md"), std::string::npos) << said();
}

TEST_F(PairHealth, EachCauseHasARemedyOfItsOwn)
{
	carrier(false);
	for (const std::string_view name : drop_names) {
		counters_[&pair().one] = {{std::string(name), 1}};
		EXPECT_NE(said().find(name), std::string::npos) << name;
		EXPECT_EQ(said().find("docs/troubleshooting.md"), std::string::npos) << name;
	}
}

TEST_F(PairHealth, DropsForWantOfACarrierAreOverWithIt)
{
	counters_[&pair().one] = {{"tx_drop_no_carrier", 4}, {"rx_drop_link_down", 2}};
	here().traffic.rx_dropped = 2;
	EXPECT_EQ(said(), "pairs: 1, all of them well\n");
	carrier(false);
	EXPECT_NE(said().find("4 frames: tx_drop_no_carrier"), std::string::npos) << said();
}

TEST_F(PairHealth, ReceivedAndDroppedWithoutACauseOfOurs)
{
	counters_[&pair().one] = {{"rx_drop_no_memory", 2}};
	here().traffic.rx_dropped = 2;
	EXPECT_EQ(said().find("rx_dropped beside"), std::string::npos) << said();
	here().traffic.rx_dropped = 7;
	EXPECT_NE(said().find("a0 (here) dropped 5 frames: rx_dropped beside those with a cause"), std::string::npos);
}

TEST(NearWord, Distance)
{
	EXPECT_EQ(distance("list", "list"), 0U);
	EXPECT_EQ(distance("lsit", "list"), 1U);
	EXPECT_EQ(distance("lis", "list"), 1U);
	EXPECT_EQ(distance("", "list"), 4U);
	EXPECT_EQ(distance("netnsb", "netns-b"), 1U);
	EXPECT_EQ(distance("abc", "xyz"), 3U);
}

TEST(NearWord, WhatMayHaveBeenMeant)
{
	const std::vector<std::string> options{"--help", "--netns-a", "--netns-b", "--mtu", "--mtu-policy", "--up"};
	EXPECT_EQ(did_you_mean("--netns", options), "did you mean --netns-a or --netns-b?");
	EXPECT_EQ(did_you_mean("--netnsb", options), "did you mean --netns-b?");
	EXPECT_EQ(did_you_mean("-mut", options), "did you mean --mtu?");
	EXPECT_EQ(did_you_mean("--upp", options), "did you mean --up?");
	EXPECT_EQ(did_you_mean("--wholly-other", options), "");
	EXPECT_EQ(did_you_mean("-", options), "");
	EXPECT_EQ(did_you_mean("", {}), "");
	EXPECT_EQ(did_you_mean("delete", {"add", "del", "set"}), "did you mean del?");
	EXPECT_EQ(did_you_mean("wat", {"add", "del", "set", "cut", "list"}), "");
}

TEST(DeviceNames, WhatCanBeMade)
{
	for (const char *good : {"a", "fifteenletters1", "eth0.5", "-", "...", "\xc3\xa4"})
		EXPECT_TRUE(is_device_name(good)) << good;
	for (const char *bad : {"", "sixteenletters16", ".", "..", "a b", "a\tb", "a/b", "a:b", "a%d", "%"})
		EXPECT_FALSE(is_device_name(bad)) << bad;
	for (const char *bad : {"", ".", "..", ".hidden", "a/b"})
		EXPECT_FALSE(is_netns_name(bad)) << bad;
	EXPECT_TRUE(is_netns_name("a b"));
}

TEST(DeviceNames, EachIsMadeOnce)
{
	const auto refusal = [](const std::vector<DeviceName> &devices) {
		return complaint_of([&] { need_new_names("add", devices); });
	};
	EXPECT_EQ(refusal({{"", "a0"}, {"red", "a0"}}).status, ExitStatus::success);
	EXPECT_EQ(refusal({{"", "a0"}, {"", "a/0"}}).status, ExitStatus::usage);
	EXPECT_EQ(refusal({{"", "a0"}, {"", "a/0"}}).what, "add: 'a/0' is no name of a device");
	EXPECT_EQ(refusal({{"red", "a0"}, {"", "b0"}, {"red", "a0"}}).what,
		  "add: there is another 'red/a0' in this command");
}
