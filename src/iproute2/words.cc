// SPDX-License-Identifier: GPL-2.0-only
#include "iproute2/words.hpp"

#include "core/setting_words.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

namespace etun {
namespace {

using Values = std::span<const char *const>;

/// A word, and the attribute that what follows it is for.
struct Option {
	std::string_view word;
	unsigned attribute;
	Values values;	       ///< the words that may follow, in the order of their numbers; none: a number follows
	const char *complaint; ///< the beginning of the sentence about any other
	const char *remedy;
	const char *misplaced; ///< the end of the sentence about this word behind `peer`
};

/// "; there are A, B and C", of \p words.
template <const auto &words>
constexpr auto there_are = [] {
	std::array<char, 64> text{};
	std::size_t end = 0;
	const auto append = [&](std::string_view piece) {
		for (const char letter : piece)
			text[end++] = letter;
	};

	append("; there are ");
	for (std::size_t i = 0; i < words.size(); i++) {
		if (i > 0)
			append(i + 1 == words.size() ? " and " : ", ");
		append(words[i]);
	}
	return text;
}();

constexpr const char *bad_mode = "unknown delivery mode";
constexpr const char *modes = there_are<mode_words>.data();
constexpr const char *bad_switch = "unknown state of a wire";
constexpr const char *switches = there_are<switch_words>.data();
constexpr const char *bad_slots = "not a number of slots:";
constexpr const char *misplaced = " is a word of etun's own, which goes before `peer`";

constexpr std::array options{
	Option{"mode", ETUN_INFO_MODE, mode_words, bad_mode, modes,
	       " is a word of etun's own, which goes before `peer`; the peer's is \"peer-mode\""},
	Option{"peer-mode", ETUN_INFO_PEER_MODE, mode_words, bad_mode, modes, misplaced},
	Option{"ring",
	       ETUN_INFO_RING,
	       {},
	       bad_slots,
	       "",
	       " is a word of etun's own, which goes before `peer`; the peer's is \"peer-ring\""},
	Option{"peer-ring", ETUN_INFO_PEER_RING, {}, bad_slots, "", misplaced},
	Option{"wire", ETUN_INFO_WIRE, switch_words, bad_switch, switches,
	       " is a word of etun's own, which goes before `peer`; the peer's is \"peer-wire\""},
	Option{"peer-wire", ETUN_INFO_PEER_WIRE, switch_words, bad_switch, switches, misplaced},
	Option{"mtu-policy", ETUN_INFO_MTU_POLICY, mtu_policy_words, "unknown MTU policy",
	       there_are<mtu_policy_words>.data(), misplaced},
};

/// What `ip` takes any name or text behind.
constexpr std::array<std::string_view, 6> naming{"name", "dev", "netns", "alias", "master", "group"};

const Option *find_option(std::string_view word)
{
	for (const Option &option : options) {
		if (option.word == word)
			return &option;
	}
	return nullptr;
}

std::optional<unsigned> number_of(std::string_view text)
{
	unsigned number = 0;
	const char *end = text.data() + text.size();
	const auto [stop, error] = std::from_chars(text.data(), end, number);

	if (error != std::errc() || stop != end)
		return {};
	return number;
}

std::optional<unsigned> value_of(const Option &option, std::string_view text)
{
	if (option.values.empty())
		return number_of(text);
	for (unsigned number = 0; number < option.values.size(); number++) {
		if (text == option.values[number])
			return number;
	}
	return {};
}

bool names_something(std::string_view word)
{
	return std::ranges::find(naming, word) != naming.end();
}

} // namespace

std::optional<BadWord> misplaced_word(std::span<const char *const> words)
{
	std::size_t at = 0;
	while (at + 1 < words.size()) {
		if (names_something(words[at])) {
			at += 2;
			continue;
		}
		const Option *option = find_option(words[at]);
		if (option && value_of(*option, words[at + 1]))
			return BadWord{"", words[at], option->misplaced};
		at++;
	}
	return {};
}

Result<Settings, BadWord> parse_words(std::span<const char *const> words)
{
	Settings settings;

	while (settings.used < words.size()) {
		const char *word = words[settings.used];
		if (std::string_view(word) == "peer" || std::string_view(word) == "help")
			break;
		const Option *option = find_option(word);
		if (!option)
			return fail(BadWord{"unknown word", word,
					    "; `ip link help etun` lists those that are known, and link options go "
					    "before `type`"});
		if (settings.values[option->attribute])
			return fail(BadWord{"", word, " is given twice"});
		if (settings.used + 1 == words.size())
			return fail(BadWord{"", word, " needs a value behind it"});
		const char *value = words[settings.used + 1];
		settings.values[option->attribute] = value_of(*option, value);
		if (!settings.values[option->attribute])
			return fail(BadWord{option->complaint, value, option->remedy});
		settings.used += 2;
	}
	return settings;
}

std::size_t attribute_bytes(unsigned number)
{
	return number == ETUN_INFO_RING || number == ETUN_INFO_PEER_RING ? 4 : 1;
}

} // namespace etun
