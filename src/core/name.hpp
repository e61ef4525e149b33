// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Interface names: their size, and which characters a new etun end may have.
#ifndef ETUN_CORE_NAME_HPP
#define ETUN_CORE_NAME_HPP

#include "core/refusal.hpp"
#include "core/result.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace etun {

/// Longest interface name in bytes, without the terminating zero (IFNAMSIZ - 1, netdevice(7)).
inline constexpr std::size_t name_length_max = 15;

/// An interface name, zero-terminated and zero-padded: ready for the kernel, and comparable as two words.
class Name {
public:
	constexpr Name() = default;

	/// Copies \p text, which must be at most name_length_max bytes; more is cut. Any context.
	constexpr explicit Name(std::string_view text)
	{
		for (std::size_t i = 0; i < text.size() && i < name_length_max; i++)
			text_[i] = text[i];
	}

	constexpr const char *c_str() const { return text_.data(); }
	constexpr std::string_view view() const { return {text_.data()}; }
	constexpr bool operator==(const Name &) const = default;

private:
	std::array<char, name_length_max + 1> text_{};
};

/// True for `A-Z a-z 0-9` alone. The kernel's isalnum() also takes Latin-1 letters, which break tools.
constexpr bool is_ascii_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// True for what isspace(3) calls white space in the C locale.
constexpr bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Takes \p text as the name of an end to be made: 1 to 15 ASCII letters and digits.
///
/// Any context. Errors: Rule::name_characters (the empty name too), Rule::name_too_long.
constexpr Result<Name, Refusal> new_name(std::string_view text)
{
	if (text.empty())
		return fail(Refusal{Rule::name_characters, text});
	if (text.size() > name_length_max)
		return fail(Refusal{Rule::name_too_long, text});
	for (char c : text)
		if (!is_ascii_alnum(c))
			return fail(Refusal{Rule::name_characters, text});
	return Name(text);
}

/// Takes \p text as the name of an end that exists. It may have been renamed to anything that the
/// kernel allows (dev_valid_name()), so only the length is checked here; the rest is looking it up.
///
/// Any context. Errors: Rule::nothing_named, Rule::name_too_long.
constexpr Result<Name, Refusal> present_name(std::string_view text)
{
	if (text.empty())
		return fail(Refusal{Rule::nothing_named, text});
	if (text.size() > name_length_max)
		return fail(Refusal{Rule::name_too_long, text});
	return Name(text);
}

} // namespace etun

#endif
