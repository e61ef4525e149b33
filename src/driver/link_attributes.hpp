// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The link kind's own attributes (ETUN_INFO_..., uapi/etun.h): what a request says, and carrying it out.
#ifndef ETUN_DRIVER_LINK_ATTRIBUTES_HPP
#define ETUN_DRIVER_LINK_ATTRIBUTES_HPP

#include "core/delivery.hpp"
#include "core/mtu_policy.hpp"
#include "kernel/context.hpp"

namespace etun {

/// A setting that a request may leave out.
template <typename T> struct Asked {
	bool given = false;
	T value{};
};

/// What a request asks of one end.
struct WantedSettings {
	Asked<Mode> mode;
	Asked<unsigned> slots; ///< of each receive ring, in frames
	Asked<bool> wire;      ///< frames arrive as on a wire

	bool any() const { return mode.given || slots.given || wire.given; }
};

/// What a request asks of a pair.
struct LinkAttributes {
	WantedSettings here;
	WantedSettings peer;
	Asked<MtuPolicy> mtu_policy;
};

/// The namespace of \p peer as the namespace of \p dev numbers it (`ip netns list-id`); -1 for the same namespace.
/// Task.
int peer_netnsid(const net_device *dev, const net_device *peer);

/// 0, or a negative errno with its reason in \p extack, when \p data holds what no request may. Under RTNL.
int check_attributes(nlattr **data, netlink_ext_ack *extack);

/// Reads \p data, which was checked; none is no wish at all.
LinkAttributes read_attributes(nlattr **data);

/// Gives the ends of a new pair what \p asked says; what is not said of the peer is as here. Under RTNL, before either
/// end is registered.
void apply_to_new_pair(const Rtnl &held, net_device *dev, net_device *peer, const LinkAttributes &asked);

/// Has \p dev receive in \p mode. 0, or a negative errno with its reason in \p extack: EINVAL (this kernel can't),
/// EPERM (direct delivery needs the right over both namespaces), ENOMEM. Under RTNL; sleeps.
int change_mode(const Rtnl &held, net_device *dev, net_device *peer, Mode mode, netlink_ext_ack *extack);

} // namespace etun

#endif
