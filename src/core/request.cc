// SPDX-License-Identifier: GPL-2.0-only
#include "core/request.hpp"

#include <array>
#include <cstdint>

namespace etun {
namespace {

/// The parts of `left,right` around the first comma; \p right is what follows it.
struct Split {
	std::string_view left;
	std::string_view right;
	bool found;
};

constexpr Split split_at_comma(std::string_view word)
{
	for (std::size_t i = 0; i < word.size(); i++)
		if (word[i] == ',')
			return {{word.data(), i}, {word.data() + i + 1, word.size() - i - 1}, true};
	return {word, {}, false};
}

/// Looks for \p name among the names of \p earlier, a text that is known to be well formed.
bool named_in(std::string_view earlier, std::string_view name)
{
	Words words(earlier);
	for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
		const Split split = split_at_comma(word);
		if (split.left == name || (split.found && split.right == name))
			return true;
	}
	return false;
}

/// Names that went by, as far as few bits can tell: a name that it has not seen was not given. What it claims to have
/// seen has to be looked for. Without it the time of a check would grow with the square of the number of names.
class Seen {
public:
	/// True when \p name may have been added before; adds it.
	bool add(std::string_view name)
	{
		std::uint32_t hash = 2166136261; // FNV-1a
		for (const char c : name)
			hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
		const bool one = set(hash % bits);
		const bool other = set(hash / bits % bits);
		return one && other;
	}

private:
	/// One bit for each byte of the longest text.
	static constexpr std::uint32_t bits = control_text_limit;

	/// True when the bit was set already.
	bool set(std::uint32_t bit)
	{
		std::uint64_t &word = words_[bit / 64];
		const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
		const bool was = word & mask;
		word |= mask;
		return was;
	}

	std::array<std::uint64_t, bits / 64> words_{};
};

/// What of \p text stands before \p word, which is a part of it.
std::string_view before(std::string_view text, std::string_view word)
{
	return {text.data(), static_cast<std::size_t>(word.data() - text.data())};
}

Result<Done, Refusal> check_new_word(std::string_view text, std::string_view word, Seen &seen)
{
	auto request = pair_request(word);
	if (!request)
		return fail(request.error());
	if (request->first == request->second)
		return fail(Refusal{Rule::name_repeated, word});

	const Split split = split_at_comma(word);
	for (std::string_view name : {split.left, split.right})
		if (seen.add(name) && named_in(before(text, word), name))
			return fail(Refusal{Rule::name_repeated, name});
	return Done{};
}

Result<Done, Refusal> check_present_word(std::string_view text, std::string_view word, Seen &seen)
{
	auto name = present_name(word);
	if (!name)
		return fail(name.error());
	if (!seen.add(word))
		return Done{};
	// Not named_in(): a renamed end may have a comma in its name.
	Words earlier(before(text, word));
	for (std::string_view other = earlier.next(); !other.empty(); other = earlier.next())
		if (other == word)
			return fail(Refusal{Rule::name_repeated, word});
	return Done{};
}

template <typename Check> Result<std::size_t, Refusal> check_words(std::string_view text, Check check)
{
	if (text.size() >= control_text_limit)
		return fail(Refusal{Rule::write_too_long, {}});

	Words words(text);
	Seen seen;
	std::size_t count = 0;
	for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
		auto checked = check(text, word, seen);
		if (!checked)
			return fail(checked.error());
		count++;
	}
	if (count == 0)
		return fail(Refusal{Rule::nothing_named, {}});
	return count;
}

} // namespace

Result<PairRequest, Refusal> pair_request(std::string_view word)
{
	const Split split = split_at_comma(word);
	if (!split.found)
		return fail(Refusal{Rule::pair_malformed, word});

	auto first = new_name(split.left);
	if (!first)
		return fail(split.left.empty() ? Refusal{Rule::name_characters, word} : first.error());
	auto second = new_name(split.right);
	if (!second)
		return fail(split.right.empty() ? Refusal{Rule::name_characters, word} : second.error());
	return PairRequest{*first, *second};
}

Result<std::size_t, Refusal> check_newif(std::string_view text)
{
	return check_words(text, check_new_word);
}

Result<std::size_t, Refusal> check_delif(std::string_view text)
{
	return check_words(text, check_present_word);
}

} // namespace etun
