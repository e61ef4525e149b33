// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Offload features: what an end may do depends on what its peer agrees to (core/checksum.hpp).
#include "core/checksum.hpp"
#include "driver/end.hpp"
#include "driver/receive.hpp"
#include "kernel/context.hpp"

namespace etun {
namespace {

constexpr netdev_features_t features_vlan_rx = koffset::feature_ctag_rx | koffset::feature_stag_rx;
constexpr netdev_features_t features_vlan_tx = koffset::feature_ctag_tx | koffset::feature_stag_tx;

/// What of an end's features its peer's hang on, and what a peer's may lose by that.
constexpr netdev_features_t looked_at = koffset::feature_rx_checksum | features_vlan_rx;
constexpr netdev_features_t lost_without_trust =
	koffset::features_tx_checksum | koffset::features_gso | koffset::features_gso_inner;
// So a change at one end may change the other, and that changes nothing back.
static_assert((looked_at & (lost_without_trust | features_vlan_tx)) == 0, "two ends could change each other for ever");

/// What an end does not do to frames that arrive as \p settings say.
netdev_features_t not_on_arrival(const ReceiveSettings &settings)
{
	return (arrives_as_on_wire(settings) ? features_vlan_rx : 0) | (settings.wire ? koffset::feature_gro : 0);
}

/// The tags that a sender must put into its frames, since \p receiver does not take them beside.
netdev_features_t tags_inside(const Rtnl &held, const net_device *receiver)
{
	// The receiver's features may not have followed its settings yet.
	const netdev_features_t taken = features(receiver) & ~not_on_arrival(End::of(receiver).settings(held));

	return (taken & koffset::feature_ctag_rx ? 0 : koffset::feature_ctag_tx) |
	       (taken & koffset::feature_stag_rx ? 0 : koffset::feature_stag_tx);
}

/// True when \p receiver takes frames whose sums are not filled in, and several in one.
bool trusts(const Rtnl &held, const net_device *receiver)
{
	return features(receiver) & koffset::feature_rx_checksum &&
	       !arrives_as_on_wire(End::of(receiver).settings(held));
}

/// What a sender loses whose \p receiver, or none, does not trust it. Past a program sums are whole in any case, as a
/// frame is made ready for it on arrival. So where UDP sockets want a device that finishes sums, the sender stays one.
netdev_features_t lost_beside(const Rtnl &held, const net_device *receiver)
{
	const bool is_for_program = koffset::udp_gso_wants_checksums != 0 && receiver &&
				    features(receiver) & koffset::feature_rx_checksum &&
				    !End::of(receiver).settings(held).wire;

	return lost_without_trust & ~(is_for_program ? koffset::features_tx_checksum : 0);
}

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (ndo_fix_features).
netdev_features_t etun_fix_features(net_device *dev, netdev_features_t wanted)
{
	const RtnlHeld rtnl;
	End &end = End::of(dev);
	const net_device *peer = end.peer(rtnl);
	if (peer)
		end.peer_features(rtnl) = features(peer) & looked_at;

	wanted &= ~not_on_arrival(end.settings(rtnl));
	if (peer)
		wanted &= ~tags_inside(rtnl, peer);
	if (may_skip_checksum(wanted & koffset::features_tx_checksum, !peer || trusts(rtnl, peer)))
		return wanted;
	// A GSO frame's sums are filled in when it is cut, so without the agreement it can't cross whole.
	return wanted & ~lost_beside(rtnl, peer);
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
