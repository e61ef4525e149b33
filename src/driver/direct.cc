// SPDX-License-Identifier: GPL-2.0-only
#include "driver/direct.hpp"

#include "core/direct.hpp"
#include "core/frame.hpp"

#include <utility>

namespace etun {
namespace {

/// The list of frames that wait on this processor (struct etun_delivery).
void append(etun_delivery &delivery, sk_buff *skb)
{
	etun_k_skb_set_next(skb, nullptr);
	if (delivery.last)
		etun_k_skb_set_next(delivery.last, skb);
	else
		delivery.first = skb;
	delivery.last = skb;
	delivery.waiting++;
}

sk_buff *take_first(etun_delivery &delivery)
{
	sk_buff *skb = delivery.first;
	if (!skb)
		return nullptr;
	delivery.first = etun_k_skb_next(skb);
	if (!delivery.first)
		delivery.last = nullptr;
	delivery.waiting--;
	etun_k_skb_set_next(skb, nullptr);
	return skb;
}

/// Makes the context what the receiving stack expects for as long as it lives, and marks this processor as delivering.
class [[nodiscard]] Delivering {
public:
	// What it has to remember is kept with the processor: an object on the stack would cost every frame.
	explicit Delivering(etun_delivery &delivery) : delivery_(delivery)
	{
		delivery_.recursed = etun_k_recursion_leave();
		etun_k_lockdep_softirq_begin();
		delivery_.active = true;
		// As in a softirq: what asks where it runs must not take the sender for the receiver.
		etun_k_softirq_begin();
	}
	Delivering(const Delivering &) = delete;
	Delivering &operator=(const Delivering &) = delete;
	~Delivering()
	{
		etun_k_softirq_end();
		delivery_.active = false;
		delivery_.spilled = false;
		if (delivery_.recursed)
			etun_k_recursion_enter();
		etun_k_lockdep_softirq_end();
	}

private:
	etun_delivery &delivery_;
};

/// Gives \p skb to the backlog of this processor.
void to_backlog(net_device *receiver, Skb skb, unsigned length)
{
	if (std::move(skb).netif_rx())
		etun_k_dev_sw_netstats_rx_add(receiver, length);
}

/// Delivers what waits, up to the budget; the rest goes to the backlog in its order, and what comes later behind it.
/// When this returns, nothing waits.
void deliver_waiting(etun_delivery &delivery)
{
	for (unsigned done = 0; sk_buff *raw = take_first(delivery); done++) {
		net_device *receiver = etun_k_skb_dev(raw);
		Skb skb(raw);
		const unsigned length = skb.length() + ethernet_header;
		if (done >= direct_budget) [[unlikely]] {
			delivery.spilled = true;
			to_backlog(receiver, std::move(skb), length);
			continue;
		}
		etun_k_dev_sw_netstats_rx_add(receiver, length);
		std::move(skb).receive();
	}
}

bool outer_allows()
{
	// The stack is asked for last: only where the count says that this is a task is it a task's.
	return may_deliver({.preempt_count = etun_k_preempt_count(),
			    .transmission = koffset::transmission_count,
			    .interrupts_on = etun_k_interrupts_on(),
			    .backlog_pending = etun_k_net_rx_pending(),
			    .reclaiming = etun_k_task_reclaims(),
			    .stack_left = etun_k_stack_left(),
			    .stack_min = direct_stack_min(koffset::stack_bytes)});
}

bool inner_allows(const etun_delivery &delivery)
{
	return may_wait({.interrupts_on = etun_k_interrupts_on(),
			 .backlog_pending = etun_k_net_rx_pending(),
			 .spilled = delivery.spilled,
			 .waiting = delivery.waiting});
}

} // namespace

void deliver_directly(const BottomHalvesOff & /*section*/, const End &sender, net_device *receiver, Skb &skb,
		      unsigned length)
{
	etun_delivery &delivery = *etun_k_delivery();

	if (!delivery.active) {
		if (!outer_allows()) {
			sender.counters().add(counter::direct_backlog, 1);
			to_backlog(receiver, std::move(skb), length);
			return;
		}
		sender.counters().add(counter::direct, 1);
		etun_k_dev_sw_netstats_rx_add(receiver, length);
		const Delivering delivering(delivery);
		std::move(skb).receive();
		deliver_waiting(delivery);
		return;
	}
	if (inner_allows(delivery)) {
		sender.counters().add(counter::direct_later, 1);
		append(delivery, skb.release());
		return;
	}
	delivery.spilled = true;
	sender.counters().add(counter::direct_backlog, 1);
	to_backlog(receiver, std::move(skb), length);
}

} // namespace etun
