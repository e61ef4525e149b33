// SPDX-License-Identifier: GPL-2.0-only
// The ring between one consumer and producers of which one at a time is inside.
#include "core/ring.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace {

using etun::Ring;

struct Filled {
	explicit Filled(unsigned size) : slots(size, 0), ring(slots.data(), size) {}
	std::vector<Ring::Word> slots;
	Ring ring;
};

TEST(ring, is_empty_at_first)
{
	Filled f(4);
	EXPECT_TRUE(f.ring.empty());
	EXPECT_TRUE(f.ring.has_room());
	EXPECT_EQ(f.ring.waiting(), 0U);
	EXPECT_EQ(f.ring.pop(), 0U);
	EXPECT_EQ(f.ring.waiting(), 0U);
}

TEST(ring, holds_as_many_as_it_has_slots)
{
	for (unsigned size : {1U, 2U, 3U, 7U, 256U}) {
		Filled f(size);
		for (unsigned i = 1; i <= size; i++) {
			ASSERT_TRUE(f.ring.has_room()) << i << " of " << size;
			f.ring.push(i);
			EXPECT_EQ(f.ring.waiting(), i);
		}
		EXPECT_FALSE(f.ring.has_room()) << size;
		EXPECT_EQ(f.ring.pop(), 1U);
		EXPECT_TRUE(f.ring.has_room());
	}
}

TEST(ring, keeps_order_over_many_rounds)
{
	Filled f(5);
	Ring::Word next_in = 1;
	Ring::Word next_out = 1;
	for (unsigned round = 0; round < 1000; round++) {
		for (unsigned i = 0; i < 1 + round % 5 && f.ring.has_room(); i++)
			f.ring.push(next_in++);
		for (unsigned i = 0; i < 1 + (round * 7) % 5; i++) {
			const Ring::Word word = f.ring.pop();
			if (word == 0)
				break;
			ASSERT_EQ(word, next_out++);
		}
		ASSERT_EQ(f.ring.waiting(), next_in - next_out);
	}
	EXPECT_GT(next_out, 1000U);
}

TEST(ring, its_count_survives_many_rounds)
{
	Filled f(3);
	for (unsigned i = 0; i < 100000; i++) {
		f.ring.push(1);
		ASSERT_EQ(f.ring.waiting(), 1U);
		ASSERT_EQ(f.ring.pop(), 1U);
	}
	EXPECT_TRUE(f.ring.empty());
}

// Run once more under the thread sanitizer, by the target unit_threads. What a word points to is written just before
// it is pushed and read just after it is taken, so an order of memory that is too weak is a race that it reports.
TEST(ring, producers_and_consumer_on_three_threads_lose_nothing)
{
	constexpr std::size_t per_producer = 50000;
	struct Item {
		unsigned producer;
		std::size_t number;
	};
	std::vector<Item> items[2];
	Filled f(16);
	std::mutex producing;
	auto produce = [&](unsigned producer) {
		items[producer].resize(per_producer);
		for (std::size_t i = 0; i < per_producer;) {
			const std::scoped_lock lock(producing);
			if (!f.ring.has_room()) {
				std::this_thread::yield();
				continue;
			}
			Item &item = items[producer][i];
			item = {producer, i++};
			f.ring.push(reinterpret_cast<Ring::Word>(&item));
		}
	};
	std::thread one(produce, 0);
	std::thread other(produce, 1);
	std::size_t next[2] = {0, 0};
	for (std::size_t got = 0; got < 2 * per_producer;) {
		const Ring::Word word = f.ring.pop();
		if (word == 0) {
			std::this_thread::yield();
			continue;
		}
		got++;
		const Item &item = *reinterpret_cast<const Item *>(word);
		// Each producer's words come in the order in which it pushed them.
		ASSERT_EQ(item.number, next[item.producer]++);
	}
	one.join();
	other.join();
	EXPECT_TRUE(f.ring.empty());
}

} // namespace
