// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// How PID 1 reads the kernel's command line and the plan of the run directory: fields `key=value` between separators.
#ifndef ETUN_GUEST_PLAN_HPP
#define ETUN_GUEST_PLAN_HPP

#include <string>
#include <string_view>

/// The rest of the field that starts with `key`, up to a separator.
inline std::string field(std::string_view text, std::string_view key, char separator)
{
	while (!text.empty()) {
		const auto end = text.find(separator);
		const auto item = text.substr(0, end);
		if (item.starts_with(key))
			return std::string{item.substr(key.size())};
		if (end == text.npos)
			break;
		text.remove_prefix(end + 1);
	}
	return {};
}

/// Moves the first line out of `text`.
inline std::string take_line(std::string &text)
{
	const auto end = text.find('\n');
	std::string line = text.substr(0, end);
	text.erase(0, end == text.npos ? end : end + 1);
	return line;
}

#endif
