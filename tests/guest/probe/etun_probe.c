// SPDX-License-Identifier: GPL-2.0-only
/*
 * What no program can do: hand an end any frame by calling its transmit function, see the frame's bookkeeping as
 * it arrives, keep frames that arrived, unregister an end as another module may.
 *   echo "send a0 len=60 state=1" >/sys/module/etun_probe/parameters/run; cat .../arrived
 *
 *   send DEV [KEY=N...]  len, head (bytes in the linear part), count, sum (ip_summed), partial=1, state=1 (all the
 *                        state that must not cross), owner=1 (a socket is charged), lock=1 (sent with a lock held),
 *                        own=1 (to DEV's own address, else a broadcast), user=1 (fragments with an owner)
 *   unregister DEV       without asking etun
 *   measure DEV          puts the headroom that DEV asks senders for into the parameter of that name
 *   hold DEV             keeps IPv4 frames that arrive there and that a socket is charged for
 *   release              frees them; `held` is their number
 * DEV is looked up in the writer's namespace. Frames have type 0x88b5, for local experiments (IEEE 802).
 */
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/delay.h>
#include <net/checksum.h>
#include <net/dst_metadata.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/xfrm.h>
#include <net/netfilter/nf_conntrack.h>

#include "etun_zerocopy.h"

#define PROBE_TYPE 0x88b5
#define STALE_STAMP ktime_set(1, 0)
struct frame {
	unsigned int len, head, count, sum, partial, state, owner, lock, own, user;
};

/* The last frame that arrived, and how many did; how many were told dropped, sent back, and sent back changed. */
struct arrival {
	unsigned int dropped, busy, touched;
	unsigned int count, len, summed, mark, priority, tc_index, wmem, type, bad;
	bool sum_right, stale, ct, dst, ext, owned;
	char dev[IFNAMSIZ];
};

static DEFINE_SPINLOCK(arrival_lock);
static struct arrival arrival;
static struct sock *owner;
static DEFINE_SPINLOCK(transmit_lock);
static struct sk_buff_head held;
static char hold_dev[IFNAMSIZ];
static unsigned int headroom;

/* ---- arrival ---- */

static bool payload_is_right(struct sk_buff *skb)
{
	unsigned int i;
	u8 byte;

	for (i = 0; i < skb->len; i++)
		if (skb_copy_bits(skb, i, &byte, 1) || byte != (u8)(i + ETH_HLEN))
			return false;
	return true;
}

static void note(struct sk_buff *skb)
{
	arrival.count++;
	arrival.len = skb->len;
	arrival.summed = skb->ip_summed;
	arrival.mark = skb->mark;
	arrival.priority = skb->priority;
	arrival.tc_index = skb->tc_index;
	arrival.wmem = owner ? refcount_read(&owner->sk_wmem_alloc) : 0;
	arrival.type = skb->pkt_type;
	arrival.bad += !payload_is_right(skb);
	arrival.sum_right = csum_fold(skb->csum) == csum_fold(skb_checksum(skb, 0, skb->len, 0));
	arrival.stale = skb->tstamp == STALE_STAMP;
	arrival.ct = skb_get_nfct(skb);
	arrival.dst = skb_dst(skb);
	arrival.ext = skb_has_extensions(skb);
	arrival.owned = owner && skb->sk == owner;
	strscpy(arrival.dev, skb->dev->name, sizeof(arrival.dev));
}

static int receive(struct sk_buff *skb, struct net_device *dev, struct packet_type *type, struct net_device *orig)
{
	spin_lock_bh(&arrival_lock);
	note(skb);
	spin_unlock_bh(&arrival_lock);
	kfree_skb(skb);
	return NET_RX_SUCCESS;
}

static int receive_ip(struct sk_buff *skb, struct net_device *dev, struct packet_type *type, struct net_device *orig)
{
	if (skb->sk && strcmp(dev->name, hold_dev) == 0)
		skb_queue_tail(&held, skb);
	else
		kfree_skb(skb);
	return NET_RX_SUCCESS;
}

static struct packet_type probe_type = { .type = cpu_to_be16(PROBE_TYPE), .func = receive };
static struct packet_type ip_type = { .type = cpu_to_be16(ETH_P_IP), .func = receive_ip };

static int arrived_get(char *page, const struct kernel_param *param)
{
	struct arrival seen;

	spin_lock_bh(&arrival_lock);
	seen = arrival;
	spin_unlock_bh(&arrival_lock);
	return sysfs_emit(page,
			  "count=%u dev=%s len=%u bad=%u summed=%u sum_right=%d mark=%u priority=%u tc_index=%u "
			  "stale=%d ct=%d dst=%d ext=%d type=%u owned=%d wmem=%u dropped=%u busy=%u touched=%u\n",
			  seen.count, seen.dev, seen.len, seen.bad, seen.summed, seen.sum_right, seen.mark, seen.priority,
			  seen.tc_index, seen.stale, seen.ct, seen.dst, seen.ext, seen.type, seen.owned,
			  seen.wmem, seen.dropped, seen.busy, seen.touched);
}

