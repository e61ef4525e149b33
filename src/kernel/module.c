// SPDX-License-Identifier: GPL-2.0-only
/* The module: what the loader sees. */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <net/rtnetlink.h>

#include "kernel/boundary.h"
#include "kernel/tables.h"
#include "uapi/etun.h"

static int etun_event(struct notifier_block *block, unsigned long event, void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (!etun_k_is_etun(dev))
		return NOTIFY_DONE;
	if (event == NETDEV_CHANGE)
		etun_device_changed(dev);
	else if (event == NETDEV_FEAT_CHANGE)
		etun_features_changed(dev);
	else if (event == NETDEV_REGISTER)
		etun_device_registered(dev);
	else if (event == NETDEV_CHANGEMTU)
		return notifier_from_errno(etun_mtu_changed(dev));
	return NOTIFY_DONE;
}

static struct notifier_block etun_notifier = {
	.notifier_call = etun_event,
};

int etun_k_notifier_register(void)
{
	return register_netdevice_notifier(&etun_notifier);
}

void etun_k_notifier_unregister(void)
{
	unregister_netdevice_notifier(&etun_notifier);
}

static int newif_set(const char *text, const struct kernel_param *param)
{
	return etun_newif(text);
}

static int delif_set(const char *text, const struct kernel_param *param)
{
	return etun_delif(text);
}

static const struct kernel_param_ops newif_ops = {
	.set = newif_set,
};

static const struct kernel_param_ops delif_ops = {
	.set = delif_set,
};

module_param_cb(newif, &newif_ops, NULL, 0200);
MODULE_PARM_DESC(newif, "write name0,name1 to make a pair; several pairs are separated by blanks");
module_param_cb(delif, &delif_ops, NULL, 0200);
MODULE_PARM_DESC(delif, "write the name of either end to destroy a pair; several are separated by blanks");

static int __init module_load(void)
{
	return etun_load();
}
module_init(module_load);

static void __exit module_unload(void)
{
	etun_unload();
}
module_exit(module_unload);

MODULE_DESCRIPTION("Ethernet devices joined back to back");
MODULE_AUTHOR("the etun developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(ETUN_VERSION);
MODULE_ALIAS_RTNL_LINK(ETUN_KIND);
