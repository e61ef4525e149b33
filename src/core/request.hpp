// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The grammar of the control files newif and delif.
///
///     newif = blank* pair (blank+ pair)* blank*        pair = name "," name
///     delif = blank* name (blank+ name)* blank*
///
/// A text is checked whole before anything is done, so that a request is carried out all or not at all.
#ifndef ETUN_CORE_REQUEST_HPP
#define ETUN_CORE_REQUEST_HPP

#include "core/name.hpp"
#include "core/refusal.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <string_view>

namespace etun {

/// A control file's buffer in bytes: sysfs hands over at most one page of 4096 bytes and cuts a
/// longer write into several. A text that fills it may therefore end in half a name.
inline constexpr std::size_t control_text_limit = 4096;

/// The two names of one pair to be made.
struct PairRequest {
	Name first;
	Name second;
};

/// Walks the blank-separated words of a text. Any context; allocates nothing.
class Words {
public:
	constexpr explicit Words(std::string_view text) : rest_(text) {}

	/// The next word, empty at the end.
	constexpr std::string_view next()
	{
		std::size_t begin = 0;
		while (begin < rest_.size() && is_space(rest_[begin]))
			begin++;
		std::size_t end = begin;
		while (end < rest_.size() && !is_space(rest_[end]))
			end++;
		const std::string_view word{rest_.data() + begin, end - begin};
		rest_.remove_prefix(end);
		return word;
	}

private:
	std::string_view rest_;
};

/// Splits \p word at its first comma into two new names. Any context.
///
/// Errors: Rule::pair_malformed, and those of new_name().
Result<PairRequest, Refusal> pair_request(std::string_view word);

/// Checks a whole newif text: each pair well formed, no name given twice. Returns the number of pairs, at
/// least 1. Any context; uses 512 bytes of stack.
///
/// Errors: Rule::write_too_long, Rule::nothing_named, Rule::name_repeated, and those of pair_request().
Result<std::size_t, Refusal> check_newif(std::string_view text);

/// Checks a whole delif text; returns the number of names, at least 1. Any context.
///
/// Errors: Rule::write_too_long, Rule::nothing_named, Rule::name_repeated, Rule::name_too_long.
Result<std::size_t, Refusal> check_delif(std::string_view text);

} // namespace etun

#endif
