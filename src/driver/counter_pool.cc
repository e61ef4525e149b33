// SPDX-License-Identifier: GPL-2.0-only
#include "driver/counter_pool.hpp"

#include "core/slots.hpp"
#include "kernel/spinlock.hpp"
#include "kernel/storage.hpp"

#include <cstddef>

namespace etun {

/// Counters of so many ends in one piece of per-CPU memory. With a free place it is in the pool's list.
struct CounterChunk {
	static constexpr unsigned ends = 16;

	CounterChunk *next;
	CounterChunk *before;
	u64 __percpu *numbers;
	Slots<ends> slots;
};

namespace {

/// The chunks that have a free place. Devices are made under RTNL, but an end's memory goes after RTNL was given up.
struct Pool {
	SpinLock lock;
	CounterChunk *open = nullptr;

	void link(CounterChunk *chunk)
	{
		chunk->before = nullptr;
		chunk->next = open;
		if (open)
			open->before = chunk;
		open = chunk;
	}

	void unlink(CounterChunk *chunk)
	{
		(chunk->before ? chunk->before->next : open) = chunk->next;
		if (chunk->next)
			chunk->next->before = chunk->before;
	}
};

constinit Pool pool;

/// A slot in one of the chunks that have one, or in \p fresh; null when there is neither.
CounterChunk *take_slot(CounterChunk *fresh, unsigned &slot)
{
	const BottomHalvesGuard section;
	const SpinGuard guard(section, pool.lock);

	if (fresh)
		pool.link(fresh);
	CounterChunk *chunk = pool.open;
	if (!chunk)
		return nullptr;
	slot = chunk->slots.take();
	if (chunk->slots.full())
		pool.unlink(chunk);
	return chunk;
}

/// The chunk, if nobody is left in it and it is the caller's to free.
CounterChunk *give_back_slot(CounterChunk *chunk, unsigned slot)
{
	const BottomHalvesGuard section;
	const SpinGuard guard(section, pool.lock);

	if (chunk->slots.full())
		pool.link(chunk);
	chunk->slots.give_back(slot);
	if (!chunk->slots.empty())
		return nullptr;
	pool.unlink(chunk);
	return chunk;
}

CounterChunk *make_chunk()
{
	KernelMemory<CounterChunk> memory;
	if (!memory)
		return nullptr;
	// SAFETY: the memory is that of a chunk, zeroed, which is one without ends.
	auto *chunk = static_cast<CounterChunk *>(memory.get());
	chunk->numbers = etun_k_alloc_percpu(CounterChunk::ends * counter::count);
	if (!chunk->numbers)
		return nullptr;
	static_cast<void>(memory.release()); // the pool's; CounterPlace::give_back() frees it
	return chunk;
}

} // namespace

bool CounterPlace::take(const Rtnl & /*held*/, EndCounters &counters)
{
	chunk_ = take_slot(nullptr, slot_);
	if (!chunk_) {
		CounterChunk *fresh = make_chunk();
		if (!fresh)
			return false;
		chunk_ = take_slot(fresh, slot_);
	}
	counters = EndCounters(chunk_->numbers + std::size_t{slot_} * counter::count);
	// Another end may have had the place.
	counters.clear();
	return true;
}

void CounterPlace::give_back(EndCounters &counters)
{
	if (!chunk_)
		return;
	CounterChunk *spare = give_back_slot(chunk_, slot_);
	counters = EndCounters();
	chunk_ = nullptr;
	if (!spare)
		return;
	etun_k_free_percpu(spare->numbers);
	kvfree(spare);
}

void prepare_counter_pool()
{
	pool.lock.init();
}

} // namespace etun
