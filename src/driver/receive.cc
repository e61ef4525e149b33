// SPDX-License-Identifier: GPL-2.0-only
#include "driver/receive.hpp"

#include "core/errc.hpp"
#include "driver/arrival.hpp"
#include "driver/queue_totals.hpp"
#include "kernel/net.hpp"

namespace etun {
namespace {

/// How often one looks at a queue that makes no headway, 50 us or more apart, before one gives up.
constexpr unsigned looks_without_headway = 50000;

/// Has NAPI poll \p ring until \p done says so. Sleeps. Ends when NAPI makes no headway for some seconds, as only a
/// processor that is taken away for good can bring about.
template <typename Done> void poll_until(ReceiveRing &ring, Done done)
{
	unsigned left = ring.ring().waiting();

	for (unsigned looks = 0; looks < looks_without_headway && !done(); looks++) {
		{
			const BottomHalvesGuard section;
			ring.wake();
		}
		etun_k_sleep_shortly();
		const unsigned now = ring.ring().waiting();
		if (now < left) {
			left = now;
			looks = 0;
		}
	}
}

/// Has NAPI hand on what GRO holds, which stopping it would lose.
void release_held(ReceiveRing &ring)
{
	poll_until(ring, [&ring] { return !ring.queue().napi().holds_frames(); });
}

/// Has NAPI receive what is left in \p ring, which nobody fills any more, and hand on what GRO holds.
void drain_ring(ReceiveRing &ring)
{
	poll_until(ring, [&ring] { return ring.idle() && !ring.queue().napi().holds_frames(); });
}

/// Drops what is in \p ring, whose NAPI instance is stopped, and lets senders go on that waited for room.
void discard(ReceiveRing &ring)
{
	const BottomHalvesGuard section;
	Arrival arrival(section, ring, nullptr);

	arrival.discard();
	arrival.finish();
	wake_senders(section, ring);
}

void publish(const Rtnl &held, net_device *dev, ReceiveRings *rings)
{
	if (net_device *peer = End::of(dev).peer(held))
		End::of(peer).set_target(held, rings);
}

/// Stops the queues of \p dev and takes away their rings, which nobody fills any more.
void leave_rings(const Rtnl &held, net_device *dev, ReceiveQueues &queues)
{
	ReceiveRings *rings = queues.rings(held);

	for (ReceiveRing &ring : rings->all())
		discard(ring);
	QueueTotals::fold(held, End::of(dev).peer(held), *rings);
	ReceiveRings::retire(rings);
	queues.rings(held) = nullptr;
}

/// Has \p dev receive by NAPI no more. While it stays up, what lies in its rings arrives first.
void end_napi(const Rtnl &held, net_device *dev, bool up)
{
	End &end = End::of(dev);
	ReceiveQueues *queues = end.queues(held);

	publish(held, dev, nullptr);
	// Who found the rings under RCU has put its frame there.
	if (up)
		synchronize_net();
	for (ReceiveRing &ring : queues->rings(held)->all()) {
		if (up)
			drain_ring(ring);
		else
			release_held(ring);
	}
	for (ReceiveQueue *queue : queues->all())
		queue->stop(held);
	if (!up)
		synchronize_net();
	leave_rings(held, dev, *queues);
	queues->shrink(held, dev, 0);
	ReceiveQueues::destroy(queues);
	end.queues(held) = nullptr;
}

/// Puts \p fresh in the place of the rings that \p queues empty, if any: what lies in those arrives first. There are
/// queues for both. One grace period when there were rings.
void replace_rings(const Rtnl &held, net_device *dev, ReceiveQueues &queues, ReceiveRings *fresh)
{
	ReceiveRings *old = queues.rings(held);

	publish(held, dev, fresh);
	if (old) {
		// Who found the old rings under RCU has put its frame there. What comes meanwhile waits in the new
		// ones.
		synchronize_net();
		for (ReceiveRing &ring : old->all())
			drain_ring(ring);
		for (ReceiveRing &ring : old->all())
			ring.queue().stop(held);
		leave_rings(held, dev, queues);
	}
	queues.rings(held) = fresh;
	for (ReceiveRing &ring : fresh->all())
		ring.queue().start(held, ring);
	queues.shrink(held, dev, fresh->count());
}

/// Gives \p dev the rings that \p next asks for. On failure everything is as before.
int give_rings(const Rtnl &held, net_device *dev, const ReceiveSettings &next)
{
	End &end = End::of(dev);
	net_device *peer = end.peer(held);
	const bool first = !end.queues(held);
	ReceiveQueues *queues = first ? ReceiveQueues::make(held, dev) : end.queues(held);

	if (!queues)
		return -errc::enomem;
	const unsigned before = queues->count();
	ReceiveRings *fresh = nullptr;
	int error = -errc::enomem;
	if (QueueTotals::provide(held, dev) && (!peer || QueueTotals::provide(held, peer)))
		error = queues->grow(held, dev, next.queues);
	if (!error) {
		fresh = ReceiveRings::make(queues->all(), peer, next);
		if (fresh) {
			end.queues(held) = queues;
			replace_rings(held, dev, *queues, fresh);
			return 0;
		}
		error = -errc::enomem;
		queues->shrink(held, dev, before);
	}
	if (first)
		ReceiveQueues::destroy(queues);
	return error;
}

} // namespace

void update_direct(const Rtnl &held, net_device *dev)
{
	const End &end = End::of(dev);
	net_device *sender = end.peer(held);
	if (!sender)
		return;
	const bool wanted = delivers_directly(end.settings(held)) && etun_k_direct_possible();
	// The sender's stack must not be at the mercy of whom it contains.
	End::of(sender).set_direct(held, wanted && lies_within(etun_k_dev_net(sender), etun_k_dev_net(dev)));
}

int apply_receive(const Rtnl &held, net_device *dev, const ReceiveSettings &next)
{
	End &end = End::of(dev);
	ReceiveQueues *queues = end.queues(held);

	if (same_rings(end.settings(held), next)) {
		if (queues)
			queues->rings(held)->update(held, next);
	} else if (wants_napi(next)) {
		if (const int error = give_rings(held, dev, next))
			return error;
	} else if (queues) {
		end_napi(held, dev, next.up);
	}
	end.settings(held) = next;
	// Last, so that no frame overtakes those that lay in a ring.
	update_direct(held, dev);
	return 0;
}

} // namespace etun
