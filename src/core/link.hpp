// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// When the link between two ends carries: the one rule behind carrier.
#ifndef ETUN_CORE_LINK_HPP
#define ETUN_CORE_LINK_HPP

namespace etun {

/// What one end contributes to the link. Each cause is kept apart, so that clearing one can never
/// turn the carrier on against another.
struct EndState {
	bool up = false;	 ///< administratively up (IFF_UP, netdevice(7))
	bool cut = false;	 ///< carrier taken away by hand (`ip link set dev X carrier off`)
	bool proto_down = false; ///< held down by a protocol (`ip link set dev X protodown on`)

	constexpr bool operator==(const EndState &) const = default;
};

/// True while \p end lets the link carry. Any context.
constexpr bool willing(EndState end)
{
	return end.up && !end.cut && !end.proto_down;
}

/// Carrier of both ends: on only while both are willing. It is one cable, so both see the same. Any context.
constexpr bool carries(EndState one, EndState other)
{
	return willing(one) && willing(other);
}

} // namespace etun

#endif
