// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the fields lie that C++ reads and writes by itself, and constants of the kernel; computed by the C
 * compiler for the kernel at hand. Compiled to assembly only, from which the build makes koffsets.h
 * (the kernel's own asm-offsets technique, linux/kbuild.h).
 */
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/kbuild.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#define FIELD(type, field)						\
	DEFINE(type##_##field, offsetof(struct type, field));		\
	DEFINE(type##_##field##_bytes, sizeof_field(struct type, field))

int main(void)
{
	FIELD(net_device, features);
	FIELD(net_device, ifindex);
	FIELD(net_device, mtu);
	FIELD(net_device, name);
	FIELD(sk_buff, len);
	FIELD(sk_buff, priority);
	FIELD(sk_buff, protocol);
	DEFINE(list_head_bytes, sizeof(struct list_head));
	DEFINE(attributes_max, IFLA_MAX);
	DEFINE(features_tx_checksum, NETIF_F_HW_CSUM | NETIF_F_SCTP_CRC);
	DEFINE(feature_rx_checksum, NETIF_F_RXCSUM);
	DEFINE(features_any_memory, NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA);
	DEFINE(features_gso, NETIF_F_GSO_SOFTWARE);
	DEFINE(string_set_statistics, ETH_SS_STATS);
	DEFINE(string_bytes, ETH_GSTRING_LEN);
	DEFINE(checksum_none, CHECKSUM_NONE);
	DEFINE(checksum_unnecessary, CHECKSUM_UNNECESSARY);
	DEFINE(checksum_complete, CHECKSUM_COMPLETE);
	DEFINE(checksum_partial, CHECKSUM_PARTIAL);
	DEFINE(name_bytes, IFNAMSIZ);
	return 0;
}
