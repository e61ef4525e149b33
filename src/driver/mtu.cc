// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// MTU: with the policy `equal` a change at one end is made at both.
#include "core/mtu_policy.hpp"
#include "driver/end.hpp"

using namespace etun;

// CONTEXT: task, under RTNL (NETDEV_CHANGEMTU). An error makes the core take the change back and announce that.
int etun_mtu_changed(net_device *dev)
{
	const RtnlHeld rtnl;
	End &end = End::of(dev);
	net_device *peer = end.peer(rtnl);

	// The peer's own event comes back here, finds both equal, and ends.
	if (!peer || !mtu_follows(end.mtu_policy(rtnl), mtu(dev), mtu(peer)))
		return 0;
	return dev_set_mtu(peer, static_cast<int>(mtu(dev)));
}
