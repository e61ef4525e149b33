// SPDX-License-Identifier: GPL-2.0-only
// The grammar of newif: which texts ask for pairs, and whom a refusal blames.
#include "core/request.hpp"

#include "refused.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace etun;

namespace {

void expect_pairs(std::string_view text, std::size_t count)
{
	auto checked = check_newif(text);
	ASSERT_TRUE(checked) << checked.error().text();
	EXPECT_EQ(*checked, count);
}

/// \p count pairs of the shortest distinct names there are: `00,01 02,03 ...` in base 62.
std::string distinct_pairs(std::size_t count)
{
	constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	std::string text;
	for (std::size_t name = 0; name < 2 * count; name++) {
		if (name >= 62)
			text += digits[name / 62 - 1];
		text += digits[name % 62];
		text += name % 2 == 0 ? ',' : ' ';
	}
	return text;
}

} // namespace

TEST(Newif, TheExampleOf2007MakesOnePair)
{
	expect_pairs("veth0,veth1", 1);
}

TEST(Newif, TheNewlineOfEchoIsForgiven)
{
	expect_pairs("veth0,veth1\n", 1);
}

TEST(Newif, BlanksOfEveryKindMaySurroundAndSeparatePairs)
{
	for (const char blank : std::string_view(" \t\n\v\f\r")) {
		const std::string b(1, blank);
		expect_pairs(b + "a,b", 1);
		expect_pairs("a,b" + b, 1);
		expect_pairs("a,b" + b + "c,d", 2);
		expect_pairs(b + b + "a,b" + b + b + "c,d" + b + b, 2);
	}
}

TEST(Newif, OtherControlBytesAreNoBlanks)
{
	for (int value = 0; value < 32; value++) {
		const char byte = static_cast<char>(value);
		if (is_space(byte))
			continue;
		const std::string right = std::string("b") + byte + "c";
		expect_refused(check_newif("a," + right), Rule::name_characters, right);
	}
}

TEST(Newif, SeveralPairsInOneText)
{
	expect_pairs("a,b c,d e,f", 3);
}

TEST(Newif, NothingIsRefused)
{
	expect_refused(check_newif(""), Rule::nothing_named, "");
	expect_refused(check_newif(" \t\n\v\f\r"), Rule::nothing_named, "");
}

TEST(Newif, AWordWithoutACommaIsNoPair)
{
	expect_refused(check_newif("a"), Rule::pair_malformed, "a");
	expect_refused(check_newif("a b"), Rule::pair_malformed, "a");
	expect_refused(check_newif("a,b c"), Rule::pair_malformed, "c");
}

TEST(Newif, ABlankAtTheCommaBreaksThePairApart)
{
	expect_refused(check_newif("a ,b"), Rule::pair_malformed, "a");
	expect_refused(check_newif("a, b"), Rule::name_characters, "a,");
	expect_refused(check_newif("a , b"), Rule::pair_malformed, "a");
}

TEST(Newif, AMissingNameBlamesTheWholeWord)
{
	expect_refused(check_newif(","), Rule::name_characters, ",");
	expect_refused(check_newif("a,"), Rule::name_characters, "a,");
	expect_refused(check_newif(",b"), Rule::name_characters, ",b");
}

TEST(Newif, ASecondCommaIsACharacterOfTheSecondName)
{
	expect_refused(check_newif("a,b,c"), Rule::name_characters, "b,c");
	expect_refused(check_newif("a,,b"), Rule::name_characters, ",b");
	expect_refused(check_newif("a,b,"), Rule::name_characters, "b,");
}

TEST(Newif, ABadNameIsBlamedByItself)
{
	expect_refused(check_newif("a.b,c"), Rule::name_characters, "a.b");
	expect_refused(check_newif("a,b:c"), Rule::name_characters, "b:c");
	expect_refused(check_newif("ok0,ok1 a/b,c"), Rule::name_characters, "a/b");
	expect_refused(check_newif("a%d,b"), Rule::name_characters, "a%d");
}

