// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Why a frame was dropped: one counter and one reason for each cause, and each drop is counted once.
#ifndef ETUN_CORE_DROP_HPP
#define ETUN_CORE_DROP_HPP

#include "uapi/etun.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace etun {

/// Causes. Those that the sender counts come first.
enum class Drop : unsigned char {
	no_carrier,	   ///< the link does not carry: an end is down, cut or held down, or the pair is going
	header,		   ///< shorter than an Ethernet header, or it could not be brought into one piece
	too_long,	   ///< longer than the receiver's MTU allows
	no_memory,	   ///< the sender's pages could not be copied
	ring_full,	   ///< the receiver's ring is full, and the sender has no qdisc that could hold the frame back
	arrival_no_memory, ///< the receiver could not make the frame ready for its XDP program or the stack
	arrival_link_down, ///< the receiver went down while the frame lay in its ring
	count_		   ///< how many causes there are; not a cause
};

inline constexpr std::size_t drop_count = static_cast<std::size_t>(Drop::count_);

/// True for a drop that counts as the sender's (tx_dropped); else it is the receiver's (rx_dropped). Any context.
constexpr bool is_senders(Drop cause)
{
	return cause < Drop::arrival_no_memory;
}

/// What `ethtool -S` calls the counters, in the order of Drop.
inline constexpr std::array<std::string_view, drop_count> drop_names{
	ETUN_STAT_TX_DROP_NO_CARRIER, ETUN_STAT_TX_DROP_HEADER,	   ETUN_STAT_TX_DROP_TOO_LONG,
	ETUN_STAT_TX_DROP_NO_MEMORY,  ETUN_STAT_TX_DROP_RING_FULL, ETUN_STAT_RX_DROP_NO_MEMORY,
	ETUN_STAT_RX_DROP_LINK_DOWN,
};

} // namespace etun

#endif
