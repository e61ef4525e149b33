// SPDX-License-Identifier: GPL-2.0-only
#include "driver/announcement.hpp"

#include "driver/end.hpp"

namespace etun {

void announce(const Rtnl & /*held*/, net_device *dev)
{
	if (etun_k_dev_is_registered(dev))
		etun_k_dev_info_changed(dev);
}

ChangeAnnounced::Shown ChangeAnnounced::shown(const Rtnl &held, net_device *dev)
{
	if (!dev)
		return {};
	End &end = End::of(dev);
	return {end.settings(held).mode, end.settings(held).slots, end.mtu_policy(held), end.settings(held).wire};
}

ChangeAnnounced::ChangeAnnounced(const Rtnl &held, net_device *dev, net_device *peer)
	: rtnl_(held), dev_(dev), peer_(peer), before_(shown(held, dev)), peers_before_(shown(held, peer))
{
}

ChangeAnnounced::~ChangeAnnounced()
{
	if (shown(rtnl_, dev_) == before_ && shown(rtnl_, peer_) == peers_before_)
		return;
	announce(rtnl_, dev_);
	if (peer_)
		announce(rtnl_, peer_);
}

} // namespace etun
