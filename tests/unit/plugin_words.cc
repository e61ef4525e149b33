// SPDX-License-Identifier: GPL-2.0-only
// The words of the iproute2 plugin: `ip link add ... type etun WORDS`.
#include "iproute2/words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace etun;

namespace {

using Words = std::vector<const char *>;

std::string complaint(const Words &words)
{
	const auto parsed = parse_words(words);
	if (parsed)
		return "";
	return std::string(parsed.error().before) + "|" + parsed.error().word;
}

/// The word of etun's own that stands behind `peer`, and what is said of it.
std::string misplaced(const Words &words)
{
	const auto found = misplaced_word(words);
	return found ? std::string(found->word) + found->after : "";
}

} // namespace

TEST(PluginWords, NoneAskForNothing)
{
	auto parsed = parse_words({});
	ASSERT_TRUE(parsed);
	EXPECT_EQ(parsed->used, 0U);
	for (const auto &value : parsed->values)
		EXPECT_FALSE(value);
}

TEST(PluginWords, EachSetsItsAttribute)
{
	const Words words{"mode", "napi",	"ring",	 "2",	 "peer-mode", "backlog",   "peer-ring",
			  "64",	  "mtu-policy", "equal", "wire", "on",	      "peer-wire", "off"};
	auto parsed = parse_words(words);
	ASSERT_TRUE(parsed);
	EXPECT_EQ(parsed->used, words.size());
	EXPECT_EQ(parsed->values[ETUN_INFO_MODE], 1U);
	EXPECT_EQ(parsed->values[ETUN_INFO_PEER_MODE], 0U);
	EXPECT_EQ(parsed->values[ETUN_INFO_RING], 2U);
	EXPECT_EQ(parsed->values[ETUN_INFO_PEER_RING], 64U);
	EXPECT_EQ(parsed->values[ETUN_INFO_MTU_POLICY], 1U);
	EXPECT_EQ(parsed->values[ETUN_INFO_WIRE], 1U);
	EXPECT_EQ(parsed->values[ETUN_INFO_PEER_WIRE], 0U);
	EXPECT_FALSE(parsed->values[ETUN_INFO_PEER]);
	EXPECT_FALSE(parsed->values[ETUN_INFO_PEER_IFINDEX]);
}

TEST(PluginWords, EachSetsItsAttributeAlone)
{
	for (const char *word : {"mode", "peer-mode", "ring", "peer-ring", "wire", "peer-wire", "mtu-policy"}) {
		for (const char *value : {"backlog", "napi", "direct", "7", "on", "independent", "equal"}) {
			auto parsed = parse_words(Words{word, value});
			unsigned set = 0;
			for (std::size_t number = 0; parsed && number < parsed->values.size(); number++)
				set += parsed->values[number].has_value();
			EXPECT_EQ(set, parsed ? 1U : 0U) << word << ' ' << value;
		}
	}
}

TEST(PluginWords, TheyEndAtPeerAndHelp)
{
	for (const char *last : {"peer", "help"}) {
		auto parsed = parse_words(Words{"ring", "8", last, "mode", "wat"});
		ASSERT_TRUE(parsed);
		EXPECT_EQ(parsed->used, 2U);
	}
	// As a value it is no end.
	EXPECT_EQ(complaint({"mode", "peer"}), "unknown delivery mode|peer");
}

TEST(PluginWords, SlotsAreDecimalNumbersOf32Bits)
{
	auto parsed = parse_words(Words{"ring", "4294967295"});
	ASSERT_TRUE(parsed);
	EXPECT_EQ(parsed->values[ETUN_INFO_RING], 4294967295U);
	for (const char *text : {"", " 1", "1 ", "-1", "+1", "0x10", "1k", "4294967296", "18446744073709551617", "1.0"})
		EXPECT_EQ(complaint({"ring", text}), std::string("not a number of slots:|") + text);
}

TEST(PluginWords, WrongOnesAreNamed)
{
	EXPECT_EQ(complaint({"wat"}), "unknown word|wat");
	EXPECT_EQ(complaint({""}), "unknown word|");
	EXPECT_EQ(complaint({"Mode", "napi"}), "unknown word|Mode");
	EXPECT_EQ(complaint({"mod", "napi"}), "unknown word|mod");
	EXPECT_EQ(complaint({"mode", "napi", "5"}), "unknown word|5");
	EXPECT_EQ(complaint({"peer-mode", "NAPI"}), "unknown delivery mode|NAPI");
	EXPECT_EQ(complaint({"mtu-policy", "napi"}), "unknown MTU policy|napi");
	EXPECT_EQ(complaint({"wire", "1"}), "unknown state of a wire|1");
	EXPECT_EQ(complaint({"ring", "2", "ring", "2"}), "|ring");
	EXPECT_EQ(complaint({"ring", "2", "mode"}), "|mode");
}

TEST(PluginWords, OwnOnesBehindPeerAreFound)
{
	const std::string before_it = " is a word of etun's own, which goes before `peer`";
	EXPECT_EQ(misplaced({"name", "b", "mode", "napi"}), "mode" + before_it + "; the peer's is \"peer-mode\"");
	EXPECT_EQ(misplaced({"b", "ring", "64"}), "ring" + before_it + "; the peer's is \"peer-ring\"");
	EXPECT_EQ(misplaced({"mtu", "9000", "peer-mode", "direct", "up"}), "peer-mode" + before_it);
	EXPECT_EQ(misplaced({"peer-ring", "7"}), "peer-ring" + before_it);
	EXPECT_EQ(misplaced({"name", "b", "mtu-policy", "equal"}), "mtu-policy" + before_it);
	EXPECT_EQ(misplaced({"name", "mode", "mode", "backlog"}), "mode" + before_it + "; the peer's is \"peer-mode\"");
}

TEST(PluginWords, WhatIpKnowsBehindPeerIsLeftToIt)
{
	EXPECT_EQ(misplaced({}), "");
	EXPECT_EQ(misplaced({"name", "b", "netns", "blue", "mtu", "9000", "up"}), "");
	// The link option of the same name, and what has such a name.
	EXPECT_EQ(misplaced({"b", "mode", "dormant"}), "");
	EXPECT_EQ(misplaced({"ring"}), "");
	EXPECT_EQ(misplaced({"up", "ring"}), "");
	EXPECT_EQ(misplaced({"ring", "mtu", "9000"}), "");
	for (const char *keyword : {"name", "dev", "netns", "alias", "master", "group"})
		EXPECT_EQ(misplaced({keyword, "ring", "64"}), "") << keyword;
	// What is no value of it `ip` explains.
	EXPECT_EQ(misplaced({"b", "mode", "fast"}), "");
	EXPECT_EQ(misplaced({"b", "mode"}), "");
}

TEST(PluginWords, AttributesAreAsLongAsTheKernelWantsThem)
{
	EXPECT_EQ(attribute_bytes(ETUN_INFO_MODE), 1U);
	EXPECT_EQ(attribute_bytes(ETUN_INFO_PEER_MODE), 1U);
	EXPECT_EQ(attribute_bytes(ETUN_INFO_MTU_POLICY), 1U);
	EXPECT_EQ(attribute_bytes(ETUN_INFO_RING), 4U);
	EXPECT_EQ(attribute_bytes(ETUN_INFO_PEER_RING), 4U);
}
