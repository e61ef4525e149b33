// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The read-only group /sys/class/net/<end>/etun/.
#include "core/errc.hpp"
#include "driver/end.hpp"
#include "kernel/context.hpp"

namespace etun {
namespace {

/// The peer's namespace as the namespace of \p dev numbers it (`ip netns list-id`); -1 for the same namespace.
int peer_netnsid(const net_device *dev, const net_device *peer)
{
	net *here = etun_k_dev_net(dev);
	net *there = etun_k_dev_net(peer);

	return here == there ? -1 : etun_k_peernet2id_alloc(here, there);
}

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (sysfs read). ENODEV while the pair is being destroyed.
long etun_show(net_device *dev, etun_attribute which, char *page)
{
	const RtnlHeld rtnl;
	const End &end = End::of(dev);
	const net_device *peer = end.peer(rtnl);

	if (!peer)
		return -errc::enodev;
	switch (which) {
	case ETUN_ATTR_PEER_NAME:
		return sysfs_emit(page, "%s\n", name(rtnl, peer));
	case ETUN_ATTR_PEER_IFINDEX:
		return sysfs_emit(page, "%d\n", ifindex(peer));
	case ETUN_ATTR_PEER_NETNSID:
		return sysfs_emit(page, "%d\n", peer_netnsid(dev, peer));
	case ETUN_ATTR_PAIR_ID:
		return sysfs_emit(page, "%llu\n", end.pair_id(rtnl));
	}
	return -errc::einval;
}
