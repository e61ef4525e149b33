// SPDX-License-Identifier: GPL-2.0-only
#include "driver/receive_queue.hpp"

#include "core/errc.hpp"
#include "kernel/net_device.hpp"

#include <cstddef>
#include <cstdint>
#include <new>

namespace etun {

struct ReceiveQueueLayout {
	static_assert(offsetof(ReceiveQueue, napi_) == 0, "of(napi) relies on it");
	static constexpr std::size_t timer = offsetof(ReceiveQueue, timer_);
};

void ReceiveQueue::prepare(ReceiveQueues &set, net_device *dev, unsigned index, Ring::Word *slots, unsigned count)
{
	set_ = &set;
	dev_ = dev;
	index_ = index;
	ring_ = Ring(slots, count);
	lock_.init();
	timer_.init();
}

ReceiveQueue &ReceiveQueue::of(napi_struct *napi)
{
	// SAFETY: every NAPI instance with our poll function is the first member of a ReceiveQueue.
	return *reinterpret_cast<ReceiveQueue *>(napi);
}

ReceiveQueue &ReceiveQueue::of(hrtimer *timer)
{
	// SAFETY: every timer with our handler is the member timer_ of a ReceiveQueue.
	return *reinterpret_cast<ReceiveQueue *>(reinterpret_cast<char *>(timer) - ReceiveQueueLayout::timer);
}

void ReceiveQueue::wake()
{
	if (!napi_schedule_prep(napi_.get()))
		return;
	__atomic_store_n(&awake_, true, __ATOMIC_RELAXED);
	__napi_schedule(napi_.get());
}

void ReceiveQueue::frames_wait(bool urgent)
{
	// The push comes before the look at awake_, as poll_ended() takes awake_ back before it looks at the ring.
	etun_k_smp_mb();
	if (__atomic_load_n(&awake_, __ATOMIC_RELAXED))
		return;
	const Coalescing setting{__atomic_load_n(&coalesce_frames_, __ATOMIC_RELAXED),
				 __atomic_load_n(&coalesce_us_, __ATOMIC_RELAXED)};
	if (urgent || wakes_now(setting, ring_.waiting()))
		wake();
	else if (!timer_.is_queued())
		timer_.start(setting.microseconds);
}

void ReceiveQueue::poll_ended()
{
	__atomic_store_n(&awake_, false, __ATOMIC_RELAXED);
	etun_k_smp_mb();
	if (!ring_.empty())
		wake();
}

int ReceiveQueues::register_all(const Rtnl &held, net_device *dev, unsigned slots)
{
	for (ReceiveQueue &queue : all()) {
		KernelMemory<Ring::Word> words(slots * sizeof(Ring::Word));
		if (!words)
			return -errc::enomem;
		if (const int error = etun_k_page_pool_create(dev, slots, &queue.pool()))
			return error;
		// SAFETY: the memory is that of the ring's words, zeroed.
		queue.prepare(*this, dev, registered_, static_cast<Ring::Word *>(words.get()), slots);
		queue.napi().add(held, dev);
		if (const int error =
			    etun_k_xdp_rxq_register(queue.rxq(), dev, registered_, queue.napi().id(), queue.pool())) {
			queue.napi().remove(held);
			if (queue.pool())
				etun_k_page_pool_destroy(queue.pool());
			return error;
		}
		static_cast<void>(words.release()); // the ring's; destroy() frees it
		registered_++;
	}
	return 0;
}

ReceiveQueues *ReceiveQueues::make(const Rtnl &held, net_device *dev, const net_device *peer,
				   const ReceiveSettings &settings, int &error)
{
	const unsigned tx_room = peer ? tx_queue_room(peer) : 1;
	const std::size_t before_tx = alignof(ReceiveQueue) + settings.queues * sizeof(ReceiveQueue);
	static_assert(sizeof(ReceiveQueues) <= alignof(ReceiveQueue));
	KernelMemory<ReceiveQueues> memory(alignof(ReceiveQueue) + before_tx + tx_room * sizeof(TxCount));

	error = -errc::enomem;
	if (!memory)
		return nullptr;
	// kvzalloc() aligns to less than what a queue wants; the queues begin one alignment's worth behind the object.
	// SAFETY: only the number is looked at.
	const auto address = reinterpret_cast<std::uintptr_t>(memory.get());
	const std::size_t skew = (alignof(ReceiveQueue) - address % alignof(ReceiveQueue)) % alignof(ReceiveQueue);
	auto *base = static_cast<std::byte *>(memory.get());
	std::byte *queues_at = base + alignof(ReceiveQueue) + skew;
	// SAFETY: the memory is as large as computed, with an alignment's worth to spare; nothing lives there yet.
	auto *queue = new (queues_at) ReceiveQueue[settings.queues];
	// SAFETY: as above; the counts for transmit queues lie behind the queues.
	auto *tx = new (queues_at + settings.queues * sizeof(ReceiveQueue)) TxCount[tx_room];
	// SAFETY: as above.
	auto *made = new (base) ReceiveQueues(queue, settings.queues, tx, tx_room);
	static_cast<void>(memory.release());
	made->update(settings);
	error = made->register_all(held, dev, settings.slots);
	if (!error)
		return made;
	destroy(held, made);
	return nullptr;
}

void ReceiveQueues::destroy(const Rtnl &held, ReceiveQueues *queues)
{
	for (unsigned i = 0; i < queues->registered_; i++) {
		ReceiveQueue &queue = queues->queues_[i];
		queue.napi().remove(held);
		etun_k_xdp_rxq_unregister(queue.rxq(), queue.pool());
	}
	// The kernel looks at NAPI instances that it has just forgotten until a grace period has passed.
	synchronize_net();
	for (unsigned i = 0; i < queues->registered_; i++) {
		ReceiveQueue &queue = queues->queues_[i];
		if (queue.pool())
			etun_k_page_pool_destroy(queue.pool());
		kvfree(queue.ring().slots());
	}
	kvfree(queues);
}

void ReceiveQueues::update(const ReceiveSettings &settings)
{
	__atomic_store_n(&all_by_napi_, etun::all_by_napi(settings), __ATOMIC_RELAXED);
	for (ReceiveQueue &queue : all())
		queue.set_coalescing(settings.coalescing);
}

} // namespace etun

using namespace etun;

// CONTEXT: hard interrupt (on PREEMPT_RT softirq): frames have waited for company long enough.
void etun_timer(hrtimer *timer)
{
	ReceiveQueue::of(timer).wake();
}
