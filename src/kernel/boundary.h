/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boundary, as both languages see it.
 *
 * C includes this beside the kernel's headers, C++ instead of them; so each prototype is checked on both
 * sides. Kernel objects are opaque to C++. Two groups of functions:
 *
 *   etun_...    implemented in C++ (src/driver), called by the C files that a heading names
 *   etun_k_...  implemented in C, in the files that a heading names: each the kernel macro or inline function of
 *               that name
 *
 * Exported kernel functions are called without a wrapper: exported.h.
 */
#ifndef ETUN_KERNEL_BOUNDARY_H
#define ETUN_KERNEL_BOUNDARY_H

#ifdef __cplusplus
/* The kernel's own scalar types where a prototype needs them (linux/types.h, linux/netdevice.h). */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef unsigned short u16, __be16;
typedef u64 netdev_features_t;
/* The kernel lets a driver answer with what a qdisc may, too: NET_XMIT_DROP. */
enum netdev_tx : int { NETDEV_TX_OK = 0, NET_XMIT_DROP = 1, NETDEV_TX_BUSY = 0x10 };
typedef enum netdev_tx netdev_tx_t;
struct list_head {
	struct list_head *next, *prev;
};
/* What only sparse reads. */
#define __percpu
extern "C" {
#else
#include <linux/netdevice.h>
#endif

struct bpf_prog;
struct ethtool_coalesce;
struct ethtool_channels;
struct ethtool_drvinfo;
struct ethtool_link_ksettings;
struct ethtool_ringparam;
struct ethtool_stats;
struct hrtimer;
struct ifinfomsg;
struct napi_struct;
struct net;
struct net_device;
struct netdev_queue_stats_rx;
struct netdev_queue_stats_tx;
struct netlink_ext_ack;
struct nlattr;
struct page_pool;
struct rtnl_link_stats64;
struct sk_buff;
struct spinlock;
struct xdp_frame;
struct xdp_md;
struct xdp_rxq_info;

/* Bytes of a device's private area: struct End in C++, which asserts that it fits. */
#define ETUN_END_BYTES 192

/* ---- C++, called by the kernel through the C tables ------------------------------------------------ */

/* module.c. Task context. */
int etun_load(void);
void etun_unload(void);
int etun_newif(const char *text);
int etun_delif(const char *text);

/* netdevice.c, priv_destructor. Task, without RTNL but for a registration that failed. */
void etun_destroy(struct net_device *dev);

/* tables.c, struct net_device_ops. Under RTNL unless said otherwise. */
int etun_init(struct net_device *dev);
int etun_open(struct net_device *dev);
int etun_stop(struct net_device *dev);
void etun_uninit(struct net_device *dev);
int etun_change_carrier(struct net_device *dev, bool on);
netdev_features_t etun_fix_features(struct net_device *dev, netdev_features_t wanted);
int etun_set_features(struct net_device *dev, netdev_features_t wanted);
int etun_xdp_attach(struct net_device *dev, struct bpf_prog *program, struct netlink_ext_ack *extack);
/* Bottom halves off, any processor. */
int etun_xdp_xmit(struct net_device *dev, int count, struct xdp_frame **frames);
struct net_device *etun_get_peer_dev(struct net_device *dev);
/* Softirq or task with bottom halves off; lockless, on any number of processors at once. */
netdev_tx_t etun_start_xmit(struct sk_buff *skb, struct net_device *dev);
/* Whatever is held; they do not sleep. */
void etun_set_rx_headroom(struct net_device *dev, int bytes);
void etun_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats);
int etun_get_iflink(const struct net_device *dev);

/* module.c, netdevice notifier; under RTNL, only for devices of ours. */
void etun_device_changed(struct net_device *dev);
void etun_features_changed(struct net_device *dev);
int etun_mtu_changed(struct net_device *dev);
void etun_device_registered(struct net_device *dev);

/* ethtool_table.c, struct ethtool_ops; under RTNL. */
void etun_get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info);
int etun_get_link_ksettings(struct net_device *dev, struct ethtool_link_ksettings *settings);
int etun_get_sset_count(struct net_device *dev, int set);
void etun_get_strings(struct net_device *dev, u32 set, u8 *strings);
void etun_get_ethtool_stats(struct net_device *dev, struct ethtool_stats *stats, u64 *values);
void etun_get_channels(struct net_device *dev, struct ethtool_channels *channels);
int etun_set_channels(struct net_device *dev, struct ethtool_channels *channels);
void etun_get_ring(struct net_device *dev, struct ethtool_ringparam *ring);
int etun_set_ring(struct net_device *dev, struct ethtool_ringparam *ring, struct netlink_ext_ack *extack);
void etun_get_coalesce(struct net_device *dev, struct ethtool_coalesce *coalesce);
int etun_set_coalesce(struct net_device *dev, struct ethtool_coalesce *coalesce, struct netlink_ext_ack *extack);

