// SPDX-License-Identifier: GPL-2.0-only
// Owners and proofs are not copied: each thing is freed once, and nothing is proved that is not so.
#include "driver/pair.hpp"
#include "kernel/context.hpp"
#include "kernel/net.hpp"
#include "kernel/net_device.hpp"
#include "kernel/sk_buff.hpp"

#include <type_traits>

namespace etun {

template <typename... T>
inline constexpr bool never_copied = ((!std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>)&&...);
template <typename... T> inline constexpr bool never_moved = ((!std::is_move_constructible_v<T>)&&...);
template <typename... T> inline constexpr bool never_assigned = ((!std::is_move_assignable_v<T>)&&...);

static_assert(never_copied<Skb, UnregisteredDevice, NetReference, Result<int, int>>);
static_assert(never_assigned<Skb, UnregisteredDevice, NetReference, Result<int, int>>);
static_assert(never_copied<RtnlGuard, RtnlHeld, RcuGuard, BottomHalvesOff, UnregisterBatch, PairBatch>);
static_assert(never_moved<RtnlGuard, RtnlHeld, RcuGuard, BottomHalvesOff, UnregisterBatch, PairBatch>);
static_assert(!std::is_default_constructible_v<Rtnl> && !std::is_default_constructible_v<RcuReader>);

} // namespace etun
