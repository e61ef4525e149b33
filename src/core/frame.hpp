// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Which frames may cross, and how large they may be.
#ifndef ETUN_CORE_FRAME_HPP
#define ETUN_CORE_FRAME_HPP

namespace etun {

/// Bytes of an Ethernet header: two addresses and a type (IEEE 802.3; ETH_HLEN).
inline constexpr unsigned ethernet_header = 14;
/// Bytes of one 802.1Q tag (VLAN_HLEN).
inline constexpr unsigned vlan_tag = 4;
/// Bytes of the tags that a frame may have beyond the MTU: 802.1ad's and 802.1Q's. A limit for both, whatever a frame
/// has, costs nothing to look at, and does not depend on whether the outer tag lies in the frame or beside it.
inline constexpr unsigned vlan_tags = 2 * vlan_tag;
/// Bytes of the shortest Ethernet frame without its check sequence (ETH_ZLEN).
inline constexpr unsigned ethernet_frame_min = 60;

/// Smallest MTU in bytes: what fits the shortest Ethernet frame. It is the device's own limit, below
/// the 68 of IPv4 (RFC 791) and the 1280 of IPv6 (RFC 8200): under those the stack takes the protocol
/// off the device, which still carries everything else.
inline constexpr unsigned mtu_min = ethernet_frame_min - ethernet_header;
/// Largest MTU in bytes (ETH_MAX_MTU: an IP packet's 16-bit length).
inline constexpr unsigned mtu_max = 65535;
static_assert(mtu_min == 46);

/// Longest frame, header included, in bytes that an end with \p mtu receives. Any context.
constexpr unsigned frame_limit(unsigned mtu)
{
	return mtu + ethernet_header + vlan_tags;
}

/// True when a frame of \p length bytes, header included, fits an end with \p mtu. For a GSO frame, which
/// stands for several, the length that counts is that of its longest segment. Any context.
constexpr bool fits(unsigned length, unsigned mtu)
{
	return length <= frame_limit(mtu);
}

} // namespace etun

#endif