/* queue_stats.c, struct netdev_stat_ops; under RTNL. */
struct etun_queue_count {
	u64 packets, bytes, stops, wakes;
};
void etun_queue_stats_rx(struct net_device *dev, int index, struct etun_queue_count *count);
void etun_queue_stats_tx(struct net_device *dev, int index, struct etun_queue_count *count);
void etun_queue_stats_base(struct net_device *dev, struct etun_queue_count *rx, struct etun_queue_count *tx);

/* napi.c, hrtimer.c. Softirq, or a thread with bottom halves off; the timer: hard interrupt. */
int etun_poll(struct napi_struct *napi, int budget);
void etun_timer(struct hrtimer *timer);

/* xdp_metadata.c, struct xdp_metadata_ops. Softirq. */
int etun_xdp_rx_timestamp(const struct xdp_md *context, u64 *timestamp);
int etun_xdp_rx_hash(const struct xdp_md *context, u32 *hash, bool *over_ports);
int etun_xdp_rx_vlan_tag(const struct xdp_md *context, __be16 *protocol, u16 *tag);

/* link_table.c, struct rtnl_link_ops; under RTNL. */
struct etun_link_request {
	struct net *source_net;		/* where the peer goes; before 6.15 only when it names no namespace */
	struct net_device *dev;		/* the end that rtnetlink made, not yet registered */
	struct nlattr **attributes;	/* of dev: tb[IFLA_MAX + 1] */
	struct nlattr **data;		/* ETUN_INFO_ attributes of uapi/etun.h, indexed; or none */
	struct netlink_ext_ack *extack; /* may be none */
};
void etun_setup(struct net_device *dev);
struct net *etun_get_link_net(const struct net_device *dev);
/* Maybe without it. */
int etun_validate(struct nlattr **attributes, struct nlattr **data, struct netlink_ext_ack *extack);
int etun_newlink(const struct etun_link_request *request);
int etun_changelink(struct net_device *dev, struct nlattr **data, struct netlink_ext_ack *extack);
int etun_fill_info(struct sk_buff *message, const struct net_device *dev);
unsigned int etun_default_queues(void);
void etun_dellink(struct net_device *dev, struct list_head *batch);

/* What a processor knows of the direct delivery that it is in the middle of; zeroed between two of them. */
struct etun_delivery {
	bool active;		/* a frame is being delivered */
	bool spilled;		/* a later frame went to the backlog */
	bool recursed;		/* transmission counted a level of recursion that was left */
	unsigned int waiting;	/* frames in the list */
	struct sk_buff *first, *last;
};

/* tables.c, /sys/class/net/<end>/etun/; under RTNL. Length written or read, or a negative errno. */
enum etun_attribute {
	ETUN_ATTR_PEER_NAME,
	ETUN_ATTR_PEER_IFINDEX,
	ETUN_ATTR_PEER_NETNSID,
	ETUN_ATTR_PAIR_ID,
	ETUN_ATTR_MODE,
	ETUN_ATTR_PEER_MODE,
	ETUN_ATTR_WIRE,
};
long etun_show(struct net_device *dev, enum etun_attribute which, char *page);
long etun_store(struct net_device *dev, enum etun_attribute which, const char *text, unsigned long bytes);

/* ---- C, called by C++ ------------------------------------------------------------------------------ */

/* capability.c. Task. */
bool etun_k_ns_capable_net_admin(struct net *net);

/* direct.c, task.c, recursion.c. Bottom halves off. */
bool etun_k_direct_possible(void);
struct etun_delivery *etun_k_delivery(void);
unsigned int etun_k_preempt_count(void);
bool etun_k_interrupts_on(void);
bool etun_k_net_rx_pending(void);
unsigned long etun_k_stack_left(void);
void etun_k_softirq_begin(void);
void etun_k_softirq_end(void);
bool etun_k_task_reclaims(void);
void etun_k_lockdep_softirq_begin(void);
void etun_k_lockdep_softirq_end(void);
bool etun_k_recursion_leave(void);
void etun_k_recursion_enter(void);
void etun_k_skb_set_next(struct sk_buff *skb, struct sk_buff *next);
struct sk_buff *etun_k_skb_next(const struct sk_buff *skb);
struct net_device *etun_k_skb_dev(const struct sk_buff *skb);

