// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// An IP address of a device, with the length of its network's prefix.
#ifndef ETUN_LIBETUN_IP_ADDRESS_HPP
#define ETUN_LIBETUN_IP_ADDRESS_HPP

#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace etun {

/// An address of IPv4 or IPv6, as `192.0.2.1/24` and `2001:db8::1/64` are written.
struct IpAddress {
	int family = AF_INET;			///< AF_INET or AF_INET6
	std::array<std::uint8_t, 16> host = {}; ///< as it goes over the wire; of IPv4 the first four bytes
	unsigned prefix = 0;			///< bits of the network's part

	/// Bytes of an address, and bits.
	std::size_t bytes() const { return family == AF_INET ? 4 : 16; }
	unsigned bits() const { return static_cast<unsigned>(bytes() * 8); }
	/// True for two that differ in their prefixes at most.
	bool same_host(const IpAddress &other) const { return family == other.family && host == other.host; }

	auto operator<=>(const IpAddress &) const = default;
};

/// An address with its prefix; nothing for any other text, nor for what no device can have: a multicast address, or
/// the unspecified one.
std::optional<IpAddress> parse_ip_address(std::string_view text);
/// A network or an address in it, with its prefix: `0.0.0.0/0` and `ff00::/8` too.
std::optional<IpAddress> parse_ip_prefix(std::string_view text);
/// An address that a host can have, without a prefix; that of the result is the whole address.
std::optional<IpAddress> parse_ip_host(std::string_view text);
/// The same as text, in the one form that inet_ntop(3) gives it.
std::string to_text(const IpAddress &address);
/// The same without the prefix.
std::string host_text(const IpAddress &address);

/// The network that it lies in: all bits behind the prefix are 0.
IpAddress network_of(const IpAddress &address);
/// The address alone, with no network around it.
IpAddress alone(IpAddress address);

} // namespace etun

#endif
