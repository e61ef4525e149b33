// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What an end's queues have counted: those that live, and those that were.
#ifndef ETUN_DRIVER_QUEUE_TOTALS_HPP
#define ETUN_DRIVER_QUEUE_TOTALS_HPP

#include "driver/receive_queue.hpp"
#include "kernel/context.hpp"
#include "kernel/net_device.hpp"

namespace etun {

/// Counts of queues that are no more. Rings come and go with NAPI, with the number of queues and with their size; what
/// they counted stays with the device.
class QueueTotals {
public:
	/// Makes those of \p dev unless it has them; false when memory is short. Under RTNL; sleeps.
	[[nodiscard]] static bool provide(const Rtnl &held, net_device *dev);

	/// Frees those of \p dev, if any. Task.
	static void destroy(net_device *dev);

	/// Takes over what \p queue of \p dev has counted, or \p rings for \p sender, which may be none; they count no
	/// more. Under RTNL.
	static void fold(const Rtnl &held, net_device *dev, ReceiveQueue &queue);
	static void fold(const Rtnl &held, net_device *sender, ReceiveRings &rings);

private:
	friend RxCount rx_count(const Rtnl &held, net_device *dev, unsigned index);
	friend TxCount tx_count(const Rtnl &held, net_device *dev, unsigned index);

	RxCount *rx_ = nullptr;
	TxCount *tx_ = nullptr;
};

/// What receive queue or transmit queue number \p index of \p dev has counted so far. Under RTNL.
RxCount rx_count(const Rtnl &held, net_device *dev, unsigned index);
TxCount tx_count(const Rtnl &held, net_device *dev, unsigned index);

} // namespace etun

#endif
