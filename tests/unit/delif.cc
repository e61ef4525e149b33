// SPDX-License-Identifier: GPL-2.0-only
// The grammar of delif, and the walk over words that both control files share.
#include "core/request.hpp"

#include "refused.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace etun;

namespace {

void expect_names(std::string_view text, std::size_t count)
{
	auto checked = check_delif(text);
	ASSERT_TRUE(checked) << checked.error().text();
	EXPECT_EQ(*checked, count);
}

std::vector<std::string> words_of(std::string_view text)
{
	std::vector<std::string> all;
	Words words(text);
	for (std::string_view word = words.next(); !word.empty(); word = words.next())
		all.emplace_back(word);
	EXPECT_TRUE(words.next().empty()) << "the end stays the end";
	return all;
}

} // namespace

TEST(Delif, OneNameIsEnough)
{
	expect_names("veth0", 1);
	expect_names("veth0\n", 1);
}

TEST(Delif, BlanksOfEveryKindSeparateNames)
{
	for (const char blank : std::string_view(" \t\n\v\f\r")) {
		const std::string b(1, blank);
		expect_names(b + "a" + b + b + "b" + b, 2);
	}
}

TEST(Delif, NothingIsRefused)
{
	expect_refused(check_delif(""), Rule::nothing_named, "");
	expect_refused(check_delif(" \t\n\v\f\r"), Rule::nothing_named, "");
}

TEST(Delif, ARenamedEndIsNamedAsItIs)
{
	expect_names("a,b", 1);
	expect_names("eth0.1 br-lan \xC3\xA4", 3);
	expect_names("a,b a b", 3);
}

TEST(Delif, FifteenBytesAreANameAndSixteenAreTooLong)
{
	expect_names(std::string(15, 'x'), 1);
	expect_refused(check_delif("a " + std::string(16, 'x')), Rule::name_too_long, std::string(16, 'x'));
}

TEST(Delif, ANameTwiceBlamesTheSecondMention)
{
	const std::string text = "a b ab a";
	auto refused = check_delif(text);
	expect_refused(refused, Rule::name_repeated, "a");
	EXPECT_EQ(refused.error().input.data(), text.data() + 7);
}

TEST(Delif, ACommaMakesNoTwoNamesOfOne)
{
	expect_refused(check_delif("a,b x a,b"), Rule::name_repeated, "a,b");
}

TEST(Delif, TheFirstFaultIsTheOneReported)
{
	const std::string longer(16, 'x');
	expect_refused(check_delif("a a " + longer), Rule::name_repeated, "a");
	expect_refused(check_delif(longer + " a a"), Rule::name_too_long, longer);
}

TEST(Delif, ATextOf4095BytesIsReadAndOneOf4096MayBeCut)
{
	expect_names("a" + std::string(4094, ' '), 1);
	expect_refused(check_delif("a" + std::string(4095, ' ')), Rule::write_too_long, "");
}

TEST(Delif, APageOfDistinctNamesIsChecked)
{
	std::string text;
	std::size_t count = 0;
	for (int number = 0; text.size() + 5 < control_text_limit; number++, count++)
		text += std::to_string(number) + " ";
	EXPECT_GT(count, 800U);
	expect_names(text, count);
}

TEST(Words, AreWhatStandsBetweenBlanks)
{
	EXPECT_EQ(words_of(""), std::vector<std::string>{});
	EXPECT_EQ(words_of(" \t "), std::vector<std::string>{});
	EXPECT_EQ(words_of("a"), std::vector<std::string>{"a"});
	EXPECT_EQ(words_of("  a\n\nb,c\v"), (std::vector<std::string>{"a", "b,c"}));
}

TEST(Words, AZeroByteIsPartOfAWord)
{
	const std::string text("a\0b c", 5);
	EXPECT_EQ(words_of(text), (std::vector<std::string>{std::string("a\0b", 3), "c"}));
}

TEST(Words, PointIntoTheText)
{
	const std::string text = " ab";
	Words words(text);
	EXPECT_EQ(words.next().data(), text.data() + 1);
}
