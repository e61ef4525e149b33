// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Transmission into the receiver's ring.
#ifndef ETUN_DRIVER_RING_TRANSMIT_HPP
#define ETUN_DRIVER_RING_TRANSMIT_HPP

#include "driver/receive_ring.hpp"
#include "kernel/context.hpp"

namespace etun {

/// Puts \p raw, which is consumed, into the ring of \p target that its transmit queue leads to. When there is no room
/// and a qdisc can hold the frame, it stays the caller's, untouched, with NETDEV_TX_BUSY. Bottom halves off.
netdev_tx_t send_by_ring(sk_buff *raw, net_device *sender, net_device *receiver, ReceiveRings &target);

/// Sends \p count frames without an skb from \p sender: as many of the first as have room, which are consumed; the
/// rest stays the caller's and is counted as dropped. Returns how many went, or a negative errno when none can.
/// Softirq.
int send_frames(const BottomHalvesOff &section, net_device *sender, xdp_frame **frames, int count);

} // namespace etun

#endif
