// SPDX-License-Identifier: GPL-2.0-only
// Addresses that nobody has given.
#include "core/address.hpp"

#include <gtest/gtest.h>

using namespace etun;

TEST(addresses, a_random_one_is_of_one_station_and_local)
{
	for (unsigned first = 0; first < 256; first++) {
		const Address made = random_address(0xabcd'1122'3344'5500 | first);
		EXPECT_EQ(made.octets[0] & 3, 2) << first;
		EXPECT_EQ(made.octets[0] >> 2, first >> 2);
	}
}

TEST(addresses, all_other_bits_are_random)
{
	EXPECT_EQ(random_address(0xffff'6655'4433'2211), (Address{{0x12, 0x22, 0x33, 0x44, 0x55, 0x66}}));
	EXPECT_EQ(random_address(0), (Address{{2, 0, 0, 0, 0, 0}}));
}
