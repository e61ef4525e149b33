// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace etun {
namespace {

bool is_multicast(const IpAddress &address)
{
	constexpr unsigned ipv4_multicast_min = 0xe0; // RFC 5771; what follows is reserved
	return address.family == AF_INET ? address.host[0] >= ipv4_multicast_min : address.host[0] == 0xff;
}

/// True for what a device can have.
bool is_of_host(const IpAddress &address)
{
	return !is_multicast(address) && address.host != IpAddress().host;
}

/// The prefix is the whole address.
std::optional<IpAddress> parse_host(std::string_view text)
{
	IpAddress address;
	const std::string host(text);
	address.family = host.find(':') == std::string::npos ? AF_INET : AF_INET6;
	if (inet_pton(address.family, host.c_str(), address.host.data()) != 1)
		return {};
	return alone(address);
}

} // namespace

std::optional<IpAddress> parse_ip_prefix(std::string_view text)
{
	const std::size_t slash = text.find('/');
	if (slash == std::string_view::npos)
		return {};
	auto address = parse_host(text.substr(0, slash));
	if (!address)
		return {};
	const char *const end = text.data() + text.size();
	const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, address->prefix);
	if (error != std::errc() || stop != end || address->prefix > address->bits())
		return {};
	return address;
}

std::optional<IpAddress> parse_ip_address(std::string_view text)
{
	const auto address = parse_ip_prefix(text);
	return address && is_of_host(*address) ? address : std::nullopt;
}

std::optional<IpAddress> parse_ip_host(std::string_view text)
{
	const auto address = parse_host(text);
	return address && is_of_host(*address) ? address : std::nullopt;
}

std::string to_text(const IpAddress &address)
{
	return host_text(address) + '/' + std::to_string(address.prefix);
}

std::string host_text(const IpAddress &address)
{
	std::array<char, INET6_ADDRSTRLEN> host{};
	inet_ntop(address.family, address.host.data(), host.data(), host.size());
	return host.data();
}

IpAddress network_of(const IpAddress &address)
{
	IpAddress network = address;
	for (unsigned i = 0; i < address.bytes(); i++) {
		const unsigned kept = std::min(8U, address.prefix - std::min(address.prefix, i * 8));
		network.host[i] &= static_cast<std::uint8_t>(0xff00U >> kept);
	}
	return network;
}

IpAddress alone(IpAddress address)
{
	address.prefix = address.bits();
	return address;
}

} // namespace etun
