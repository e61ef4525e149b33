// SPDX-License-Identifier: GPL-2.0-only
// When a frame may be delivered in the sender's context: every combination of what is known of it.
#include "core/direct.hpp"
#include "core/delivery.hpp"

#include <gtest/gtest.h>

namespace {

using namespace etun;

/// What transmission adds to the count: SOFTIRQ_DISABLE_OFFSET (linux/preempt.h).
constexpr unsigned one = 0x200;

TEST(direct, only_transmissions_own_share_in_the_count_is_allowed)
{
	// Contexts seen on real kernels, each with more than that, or less: a spinlock, softirq, softirq with locks, a
	// bridge or VLAN in between, a qdisc's own lock, a hard interrupt, preemption off, nothing at all.
	for (unsigned count : {0x201U, 0x300U, 0x302U, 0x501U, 0x400U, 0x600U, 0x10200U, 0x100200U, 0x1U, 0x0U, 0x100U})
		EXPECT_FALSE(may_deliver({count, one, true, false, false, 16384, 12288})) << std::hex << count;
	EXPECT_TRUE(may_deliver({one, one, true, false, false, 16384, 12288}));
}

// An ordinary sender has used less than a quarter of its stack, whatever its size.
TEST(direct, three_quarters_of_the_stack_must_be_left)
{
	EXPECT_EQ(direct_stack_min(16384), 12288U);
	EXPECT_EQ(direct_stack_min(32768), 24576U);
}

TEST(direct, every_combination_of_the_outer_context)
{
	constexpr unsigned long minimum = direct_stack_min(16384);
	unsigned allowed = 0;
	for (unsigned count = 0; count < 0x1000; count++)
		for (bool interrupts : {false, true})
			for (bool pending : {false, true})
				for (bool reclaiming : {false, true})
					for (unsigned long stack : {0UL, minimum - 1, minimum, 16384UL}) {
						const bool may = may_deliver(
							{count, one, interrupts, pending, reclaiming, stack, minimum});
						const bool should = count == one && interrupts && !pending &&
								    !reclaiming && stack >= minimum;
						ASSERT_EQ(may, should) << count << interrupts << pending << stack;
						allowed += may;
					}
	EXPECT_EQ(allowed, 2U);
}

TEST(direct, every_combination_of_the_inner_context)
{
	unsigned allowed = 0;
	for (unsigned bits = 0; bits < 8; bits++)
		for (unsigned waiting : {0U, 1U, direct_waiting_max - 1, direct_waiting_max, direct_waiting_max + 1}) {
			const bool interrupts = bits & 1;
			const bool pending = bits & 2;
			const bool spilled = bits & 4;
			const bool may = may_wait({interrupts, pending, spilled, waiting});
			ASSERT_EQ(may, interrupts && !pending && !spilled && waiting < direct_waiting_max)
				<< bits << " " << waiting;
			allowed += may;
		}
	EXPECT_EQ(allowed, 3U);
}

// What wants NAPI gets NAPI, whatever the mode says.
TEST(direct, gro_and_programs_come_first)
{
	for (unsigned bits = 0; bits < 4; bits++) {
		ReceiveSettings settings;
		settings.up = true;
		settings.mode = Mode::direct;
		settings.gro = bits & 1;
		settings.program = bits & 2;
		EXPECT_EQ(delivers_directly(settings), bits == 0);
		EXPECT_EQ(wants_napi(settings), bits != 0);
	}
	ReceiveSettings settings;
	EXPECT_FALSE(delivers_directly(settings));
	settings.mode = Mode::napi;
	EXPECT_FALSE(delivers_directly(settings));
}

} // namespace
