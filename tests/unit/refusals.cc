// SPDX-License-Identifier: GPL-2.0-only
// The table of refusals: what the writer is told.
#include "core/refusal.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <map>
#include <set>
#include <string>

using namespace etun;

namespace {

constexpr auto rule_count = static_cast<std::size_t>(Rule::count_);

} // namespace

TEST(Errc, EachNumberIsTheSystems)
{
	EXPECT_EQ(errc::eperm, EPERM);
	EXPECT_EQ(errc::eagain, EAGAIN);
	EXPECT_EQ(errc::enomem, ENOMEM);
	EXPECT_EQ(errc::eexist, EEXIST);
	EXPECT_EQ(errc::enodev, ENODEV);
	EXPECT_EQ(errc::einval, EINVAL);
	EXPECT_EQ(errc::efbig, EFBIG);
	EXPECT_EQ(errc::enametoolong, ENAMETOOLONG);
	EXPECT_EQ(errc::enodata, ENODATA);
	EXPECT_EQ(errc::ebadmsg, EBADMSG);
	EXPECT_EQ(errc::ebusy, EBUSY);
	EXPECT_EQ(errc::enotuniq, ENOTUNIQ);
	EXPECT_EQ(errc::eopnotsupp, EOPNOTSUPP);
	EXPECT_EQ(errc::eaddrnotavail, EADDRNOTAVAIL);
	EXPECT_EQ(errc::eshutdown, ESHUTDOWN);
	EXPECT_EQ(errc::eremoteio, EREMOTEIO);
}

TEST(Refusal, EachRuleReportsTheErrnoThatScriptsKnow)
{
	const std::map<Rule, int> promised{
		{Rule::not_permitted, EPERM},	     {Rule::write_too_long, EFBIG},
		{Rule::nothing_named, ENODATA},	     {Rule::pair_malformed, EBADMSG},
		{Rule::name_too_long, ENAMETOOLONG}, {Rule::name_characters, EINVAL},
		{Rule::name_repeated, ENOTUNIQ},     {Rule::not_ready, EAGAIN},
		{Rule::unloading, ESHUTDOWN},	     {Rule::name_taken, EEXIST},
		{Rule::no_such_device, ENODEV},	     {Rule::foreign_device, EOPNOTSUPP},
		{Rule::no_memory, ENOMEM},	     {Rule::kernel_refused, EREMOTEIO},
	};
	EXPECT_EQ(promised.size(), rule_count) << "a rule was added without a promise";
	for (const auto &[rule, number] : promised) {
		const Refusal refusal{rule, "input"};
		EXPECT_EQ(refusal.error(), number) << refusal.text();
	}
}

TEST(Refusal, NoTwoRulesShareAnErrnoAndNoneIsZero)
{
	std::set<int> numbers;
	for (const RuleText &row : rule_texts) {
		EXPECT_GT(row.error, 0) << row.text;
		EXPECT_TRUE(numbers.insert(row.error).second) << row.text;
	}
	EXPECT_EQ(numbers.size(), rule_count);
}

TEST(Refusal, EachTextIsAShortSentenceOfItsOwn)
{
	std::set<std::string> texts;
	for (const RuleText &row : rule_texts) {
		const std::string text = row.text;
		EXPECT_FALSE(text.empty());
		EXPECT_LE(text.size(), 100U) << text;
		EXPECT_TRUE(texts.insert(text).second) << text;
		EXPECT_NE(text.back(), '.') << "the log goes on after it: " << text;
		EXPECT_EQ(text.find_first_of("\n%"), std::string::npos) << "not safe for the log: " << text;
	}
}

TEST(Refusal, TheTableIsInTheOrderOfTheRules)
{
	for (std::size_t i = 0; i < rule_count; i++)
		EXPECT_EQ(static_cast<std::size_t>(rule_texts[i].rule), i);
}

TEST(Refusal, TheKernelsOwnErrnoIsPassedOn)
{
	const Refusal refusal{Rule::kernel_refused, "a", ENOBUFS};
	EXPECT_EQ(refusal.error(), ENOBUFS);
	EXPECT_STREQ(refusal.text(), "the kernel refused to register the device");
}
