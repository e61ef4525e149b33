// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the fields lie that C++ reads and writes by itself, and constants of the kernel; computed by the C
 * compiler for the kernel at hand. Compiled to assembly only, from which the build makes koffsets.h
 * (the kernel's own asm-offsets technique, linux/kbuild.h).
 */
#include <linux/bpf.h>
#include <linux/ethtool.h>
#include <linux/hrtimer.h>
#include <linux/if_link.h>
#include <linux/kbuild.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/preempt.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "kernel/compat.h"
#include "kernel/xdp.h"

#define FIELD(type, field)						\
	DEFINE(type##_##field, offsetof(struct type, field));		\
	DEFINE(type##_##field##_bytes, sizeof_field(struct type, field))

static void __used device_fields(void)
{
	FIELD(net_device, features);
	FIELD(net_device, ifindex);
	FIELD(net_device, mtu);
	FIELD(net_device, max_mtu);
	FIELD(net_device, name);
	FIELD(net_device, needed_headroom);
	FIELD(net_device, num_rx_queues);
	FIELD(net_device, num_tx_queues);
	FIELD(net_device, real_num_rx_queues);
	FIELD(net_device, real_num_tx_queues);
}

static void __used namespace_fields(void)
{
	FIELD(net, user_ns);
	FIELD(user_namespace, parent);
}

static void __used ethtool_fields(void)
{
	FIELD(ethtool_channels, combined_count);
	FIELD(ethtool_channels, max_rx);
	FIELD(ethtool_channels, max_tx);
	FIELD(ethtool_channels, rx_count);
	FIELD(ethtool_channels, tx_count);
	FIELD(ethtool_coalesce, rx_coalesce_usecs);
	FIELD(ethtool_coalesce, rx_max_coalesced_frames);
	FIELD(ethtool_ringparam, rx_max_pending);
	FIELD(ethtool_ringparam, rx_pending);
	DEFINE(string_set_statistics, ETH_SS_STATS);
	DEFINE(string_bytes, ETH_GSTRING_LEN);
}

static void __used features(void)
{
	DEFINE(features_tx_checksum, NETIF_F_HW_CSUM | NETIF_F_SCTP_CRC);
	DEFINE(feature_rx_checksum, NETIF_F_RXCSUM);
	DEFINE(udp_gso_wants_checksums, ETUN_UDP_GSO_WANTS_CHECKSUMS);
	DEFINE(features_any_memory, NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA);
	DEFINE(features_gso, NETIF_F_GSO_SOFTWARE);
	DEFINE(features_gso_inner, NETIF_F_GSO_ENCAP_ALL);
	DEFINE(features_tcp_segmentation, NETIF_F_ALL_TSO);
	DEFINE(feature_ctag_rx, NETIF_F_HW_VLAN_CTAG_RX);
	DEFINE(feature_ctag_tx, NETIF_F_HW_VLAN_CTAG_TX);
	DEFINE(feature_stag_rx, NETIF_F_HW_VLAN_STAG_RX);
	DEFINE(feature_stag_tx, NETIF_F_HW_VLAN_STAG_TX);
	DEFINE(features_mpls, NETIF_F_HW_CSUM | NETIF_F_GSO_SOFTWARE);
	DEFINE(feature_gro, NETIF_F_GRO);
	DEFINE(features_gro_forward, NETIF_F_GRO_FRAGLIST | NETIF_F_GRO_UDP_FWD);
	DEFINE(gso_bytes_max, GSO_MAX_SIZE);
}

static void __used statistics_fields(void)
{
	FIELD(rtnl_link_stats64, rx_bytes);
	FIELD(rtnl_link_stats64, rx_dropped);
	FIELD(rtnl_link_stats64, rx_packets);
	FIELD(rtnl_link_stats64, tx_bytes);
	FIELD(rtnl_link_stats64, tx_dropped);
	FIELD(rtnl_link_stats64, tx_packets);
	DEFINE(link_stats_bytes, sizeof(struct rtnl_link_stats64));
}

static void __used netlink_fields(void)
{
	FIELD(netlink_ext_ack, _msg);
	DEFINE(extack_bytes, sizeof(struct netlink_ext_ack));
}

static void __used frame_fields(void)
{
	FIELD(sk_buff, len);
	FIELD(sk_buff, priority);
	FIELD(sk_buff, protocol);
	FIELD(sk_buff, queue_mapping);
	DEFINE(drop_dev_ready, SKB_DROP_REASON_DEV_READY);
	DEFINE(drop_full_ring, SKB_DROP_REASON_FULL_RING);
	DEFINE(drop_hdr_trunc, SKB_DROP_REASON_HDR_TRUNC);
	DEFINE(drop_nomem, SKB_DROP_REASON_NOMEM);
	DEFINE(drop_not_specified, SKB_DROP_REASON_NOT_SPECIFIED);
	DEFINE(drop_pkt_too_big, SKB_DROP_REASON_PKT_TOO_BIG);
	DEFINE(drop_xdp, SKB_DROP_REASON_XDP);
	DEFINE(checksum_none, CHECKSUM_NONE);
	DEFINE(checksum_unnecessary, CHECKSUM_UNNECESSARY);
	DEFINE(checksum_complete, CHECKSUM_COMPLETE);
	DEFINE(checksum_partial, CHECKSUM_PARTIAL);
}

static void __used xdp_numbers(void)
{
	DEFINE(xdp_rxq_bytes, sizeof(struct xdp_rxq_info));
	DEFINE(xdp_bytes, sizeof(struct etun_xdp));
	FIELD(etun_xdp, skb);
	DEFINE(xdp_frame_bytes, sizeof(struct xdp_frame));
	DEFINE(xdp_aborted, XDP_ABORTED);
	DEFINE(xdp_drop, XDP_DROP);
	DEFINE(xdp_pass, XDP_PASS);
	DEFINE(xdp_redirect, XDP_REDIRECT);
	DEFINE(xdp_tx, XDP_TX);
	DEFINE(xdp_page_room, SKB_WITH_OVERHEAD(PAGE_SIZE - XDP_PACKET_HEADROOM));
	DEFINE(xdp_fragments_room, PAGE_SIZE * MAX_SKB_FRAGS);
}

static void __used napi_numbers(void)
{
	FIELD(napi_struct, state);
	DEFINE(napi_in_busy_poll, NAPIF_STATE_IN_BUSY_POLL);
	DEFINE(napi_sched_threaded, NAPIF_STATE_SCHED_THREADED);
	DEFINE(napi_bytes, sizeof(struct napi_struct));
}

static void __used sizes(void)
{
	DEFINE(transmission_count, SOFTIRQ_DISABLE_OFFSET);
	DEFINE(stack_bytes, THREAD_SIZE);
	DEFINE(list_head_bytes, sizeof(struct list_head));
	DEFINE(rcu_head_bytes, sizeof(struct rcu_head));
	DEFINE(hrtimer_bytes, sizeof(struct hrtimer));
	DEFINE(spinlock_bytes, sizeof(spinlock_t));
}

static void __used limits(void)
{
	DEFINE(attributes_max, IFLA_MAX);
	DEFINE(name_bytes, IFNAMSIZ);
}
