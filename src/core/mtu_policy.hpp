// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Whether the two ends of a pair must have the same MTU.
#ifndef ETUN_CORE_MTU_POLICY_HPP
#define ETUN_CORE_MTU_POLICY_HPP

#include "uapi/etun.h"

namespace etun {

/// What a pair demands of the MTUs of its ends.
enum class MtuPolicy : unsigned char {
	independent = ETUN_MTU_POLICY_INDEPENDENT, ///< each end has its own, as with veth; what does not fit the
						   ///< receiver is dropped
	equal = ETUN_MTU_POLICY_EQUAL, ///< a change at one end is made at both, or refused
	count_ = ETUN_MTU_POLICY_COUNT ///< how many policies there are; not a policy
};

/// True when \p number stands for a policy. Any context.
constexpr bool is_mtu_policy(unsigned number)
{
	return number < static_cast<unsigned>(MtuPolicy::count_);
}

/// True when the peer's MTU must follow. Any context.
constexpr bool mtu_follows(MtuPolicy policy, unsigned mtu, unsigned peers)
{
	return policy == MtuPolicy::equal && mtu != peers;
}

/// Largest MTU in bytes that a peer may have while this end runs an XDP program, which sees a frame in one page, or,
/// if it handles fragments, in as many pages as a buffer may have. Any context.
///
/// \param page      bytes of a page less what a buffer needs at its ends
/// \param fragments bytes that fragments add
/// \param header    bytes of the link's header and of the VLAN tags that do not count against the MTU
constexpr unsigned program_mtu_max(unsigned page, unsigned fragments, unsigned header, bool takes_fragments,
				   unsigned limit)
{
	const unsigned room = page - header + (takes_fragments ? fragments : 0);
	return room < limit ? room : limit;
}

} // namespace etun

#endif