/* ethtool.c. Under RTNL. */
void etun_k_drvinfo_set(struct ethtool_drvinfo *info, const char *driver, const char *version,
			const char *firmware, const char *bus);
void etun_k_link_ksettings_set(struct ethtool_link_ksettings *settings, unsigned int megabits, bool full_duplex);

/* hrtimer.c. Any context. */
void etun_k_hrtimer_setup(struct hrtimer *timer);
void etun_k_hrtimer_start(struct hrtimer *timer, unsigned int microseconds);
bool etun_k_hrtimer_is_queued(struct hrtimer *timer);

/* module.c. Task, without RTNL. */
int etun_k_notifier_register(void);
void etun_k_notifier_unregister(void);

/* napi.c. Task under RTNL, but for gro_receive, set_weight and in_serving_softirq: the poll. */
void etun_k_netif_napi_add(struct net_device *dev, struct napi_struct *napi, unsigned int index);
bool etun_k_napi_holds_frames(const struct napi_struct *napi);
void etun_k_netif_napi_del(struct napi_struct *napi);
void etun_k_netif_queue_set_napi(struct net_device *dev, unsigned int index, struct napi_struct *napi);
unsigned int etun_k_napi_id(const struct napi_struct *napi);
void etun_k_napi_gro_receive(struct napi_struct *napi, struct sk_buff *skb);
void etun_k_napi_set_weight(struct napi_struct *napi, unsigned int frames);
bool etun_k_in_serving_softirq(void);

/* netdev_queue.c: transmit queues. Bottom halves off, or under RTNL. */
bool etun_k_txq_has_qdisc(const struct net_device *dev, unsigned int index);
void etun_k_netif_tx_stop_queue(struct net_device *dev, unsigned int index);
bool etun_k_netif_tx_queue_stopped(const struct net_device *dev, unsigned int index);
void etun_k_netif_tx_wake_queue(struct net_device *dev, unsigned int index);
bool etun_k_netif_xmit_stopped(const struct net_device *dev, unsigned int index);
void etun_k_netif_tx_start_all_queues(struct net_device *dev);
bool etun_k_netdev_xmit_more(void);
bool etun_k_netdev_tx_sent_queue(struct net_device *dev, unsigned int index, unsigned int bytes, bool more);
void etun_k_netdev_tx_completed_queue(struct net_device *dev, unsigned int index, unsigned int packets,
				      unsigned int bytes);
unsigned int etun_k_dql_limit(const struct net_device *dev, unsigned int index);
unsigned int etun_k_dql_inflight(const struct net_device *dev, unsigned int index);

/* netdevice.c. Any context; those that change a device: under RTNL. */
void *etun_k_netdev_priv(const struct net_device *dev);
struct net *etun_k_dev_net(const struct net_device *dev);
bool etun_k_is_etun(const struct net_device *dev);
bool etun_k_dev_proto_down(const struct net_device *dev);
bool etun_k_dev_is_registered(const struct net_device *dev);
void etun_k_dev_info_changed(struct net_device *dev);
void etun_k_dev_tables(struct net_device *dev);
void etun_k_dev_features(struct net_device *dev, netdev_features_t features, netdev_features_t inner,
			 netdev_features_t mpls);
void etun_k_dev_features_off(struct net_device *dev, netdev_features_t features);
void etun_k_dev_queued(struct net_device *dev);
void etun_k_dev_lockdep_classes(struct net_device *dev);
void etun_k_unregister_queue_net(struct net *net, struct net_device *dev, struct list_head *head);
void etun_k_xdp_set_features(struct net_device *dev, bool programs);
void etun_k_dev_sw_netstats_rx_add_many(struct net_device *dev, unsigned int packets, unsigned int bytes);
void etun_k_dev_mtu_range(struct net_device *dev, unsigned int smallest, unsigned int largest);
void etun_k_dev_perm_addr_keep(struct net_device *dev);
void etun_k_dev_addr_random(struct net_device *dev, const u8 *address);
void etun_k_dev_sw_netstats_tx_add(struct net_device *dev, unsigned int packets, unsigned int bytes);
void etun_k_dev_sw_netstats_rx_add(struct net_device *dev, unsigned int bytes);

