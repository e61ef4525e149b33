// SPDX-License-Identifier: GPL-2.0-only
// What core declares constexpr can be computed by the compiler. This file's proof is that it compiles; constant
// evaluation also refuses undefined behaviour on the way.
#include "core/checksum.hpp"
#include "core/frame.hpp"
#include "core/link.hpp"
#include "core/name.hpp"
#include "core/refusal.hpp"
#include "core/request.hpp"
#include "core/result.hpp"

#include <gtest/gtest.h>

using namespace etun;

namespace {

constexpr std::size_t count_words(std::string_view text)
{
	Words words(text);
	std::size_t count = 0;
	while (!words.next().empty())
		count++;
	return count;
}

/// Has a destructor and a move that are not trivial, so Result's own are what is used.
class Tracked {
public:
	constexpr explicit Tracked(int value) : value_(new int(value)) {}
	constexpr Tracked(Tracked &&other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
	constexpr ~Tracked() { delete value_; }
	constexpr int value() const { return *value_; }

private:
	int *value_;
};

constexpr int value_after_two_moves()
{
	Result<Tracked, int> first(Tracked(4));
	Result<Tracked, int> second(std::move(first));
	Result<Tracked, int> third(std::move(second));
	return third->value();
}

constexpr int error_after_a_move()
{
	Result<Tracked, int> first(fail(9));
	Result<Tracked, int> second(std::move(first));
	return second ? 0 : second.error();
}

} // namespace

TEST(Constant, Names)
{
	static_assert(new_name("eth0"));
	static_assert(!new_name("eth-0"));
	static_assert(new_name("eth-0").error().rule == Rule::name_characters);
	static_assert((*new_name("eth0")).view() == "eth0");
	static_assert(present_name("eth-0"));
	static_assert(Name("a") == Name("a"));
	static_assert(Name("a").c_str()[1] == '\0');
	static_assert(is_ascii_alnum('z') && !is_ascii_alnum('_'));
	static_assert(is_space('\v') && !is_space('\b'));
}

TEST(Constant, Refusals)
{
	static_assert(Refusal{Rule::name_taken, {}}.error() == errc::eexist);
	static_assert(Refusal{Rule::kernel_refused, {}, errc::enodev}.error() == errc::enodev);
	static_assert(std::string_view(Refusal{Rule::no_memory, {}}.text()) == "out of memory");
	static_assert(rule_texts_hold());
}

TEST(Constant, Words)
{
	static_assert(count_words("") == 0);
	static_assert(count_words(" \n") == 0);
	static_assert(count_words("a,b  c,d\n") == 2);
}

TEST(Constant, LinkFrameAndChecksum)
{
	static_assert(willing({.up = true}) && carries({.up = true}, {.up = true}));
	static_assert(EndState{} == EndState{});
	static_assert(frame_limit(1500) == 1522 && fits(1522, 1500));
	static_assert(may_skip_checksum(true, true));
	static_assert(arriving(Checksum::complete, false) == Checksum::none);
}

TEST(Constant, ResultsMoveFreeAndFail)
{
	static_assert(value_after_two_moves() == 4);
	static_assert(error_after_a_move() == 9);
}
