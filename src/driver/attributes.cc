// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The group /sys/class/net/<end>/etun/.
#include "core/errc.hpp"
#include "core/request.hpp"
#include "core/setting_words.hpp"
#include "driver/end.hpp"
#include "driver/link_attributes.hpp"
#include "kernel/context.hpp"
#include "kernel/field.hpp"
#include "kernel/log.hpp"
#include "kernel/storage.hpp"
#include "uapi/etun.h"

namespace etun {
namespace {

using Reason = ETUN_FIELD(const char *, netlink_ext_ack, _msg);

/// 0, or a negative errno with its reason in \p extack.
int store_mode(const Rtnl &held, net_device *dev, std::string_view text, netlink_ext_ack *extack)
{
	if (!etun_k_ns_capable_net_admin(etun_k_dev_net(dev))) {
		etun_k_extack_set(extack, "CAP_NET_ADMIN over the end's network namespace is needed");
		return -errc::eperm;
	}
	Words words(text);
	const Mode mode = mode_called(words.next());
	if (mode == Mode::count_ || !words.next().empty()) {
		etun_k_extack_set(extack, "a delivery mode is backlog, napi or direct");
		return -errc::einval;
	}
	net_device *peer = End::of(dev).peer(held);
	if (!peer) {
		etun_k_extack_set(extack, "the peer is gone");
		return -errc::enodev;
	}
	return change_mode(held, dev, peer, mode, extack);
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
	case ETUN_ATTR_MODE:
		return sysfs_emit(page, "%s\n", mode_words[static_cast<unsigned>(end.settings(rtnl).mode)]);
	case ETUN_ATTR_PEER_MODE:
		return sysfs_emit(page, "%s\n", mode_words[static_cast<unsigned>(End::of(peer).settings(rtnl).mode)]);
	case ETUN_ATTR_WIRE:
		return sysfs_emit(page, "%s\n", end.settings(rtnl).wire ? "on" : "off");
	}
	return -errc::einval;
}

// CONTEXT: task, under RTNL (sysfs write). The mode is the one attribute that can be written.
long etun_store(net_device *dev, etun_attribute /*which*/, const char *text, unsigned long bytes)
{
	const RtnlHeld rtnl;
	Storage<netlink_ext_ack, koffset::extack_bytes> extack;
	const std::string_view input(text, bytes);

	const int error = store_mode(rtnl, dev, input, extack.get());
	if (!error)
		return static_cast<long>(bytes);
	log_refused_store(dev, ETUN_SYSFS_MODE, input, Reason::get(extack.get()), -error);
	return error;
}
