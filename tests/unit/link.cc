// SPDX-License-Identifier: GPL-2.0-only
// When both ends have a carrier.
#include "core/link.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

using namespace etun;

namespace {

/// All that one end can contribute, in the order of the columns below.
constexpr std::array<EndState, 8> all_states{{
	{false, false, false},
	{false, false, true},
	{false, true, false},
	{false, true, true},
	{true, false, false},
	{true, false, true},
	{true, true, false},
	{true, true, true},
}};

/// Written by hand, not computed: a row per state of one end, a column per state of the other. Only the
/// fifth state, up and nothing against it, carries.
constexpr std::array<std::string_view, 8> truth{{
	"........",
	"........",
	"........",
	"........",
	"....X...",
	"........",
	"........",
	"........",
}};

} // namespace

TEST(Carrier, Follows64RowsOfTheTruthTable)
{
	for (std::size_t one = 0; one < 8; one++)
		for (std::size_t other = 0; other < 8; other++)
			EXPECT_EQ(carries(all_states[one], all_states[other]), truth[one][other] == 'X')
				<< "states " << one << " and " << other;
}

TEST(Carrier, IsTheSameSeenFromBothEnds)
{
	for (const EndState one : all_states)
		for (const EndState other : all_states)
			EXPECT_EQ(carries(one, other), carries(other, one));
}

TEST(Carrier, ANewPairHasNone)
{
	EXPECT_FALSE(carries(EndState{}, EndState{}));
	EXPECT_FALSE(carries(EndState{.up = true}, EndState{}));
	EXPECT_TRUE(carries(EndState{.up = true}, EndState{.up = true}));
}

TEST(Carrier, ClearingOneCauseNeverTurnsItOnAgainstAnother)
{
	for (const EndState other : all_states)
		for (const EndState before : all_states) {
			EndState joined = before;
			joined.cut = false;
			EXPECT_FALSE((before.proto_down || !before.up) && carries(joined, other)) << "carrier on";

			EndState released = before;
			released.proto_down = false;
			EXPECT_FALSE((before.cut || !before.up) && carries(released, other)) << "protodown off";

			EndState raised = before;
			raised.up = true;
			EXPECT_FALSE((before.cut || before.proto_down) && carries(raised, other)) << "up";
		}
}

TEST(Carrier, AddingACauseNeverTurnsItOn)
{
	for (const EndState other : all_states)
		for (const EndState before : all_states) {
			if (carries(before, other))
				continue;
			EndState worse = before;
			worse.cut = true;
			EXPECT_FALSE(carries(worse, other));
			worse = before;
			worse.proto_down = true;
			EXPECT_FALSE(carries(worse, other));
			worse = before;
			worse.up = false;
			EXPECT_FALSE(carries(worse, other));
		}
}
