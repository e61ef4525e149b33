/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What etun shows to user space: the numbers of its link attributes and the names of its files and counters.
 *
 * A number or a name that stands here keeps its meaning. docs/control.md of etun's sources describes them all.
 */
#ifndef ETUN_UAPI_H
#define ETUN_UAPI_H

/* The link kind: IFLA_INFO_KIND (rtnetlink(7)), and the driver's name to ethtool. */
#define ETUN_KIND "etun"

/*
 * Attributes within IFLA_INFO_DATA. The layout is veth's (linux/veth.h), so that what speaks veth speaks etun:
 * ETUN_INFO_PEER holds the peer's struct ifinfomsg, followed by its IFLA_ attributes.
 */
enum {
	ETUN_INFO_UNSPEC,
	ETUN_INFO_PEER,		/* creation only */
	ETUN_INFO_MODE,		/* u8, enum etun_mode: how frames arrive at this end */
	ETUN_INFO_PEER_MODE,	/* u8: the same for the peer */
	ETUN_INFO_RING,		/* u32: slots of each receive ring of this end */
	ETUN_INFO_PEER_RING,	/* u32: the same for the peer */
	ETUN_INFO_MTU_POLICY,	/* u8, enum etun_mtu_policy: of the pair */
	ETUN_INFO_PEER_IFINDEX, /* u32, read only: in the peer's own namespace */
	ETUN_INFO_PEER_NETNSID, /* s32, read only: as the asking end's namespace numbers it; -1 when it is the same */
	ETUN_INFO_PAIR_ID,	/* u64, read only: the same at both ends, and of no other pair */
	ETUN_INFO_PAD,
	ETUN_INFO_WIRE,	     /* u8, 0 or 1: frames arrive at this end as on a wire */
	ETUN_INFO_PEER_WIRE, /* u8: the same for the peer */
	ETUN_INFO_COUNT
};
#define ETUN_INFO_MAX (ETUN_INFO_COUNT - 1)

/* How frames arrive at an end. */
enum etun_mode {
	ETUN_MODE_BACKLOG, /* into the sending processor's backlog, as with veth */
	ETUN_MODE_NAPI,	   /* through a bounded ring that the end's own NAPI empties */
	ETUN_MODE_DIRECT,  /* into the receiving stack at once, where the sender's context allows it */
	ETUN_MODE_COUNT
};

/* Whether the two ends have one MTU. */
enum etun_mtu_policy {
	ETUN_MTU_POLICY_INDEPENDENT, /* each end has its own, as with veth */
	ETUN_MTU_POLICY_EQUAL,	     /* a change at one end is made at both, or refused */
	ETUN_MTU_POLICY_COUNT
};

/* Files in /sys/class/net/<end>/etun/. All can be read by everybody; `mode` can be written. */
#define ETUN_SYSFS_GROUP "etun"
#define ETUN_SYSFS_PEER_NAME "peer_name"
#define ETUN_SYSFS_PEER_IFINDEX "peer_ifindex"
#define ETUN_SYSFS_PEER_NETNSID "peer_netnsid"
#define ETUN_SYSFS_PAIR_ID "pair_id"
#define ETUN_SYSFS_MODE "mode"
#define ETUN_SYSFS_PEER_MODE "peer_mode"
#define ETUN_SYSFS_WIRE "wire"

/* Files of the module, to be written: `name0,name1` makes a pair; the name of either end destroys one. */
#define ETUN_NEWIF_FILE "/sys/module/etun/parameters/newif"
#define ETUN_DELIF_FILE "/sys/module/etun/parameters/delif"

/*
 * Counters by name (ETHTOOL_GSTATS, `ethtool -S`). First the peer's index, under the name of 2007 and under veth's.
 */
#define ETUN_STAT_PARTNER_IFINDEX "partner_ifindex"
#define ETUN_STAT_PEER_IFINDEX "peer_ifindex"

/* Drops by cause: the sender counts those of tx_drop_, the receiver those of rx_drop_. */
#define ETUN_STAT_TX_DROP_PREFIX "tx_drop_"
#define ETUN_STAT_TX_DROP_NO_CARRIER ETUN_STAT_TX_DROP_PREFIX "no_carrier"
#define ETUN_STAT_TX_DROP_HEADER ETUN_STAT_TX_DROP_PREFIX "header"
#define ETUN_STAT_TX_DROP_TOO_LONG ETUN_STAT_TX_DROP_PREFIX "too_long"
#define ETUN_STAT_TX_DROP_NO_MEMORY ETUN_STAT_TX_DROP_PREFIX "no_memory"
#define ETUN_STAT_TX_DROP_RING_FULL ETUN_STAT_TX_DROP_PREFIX "ring_full"
#define ETUN_STAT_RX_DROP_PREFIX "rx_drop_"
#define ETUN_STAT_RX_DROP_NO_MEMORY ETUN_STAT_RX_DROP_PREFIX "no_memory"
#define ETUN_STAT_RX_DROP_LINK_DOWN ETUN_STAT_RX_DROP_PREFIX "link_down"

/* How frames to a peer in mode direct were delivered: at once, by the sender a little later, by the backlog. */
#define ETUN_STAT_TX_DIRECT "tx_direct"
#define ETUN_STAT_TX_DIRECT_LATER "tx_direct_later"
#define ETUN_STAT_TX_DIRECT_BACKLOG "tx_direct_backlog"

/* Of each queue in use: `rx_queue_<number>_<name>` and `tx_queue_<number>_<name>`. */
#define ETUN_STAT_RX_QUEUE "rx_queue"
#define ETUN_STAT_TX_QUEUE "tx_queue"
#define ETUN_STAT_QUEUE_PACKETS "packets"
#define ETUN_STAT_QUEUE_BYTES "bytes"
#define ETUN_STAT_RX_QUEUE_DROPS "drops"
#define ETUN_STAT_RX_QUEUE_XDP_PACKETS "xdp_packets"
#define ETUN_STAT_RX_QUEUE_XDP_BYTES "xdp_bytes"
#define ETUN_STAT_RX_QUEUE_XDP_DROPS "xdp_drops"
#define ETUN_STAT_RX_QUEUE_XDP_REDIRECT "xdp_redirect"
#define ETUN_STAT_RX_QUEUE_XDP_TX "xdp_tx"
#define ETUN_STAT_RX_QUEUE_XDP_TX_ERRORS "xdp_tx_errors"
#define ETUN_STAT_TX_QUEUE_XDP_XMIT "xdp_xmit"
#define ETUN_STAT_TX_QUEUE_XDP_XMIT_ERRORS "xdp_xmit_errors"
#define ETUN_STAT_TX_QUEUE_STOPS "stops"
#define ETUN_STAT_TX_QUEUE_WAKES "wakes"
#define ETUN_STAT_TX_QUEUE_BQL_LIMIT "bql_limit"
#define ETUN_STAT_TX_QUEUE_BQL_INFLIGHT "bql_inflight"

#endif