/* net_namespace.c. Task. */
struct net *etun_k_current_net(void);
void etun_k_put_net(struct net *net);
int etun_k_peernet2id_alloc(struct net *net, struct net *peer);

/* netlink.c. Task; 0 or -EMSGSIZE. The readers: false when the attribute is not there. */
int etun_k_nla_put_u64(struct sk_buff *message, int type, u64 value, int pad);
bool etun_k_nla_get_u8(struct nlattr **data, int type, unsigned int *value);
bool etun_k_nla_get_u32(struct nlattr **data, int type, unsigned int *value);
void etun_k_extack_bad_attribute(struct netlink_ext_ack *extack, struct nlattr **data, int type);

/* percpu.c: numbers of 64 bits, \p count of them for each processor, zeroed. Task to allocate and to sum. */
u64 __percpu *etun_k_alloc_percpu(unsigned int count);
void etun_k_free_percpu(u64 __percpu *numbers);
void etun_k_percpu_clear(u64 __percpu *numbers, unsigned int count);
void etun_k_percpu_sums(const u64 __percpu *numbers, unsigned int count, u64 *sums);
u64 etun_k_percpu_of(const u64 __percpu *numbers, unsigned int which, unsigned int processor);
unsigned int etun_k_processors(void);
unsigned int etun_k_possible_processors(void);
/* Bottom halves off. */
void etun_k_this_cpu_add(u64 __percpu *numbers, unsigned int which, u64 by);
unsigned int etun_k_smp_processor_id(void);

/* printk.c. Any context. */
void etun_k_log_refusal(const char *verb, const char *input, int length, const char *rule, int error);
void etun_k_log_refused_store(const struct net_device *dev, const char *attribute, const char *input, int length,
			      const char *reason, int error);
void etun_k_log(const char *text);

/* rcupdate.c. Any context. */
void etun_k_rcu_read_lock(void);
void etun_k_rcu_read_unlock(void);
void etun_k_smp_mb(void);

/* delay.c. Task; sleeps. */
void etun_k_sleep_shortly(void);

/* slab.c. Task; zeroed memory, or none. Freed after a grace period: what begins with a struct rcu_head. */
void *etun_k_kvzalloc(unsigned long bytes);
void etun_k_kvfree_rcu(void *memory);

/* spinlock.c. Any context; bottom halves off around what is locked. */
void etun_k_local_bh_disable(void);
void etun_k_local_bh_enable(void);
void etun_k_spin_lock_init(struct spinlock *lock);
void etun_k_spin_lock(struct spinlock *lock);
void etun_k_spin_unlock(struct spinlock *lock);

/* rtnetlink.c. Under RTNL. */
void etun_k_assert_rtnl(void);
struct net_device *etun_k_rtnl_create_link(struct net *net, const char *name, bool given, struct nlattr **attributes,
					   struct netlink_ext_ack *extack);
int etun_k_rtnl_configure_link(struct net_device *dev, const struct ifinfomsg *header);
int etun_k_parse_peer(struct nlattr *peer, struct nlattr **attributes, const struct ifinfomsg **header,
		      struct netlink_ext_ack *extack);
int etun_k_header_ifindex(const struct ifinfomsg *header);
struct net *etun_k_peer_net(struct net *source, struct nlattr **attributes);
bool etun_k_attribute_name(struct nlattr **attributes, char *name);
bool etun_k_attribute_address(struct nlattr **attributes, const u8 **address, int *bytes);
bool etun_k_attribute_queues(struct nlattr **attributes, bool *transmit, bool *receive);
bool etun_k_attribute_mtu(struct nlattr **attributes, unsigned int *mtu);
bool etun_k_is_valid_ether_addr(const u8 *address);
void etun_k_extack_set(struct netlink_ext_ack *extack, const char *text);
int etun_k_link_register(void);
void etun_k_link_unregister(void);

