// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/link.hpp"

#include <algorithm>
#include <charconv>

namespace etun {

bool is_called(const Link &link, std::string_view name)
{
	return link.name == name ||
	       std::find(link.alt_names.begin(), link.alt_names.end(), name) != link.alt_names.end();
}

std::optional<HardwareAddress> parse_hardware_address(std::string_view text)
{
	constexpr std::size_t stride = 3; // two digits and a colon
	HardwareAddress address{};
	if (text.size() != address.size() * stride - 1)
		return {};
	for (std::size_t i = 0; i < address.size(); i++) {
		const char *digits = text.data() + i * stride;
		const auto [stop, error] = std::from_chars(digits, digits + 2, address[i], 16);
		if (error != std::errc() || stop != digits + 2)
			return {};
		if (i + 1 < address.size() && digits[2] != ':')
			return {};
	}
	return address;
}

std::string to_text(const HardwareAddress &address)
{
	constexpr std::string_view digits = "0123456789abcdef";
	std::string text;
	for (const std::uint8_t byte : address) {
		if (!text.empty())
			text += ':';
		text += digits[byte >> 4];
		text += digits[byte & 15];
	}
	return text;
}

} // namespace etun
