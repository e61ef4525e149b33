// SPDX-License-Identifier: GPL-2.0-only
// The checksum agreement of a pair.
#include "core/checksum.hpp"

#include <gtest/gtest.h>

#include <array>

using namespace etun;

namespace {

constexpr std::array all_checksums{Checksum::none, Checksum::unnecessary, Checksum::complete, Checksum::partial};

/// True for a state in which the receiving stack does not verify by itself.
bool spares_the_receiver(Checksum state)
{
	return state != Checksum::none;
}

} // namespace

TEST(ChecksumAgreement, IsReachedOnlyWhenBothAgree)
{
	EXPECT_FALSE(may_skip_checksum(false, false));
	EXPECT_FALSE(may_skip_checksum(false, true));
	EXPECT_FALSE(may_skip_checksum(true, false));
	EXPECT_TRUE(may_skip_checksum(true, true));
}

TEST(ChecksumOnArrival, ATrustingReceiverSeesWhatWasSent)
{
	for (const Checksum sent : all_checksums)
		EXPECT_EQ(arriving(sent, true), sent);
}

TEST(ChecksumOnArrival, AnUntrustingReceiverVerifiesByItself)
{
	EXPECT_EQ(arriving(Checksum::none, false), Checksum::none);
	EXPECT_EQ(arriving(Checksum::unnecessary, false), Checksum::none);
	EXPECT_EQ(arriving(Checksum::complete, false), Checksum::none);
}

TEST(ChecksumOnArrival, ASumStillToBeFilledInIsNeverForgotten)
{
	EXPECT_EQ(arriving(Checksum::partial, false), Checksum::partial);
	EXPECT_EQ(arriving(Checksum::partial, true), Checksum::partial);
}

TEST(ChecksumOnArrival, CrossingNeverAddsTrust)
{
	for (const Checksum sent : all_checksums)
		for (const bool trusts : {false, true}) {
			const Checksum arrived = arriving(sent, trusts);
			EXPECT_TRUE(arrived == sent || arrived == Checksum::none);
			EXPECT_TRUE(spares_the_receiver(sent) || !spares_the_receiver(arrived));
		}
}

TEST(ChecksumOnArrival, ASecondCrossingChangesNothingMore)
{
	for (const Checksum sent : all_checksums)
		for (const bool trusts : {false, true})
			EXPECT_EQ(arriving(arriving(sent, trusts), trusts), arriving(sent, trusts));
}
