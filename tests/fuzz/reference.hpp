// SPDX-License-Identifier: GPL-2.0-only
// The grammar of newif and delif a second time, written to be obviously right and nothing else: it copies every piece,
// keeps names in a set, and shares no line with core. What it lacks is the reason of a refusal.
#ifndef ETUN_TESTS_FUZZ_REFERENCE_HPP
#define ETUN_TESTS_FUZZ_REFERENCE_HPP

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace reference {

/// The names that an accepted text gives, in the order of the text; none for a refused text.
using Names = std::optional<std::vector<std::string>>;

constexpr const char *blanks = " \t\n\v\f\r";
constexpr const char *letters_and_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

inline std::vector<std::string> split(const std::string &text, const std::string &separators)
{
	std::vector<std::string> pieces(1);
	for (const char c : text)
		if (separators.find(c) != std::string::npos)
			pieces.emplace_back();
		else
			pieces.back() += c;
	return pieces;
}

inline std::vector<std::string> words(const std::string &text)
{
	std::vector<std::string> found;
	for (const std::string &piece : split(text, blanks))
		if (!piece.empty())
			found.push_back(piece);
	return found;
}

inline bool all_different(const std::vector<std::string> &names)
{
	return std::set<std::string>(names.begin(), names.end()).size() == names.size();
}

inline Names newif(const std::string &text)
{
	if (text.size() > 4095 || words(text).empty())
		return std::nullopt;
	std::vector<std::string> names;
	for (const std::string &word : words(text)) {
		const std::vector<std::string> two = split(word, ",");
		if (two.size() != 2)
			return std::nullopt;
		for (const std::string &name : two) {
			if (name.empty() || name.size() > 15)
				return std::nullopt;
			if (name.find_first_not_of(letters_and_digits) != std::string::npos)
				return std::nullopt;
			names.push_back(name);
		}
	}
	return all_different(names) ? Names(names) : std::nullopt;
}

inline Names delif(const std::string &text)
{
	if (text.size() > 4095)
		return std::nullopt;
	const std::vector<std::string> names = words(text);
	for (const std::string &name : names)
		if (name.size() > 15)
			return std::nullopt;
	return !names.empty() && all_different(names) ? Names(names) : std::nullopt;
}

} // namespace reference

#endif
