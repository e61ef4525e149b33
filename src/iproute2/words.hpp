// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The words of etun's own in `ip link add ... type etun WORDS`. Nothing of iproute2 here, so that it can be tested.
#ifndef ETUN_IPROUTE2_WORDS_HPP
#define ETUN_IPROUTE2_WORDS_HPP

#include "core/result.hpp"
#include "uapi/etun.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace etun {

/// What the words before `peer` ask for.
struct Settings {
	std::array<std::optional<unsigned>, ETUN_INFO_COUNT> values; ///< by attribute number
	std::size_t used = 0; ///< so many words were read: the next one is `peer` or `help`, or there is none
};

/// Why the words are refused: a sentence with one of them in quotes inside.
struct BadWord {
	const char *before;
	const char *word;
	const char *after;
};

/// Reads words up to `peer`, `help`, or their end.
Result<Settings, BadWord> parse_words(std::span<const char *const> words);

/// Looks among the words behind `peer`, which are `ip`'s own, for one of etun's with a value of its: it stands in the
/// wrong place. None where `ip` may know the word by itself, since it can be the name of something.
std::optional<BadWord> misplaced_word(std::span<const char *const> words);

/// Bytes of the attribute \p number that a word sets.
std::size_t attribute_bytes(unsigned number);

} // namespace etun

#endif