TEST(Newif, FifteenBytesAreANameAndSixteenAreTooLong)
{
	const std::string longest(15, 'x');
	const std::string longer(16, 'y');
	expect_pairs(longest + ",a", 1);
	expect_pairs("a," + longest, 1);
	expect_refused(check_newif(longer + ",a"), Rule::name_too_long, longer);
	expect_refused(check_newif("a," + longer), Rule::name_too_long, longer);
}

TEST(Newif, ANameTwiceInOnePairBlamesThePair)
{
	expect_refused(check_newif("a,a"), Rule::name_repeated, "a,a");
	expect_refused(check_newif("x,y a,a"), Rule::name_repeated, "a,a");
}

TEST(Newif, ANameTwiceInTwoPairsBlamesTheSecondMention)
{
	for (const std::string_view text : {"a,b a,c", "a,b c,a", "b,a a,c", "b,a c,a", "a,b x,y a,c", "x,y b,a c,a"}) {
		auto refused = check_newif(text);
		expect_refused(refused, Rule::name_repeated, "a");
		EXPECT_EQ(refused.error().input.data(), text.data() + text.rfind('a')) << text;
	}
}

TEST(Newif, NamesThatOnlyBeginAlikeAreDifferent)
{
	expect_pairs("a,aa aaa,aaaa", 2);
	expect_pairs("veth0,veth1 veth10,veth11", 2);
	expect_pairs("a,A", 1);
}

TEST(Newif, TheFirstFaultIsTheOneReported)
{
	expect_refused(check_newif("a,a b-,c d"), Rule::name_repeated, "a,a");
	expect_refused(check_newif("d b-,c a,a"), Rule::pair_malformed, "d");
}

TEST(Newif, ARefusalPointsAtThePieceInTheCallersText)
{
	const std::string text = "a0,b0\n a1,b1\t a-2,b2 ";
	auto refused = check_newif(text);
	expect_refused(refused, Rule::name_characters, "a-2");
	EXPECT_EQ(refused.error().input.data(), text.data() + text.find("a-2"));
}

TEST(Newif, ATextOf4095BytesIsReadAndOneOf4096MayBeCut)
{
	const std::string pair = "a,b";
	expect_pairs(pair + std::string(4095 - pair.size(), ' '), 1);
	expect_refused(check_newif(pair + std::string(4096 - pair.size(), ' ')), Rule::write_too_long, "");
	expect_refused(check_newif(std::string(100000, 'x')), Rule::write_too_long, "");
}

TEST(Newif, TheLimitIsJudgedBeforeAnythingElse)
{
	expect_refused(check_newif(std::string(4096, ' ')), Rule::write_too_long, "");
	expect_refused(check_newif(std::string(4095, ' ')), Rule::nothing_named, "");
}

TEST(Newif, APageHoldsAsManyPairsAsTheShortestNamesAllow)
{
	std::size_t count = 1;
	while (distinct_pairs(count + 1).size() < control_text_limit)
		count++;
	EXPECT_GT(count, 600U);
	expect_pairs(distinct_pairs(count), count);
}

TEST(Newif, ARepetitionIsFoundAcrossAWholePage)
{
	const std::string text = distinct_pairs(650) + "zz9,0";
	expect_refused(check_newif(text), Rule::name_repeated, "0");
	EXPECT_EQ(check_newif(text).error().input.data(), text.data() + text.size() - 1);
}

TEST(Newif, ATextNeedNotBeTerminated)
{
	const std::string text = "a,b c,d,";
	expect_pairs(std::string_view(text).substr(0, 7), 2);
	expect_pairs(std::string_view(text).substr(4, 3), 1);
}

TEST(PairRequest, KeepsTheOrderOfTheNames)
{
	auto pair = pair_request("left0,right1");
	ASSERT_TRUE(pair);
	EXPECT_EQ(pair->first.view(), "left0");
	EXPECT_EQ(pair->second.view(), "right1");
}

TEST(PairRequest, LeavesRepetitionToWhoSeesTheWholeText)
{
	EXPECT_TRUE(pair_request("a,a"));
}