/* ---- send ---- */

static void fill(struct sk_buff *skb, const struct net_device *dev, bool own, u8 *header)
{
	unsigned int i;
	u8 byte;

	eth_broadcast_addr(header);
	if (own)
		memcpy(header, dev->dev_addr, ETH_ALEN);
	memcpy(header + ETH_ALEN, dev->dev_addr, ETH_ALEN);
	header[12] = PROBE_TYPE >> 8;
	header[13] = PROBE_TYPE & 0xff;
	for (i = 0; i < skb->len; i++) {
		byte = i < ETH_HLEN ? header[i] : i;
		skb_store_bits(skb, i, &byte, 1);
	}
}

/* All of it is allowed on a frame that is sent, and none of it means anything to the receiver. */
static int dress(struct sk_buff *skb)
{
	struct metadata_dst *dst = metadata_dst_alloc(0, METADATA_IP_TUNNEL, GFP_KERNEL);

	if (!dst)
		return -ENOMEM;
	skb_dst_set(skb, &dst->dst);
	skb->mark = 7;
	skb->priority = 5;
	skb->tc_index = 9;
	skb->tstamp = STALE_STAMP;
	skb->pkt_type = PACKET_OUTGOING;
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
	return !IS_ENABLED(CONFIG_XFRM) || secpath_set(skb) ? 0 : -ENOMEM;
}

static struct sk_buff *make_frame(struct net_device *dev, const struct frame *frame)
{
	const unsigned int tail = frame->len - frame->head;
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + frame->head, GFP_KERNEL);
	u8 header[ETH_HLEN];

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb_put(skb, frame->head);
	if (tail) {
		struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, get_order(tail));

		if (!page)
			goto no_memory;
		skb_add_rx_frag(skb, 0, page, 0, tail, PAGE_SIZE << get_order(tail));
		if (frame->user)
			skb_zcopy_init(skb, &zerocopy_owner);
	}
	fill(skb, dev, frame->own, header);
	skb->dev = dev;
	skb_reset_mac_header(skb);
	skb->protocol = cpu_to_be16(PROBE_TYPE);
	skb->ip_summed = frame->sum;
	if (frame->sum == CHECKSUM_COMPLETE)
		skb->csum = skb_checksum(skb, 0, skb->len, 0);
	if (frame->partial && !skb_partial_csum_set(skb, ETH_HLEN, 16))
		goto no_memory;
	if (frame->state && dress(skb))
		goto no_memory;
	if (frame->owner)
		skb_set_owner_w(skb, owner);
	return skb;

no_memory:
	kfree_skb(skb);
	return NULL;
}

static void hand_over(struct net_device *dev, struct sk_buff *skb)
{
	struct sk_buff before = *skb;
	netdev_tx_t answer = dev->netdev_ops->ndo_start_xmit(skb, dev);

	arrival.dropped += answer == NET_XMIT_DROP;
	if (answer != NETDEV_TX_BUSY)
		return;
	arrival.busy++;
	arrival.touched += skb->dev != dev || skb->data != before.data || skb->len != before.len ||
			   skb->protocol != before.protocol || skb->mark != before.mark ||
			   skb->priority != before.priority || skb->tc_index != before.tc_index ||
			   skb->tstamp != before.tstamp || skb->sk != before.sk ||
			   skb->_skb_refdst != before._skb_refdst || skb->pkt_type != before.pkt_type ||
			   skb_has_extensions(skb) != skb_has_extensions(&before);
	kfree_skb(skb);
}

static void transmit(struct net_device *dev, const struct frame *frame, struct sk_buff_head *frames)
{
	struct sk_buff *skb;

	local_bh_disable();
	if (frame->lock)
		spin_lock(&transmit_lock);
	while ((skb = __skb_dequeue(frames)))
		hand_over(dev, skb);
	if (frame->lock)
		spin_unlock(&transmit_lock);
	local_bh_enable();
}

/* A frame that is refused does not arrive at all, so the wait has an end. */
static void await_arrivals(unsigned int count)
{
	int attempt;

	for (attempt = 0; attempt < 20 && READ_ONCE(arrival.count) < count; attempt++)
		msleep(10);
}

static int send(struct net_device *dev, const struct frame *frame)
{
	struct sk_buff_head frames;
	unsigned int i;

	__skb_queue_head_init(&frames);
	for (i = 0; i < frame->count; i++) {
		struct sk_buff *skb = make_frame(dev, frame);

		if (!skb) {
			__skb_queue_purge(&frames);
			return -ENOMEM;
		}
		__skb_queue_tail(&frames, skb);
	}
	transmit(dev, frame, &frames);
	await_arrivals(frame->count);
	return 0;
}

