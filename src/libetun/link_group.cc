// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/link_group.hpp"

#include <charconv>
#include <fstream>
#include <sstream>

namespace etun {
namespace {

std::optional<unsigned> parse_number(std::string_view text)
{
	const bool hexadecimal = text.substr(0, 2) == "0x";
	if (hexadecimal)
		text.remove_prefix(2);
	unsigned number = 0;
	const char *const end = text.data() + text.size();
	const auto [stop, error] = std::from_chars(text.data(), end, number, hexadecimal ? 16 : 10);
	if (error != std::errc() || stop != end)
		return {};
	return number;
}

} // namespace

std::optional<unsigned> group_in(std::istream &file, std::string_view name)
{
	std::string line;
	while (std::getline(file, line)) {
		std::istringstream words(line.substr(0, line.find('#')));
		std::string number;
		std::string called;
		if (words >> number >> called && called == name)
			return parse_number(number);
	}
	return {};
}

std::optional<unsigned> parse_link_group(std::string_view text)
{
	if (const auto number = parse_number(text))
		return number;
	// What somebody wrote on this machine comes before what iproute2 brought.
	for (const char *path : {"/etc/iproute2/group", "/usr/share/iproute2/group"}) {
		std::ifstream file(path);
		if (const auto number = group_in(file, text))
			return number;
	}
	return text == "default" ? std::optional(0U) : std::nullopt;
}

} // namespace etun
