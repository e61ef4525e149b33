// SPDX-License-Identifier: GPL-2.0-only
// How many queues an end has, where they lead, whose drop a cause is, and the MTU policy.
#include "core/queues.hpp"
#include "core/drop.hpp"
#include "core/frame.hpp"
#include "core/mtu_policy.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace {

using namespace etun;

TEST(queues, room_grows_with_the_processors_and_ends)
{
	EXPECT_EQ(queue_room(0), 1U);
	EXPECT_EQ(queue_room(1), 1U);
	EXPECT_EQ(queue_room(2), 2U);
	EXPECT_EQ(queue_room(16), 16U);
	EXPECT_EQ(queue_room(17), 16U);
	EXPECT_EQ(queue_room(4096), 16U);
}

TEST(queues, every_transmit_queue_leads_to_a_receive_queue)
{
	for (unsigned receivers = 1; receivers <= 20; receivers++) {
		std::set<unsigned> reached;
		for (unsigned transmit = 0; transmit < 40; transmit++) {
			const unsigned receive = receive_queue_of(transmit, receivers);
			ASSERT_LT(receive, receivers);
			EXPECT_TRUE(receive == transmit || transmit >= receivers);
			reached.insert(receive);
		}
		EXPECT_EQ(reached.size(), receivers);
	}
}

TEST(queues, a_program_wants_a_queue_for_each_of_the_peers)
{
	EXPECT_TRUE(queues_fit_program(1, 1));
	EXPECT_TRUE(queues_fit_program(3, 2));
	EXPECT_FALSE(queues_fit_program(1, 2));
}

TEST(drop, every_cause_has_a_name_of_its_own_that_says_whose_it_is)
{
	std::set<std::string_view> names;
	for (std::size_t i = 0; i < drop_count; i++) {
		const std::string_view name = drop_names[i];
		EXPECT_EQ(name.starts_with("tx_drop_"), is_senders(static_cast<Drop>(i))) << name;
		EXPECT_EQ(name.starts_with("rx_drop_"), !is_senders(static_cast<Drop>(i))) << name;
		EXPECT_LT(name.size(), 32U);
		names.insert(name);
	}
	EXPECT_EQ(names.size(), drop_count);
}

TEST(mtu_policy, numbers)
{
	EXPECT_TRUE(is_mtu_policy(0));
	EXPECT_TRUE(is_mtu_policy(1));
	EXPECT_FALSE(is_mtu_policy(2));
}

TEST(mtu_policy, the_peer_follows_only_under_equal_and_only_if_it_differs)
{
	EXPECT_FALSE(mtu_follows(MtuPolicy::independent, 1500, 9000));
	EXPECT_FALSE(mtu_follows(MtuPolicy::equal, 1500, 1500));
	EXPECT_TRUE(mtu_follows(MtuPolicy::equal, 1500, 9000));
}

TEST(mtu_policy, what_a_program_can_see)
{
	// A page of 4096 less 256 in front and 320 behind.
	EXPECT_EQ(program_mtu_max(3520, 17 * 4096, 14, false, mtu_max), 3506U);
	EXPECT_EQ(program_mtu_max(3520, 17 * 4096, 14, true, mtu_max), mtu_max);
	EXPECT_EQ(program_mtu_max(3520, 8192, 14, true, mtu_max), 3506U + 8192U);
}

} // namespace
