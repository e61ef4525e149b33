// SPDX-License-Identifier: GPL-2.0-only
// What a test expects of a refusal: the rule, and the piece of input that is blamed.
#ifndef ETUN_TESTS_UNIT_REFUSED_HPP
#define ETUN_TESTS_UNIT_REFUSED_HPP

#include "core/refusal.hpp"
#include "core/result.hpp"

#include <gtest/gtest.h>

template <typename T>
void expect_refused(const etun::Result<T, etun::Refusal> &result, etun::Rule rule, std::string_view input)
{
	ASSERT_FALSE(result) << "accepted, where '" << input << "' should have been refused";
	EXPECT_EQ(result.error().rule, rule) << result.error().text();
	EXPECT_EQ(result.error().input, input);
}

#endif
