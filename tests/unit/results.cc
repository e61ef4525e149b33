// SPDX-License-Identifier: GPL-2.0-only
// Result: a value or a reason, with each value destroyed exactly once.
#include "core/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <type_traits>

using namespace etun;

namespace {

/// Counts how many of its kind live, and how often one that owned something went.
class Counted {
public:
	struct Counts {
		int living = 0;
		int freed = 0;
	};

	explicit Counted(Counts &counts) : counts_(&counts), owns_(true) { counts.living++; }
	Counted(Counted &&other) noexcept : counts_(other.counts_), owns_(std::exchange(other.owns_, false))
	{
		counts_->living++;
	}
	Counted &operator=(Counted &&) = delete;
	~Counted()
	{
		counts_->living--;
		counts_->freed += owns_ ? 1 : 0;
	}

	bool owns() const { return owns_; }

private:
	Counts *counts_;
	bool owns_;
};

Result<Counted, int> made(Counted::Counts &counts)
{
	return Counted(counts);
}

Result<Counted, int> not_made()
{
	return fail(7);
}

} // namespace

TEST(Result, HoldsAValue)
{
	const Result<int, char> result(3);
	ASSERT_TRUE(result);
	EXPECT_EQ(*result, 3);
}

TEST(Result, HoldsAnError)
{
	const Result<int, char> result(fail('e'));
	ASSERT_FALSE(result);
	EXPECT_EQ(result.error(), 'e');
}

TEST(Result, AnErrorOfTheValuesOwnTypeIsStillAnError)
{
	const Result<int, int> result(fail(3));
	EXPECT_FALSE(result);
	EXPECT_EQ(result.error(), 3);
}

TEST(Result, AZeroValueIsAValue)
{
	const Result<int, int> result(0);
	EXPECT_TRUE(result);
}

TEST(Result, CarriesAMoveOnlyValueToWhoTakesIt)
{
	Result<std::unique_ptr<int>, int> result(std::make_unique<int>(5));
	ASSERT_TRUE(result);
	const std::unique_ptr<int> taken = std::move(*result);
	EXPECT_EQ(*taken, 5);
	EXPECT_EQ(*result, nullptr);
}

TEST(Result, DestroysItsValueOnce)
{
	Counted::Counts counts;
	{
		auto result = made(counts);
		ASSERT_TRUE(result);
		EXPECT_TRUE(result->owns());
		EXPECT_EQ(counts.living, 1);
		EXPECT_EQ(counts.freed, 0);
	}
	EXPECT_EQ(counts.living, 0);
	EXPECT_EQ(counts.freed, 1);
}

TEST(Result, MovedOnItFreesTheValueOnce)
{
	Counted::Counts counts;
	{
		auto result = made(counts);
		auto moved(std::move(result));
		ASSERT_TRUE(moved);
		EXPECT_TRUE(moved->owns());
		EXPECT_FALSE(result->owns());
	}
	EXPECT_EQ(counts.living, 0);
	EXPECT_EQ(counts.freed, 1);
}

TEST(Result, AnErrorMovedOnStaysAnErrorAndDestroysNoValue)
{
	auto result = not_made();
	auto moved(std::move(result));
	ASSERT_FALSE(moved);
	EXPECT_EQ(moved.error(), 7);
}

TEST(Result, CannotBeCopiedAssignedOrMadeFromABareError)
{
	struct Reason {};
	using R = Result<int, Reason>;
	static_assert(!std::is_copy_constructible_v<R>);
	static_assert(!std::is_copy_assignable_v<R>);
	static_assert(!std::is_move_assignable_v<R>);
	static_assert(!std::is_constructible_v<R, Reason>);
	static_assert(std::is_nothrow_move_constructible_v<R>);
	static_assert(!std::is_convertible_v<R, bool>, "only where a condition is asked for");
}

TEST(ResultDeathTest, ReadingTheValueOfAFailureIsStopped)
{
	const auto read = [] {
		const Result<int, int> failure(fail(3));
		return *failure;
	};
	EXPECT_DEATH(static_cast<void>(read()), "unreachable");
}

TEST(ResultDeathTest, ReadingTheErrorOfASuccessIsStopped)
{
	const auto read = [] {
		const Result<int, int> success(3);
		return success.error();
	};
	EXPECT_DEATH(static_cast<void>(read()), "unreachable");
}
