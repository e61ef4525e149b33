// SPDX-License-Identifier: GPL-2.0-only
#include "driver/receive_ring.hpp"

#include "driver/end.hpp"
#include "driver/receive_queue.hpp"
#include "kernel/tx_queue.hpp"

#include <cstddef>
#include <new>

namespace etun {

bool ReceiveRing::wake()
{
	napi_struct *napi = queue_->napi().get();
	if (!napi_schedule_prep(napi))
		return false;
	__atomic_store_n(&awake_, true, __ATOMIC_RELAXED);
	__napi_schedule(napi);
	return true;
}

/// NAPI sleeps and frames are held back for company: has it run when these are enough, or in time.
[[gnu::noinline, gnu::cold, gnu::aligned(16)]] void ReceiveRing::wake_soon()
{
	const Coalescing setting{__atomic_load_n(&coalesce_frames_, __ATOMIC_RELAXED),
				 __atomic_load_n(&coalesce_us_, __ATOMIC_RELAXED)};
	Timer &timer = queue_->timer();
	if (wakes_now(setting, ring_.waiting(), ring_.size()))
		wake();
	else if (!timer.is_queued())
		timer.start(setting.microseconds);
}

void ReceiveRing::poll_ended()
{
	__atomic_store_n(&awake_, false, __ATOMIC_RELAXED);
	etun_k_smp_mb();
	if (!idle())
		wake();
}

ReceiveRings *ReceiveRings::make(std::span<ReceiveQueue *const> queues, const net_device *peer,
				 const ReceiveSettings &settings)
{
	const unsigned count = settings.queues;
	const unsigned tx_room = peer ? tx_queue_room(peer) : 1;
	constexpr std::size_t rings_at = alignof(ReceiveRing);
	static_assert(sizeof(ReceiveRings) <= rings_at);
	const std::size_t tx_at = rings_at + count * sizeof(ReceiveRing);
	const std::size_t slots_at = tx_at + tx_room * sizeof(TxCount);
	const std::size_t slots_bytes = std::size_t{settings.slots} * sizeof(Ring::Word);
	KernelMemory<ReceiveRings> memory(slots_at + count * slots_bytes);
	if (!memory)
		return nullptr;

	// SAFETY: the memory is as large as computed, and nothing lives there yet.
	auto *base = static_cast<std::byte *>(memory.release());
	// SAFETY: as above.
	auto *tx = new (base + tx_at) TxCount[tx_room];
	// SAFETY: as above. Only the address of the rings is kept, which are made below.
	auto *made = new (base) ReceiveRings(reinterpret_cast<ReceiveRing *>(base + rings_at), count, tx, tx_room);
	for (unsigned i = 0; i < count; i++) {
		// SAFETY: as above; words are zeroed memory.
		auto *slots = reinterpret_cast<Ring::Word *>(base + slots_at + i * slots_bytes);
		// SAFETY: as above.
		new (base + rings_at + i * sizeof(ReceiveRing))
			ReceiveRing(*made, i, *queues[i], slots, settings.slots);
		made->rings_[i].set_coalescing(settings.coalescing);
	}
	made->all_by_napi_ = etun::all_by_napi(settings);
	return made;
}

void ReceiveRings::update(const Rtnl & /*held*/, const ReceiveSettings &settings)
{
	const bool fewer = all_by_napi() && !etun::all_by_napi(settings);

	__atomic_store_n(&all_by_napi_, etun::all_by_napi(settings), __ATOMIC_RELAXED);
	for (ReceiveRing &ring : all())
		ring.set_coalescing(settings.coalescing);
	if (!fewer)
		return;
	// A sender in the midst of a burst may have left it to the next frame to wake NAPI, which now goes another way.
	synchronize_net();
	const BottomHalvesGuard section;
	for (ReceiveRing &ring : all())
		if (!ring.idle())
			ring.wake();
}

void wake_senders(const BottomHalvesOff &section, ReceiveRing &ring)
{
	if (!ring.take_stopped()) [[likely]]
		return;
	ReceiveRings &all = ring.set();
	net_device *peer = End::of(ring.queue().device()).peer(section);
	// All that lead here, in use or not: one that stopped before it went out of use may come back.
	for (unsigned i = ring.index(); peer && i < tx_queue_room(peer); i += all.count()) {
		TxQueue txq(peer, i);
		if (!txq.stopped())
			continue;
		all.tx(i).wakes++;
		txq.wake();
	}
}

} // namespace etun
