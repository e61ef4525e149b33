// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/setting_text.hpp"

#include "core/setting_words.hpp"

namespace etun {
namespace {

template <std::size_t count> std::string word(const std::array<const char *, count> &words, std::size_t number)
{
	return number < count ? words[number] : std::to_string(number);
}

} // namespace

std::string to_text(Mode mode)
{
	return word(mode_words, static_cast<std::size_t>(mode));
}

std::string to_text(MtuPolicy policy)
{
	return word(mtu_policy_words, static_cast<std::size_t>(policy));
}

} // namespace etun
