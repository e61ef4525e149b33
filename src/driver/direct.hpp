// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Direct delivery: the receiving stack runs in the sender's context. Bottom halves are off throughout, so everything
/// here stays on one processor, and nothing but what it calls itself runs there.
#ifndef ETUN_DRIVER_DIRECT_HPP
#define ETUN_DRIVER_DIRECT_HPP

#include "driver/end.hpp"
#include "kernel/context.hpp"
#include "kernel/sk_buff.hpp"

namespace etun {

/// Delivers \p skb, which has crossed to \p receiver, as directly as the context allows: at once, or when the delivery
/// that surrounds this one comes to it, or by the backlog. Counts it as received unless the backlog drops it.
/// \p length is the frame's, header included, in bytes. Bottom halves off.
void deliver_directly(const BottomHalvesOff &section, const End &sender, net_device *receiver, Skb &skb,
		      unsigned length);

} // namespace etun

#endif
