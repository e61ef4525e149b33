// SPDX-License-Identifier: GPL-2.0-only
// The places of a small set.
#include "core/slots.hpp"

#include <gtest/gtest.h>

namespace {

using etun::Slots;

template <unsigned room> void fill_and_drain()
{
	Slots<room> slots;
	EXPECT_TRUE(slots.empty());
	for (unsigned i = 0; i < room; i++) {
		ASSERT_FALSE(slots.full()) << i << " of " << room;
		EXPECT_EQ(slots.take(), i);
		EXPECT_FALSE(slots.empty());
	}
	EXPECT_TRUE(slots.full());
	for (unsigned i = 0; i < room; i++) {
		EXPECT_FALSE(slots.empty());
		slots.give_back(i);
		EXPECT_FALSE(slots.full());
	}
	EXPECT_TRUE(slots.empty());
}

TEST(slots, are_taken_from_the_lowest_on_and_given_back)
{
	fill_and_drain<1>();
	fill_and_drain<2>();
	fill_and_drain<16>();
	fill_and_drain<63>();
	fill_and_drain<64>();
}

TEST(slots, what_was_given_back_is_taken_again)
{
	Slots<4> slots;
	for (unsigned i = 0; i < 4; i++)
		EXPECT_EQ(slots.take(), i);
	slots.give_back(2);
	slots.give_back(1);
	EXPECT_EQ(slots.take(), 1U);
	EXPECT_EQ(slots.take(), 2U);
	EXPECT_TRUE(slots.full());
}

} // namespace
