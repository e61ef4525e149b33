// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/name_pattern.hpp"

#include "core/name.hpp"
#include "libetun/complaint.hpp"

#include <fmt/core.h>

#include <limits>

namespace etun {
namespace {

constexpr std::string_view number_sign = "%d";

[[noreturn]] void refuse(std::string_view pattern, std::string_view why)
{
	throw Complaint{ExitStatus::usage, fmt::format("the pattern '{}' {}", pattern, why),
			"a pair is written 'v%d,w%d', an end 'v%d'"};
}

} // namespace

std::vector<std::string> numbered_names(std::string_view pattern, unsigned first, unsigned count)
{
	const std::size_t at = pattern.find('%');
	if (at == std::string_view::npos || pattern.substr(at, number_sign.size()) != number_sign ||
	    pattern.find('%', at + 1) != std::string_view::npos)
		refuse(pattern, "needs one %d in each name");

	if (count > 0 && first > std::numeric_limits<unsigned>::max() - (count - 1))
		refuse(pattern, "would be numbered beyond what there are numbers for");

	std::vector<std::string> names;
	names.reserve(count);
	for (unsigned i = 0; i < count; i++) {
		names.push_back(fmt::format("{}{}{}", pattern.substr(0, at), first + i,
					    pattern.substr(at + number_sign.size())));
		if (names.back().size() > name_length_max)
			refuse(pattern, fmt::format("makes '{}', and a name has at most {} characters", names.back(),
						    name_length_max));
	}
	return names;
}

std::vector<std::pair<std::string, std::string>> numbered_pairs(std::string_view pattern, unsigned first,
								unsigned count)
{
	const std::size_t comma = pattern.find(',');
	if (comma == std::string_view::npos)
		refuse(pattern, "has no comma between two names");
	std::vector<std::string> ones = numbered_names(pattern.substr(0, comma), first, count);
	std::vector<std::string> others = numbered_names(pattern.substr(comma + 1), first, count);

	std::vector<std::pair<std::string, std::string>> pairs;
	pairs.reserve(count);
	for (unsigned i = 0; i < count; i++)
		pairs.emplace_back(std::move(ones[i]), std::move(others[i]));
	return pairs;
}

} // namespace etun
