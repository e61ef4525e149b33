// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/preempt.h, linux/interrupt.h and linux/irqflags.h, and what each processor keeps of a delivery. */
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/preempt.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"

static DEFINE_PER_CPU(struct etun_delivery, deliveries);

bool etun_k_direct_possible(void)
{
#ifdef ETUN_HAVE_VISIBLE_LOCKS
	return true;
#else
	return false;
#endif
}

struct etun_delivery *etun_k_delivery(void)
{
	return this_cpu_ptr(&deliveries);
}

unsigned int etun_k_preempt_count(void)
{
	return preempt_count();
}

bool etun_k_interrupts_on(void)
{
	return !irqs_disabled();
}

bool etun_k_net_rx_pending(void)
{
	return local_softirq_pending() & BIT(NET_RX_SOFTIRQ);
}

void etun_k_softirq_begin(void)
{
	__preempt_count_add(SOFTIRQ_OFFSET);
}

void etun_k_softirq_end(void)
{
	__preempt_count_sub(SOFTIRQ_OFFSET);
}

void etun_k_skb_set_next(struct sk_buff *skb, struct sk_buff *next)
{
	skb->next = next;
}

struct sk_buff *etun_k_skb_next(const struct sk_buff *skb)
{
	return skb->next;
}

struct net_device *etun_k_skb_dev(const struct sk_buff *skb)
{
	return skb->dev;
}
