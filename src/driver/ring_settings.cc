// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Size of the receive rings, and when waiting frames wake NAPI (`ethtool -g`, `-c`).
#include "core/delivery.hpp"
#include "core/errc.hpp"
#include "driver/announcement.hpp"
#include "driver/end.hpp"
#include "driver/receive.hpp"

using namespace etun;

// CONTEXT: task, under RTNL (ethtool_ops.get_ringparam). \p ring comes zeroed.
void etun_get_ring(net_device *dev, ethtool_ringparam *ring)
{
	const RtnlHeld rtnl;

	ETUN_FIELD(u32, ethtool_ringparam, rx_max_pending)::set(ring, ring_slots_max);
	ETUN_FIELD(u32, ethtool_ringparam, rx_pending)::set(ring, End::of(dev).settings(rtnl).slots);
}

// CONTEXT: task, under RTNL (ethtool_ops.set_ringparam). The core has checked the upper limits.
int etun_set_ring(net_device *dev, ethtool_ringparam *ring, netlink_ext_ack *extack)
{
	const RtnlHeld rtnl;
	ReceiveSettings next = End::of(dev).settings(rtnl);

	next.slots = ETUN_FIELD(u32, ethtool_ringparam, rx_pending)::get(ring);
	if (!is_ring_size(next.slots)) {
		etun_k_extack_set(extack, "a ring has 2 to 32768 slots");
		return -errc::einval;
	}
	if (!fits_ring(next.coalescing, next.slots)) {
		etun_k_extack_set(extack, "a ring has at least as many slots as rx-frames says");
		return -errc::einval;
	}
	const ChangeAnnounced announced(rtnl, dev, End::of(dev).peer(rtnl));
	return apply_receive(rtnl, dev, next);
}

// CONTEXT: task, under RTNL (ethtool_ops.get_coalesce). \p coalesce comes zeroed.
void etun_get_coalesce(net_device *dev, ethtool_coalesce *coalesce)
{
	const RtnlHeld rtnl;
	const Coalescing setting = End::of(dev).settings(rtnl).coalescing;

	ETUN_FIELD(u32, ethtool_coalesce, rx_coalesce_usecs)::set(coalesce, setting.microseconds);
	ETUN_FIELD(u32, ethtool_coalesce, rx_max_coalesced_frames)::set(coalesce, setting.frames);
}

// CONTEXT: task, under RTNL (ethtool_ops.set_coalesce).
int etun_set_coalesce(net_device *dev, ethtool_coalesce *coalesce, netlink_ext_ack *extack)
{
	const RtnlHeld rtnl;
	ReceiveSettings next = End::of(dev).settings(rtnl);

	next.coalescing = {ETUN_FIELD(u32, ethtool_coalesce, rx_max_coalesced_frames)::get(coalesce),
			   ETUN_FIELD(u32, ethtool_coalesce, rx_coalesce_usecs)::get(coalesce)};
	if (next.coalescing.microseconds > coalescing_microseconds_max) {
		etun_k_extack_set(extack, "rx-usecs is at most 10000");
		return -errc::erange;
	}
	if (!is_coalescing(next.coalescing)) {
		etun_k_extack_set(extack, "rx-frames needs rx-usecs, or the last frames would wait for ever");
		return -errc::einval;
	}
	if (!fits_ring(next.coalescing, next.slots)) {
		etun_k_extack_set(extack, "rx-frames is at most the number of the ring's slots");
		return -errc::einval;
	}
	return apply_receive(rtnl, dev, next);
}
