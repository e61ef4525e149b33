// SPDX-License-Identifier: GPL-2.0-only
// How libetun puts pairs together from their ends.
#include "libetun/pairs.hpp"

#include <gtest/gtest.h>

using namespace etun;

namespace {

PlacedEnd end(std::uint64_t pair, const char *name, std::size_t netns)
{
	PlacedEnd placed;
	placed.link.name = name;
	placed.link.end.emplace().pair_id = pair;
	placed.netns = netns;
	return placed;
}

std::string told(const std::vector<Pair> &pairs)
{
	std::string text;
	for (const Pair &pair : pairs)
		text += std::to_string(pair.id) + ' ' + pair.one.link.name + '@' + std::to_string(pair.one.netns) +
			' ' + (pair.other ? pair.other->link.name + '@' + std::to_string(pair.other->netns) : "-") +
			'\n';
	return text;
}

} // namespace

TEST(Pairs, AreJoinedByTheirNumbers)
{
	EXPECT_EQ(told(join_ends({end(2, "b0", 1), end(1, "y0", 0), end(2, "a0", 0), end(1, "x0", 0)})),
		  "1 x0@0 y0@0\n2 a0@0 b0@1\n");
}

TEST(Pairs, TheFirstEndIsInTheFirstNamespace)
{
	EXPECT_EQ(told(join_ends({end(1, "a0", 2), end(1, "b0", 1)})), "1 b0@1 a0@2\n");
	EXPECT_EQ(told(join_ends({end(1, "same", 1), end(1, "same", 0)})), "1 same@0 same@1\n");
}

TEST(Pairs, AnEndAloneIsAPairToo)
{
	EXPECT_EQ(told(join_ends({end(3, "a0", 0)})), "3 a0@0 -\n");
	EXPECT_EQ(told(join_ends({})), "");
}

TEST(Pairs, WhatSaysNothingOfAPairIsNone)
{
	PlacedEnd other = end(1, "a0", 0);
	other.link.end.reset();
	EXPECT_EQ(told(join_ends({other})), "");
}

TEST(NetNamespace, NamesThatArePathsAreRefused)
{
	for (const char *name : {"", ".", "..", "a/b", "/proc/self/ns/net"}) {
		const auto found = named_namespace(name);
		ASSERT_FALSE(found) << name;
		EXPECT_EQ(found.error().number(), EINVAL);
	}
	const auto missing = named_namespace("no-such-namespace");
	ASSERT_FALSE(missing);
	EXPECT_EQ(missing.error().number(), ENOENT);
}

TEST(NetNamespace, GivenByAPidOrAPath)
{
	const std::string pid = std::to_string(getpid());
	for (const std::string &given : {pid, "/proc/" + pid + "/ns/net", std::string("/proc/self/ns/net")}) {
		auto found = given_namespace(given);
		ASSERT_TRUE(found) << given;
		EXPECT_TRUE(found->current) << given;
		EXPECT_EQ(found->name, given);
	}
	const auto number_of = [](const std::string &given) {
		auto found = given_namespace(given);
		return found ? 0 : found.error().number();
	};
	EXPECT_EQ(number_of("no-such-namespace"), ENOENT);
	EXPECT_EQ(number_of("4194305"), ENOENT); // more than PID_MAX_LIMIT
	EXPECT_EQ(number_of("/no/such/file"), ENOENT);
	EXPECT_EQ(number_of("/proc/self/ns/uts"), EINVAL);
	EXPECT_EQ(number_of("/etc/passwd"), EINVAL);
	EXPECT_EQ(number_of(""), EINVAL);
}

TEST(NetNamespace, OneThatIsGivenTwiceIsOne)
{
	std::vector<NetNamespace> others;
	for (const char *given : {"/proc/self/ns/net", "/proc/thread-self/ns/net"}) {
		auto found = given_namespace(given);
		ASSERT_TRUE(found);
		others.push_back(std::move(*found));
	}
	auto all = reachable_namespaces(std::move(others));
	ASSERT_TRUE(all);
	EXPECT_EQ(all->size(), reachable_namespaces()->size());
	EXPECT_TRUE(is_called(all->front(), "/proc/self/ns/net"));
	EXPECT_TRUE(is_called(all->front(), "/proc/thread-self/ns/net"));
	EXPECT_NE(all->front().name, "/proc/self/ns/net");
}

TEST(NetNamespace, TheCurrentOneIsTheFirst)
{
	auto all = reachable_namespaces();
	ASSERT_TRUE(all);
	ASSERT_FALSE(all->empty());
	EXPECT_TRUE(all->front().current);
	// Which takes no privilege.
	EXPECT_TRUE(NamespaceVisit::enter(all->front()));
}
