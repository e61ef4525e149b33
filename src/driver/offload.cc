// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Offload features: what an end may do depends on what its peer agrees to (core/checksum.hpp).
#include "core/checksum.hpp"
#include "driver/end.hpp"
#include "driver/receive.hpp"
#include "kernel/context.hpp"

using namespace etun;

// CONTEXT: task, under RTNL (ndo_fix_features).
netdev_features_t etun_fix_features(net_device *dev, netdev_features_t wanted)
{
	const RtnlHeld rtnl;
	const net_device *peer = End::of(dev).peer(rtnl);
	// A program at the other end sees frames as they are on a wire, not several in one.
	if (peer && End::of(peer).program(rtnl))
		wanted &= ~koffset::features_gso;
	const bool trusts = !peer || features(peer) & koffset::feature_rx_checksum;

	if (may_skip_checksum(wanted & koffset::features_tx_checksum, trusts))
		return wanted;
	// A GSO frame's sums are filled in when it is cut, so without the agreement it can't cross whole.
	return wanted & ~(koffset::features_tx_checksum | koffset::features_gso | koffset::features_gso_inner);
}

// CONTEXT: task, under RTNL (ndo_set_features). An error leaves the features as they were.
int etun_set_features(net_device *dev, netdev_features_t wanted)
{
	const RtnlHeld rtnl;
	ReceiveSettings next = End::of(dev).settings(rtnl);

	next.gro = wanted & koffset::feature_gro;
	return apply_receive(rtnl, dev, next);
}

// CONTEXT: task, under RTNL (NETDEV_FEAT_CHANGE).
//
// The peer's agreement may hang on what changed; it ends there, as nothing that the peer drops counts here.
void etun_features_changed(net_device *dev)
{
	const RtnlHeld rtnl;

	if (net_device *peer = End::of(dev).peer(rtnl))
		netdev_update_features(peer);
}
