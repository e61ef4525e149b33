// SPDX-License-Identifier: GPL-2.0-only
/*
 * XDP frames as drivers of real devices make them, and no program can: handed to an end by its ndo_xdp_xmit.
 *   echo "a0 2 20 100" >/sys/module/etun_frames/parameters/send
 *
 *   DEV OFFSET COUNT LENGTH   COUNT frames of LENGTH bytes, each of which lies OFFSET bytes behind the start of its page, as
 *                             virtio-net's small buffers lie 10 or 12 bytes behind one
 * DEV is looked up in the writer's namespace. What arrives, etun_probe sees: type and contents are as it wants them. The
 * parameter `sent` says how many the device took.
 */
#include <linux/bpf.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <net/net_namespace.h>
#include <net/xdp.h>

#define PROBE_TYPE 0x88b5
#define FRAMES_MAX 64

static unsigned int sent;

static void fill(u8 *data, unsigned int length)
{
	unsigned int i;

	for (i = 0; i < length; i++)
		data[i] = i;
	eth_broadcast_addr(data);
	data[ETH_ALEN] = 2;
	data[12] = PROBE_TYPE >> 8;
	data[13] = PROBE_TYPE & 0xff;
}

/*
 * A frame that begins at an address that is 2 modulo 4. Its size leaves the end of the buffer, where an skb has what it
 * shares, where it belongs.
 */
static struct xdp_frame *make_frame(unsigned int offset, unsigned int length)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct xdp_frame *frame;

	if (!page)
		return NULL;
	/* Whoever takes the start of the page for the frame finds no address there. */
	memset(page_address(page), 0x5a, PAGE_SIZE);
	frame = page_address(page) + offset;
	memset(frame, 0, sizeof(*frame));
	frame->data = (void *)frame + XDP_PACKET_HEADROOM;
	frame->len = length;
	frame->headroom = XDP_PACKET_HEADROOM - sizeof(*frame);
	frame->frame_sz = PAGE_SIZE - offset;
	/* The type of the memory is 0, MEM_TYPE_PAGE_SHARED. */
	fill(frame->data, length);
	return frame;
}

static int transmit(struct net_device *dev, struct xdp_frame **frames, int count)
{
	int took, i;

	local_bh_disable();
	took = dev->netdev_ops->ndo_xdp_xmit(dev, count, frames, XDP_XMIT_FLUSH);
	for (i = max(took, 0); i < count; i++)
		xdp_return_frame(frames[i]);
	local_bh_enable();
	if (took > 0)
		sent += took;
	return min(took, 0);
}

static int send_set(const char *text, const struct kernel_param *param)
{
	struct xdp_frame *frames[FRAMES_MAX];
	unsigned int offset, count, length, i;
	char name[IFNAMSIZ];
	struct net_device *dev;
	int error = 0;

	if (sscanf(text, "%15s %u %u %u", name, &offset, &count, &length) != 4)
		return -EINVAL;
	if (offset > 64 || count > FRAMES_MAX || length < ETH_HLEN || length > 3000)
		return -EINVAL;
	dev = dev_get_by_name(current->nsproxy->net_ns, name);
	if (!dev)
		return -ENODEV;
	sent = 0;
	for (i = 0; i < count; i++) {
		frames[i] = make_frame(offset, length);
		if (!frames[i])
			break;
	}
	if (i == count) {
		error = transmit(dev, frames, count);
	} else {
		error = -ENOMEM;
		while (i--)
			__free_page(virt_to_page(frames[i]));
	}
	dev_put(dev);
	return error;
}

static const struct kernel_param_ops send_ops = { .set = send_set };
module_param_cb(send, &send_ops, NULL, 0200);
module_param(sent, uint, 0400);

static int __init frames_load(void)
{
	return 0;
}

static void __exit frames_unload(void)
{
}

module_init(frames_load);
module_exit(frames_unload);
MODULE_DESCRIPTION("XDP frames for the tests of etun");
MODULE_LICENSE("GPL");
