// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Offload features: what an end may do depends on what its peer agrees to (core/checksum.hpp).
#include "core/checksum.hpp"
#include "driver/end.hpp"
#include "driver/receive.hpp"
#include "kernel/context.hpp"

namespace etun {
namespace {

/// What of an end's features its peer's hang on, and what a peer's may lose by that.
constexpr netdev_features_t looked_at = koffset::feature_rx_checksum;
constexpr netdev_features_t lost = koffset::features_tx_checksum | koffset::features_gso | koffset::features_gso_inner;
// So a change at one end may change the other, and that changes nothing back.
static_assert((looked_at & lost) == 0, "two ends could change each other for ever");

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (ndo_fix_features).
netdev_features_t etun_fix_features(net_device *dev, netdev_features_t wanted)
{
	const RtnlHeld rtnl;
	const net_device *peer = End::of(dev).peer(rtnl);
	if (peer)
		End::of(dev).peer_features(rtnl) = features(peer) & looked_at;
	// A program at the other end sees frames as they are on a wire, not several in one.
	if (peer && End::of(peer).program(rtnl))
		wanted &= ~koffset::features_gso;
	const bool trusts = !peer || features(peer) & koffset::feature_rx_checksum;

	if (may_skip_checksum(wanted & koffset::features_tx_checksum, trusts))
		return wanted;
	// A GSO frame's sums are filled in when it is cut, so without the agreement it can't cross whole.
	return wanted & ~lost;
}

// CONTEXT: task, under RTNL (ndo_set_features). An error leaves GRO as it was, and it alone: what the ends agree on
// must not hang on memory. The core announces the features after an error too.
int etun_set_features(net_device *dev, netdev_features_t wanted)
{
	const RtnlHeld rtnl;
	ReceiveSettings next = End::of(dev).settings(rtnl);

	next.gro = wanted & koffset::feature_gro;
	const int error = apply_receive(rtnl, dev, next);
	if (error)
		set_features(rtnl, dev, (wanted & ~koffset::feature_gro) | (features(dev) & koffset::feature_gro));
	return error;
}

// CONTEXT: task, under RTNL (NETDEV_FEAT_CHANGE), also from within itself: asking the peer announces its features.
//
// They are announced as well when nothing changed, after each failure. So the peer is asked only when what it looks at
// is not what it saw last; it sees it before it announces anything, so what comes back ends here.
void etun_features_changed(net_device *dev)
{
	const RtnlHeld rtnl;
	net_device *peer = End::of(dev).peer(rtnl);

	if (peer && End::of(peer).peer_features(rtnl) != (features(dev) & looked_at))
		netdev_update_features(peer);
}