static int send_owned(struct net_device *dev, const struct frame *frame)
{
	struct socket *sock;
	int error = sock_create_kern(dev_net(dev), AF_INET, SOCK_DGRAM, IPPROTO_UDP, &sock);

	if (error)
		return error;
	owner = sock->sk;
	error = send(dev, frame);
	owner = NULL;
	sock_release(sock);
	return error;
}

static int parse_frame(char *text, struct frame *frame)
{
	struct {
		const char *name;
		unsigned int *value;
	} keys[] = {
		{ "len", &frame->len }, { "head", &frame->head }, { "count", &frame->count }, { "sum", &frame->sum },
		{ "partial", &frame->partial }, { "state", &frame->state }, { "owner", &frame->owner },
		{ "lock", &frame->lock }, { "own", &frame->own }, { "user", &frame->user },
	};
	char *word;
	int i;

	while ((word = strsep(&text, " \n"))) {
		char *key = strsep(&word, "=");

		for (i = 0; i < ARRAY_SIZE(keys) && strcmp(key, keys[i].name); i++)
			;
		if (*key && (i == ARRAY_SIZE(keys) || !word || kstrtouint(word, 0, keys[i].value)))
			return -EINVAL;
	}
	frame->head = min(frame->head, frame->len);
	return frame->len <= 70000 && frame->count <= 2000 ? 0 : -EINVAL;
}

static int send_command(struct net_device *dev, char *arguments)
{
	struct frame frame = { .len = 60, .head = 60, .count = 1 };
	int error = arguments ? parse_frame(arguments, &frame) : 0;

	if (error)
		return error;
	spin_lock_bh(&arrival_lock);
	memset(&arrival, 0, sizeof(arrival));
	spin_unlock_bh(&arrival_lock);
	return frame.owner ? send_owned(dev, &frame) : send(dev, &frame);
}

/* ---- commands ---- */

static int unregister_command(const char *name)
{
	struct net_device *dev;

	rtnl_lock();
	dev = __dev_get_by_name(current->nsproxy->net_ns, name);
	if (dev)
		unregister_netdevice(dev);
	rtnl_unlock();
	return dev ? 0 : -ENODEV;
}

static int on_device(const char *command, const char *name, char *arguments)
{
	struct net_device *dev;
	int error = -EINVAL;

	if (strcmp(command, "unregister") == 0)
		return unregister_command(name);
	dev = dev_get_by_name(current->nsproxy->net_ns, name);
	if (!dev)
		return -ENODEV;
	if (strcmp(command, "send") == 0)
		error = send_command(dev, arguments);
	if (strcmp(command, "measure") == 0) {
		headroom = dev->needed_headroom;
		error = 0;
	}
	if (strcmp(command, "hold") == 0)
		error = strscpy(hold_dev, name, sizeof(hold_dev)) > 0 ? 0 : -EINVAL;
	dev_put(dev);
	return error;
}

static int run_set(const char *text, const struct kernel_param *param)
{
	char *copy = kstrdup(text, GFP_KERNEL), *rest = copy, *command, *name;
	int error;

	if (!copy)
		return -ENOMEM;
	strim(copy);
	command = strsep(&rest, " ");
	name = strsep(&rest, " ");
	if (strcmp(command, "release") == 0) {
		hold_dev[0] = 0;
		skb_queue_purge(&held);
		error = 0;
	} else {
		error = name ? on_device(command, name, rest) : -EINVAL;
	}
	kfree(copy);
	return error;
}

static int held_get(char *page, const struct kernel_param *param)
{
	return sysfs_emit(page, "%u\n", skb_queue_len(&held));
}

static const struct kernel_param_ops run_ops = { .set = run_set };
static const struct kernel_param_ops arrived_ops = { .get = arrived_get };
static const struct kernel_param_ops held_ops = { .get = held_get };
module_param_cb(run, &run_ops, NULL, 0200);
module_param_cb(arrived, &arrived_ops, NULL, 0400);
module_param_cb(held, &held_ops, NULL, 0400);
module_param(headroom, uint, 0400);

static int __init probe_load(void)
{
	skb_queue_head_init(&held);
	dev_add_pack(&probe_type);
	dev_add_pack(&ip_type);
	return 0;
}

static void __exit probe_unload(void)
{
	dev_remove_pack(&ip_type);
	dev_remove_pack(&probe_type);
	skb_queue_purge(&held);
}

module_init(probe_load);
module_exit(probe_unload);
MODULE_DESCRIPTION("What the tests of etun need to do and see inside the kernel");
MODULE_LICENSE("GPL");
