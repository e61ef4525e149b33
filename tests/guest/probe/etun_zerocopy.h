/* SPDX-License-Identifier: GPL-2.0-only */
/* A frame whose fragments belong to somebody who wants them back soon, as those of vhost. */
#include <linux/skbuff.h>
#include <linux/version.h>

static void zerocopy_done(struct sk_buff *skb, struct ubuf_info *uarg, bool success)
{
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
static const struct ubuf_info_ops zerocopy_ops = { .complete = zerocopy_done };
static struct ubuf_info zerocopy_owner = { .ops = &zerocopy_ops, .flags = SKBFL_ZEROCOPY_FRAG };
#else
static struct ubuf_info zerocopy_owner = { .callback = zerocopy_done, .flags = SKBFL_ZEROCOPY_FRAG };
#endif
