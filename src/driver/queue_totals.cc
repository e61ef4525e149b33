// SPDX-License-Identifier: GPL-2.0-only
#include "driver/queue_totals.hpp"

#include "driver/end.hpp"

#include <new>

namespace etun {

bool QueueTotals::provide(const Rtnl & /*held*/, net_device *dev)
{
	QueueTotals *&totals = End::of(dev).totals();
	if (totals)
		return true;
	const unsigned rx = rx_queue_room(dev);
	const unsigned tx = tx_queue_room(dev);
	KernelMemory<QueueTotals> memory(sizeof(QueueTotals) + rx * sizeof(RxCount) + tx * sizeof(TxCount));
	if (!memory)
		return false;
	// SAFETY: the memory is as large as what is laid out in it, and all of it is aligned to 8 bytes.
	totals = new (memory.release()) QueueTotals;
	// SAFETY: as above; the counts lie behind the object.
	totals->rx_ = new (totals + 1) RxCount[rx];
	// SAFETY: as above.
	totals->tx_ = new (totals->rx_ + rx) TxCount[tx];
	return true;
}

void QueueTotals::destroy(net_device *dev)
{
	kvfree(End::of(dev).totals());
	End::of(dev).totals() = nullptr;
}

void QueueTotals::fold(const Rtnl & /*held*/, net_device *dev, ReceiveQueue &queue)
{
	if (QueueTotals *totals = End::of(dev).totals())
		totals->rx_[queue.index()] += queue.count();
}

void QueueTotals::fold(const Rtnl & /*held*/, net_device *sender, ReceiveRings &rings)
{
	QueueTotals *totals = sender ? End::of(sender).totals() : nullptr;
	for (unsigned i = 0; totals && i < rings.tx_room(); i++)
		totals->tx_[i] += rings.tx(i);
}

RxCount rx_count(const Rtnl &held, net_device *dev, unsigned index)
{
	End &end = End::of(dev);
	RxCount count = end.totals() ? end.totals()->rx_[index] : RxCount{};
	ReceiveQueues *queues = end.queues(held);
	if (queues && index < queues->count())
		count += queues->all()[index]->count();
	return count;
}

TxCount tx_count(const Rtnl &held, net_device *dev, unsigned index)
{
	End &end = End::of(dev);
	TxCount count = end.totals() ? end.totals()->tx_[index] : TxCount{};
	net_device *peer = end.peer(held);
	ReceiveQueues *queues = peer ? End::of(peer).queues(held) : nullptr;
	if (queues)
		count += queues->rings(held)->tx(index);
	return count;
}

} // namespace etun
