/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that the kernel exports and C++ calls directly, without a wrapper: nothing lies between.
 * exported.c includes this after the kernel's headers, so a prototype that drifts does not compile.
 */
#ifndef ETUN_KERNEL_EXPORTED_H
#define ETUN_KERNEL_EXPORTED_H

#include "kernel/boundary.h"

#ifdef __cplusplus
extern "C" {
#endif

/* linux/etherdevice.h. Any context. Pulls the header, sets skb->dev and pkt_type. */

/* linux/netdevice.h. Under RTNL, but for __netif_rx: bottom halves off; consumes the skb. */
int __netif_rx(struct sk_buff *skb);
struct net_device *__dev_get_by_name(struct net *net, const char *name);
bool netdev_name_in_use(struct net *net, const char *name);
void netdev_update_features(struct net_device *dev);
void netif_carrier_on(struct net_device *dev);
void netif_carrier_off(struct net_device *dev);
void linkwatch_fire_event(struct net_device *dev);
int register_netdevice(struct net_device *dev);
void unregister_netdevice_queue(struct net_device *dev, struct list_head *head);
void unregister_netdevice_many(struct list_head *head);
void free_netdev(struct net_device *dev);

int dev_set_mtu(struct net_device *dev, int mtu);
void dev_get_tstats64(struct net_device *dev, struct rtnl_link_stats64 *stats);
int netif_set_real_num_rx_queues(struct net_device *dev, unsigned int count);
int netif_set_real_num_tx_queues(struct net_device *dev, unsigned int count);
void netif_set_tso_max_size(struct net_device *dev, unsigned int bytes);
void synchronize_net(void);
/* Bottom halves off; consumes the skb. */
int netif_receive_skb(struct sk_buff *skb);

/* linux/netdevice.h: NAPI. enable and disable: task, sleep; the rest: any context. */
void napi_enable(struct napi_struct *napi);
void napi_disable(struct napi_struct *napi);
bool napi_schedule_prep(struct napi_struct *napi);
void __napi_schedule(struct napi_struct *napi);
bool napi_complete_done(struct napi_struct *napi, int done);

/* linux/bpf.h, linux/filter.h. put: any context; flush: softirq. */
void bpf_prog_put(struct bpf_prog *program);
void xdp_do_flush(void);

/* linux/hrtimer.h. Task; waits for a handler that runs. */
int hrtimer_cancel(struct hrtimer *timer);

/* linux/mm.h, linux/slab.h. Task. */
void kvfree(const void *memory);

/* net/netlink.h. Any context. */
int nla_append(struct sk_buff *skb, int attrlen, const void *data);

/* linux/random.h. Any context. Comes out of a batch, and costs a fraction of get_random_bytes(). */
u64 get_random_u64(void);

/* linux/rtnetlink.h. Task. */
void rtnl_lock(void);
void rtnl_unlock(void);

/* linux/skbuff.h. Any context. */
void skb_scrub_packet(struct sk_buff *skb, bool xnet);

/* linux/sysfs.h. Task. */
int sysfs_emit(char *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