/* skbuff.c. Any context; the caller owns the skb. */
bool etun_k_pskb_may_pull(struct sk_buff *skb, unsigned int bytes);
bool etun_k_skb_orphan_frags(struct sk_buff *skb);
bool etun_k_skb_is_gso(const struct sk_buff *skb);
bool etun_k_skb_gso_fits(const struct sk_buff *skb, unsigned int bytes);
unsigned char etun_k_skb_ip_summed(const struct sk_buff *skb);
void etun_k_skb_set_ip_summed(struct sk_buff *skb, unsigned char state);
void etun_k_skb_clear_traffic_control(struct sk_buff *skb);
void etun_k_skb_clear_tstamp(struct sk_buff *skb);
void etun_k_skb_arrive(struct sk_buff *skb, struct net_device *dev);
void etun_k_skb_postpull_rcsum(struct sk_buff *skb, unsigned int bytes);
void etun_k_skb_push_mac_header(struct sk_buff *skb);
/* The next three: the header is pushed. push_inside frees what it can't tag, and returns none. */
bool etun_k_skb_finish_checksum(struct sk_buff *skb);
bool etun_k_skb_vlan_tag_present(const struct sk_buff *skb);
struct sk_buff *etun_k_vlan_hwaccel_push_inside(struct sk_buff *skb);
void etun_k_kfree_skb_reason(struct sk_buff *skb, unsigned int reason);
unsigned int etun_k_skb_get_queue_mapping(const struct sk_buff *skb);
void etun_k_skb_mark_napi_id(struct sk_buff *skb, const struct napi_struct *napi);
void etun_k_skb_tx_timestamp(struct sk_buff *skb);
bool etun_k_skb_awaited(const struct sk_buff *skb);
bool etun_k_skb_make_private(struct sk_buff *skb);
void etun_k_skb_orphan(struct sk_buff *skb);

/*
 * xdp.c. Softirq, or a task with bottom halves off, but for what registers: task under RTNL. struct etun_xdp is a
 * frame as a program sees it: an xdp_buff, and the skb that it lies in, or none.
 */
struct etun_xdp;
int etun_k_xdp_rxq_register(struct xdp_rxq_info *rxq, struct net_device *dev, unsigned int index,
			    unsigned int napi_id, struct page_pool *pool);
void etun_k_xdp_rxq_unregister(struct xdp_rxq_info *rxq, struct page_pool *pool);
int etun_k_page_pool_create(struct net_device *dev, unsigned int slots, struct page_pool **pool);
void etun_k_page_pool_destroy(struct page_pool *pool);
bool etun_k_xdp_run_skb(struct etun_xdp *xdp, struct sk_buff *skb, struct xdp_rxq_info *rxq, struct page_pool *pool,
			struct bpf_prog *program, unsigned int *verdict);
void etun_k_xdp_from_frame(struct etun_xdp *xdp, struct xdp_frame *frame, struct xdp_rxq_info *rxq);
unsigned int etun_k_xdp_run(struct bpf_prog *program, struct etun_xdp *xdp);
void etun_k_xdp_to_skb(struct etun_xdp *xdp);
void etun_k_xdp_take_memory(struct etun_xdp *xdp);
bool etun_k_xdp_update_frame(struct etun_xdp *xdp, struct xdp_frame *frame);
struct xdp_frame *etun_k_xdp_to_frame(struct etun_xdp *xdp);
bool etun_k_xdp_redirect(struct net_device *dev, struct etun_xdp *xdp, struct bpf_prog *program);
void etun_k_xdp_return(struct etun_xdp *xdp);
void etun_k_xdp_return_frame(struct xdp_frame *frame);
bool etun_k_xdp_frame_has_frags(struct xdp_frame *frame);
unsigned int etun_k_xdp_frame_length(const struct xdp_frame *frame);
struct sk_buff *etun_k_xdp_build_skb(struct xdp_frame *frame, struct net_device *dev);
void etun_k_xdp_exception(const struct net_device *dev, struct bpf_prog *program, unsigned int act);
void etun_k_xdp_unknown(struct net_device *dev, struct bpf_prog *program, unsigned int act);
void etun_k_xdp_bulk_sent(const struct net_device *dev, int sent, int drops, int error);
bool etun_k_xdp_takes_fragments(const struct bpf_prog *program);

/* xdp_poll.c. Bottom halves off. */
void etun_k_xdp_poll_begin(void);
void etun_k_xdp_poll_end(void);

/* xdp_metadata.c. Softirq; in a program. */
struct sk_buff *etun_k_xdp_skb(const struct xdp_md *context);
bool etun_k_skb_timestamp(const struct sk_buff *skb, u64 *timestamp);
u32 etun_k_skb_hash(struct sk_buff *skb, bool *over_ports);
bool etun_k_skb_vlan_tag(const struct sk_buff *skb, __be16 *protocol, u16 *tag);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
