// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Ethernet addresses that nobody has given.
#ifndef ETUN_CORE_ADDRESS_HPP
#define ETUN_CORE_ADDRESS_HPP

#include <cstddef>
#include <cstdint>

namespace etun {

/// An Ethernet address, in the order of its octets on the wire.
struct Address {
	static constexpr std::size_t bytes = 6;
	std::uint8_t octets[bytes];

	constexpr bool operator==(const Address &) const = default;
};

/// The address of one station, administered locally (IEEE 802, 8.2), made of the low 48 bits of \p random. Any context.
constexpr Address random_address(std::uint64_t random)
{
	constexpr unsigned group = 1;
	constexpr unsigned local = 2;
	Address address{};
	for (std::size_t i = 0; i < Address::bytes; i++)
		address.octets[i] = static_cast<std::uint8_t>(random >> (8 * i));
	address.octets[0] = static_cast<std::uint8_t>((address.octets[0] & ~group) | local);
	return address;
}

} // namespace etun

#endif
