// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/printk.h and linux/net.h's rate limit. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/printk.h>

#include "kernel/boundary.h"

void etun_k_log(const char *text)
{
	pr_info("%s\n", text);
}

void etun_k_log_refused_store(const struct net_device *dev, const char *attribute, const char *input, int length,
			      const char *reason, int error)
{
	net_notice_ratelimited("%s: %s '%*pE': %s (errno %d)\n", netdev_name(dev), attribute, length, input, reason,
			       error);
}

void etun_k_log_refusal(const char *verb, const char *input, int length, const char *rule, int error)
{
	/* %*pE escapes what is not printable: the input is a stranger's. */
	net_notice_ratelimited("%s '%*pE': %s (errno %d)\n", verb, length, input, rule, error);
}
