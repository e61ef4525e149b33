// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Headroom: what is sent at one end is forwarded at the other, so both leave the room that either was asked for.
#include "driver/end.hpp"

using namespace etun;

// CONTEXT: task, under RTNL (ndo_set_rx_headroom). A negative number takes the wish back.
void etun_set_rx_headroom(net_device *dev, int bytes)
{
	const RtnlHeld rtnl;
	End &end = End::of(dev);
	net_device *peer = end.peer(rtnl);

	end.wanted_headroom(rtnl) = bytes < 0 ? 0 : static_cast<unsigned short>(bytes);
	if (!peer)
		return;
	const unsigned short peers = End::of(peer).wanted_headroom(rtnl);
	const unsigned short larger = end.wanted_headroom(rtnl) > peers ? end.wanted_headroom(rtnl) : peers;
	set_needed_headroom(rtnl, dev, larger);
	set_needed_headroom(rtnl, peer, larger);
}
