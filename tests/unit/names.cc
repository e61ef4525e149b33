// SPDX-License-Identifier: GPL-2.0-only
// Which names a new end may have, and which names of present ends are looked up.
#include "core/name.hpp"

#include "refused.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

using namespace etun;

namespace {

constexpr std::string_view accepted_characters = "0123456789"
						 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						 "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view blanks = " \t\n\v\f\r";

std::string one_byte(int value)
{
	return std::string(1, static_cast<char>(value));
}

} // namespace

TEST(NewName, ExactlyTheAsciiLettersAndDigitsAreAccepted)
{
	for (int value = 0; value < 256; value++) {
		const std::string text = one_byte(value);
		// Not find(): the zero byte is not in the list, but ends it.
		const bool wanted = value != 0 && accepted_characters.find(text) != std::string_view::npos;
		EXPECT_EQ(static_cast<bool>(new_name(text)), wanted) << "byte " << value;
		EXPECT_EQ(is_ascii_alnum(text[0]), wanted) << "byte " << value;
	}
}

TEST(NewName, Latin1LettersAreRefusedThoughTheKernelCallsThemLetters)
{
	for (int value = 0xC0; value < 0x100; value++)
		expect_refused(new_name("a" + one_byte(value)), Rule::name_characters, "a" + one_byte(value));
}

TEST(NewName, AForbiddenByteIsFoundAtEveryPlace)
{
	for (std::size_t place = 0; place < name_length_max; place++) {
		std::string text(name_length_max, 'a');
		text[place] = '-';
		expect_refused(new_name(text), Rule::name_characters, text);
	}
}

TEST(NewName, AZeroByteInsideIsRefusedAndDoesNotCutTheName)
{
	const std::string text("ab\0cd", 5);
	expect_refused(new_name(text), Rule::name_characters, text);
}

TEST(NewName, TheEmptyNameIsRefusedForItsCharacters)
{
	expect_refused(new_name(""), Rule::name_characters, "");
}

TEST(NewName, EachLengthFrom1To15IsKept)
{
	for (std::size_t length = 1; length <= 15; length++) {
		const std::string text(length, 'x');
		auto name = new_name(text);
		ASSERT_TRUE(name) << length;
		EXPECT_EQ(name->view(), text);
		EXPECT_EQ(std::strlen(name->c_str()), length);
	}
}

TEST(NewName, SixteenBytesAreTooLong)
{
	const std::string text(16, 'x');
	expect_refused(new_name(text), Rule::name_too_long, text);
}

TEST(NewName, LengthIsJudgedBeforeCharacters)
{
	const std::string text(16, '!');
	expect_refused(new_name(text), Rule::name_too_long, text);
}

TEST(NewName, TheRefusalPointsIntoTheCallersText)
{
	const std::string text = "no-good";
	auto refused = new_name(text);
	ASSERT_FALSE(refused);
	EXPECT_EQ(refused.error().input.data(), text.data());
}

TEST(PresentName, ARenamedEndMayHaveAnyCharacter)
{
	for (int value = 1; value < 256; value++) {
		auto name = present_name(one_byte(value));
		ASSERT_TRUE(name) << "byte " << value;
		EXPECT_EQ(name->view(), one_byte(value));
	}
}

TEST(PresentName, TheEmptyNameIsNoName)
{
	expect_refused(present_name(""), Rule::nothing_named, "");
}

TEST(PresentName, FifteenBytesAreKeptAndSixteenAreTooLong)
{
	auto name = present_name("123456789012345");
	ASSERT_TRUE(name);
	EXPECT_EQ(name->view(), "123456789012345");
	expect_refused(present_name("1234567890123456"), Rule::name_too_long, "1234567890123456");
}

TEST(Name, IsPaddedWithZeroesToTheKernelsSize)
{
	const Name name("ab");
	EXPECT_EQ(sizeof(Name), 16U);
	EXPECT_EQ(std::memcmp(name.c_str(), "ab\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16), 0);
}

TEST(Name, IsTerminatedEvenWhenTheTextIsCut)
{
	const Name name("0123456789abcdefghij");
	EXPECT_EQ(name.view(), "0123456789abcde");
	EXPECT_EQ(name.c_str()[15], '\0');
}

TEST(Name, IsEqualOnlyToTheSameName)
{
	EXPECT_EQ(Name("eth0"), Name("eth0"));
	EXPECT_NE(Name("eth0"), Name("eth1"));
	EXPECT_NE(Name("eth0"), Name("eth00"));
	EXPECT_NE(Name("a"), Name("A"));
	EXPECT_EQ(Name(), Name(""));
}

TEST(Blank, IsExactlyWhatIsspaceSaysInTheCLocale)
{
	for (int value = 0; value < 256; value++) {
		const bool wanted = value != 0 && blanks.find(static_cast<char>(value)) != std::string_view::npos;
		EXPECT_EQ(is_space(static_cast<char>(value)), wanted) << "byte " << value;
	}
}
