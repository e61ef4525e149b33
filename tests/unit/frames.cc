// SPDX-License-Identifier: GPL-2.0-only
// Which frames fit an end.
#include "core/frame.hpp"

#include <gtest/gtest.h>

#include <limits>

using namespace etun;

TEST(FrameLimit, IsTheMtuWithHeaderAndTwoVlanTags)
{
	EXPECT_EQ(frame_limit(46), 68U);
	EXPECT_EQ(frame_limit(1500), 1522U);
	EXPECT_EQ(frame_limit(9000), 9022U);
	EXPECT_EQ(frame_limit(65535), 65557U);
}

TEST(FrameLimit, TheMtusRangeIsThatOf2007)
{
	EXPECT_EQ(mtu_min, 46U);
	EXPECT_EQ(mtu_max, 65535U);
	EXPECT_EQ(frame_limit(mtu_min), ethernet_frame_min + vlan_tags);
}

TEST(FrameLimit, EveryMtuAcceptsUpTo22BytesMoreAndNotOneMore)
{
	for (unsigned mtu = mtu_min; mtu <= mtu_max; mtu++) {
		ASSERT_TRUE(fits(mtu + 22, mtu)) << mtu;
		ASSERT_FALSE(fits(mtu + 23, mtu)) << mtu;
	}
}

TEST(FrameLimit, AShortFrameFitsEveryMtu)
{
	EXPECT_TRUE(fits(0, mtu_min));
	EXPECT_TRUE(fits(ethernet_header, mtu_min));
	EXPECT_TRUE(fits(ethernet_frame_min, mtu_min));
}

TEST(FrameLimit, NoLengthOverflowsIntoFitting)
{
	EXPECT_FALSE(fits(std::numeric_limits<unsigned>::max(), mtu_max));
	EXPECT_FALSE(fits(std::numeric_limits<unsigned>::max() - 22, mtu_max));
	static_assert(frame_limit(mtu_max) > mtu_max, "the largest MTU leaves room for the sum");
}
