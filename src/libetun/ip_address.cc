// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/ip_address.hpp"

#include <arpa/inet.h>

#include <charconv>

namespace etun {
namespace {

bool is_multicast(const IpAddress &address)
{
	constexpr unsigned ipv4_multicast_min = 0xe0; // RFC 5771; what follows is reserved
	return address.family == AF_INET ? address.host[0] >= ipv4_multicast_min : address.host[0] == 0xff;
}

} // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text)
{
	const std::size_t slash = text.find('/');
	if (slash == std::string_view::npos)
		return {};
	IpAddress address;
	const std::string host(text.substr(0, slash));
	address.family = host.find(':') == std::string::npos ? AF_INET : AF_INET6;
	if (inet_pton(address.family, host.c_str(), address.host.data()) != 1)
		return {};
	const char *const end = text.data() + text.size();
	const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, address.prefix);
	if (error != std::errc() || stop != end || address.prefix > address.bits())
		return {};
	if (is_multicast(address) || address.host == IpAddress().host)
		return {};
	return address;
}

std::string to_text(const IpAddress &address)
{
	std::array<char, INET6_ADDRSTRLEN> host{};
	inet_ntop(address.family, address.host.data(), host.data(), host.size());
	return std::string(host.data()) + '/' + std::to_string(address.prefix);
}

} // namespace etun
