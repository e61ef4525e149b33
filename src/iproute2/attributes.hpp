// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Attributes within IFLA_INFO_DATA of the link kind etun, and the numbers that some of them hold.
#ifndef ETUN_IPROUTE2_ATTRIBUTES_HPP
#define ETUN_IPROUTE2_ATTRIBUTES_HPP

#include <array>

namespace etun {

enum {
	ETUN_INFO_UNSPEC,
	ETUN_INFO_PEER,
	ETUN_INFO_MODE,
	ETUN_INFO_PEER_MODE,
	ETUN_INFO_RING,
	ETUN_INFO_PEER_RING,
	ETUN_INFO_MTU_POLICY,
	ETUN_INFO_PEER_IFINDEX,
	ETUN_INFO_PEER_NETNSID,
	ETUN_INFO_PAIR_ID,
	ETUN_INFO_PAD,
	ETUN_INFO_COUNT
};

/// The words for the delivery modes, in the order of their numbers.
inline constexpr std::array<const char *, 2> mode_words{"backlog", "napi"};
/// The words for the MTU policies, in the order of their numbers.
inline constexpr std::array<const char *, 2> mtu_policy_words{"independent", "equal"};

} // namespace etun

#endif
