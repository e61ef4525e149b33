// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Headroom: what is sent at one end is forwarded at the other, so both leave the room that either was asked for.
#include "driver/end.hpp"

using namespace etun;

// CONTEXT: task. A bridge holds RTNL (net/bridge/br_if.c); Open vSwitch holds a mutex of its own instead
// (net/openvswitch/datapath.c), so both ends may be told at once, and the peer may go meanwhile. A negative number
// takes the wish back.
void etun_set_rx_headroom(net_device *dev, int bytes)
{
	const RcuGuard section;
	End &end = End::of(dev);
	net_device *peer = end.peer(section);
	unsigned short here;
	unsigned short there;

	end.set_wanted_headroom(bytes < 0 ? 0 : static_cast<unsigned short>(bytes));
	if (!peer)
		return;
	// Who writes last has seen both wishes as they are now, or looks again: a wish is there before any number made
	// of it (the first barrier), and a number before the wishes are looked at again (the second).
	do {
		etun_k_smp_mb();
		here = end.wanted_headroom();
		there = End::of(peer).wanted_headroom();
		set_needed_headroom(dev, here > there ? here : there);
		set_needed_headroom(peer, here > there ? here : there);
		etun_k_smp_mb();
	} while (here != end.wanted_headroom() || there != End::of(peer).wanted_headroom());
}
