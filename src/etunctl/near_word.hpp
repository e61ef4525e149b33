// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What somebody may have meant who wrote a word that there is not.
#ifndef ETUN_ETUNCTL_NEAR_WORD_HPP
#define ETUN_ETUNCTL_NEAR_WORD_HPP

#include <string>
#include <string_view>
#include <vector>

namespace etun {

/// How many letters have to be put in, taken out, changed or swapped with the next one to make one word of the other.
unsigned distance(std::string_view one, std::string_view other);

/// Those of \p known that \p word is the beginning of, or that are the beginning of it; where there are none, the
/// nearest ones, if they are near. In the order of \p known.
std::vector<std::string> near_words(std::string_view word, const std::vector<std::string> &known);

/// `did you mean a, b or c?`, empty when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string> &known);

} // namespace etun

#endif
