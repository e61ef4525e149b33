// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/near_word.hpp"

#include <algorithm>

namespace etun {
namespace {

/// Without the dashes of an option, which all of them have.
std::string_view bare(std::string_view word)
{
	return word.substr(std::min(word.find_first_not_of('-'), word.size()));
}

/// A word of one or two letters is the beginning of too many.
constexpr std::size_t beginning_min = 3;

bool is_beginning(std::string_view beginning, std::string_view word)
{
	return beginning.size() >= beginning_min && word.starts_with(beginning);
}

} // namespace

// Of Damerau and Levenshtein, where no letter is touched twice.
unsigned distance(std::string_view one, std::string_view other)
{
	std::vector<std::vector<unsigned>> cost(one.size() + 1, std::vector<unsigned>(other.size() + 1));
	for (std::size_t i = 0; i <= one.size(); i++) {
		for (std::size_t j = 0; j <= other.size(); j++) {
			if (i == 0 || j == 0) {
				cost[i][j] = static_cast<unsigned>(i + j);
				continue;
			}
			const unsigned differ = one[i - 1] == other[j - 1] ? 0 : 1;
			cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + differ});
			if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
				cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
		}
	}
	return cost[one.size()][other.size()];
}

std::vector<std::string> near_words(std::string_view word, const std::vector<std::string> &known)
{
	const std::string_view meant = bare(word);
	std::vector<std::string> near;
	for (const std::string &candidate : known)
		if (is_beginning(meant, bare(candidate)) || is_beginning(bare(candidate), meant))
			near.push_back(candidate);
	if (!near.empty())
		return near;
	// Of three letters one may be wrong.
	unsigned best = static_cast<unsigned>((meant.size() + 2) / 3);
	for (const std::string &candidate : known) {
		const unsigned away = distance(meant, bare(candidate));
		if (away > best || away >= bare(candidate).size())
			continue;
		if (away < best)
			near.clear();
		best = away;
		near.push_back(candidate);
	}
	return near;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string> &known)
{
	const std::vector<std::string> near = near_words(word, known);
	std::string text;
	for (std::size_t i = 0; i < near.size(); i++)
		text += (i == 0 ? "did you mean " : i + 1 == near.size() ? " or " : ", ") + near[i];
	return text.empty() ? text : text + '?';
}

} // namespace etun
