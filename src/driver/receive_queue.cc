// SPDX-License-Identifier: GPL-2.0-only
#include "driver/receive_queue.hpp"

#include "core/errc.hpp"
#include "driver/queue_totals.hpp"
#include "kernel/net_device.hpp"

#include <cstddef>
#include <new>

namespace etun {

struct ReceiveQueueLayout {
	static constexpr std::size_t napi = offsetof(ReceiveQueue, napi_);
	static constexpr std::size_t timer = offsetof(ReceiveQueue, timer_);
};

namespace {

/// Most pages that wait in a queue's pool to be used again, however long the ring, since the kernel charges them to no
/// control group. As many as veth has.
constexpr unsigned pool_pages = 256;

/// Microseconds after which NAPI runs when a socket may have left it: longer than the rest of that socket's poll takes.
constexpr unsigned left_behind_us = 200;

/// Registers \p queue with XDP under the number that the kernel knows its NAPI instance by. 0 or a negative errno.
int register_with_xdp(const Rtnl &held, ReceiveQueue &queue)
{
	// The kernel gives it that number when it is enabled for the first time (6.13 on), and for good.
	queue.napi().enable(held);
	const int error =
		etun_k_xdp_rxq_register(queue.rxq(), queue.device(), queue.index(), queue.napi().id(), queue.pool());
	queue.napi().disable(held);
	return error;
}

} // namespace

ReceiveQueue *ReceiveQueue::make(const Rtnl &held, net_device *dev, unsigned index, int &error)
{
	KernelMemory<ReceiveQueue> memory;
	page_pool *pool = nullptr;

	error = -errc::enomem;
	if (!memory)
		return nullptr;
	error = etun_k_page_pool_create(dev, pool_pages, &pool);
	if (error)
		return nullptr;
	// SAFETY: the memory is that of a queue, and nothing lives there yet.
	auto *made = new (memory.get()) ReceiveQueue(dev, index);
	made->pool_ = pool;
	made->napi_.add(held, dev, index);
	error = register_with_xdp(held, *made);
	if (!error)
		return static_cast<ReceiveQueue *>(memory.release());
	made->napi_.remove(held);
	if (pool)
		etun_k_page_pool_destroy(pool);
	// Whoever walks the kernel's list of instances may be looking at this one.
	etun_k_kvfree_rcu(memory.release());
	return nullptr;
}

void ReceiveQueue::retire(const Rtnl &held, ReceiveQueue *queue)
{
	// A sender may have started it after the queue was stopped.
	queue->timer_.cancel();
	etun_k_netif_queue_set_napi(queue->dev_, queue->index_, nullptr);
	queue->napi_.remove(held);
	etun_k_xdp_rxq_unregister(queue->rxq(), queue->pool_);
	if (queue->pool_)
		etun_k_page_pool_destroy(queue->pool_);
	etun_k_kvfree_rcu(queue);
}

ReceiveQueue &ReceiveQueue::of(napi_struct *napi)
{
	// SAFETY: every NAPI instance with our poll function is the member napi_ of a ReceiveQueue.
	return *reinterpret_cast<ReceiveQueue *>(reinterpret_cast<char *>(napi) - ReceiveQueueLayout::napi);
}

ReceiveQueue &ReceiveQueue::of(hrtimer *timer)
{
	// SAFETY: every timer with our handler is the member timer_ of a ReceiveQueue.
	return *reinterpret_cast<ReceiveQueue *>(reinterpret_cast<char *>(timer) - ReceiveQueueLayout::timer);
}

void ReceiveQueue::start(const Rtnl &held, ReceiveRing &ring)
{
	__atomic_store_n(&ring_, &ring, __ATOMIC_RELAXED);
	etun_k_netif_queue_set_napi(dev_, index_, napi_.get());
	napi_.enable(held);
	const BottomHalvesGuard section;
	ring.wake();
}

void ReceiveQueue::stop(const Rtnl &held)
{
	napi_.disable(held);
	__atomic_store_n(&ring_, nullptr, __ATOMIC_RELAXED);
}

void ReceiveQueue::run_soon_whatever_comes()
{
	__atomic_store_n(&must_run_, true, __ATOMIC_RELAXED);
	timer_.start(left_behind_us);
}

void ReceiveQueue::time_is_up()
{
	// An interrupt is an RCU read side by itself. Without a ring the queue is stopped, and looks when it starts.
	ReceiveRing *ring = this->ring();
	if (!ring)
		return;
	if (ring->wake() || ring->idle())
		__atomic_store_n(&must_run_, false, __ATOMIC_RELAXED);
	else if (__atomic_load_n(&must_run_, __ATOMIC_RELAXED))
		timer_.start(left_behind_us);
}

ReceiveQueues *ReceiveQueues::make(const Rtnl & /*held*/, net_device *dev)
{
	KernelMemory<ReceiveQueues> memory(sizeof(ReceiveQueues) + rx_queue_room(dev) * sizeof(void *));
	if (!memory)
		return nullptr;
	// SAFETY: the memory is as large as what is laid out in it, aligned for pointers, and nothing lives there yet.
	auto *base = static_cast<std::byte *>(memory.release());
	// SAFETY: as above.
	return new (base) ReceiveQueues(reinterpret_cast<ReceiveQueue **>(base + sizeof(ReceiveQueues)));
}

void ReceiveQueues::destroy(ReceiveQueues *queues)
{
	kvfree(queues);
}

int ReceiveQueues::grow(const Rtnl &held, net_device *dev, unsigned count)
{
	const unsigned before = count_;
	int error = 0;

	while (count_ < count && !error) {
		queues_[count_] = ReceiveQueue::make(held, dev, count_, error);
		if (!error)
			count_++;
	}
	if (error)
		shrink(held, dev, before);
	return error;
}

void ReceiveQueues::shrink(const Rtnl &held, net_device *dev, unsigned count)
{
	while (count_ > count) {
		ReceiveQueue *queue = queues_[--count_];
		QueueTotals::fold(held, dev, *queue);
		ReceiveQueue::retire(held, queue);
	}
}

} // namespace etun

using namespace etun;

// CONTEXT: hard interrupt (on PREEMPT_RT softirq): frames have waited for company long enough.
void etun_timer(hrtimer *timer)
{
	ReceiveQueue::of(timer).time_is_up();
}
