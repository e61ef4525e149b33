/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boundary, as both languages see it.
 *
 * C includes this beside the kernel's headers, C++ instead of them; so each prototype is checked on both
 * sides. Kernel objects are opaque to C++. Two groups of functions:
 *
 *   etun_...    implemented in C++ (src/driver), called by the tables in tables.c and module.c
 *   etun_k_...  implemented in C (src/kernel), each the kernel macro or inline function of that name
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
typedef unsigned short __be16;
typedef u64 netdev_features_t;
enum netdev_tx : int { NETDEV_TX_OK = 0 };
typedef enum netdev_tx netdev_tx_t;
struct list_head {
	struct list_head *next, *prev;
};
extern "C" {
#else
#include <linux/netdevice.h>
#endif

struct ethtool_drvinfo;
struct ethtool_link_ksettings;
struct ethtool_stats;
struct ifinfomsg;
struct net;
struct net_device;
struct netlink_ext_ack;
struct nlattr;
struct sk_buff;

/*
 * Attributes within IFLA_INFO_DATA. The layout is veth's (linux/veth.h), so that what speaks veth speaks etun:
 * ETUN_INFO_PEER holds the peer's struct ifinfomsg, followed by its IFLA_ attributes (rtnetlink(7)).
 */
enum { ETUN_INFO_UNSPEC, ETUN_INFO_PEER, ETUN_INFO_COUNT };
#define ETUN_INFO_MAX (ETUN_INFO_COUNT - 1)

/* Bytes of a device's private area: struct End in C++, which asserts that it fits. */
#define ETUN_END_BYTES 64

/* ---- C++, called by the kernel through the C tables ------------------------------------------------ */

/* module.c. Task context. */
int etun_load(void);
void etun_unload(void);
int etun_newif(const char *text);
int etun_delif(const char *text);

/* tables.c, struct net_device_ops. Under RTNL unless said otherwise. */
int etun_open(struct net_device *dev);
int etun_stop(struct net_device *dev);
void etun_uninit(struct net_device *dev);
int etun_change_carrier(struct net_device *dev, bool on);
netdev_features_t etun_fix_features(struct net_device *dev, netdev_features_t wanted);
/* Softirq or task with bottom halves off; lockless, on any number of processors at once. */
netdev_tx_t etun_start_xmit(struct sk_buff *skb, struct net_device *dev);
/* Under RTNL or RCU. */
int etun_get_iflink(const struct net_device *dev);
struct net *etun_get_link_net(const struct net_device *dev);

/* tables.c, netdevice notifier; under RTNL, only for devices of ours. */
void etun_device_changed(struct net_device *dev);
void etun_features_changed(struct net_device *dev);

/* tables.c, struct ethtool_ops; under RTNL. */
void etun_get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info);
int etun_get_link_ksettings(struct net_device *dev, struct ethtool_link_ksettings *settings);
int etun_get_sset_count(struct net_device *dev, int set);
void etun_get_strings(struct net_device *dev, u32 set, u8 *strings);
void etun_get_ethtool_stats(struct net_device *dev, struct ethtool_stats *stats, u64 *values);

/* tables.c, struct rtnl_link_ops; under RTNL. */
struct etun_link_request {
	struct net *source_net;		/* where the peer goes when it names no namespace */
	struct net_device *dev;		/* the end that rtnetlink made, not yet registered */
	struct nlattr **attributes;	/* of dev: tb[IFLA_MAX + 1] */
	struct nlattr *peer;		/* ETUN_INFO_PEER, or none */
	struct netlink_ext_ack *extack; /* may be none */
};
void etun_setup(struct net_device *dev);
int etun_validate(struct nlattr **attributes, struct netlink_ext_ack *extack);
int etun_newlink(const struct etun_link_request *request);
void etun_dellink(struct net_device *dev, struct list_head *batch);

/* tables.c, /sys/class/net/<end>/etun/; under RTNL. Length written, or a negative errno. */
enum etun_attribute { ETUN_ATTR_PEER_NAME, ETUN_ATTR_PEER_IFINDEX, ETUN_ATTR_PEER_NETNSID, ETUN_ATTR_PAIR_ID };
long etun_show(struct net_device *dev, enum etun_attribute which, char *page);

/* ---- C, called by C++ ------------------------------------------------------------------------------ */

/* capability.c. Task. */
bool etun_k_ns_capable_net_admin(struct net *net);

/* ethtool.c. Under RTNL. */
void etun_k_drvinfo_set(struct ethtool_drvinfo *info, const char *driver, const char *version,
			const char *firmware, const char *bus);
void etun_k_link_ksettings_set(struct ethtool_link_ksettings *settings, unsigned int megabits, bool full_duplex);

/* module.c. Task, without RTNL. */
int etun_k_notifier_register(void);
void etun_k_notifier_unregister(void);

/* netdevice.c. Any context; those that change a device: under RTNL. */
void *etun_k_netdev_priv(const struct net_device *dev);
struct net *etun_k_dev_net(const struct net_device *dev);
bool etun_k_is_etun(const struct net_device *dev);
bool etun_k_dev_proto_down(const struct net_device *dev);
void etun_k_dev_tables(struct net_device *dev);
void etun_k_dev_features(struct net_device *dev, netdev_features_t features);
void etun_k_dev_mtu_range(struct net_device *dev, unsigned int smallest, unsigned int largest);
void etun_k_dev_perm_addr_keep(struct net_device *dev);
void etun_k_eth_hw_addr_random(struct net_device *dev);
void etun_k_dev_sw_netstats_tx_add(struct net_device *dev, unsigned int packets, unsigned int bytes);
void etun_k_dev_sw_netstats_rx_add(struct net_device *dev, unsigned int bytes);
void etun_k_dev_core_stats_tx_dropped_inc(struct net_device *dev);

/* net_namespace.c. Task. */
struct net *etun_k_current_net(void);
void etun_k_put_net(struct net *net);
int etun_k_peernet2id_alloc(struct net *net, struct net *peer);

/* printk.c. Any context. */
void etun_k_log_refusal(const char *verb, const char *input, int length, const char *rule, int error);
void etun_k_log(const char *text);

/* rcupdate.c. Any context. */
void etun_k_rcu_read_lock(void);
void etun_k_rcu_read_unlock(void);

/* rtnetlink.c. Under RTNL. */
void etun_k_assert_rtnl(void);
struct net_device *etun_k_rtnl_create_link(struct net *net, const char *name, bool given, struct nlattr **attributes,
					   struct netlink_ext_ack *extack);
int etun_k_rtnl_configure_link(struct net_device *dev, const struct ifinfomsg *header);
int etun_k_parse_peer(struct nlattr *peer, struct nlattr **attributes, const struct ifinfomsg **header,
		      struct netlink_ext_ack *extack);
struct net *etun_k_peer_net(struct net *source, struct nlattr **attributes);
bool etun_k_attribute_name(struct nlattr **attributes, char *name);
bool etun_k_attribute_address(struct nlattr **attributes, const u8 **address, int *bytes);
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
void etun_k_skb_postpull_rcsum(struct sk_buff *skb, unsigned int bytes);
void etun_k_kfree_skb(struct sk_buff *skb);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
