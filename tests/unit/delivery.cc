// SPDX-License-Identifier: GPL-2.0-only
// When an end receives by NAPI, and when a waiting frame wakes it.
#include "core/delivery.hpp"

#include "core/setting_words.hpp"

#include <gtest/gtest.h>

namespace {

using namespace etun;

TEST(delivery, numbers_of_modes)
{
	EXPECT_TRUE(is_mode(0));
	EXPECT_TRUE(is_mode(1));
	EXPECT_TRUE(is_mode(2));
	EXPECT_FALSE(is_mode(static_cast<unsigned>(Mode::count_)));
	EXPECT_FALSE(is_mode(255));
}

TEST(Delivery, ModesAreCalledByWords)
{
	EXPECT_EQ(mode_called("backlog"), Mode::backlog);
	EXPECT_EQ(mode_called("napi"), Mode::napi);
	EXPECT_EQ(mode_called("direct"), Mode::direct);
	for (const char *word : {"", "Direct", "direct ", "dir", "directly", "0"})
		EXPECT_EQ(mode_called(word), Mode::count_) << word;
	EXPECT_EQ(static_cast<unsigned>(Mode::backlog), 0U);
	EXPECT_EQ(static_cast<unsigned>(Mode::napi), 1U);
	EXPECT_EQ(static_cast<unsigned>(Mode::direct), 2U);
}

TEST(delivery, ring_sizes)
{
	EXPECT_FALSE(is_ring_size(0));
	EXPECT_FALSE(is_ring_size(1));
	EXPECT_TRUE(is_ring_size(2));
	EXPECT_TRUE(is_ring_size(256));
	EXPECT_TRUE(is_ring_size(32768));
	EXPECT_FALSE(is_ring_size(32769));
	EXPECT_FALSE(is_ring_size(~0U));
}

// All combinations: NAPI only while up, and only when something asks for it.
TEST(delivery, napi_is_wanted_while_up_and_asked_for)
{
	for (unsigned bits = 0; bits < 16; bits++) {
		ReceiveSettings s;
		s.up = bits & 1;
		s.gro = bits & 2;
		s.program = bits & 4;
		s.mode = bits & 8 ? Mode::napi : Mode::backlog;
		EXPECT_EQ(wants_napi(s), (bits & 1) && (bits & 14)) << bits;
		EXPECT_EQ(all_by_napi(s), (bits & 12) != 0) << bits;
	}
}

TEST(delivery, nothing_is_asked_for_at_first)
{
	ReceiveSettings s;
	s.up = true;
	EXPECT_FALSE(wants_napi(s));
	EXPECT_EQ(s.slots, 256U);
	EXPECT_EQ(s.queues, 1U);
}

TEST(delivery, rings_are_kept_where_they_serve)
{
	ReceiveSettings now;
	now.up = now.gro = true;
	ReceiveSettings next = now;
	EXPECT_TRUE(same_rings(now, next));
	next.program = true;
	next.mode = Mode::napi;
	next.coalescing = {8, 100};
	EXPECT_TRUE(same_rings(now, next));
	next.slots = 512;
	EXPECT_FALSE(same_rings(now, next));
	next.slots = now.slots;
	next.queues = 2;
	EXPECT_FALSE(same_rings(now, next));
	next = now;
	next.gro = false;
	EXPECT_FALSE(same_rings(now, next));
}

TEST(delivery, coalescing_never_leaves_a_frame_for_ever)
{
	EXPECT_TRUE(is_coalescing({0, 0}));
	EXPECT_TRUE(is_coalescing({0, 50}));
	EXPECT_TRUE(is_coalescing({32, 50}));
	EXPECT_FALSE(is_coalescing({32, 0}));
	EXPECT_TRUE(is_coalescing({0, 10000}));
	EXPECT_FALSE(is_coalescing({0, 10001}));
}

TEST(delivery, so_many_frames_must_fit_the_ring)
{
	EXPECT_TRUE(fits_ring({0, 0}, 2));
	EXPECT_TRUE(fits_ring({256, 50}, 256));
	EXPECT_FALSE(fits_ring({257, 50}, 256));
}

TEST(delivery, when_frames_wake_the_receiver)
{
	EXPECT_TRUE(wakes_now({0, 0}, 1, 256));
	EXPECT_FALSE(wakes_now({0, 50}, 1, 256));
	EXPECT_FALSE(wakes_now({0, 50}, 255, 256));
	EXPECT_FALSE(wakes_now({4, 50}, 3, 256));
	EXPECT_TRUE(wakes_now({4, 50}, 4, 256));
	EXPECT_TRUE(wakes_now({4, 50}, 5, 256));
}

TEST(delivery, a_full_ring_wakes_the_receiver_at_once)
{
	EXPECT_TRUE(wakes_now({0, 50}, 256, 256));
	EXPECT_TRUE(wakes_now({300, 50}, 256, 256));
	EXPECT_FALSE(wakes_now({300, 50}, 255, 256));
}

TEST(delivery, a_poll_takes_few_frames_where_others_might_be_urgent)
{
	EXPECT_EQ(poll_weight(false), poll_weight_max);
	EXPECT_EQ(poll_weight(true), 8U);
}

TEST(delivery, gro_promises_something_only_where_frames_come_cut)
{
	for (unsigned bits = 0; bits < 8; bits++) {
		const GroOutlook outlook{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
		EXPECT_EQ(gro_promises(outlook), !(bits & 1) || (bits & 6) == 6) << bits;
	}
}

} // namespace
