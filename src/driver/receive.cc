// SPDX-License-Identifier: GPL-2.0-only
#include "driver/receive.hpp"

#include "core/errc.hpp"
#include "driver/arrival.hpp"
#include "driver/queue_totals.hpp"
#include "kernel/tx_queue.hpp"

namespace etun {
namespace {

/// Holds a sender's queues for as long as it lives: of those with a qdisc, nobody is inside the way by the ring, so
/// that what is counted for one of them is counted by one processor at a time also while its ring changes. Senders
/// without a qdisc, whom nothing can hold, go on. Nothing is held when there is no sender.
class [[nodiscard]] SenderHeld {
public:
	SenderHeld(const Rtnl & /*held*/, net_device *sender) : sender_(sender)
	{
		if (!sender_)
			return;
		for (unsigned i = 0; i < tx_queue_room(sender_); i++)
			TxQueue(sender_, i).freeze();
		synchronize_net();
	}
	SenderHeld(const SenderHeld &) = delete;
	SenderHeld &operator=(const SenderHeld &) = delete;
	~SenderHeld()
	{
		if (!sender_)
			return;
		// Those that stopped for want of room in the ring that is gone are woken too.
		const BottomHalvesGuard section;
		for (unsigned i = 0; i < tx_queue_room(sender_); i++)
			TxQueue(sender_, i).thaw();
	}

private:
	net_device *sender_;
};

/// Has NAPI receive what is left in rings that nobody fills any more. Sleeps.
void drain(ReceiveQueues &queues)
{
	for (ReceiveQueue &queue : queues.all()) {
		while (!queue.ring().empty()) {
			{
				const BottomHalvesGuard section;
				queue.wake();
			}
			etun_k_sleep_shortly();
		}
	}
}

/// Stops NAPI; what is still in the rings is dropped.
void stop(const Rtnl &held, net_device *dev, ReceiveQueues &queues)
{
	for (ReceiveQueue &queue : queues.all()) {
		queue.timer().cancel();
		queue.napi().disable(held);
		etun_k_netif_queue_set_napi(dev, queue.index(), nullptr);
		const BottomHalvesGuard section;
		Arrival arrival(section, queue, nullptr);
		arrival.discard();
		arrival.finish();
	}
	// A poll that let itself be disabled may still be waking senders.
	synchronize_net();
}

void start(const Rtnl &held, net_device *dev, ReceiveQueues &queues)
{
	for (ReceiveQueue &queue : queues.all()) {
		etun_k_netif_queue_set_napi(dev, queue.index(), queue.napi().get());
		queue.napi().enable(held);
		// Frames that came before it was enabled could not wake it.
		const BottomHalvesGuard section;
		if (!queue.ring().empty())
			queue.wake();
	}
}

/// Puts \p fresh in the place of the queues of \p dev; either may be none. While the end is up, what lies in the old
/// rings arrives first.
void replace(const Rtnl &held, net_device *dev, ReceiveQueues *fresh, bool up)
{
	End &end = End::of(dev);
	ReceiveQueues *old = end.queues(held);
	net_device *peer = end.peer(held);
	const SenderHeld waits(held, old ? peer : nullptr);

	end.queues(held) = fresh;
	if (peer)
		End::of(peer).set_target(held, fresh);
	if (old) {
		// Who found the old queues under RCU has put its frame there.
		synchronize_net();
		if (up)
			drain(*old);
		stop(held, dev, *old);
		QueueTotals::fold(held, dev, peer, *old);
		ReceiveQueues::destroy(held, old);
	}
	if (fresh)
		start(held, dev, *fresh);
}

} // namespace

namespace {

/// Says to the sender whether \p dev takes frames in its context.
void update_direct(const Rtnl &held, net_device *dev)
{
	const End &end = End::of(dev);

	if (net_device *sender = end.peer(held))
		End::of(sender).set_direct(held, delivers_directly(end.settings(held)) && etun_k_direct_possible());
}

/// Gives \p dev other rings, or none.
int change_rings(const Rtnl &held, net_device *dev, const ReceiveSettings &next)
{
	End &end = End::of(dev);
	ReceiveQueues *fresh = nullptr;

	if (wants_napi(next)) {
		net_device *peer = end.peer(held);
		int error = -errc::enomem;
		if (QueueTotals::provide(held, dev) && (!peer || QueueTotals::provide(held, peer)))
			fresh = ReceiveQueues::make(held, dev, peer, next, error);
		if (!fresh)
			return error;
	}
	if (fresh || end.queues(held))
		replace(held, dev, fresh, next.up);
	return 0;
}

} // namespace

int apply_receive(const Rtnl &held, net_device *dev, const ReceiveSettings &next)
{
	End &end = End::of(dev);

	if (same_rings(end.settings(held), next)) {
		if (ReceiveQueues *queues = end.queues(held))
			queues->update(next);
	} else if (const int error = change_rings(held, dev, next)) {
		return error;
	}
	end.settings(held) = next;
	// Last, so that no frame overtakes those that lay in a ring.
	update_direct(held, dev);
	return 0;
}

} // namespace etun
