// SPDX-License-Identifier: GPL-2.0-only
#include "driver/channels.hpp"

#include "core/errc.hpp"
#include "core/queues.hpp"
#include "driver/end.hpp"
#include "driver/receive.hpp"

namespace etun {
namespace {

/// True when the programs at both ends have the queues that they need.
bool programs_allow(const Rtnl &held, net_device *dev, unsigned rx, unsigned tx)
{
	const End &end = End::of(dev);
	net_device *peer = end.peer(held);
	if (!peer)
		return true;
	return (!end.program(held) || queues_fit_program(rx, tx_queues(peer))) &&
	       (!End::of(peer).program(held) || queues_fit_program(rx_queues(peer), tx));
}

/// Receive queues in use: the kernel's count, then ours, which may fail and leaves both as they were.
int set_rx_queues(const Rtnl &held, net_device *dev, unsigned count)
{
	const unsigned before = rx_queues(dev);
	ReceiveSettings next = End::of(dev).settings(held);

	// The kernel must know a queue for as long as a NAPI instance is bound to it.
	if (count > before)
		if (const int error = netif_set_real_num_rx_queues(dev, count))
			return error;
	next.queues = count;
	const int error = apply_receive(held, dev, next);
	// Taking queues out of use does not fail.
	if (error ? count > before : count < before)
		static_cast<void>(netif_set_real_num_rx_queues(dev, error ? before : count));
	return error;
}

} // namespace

void queues_unless_given(const Rtnl &held, net_device *dev, nlattr **attributes)
{
	bool tx_given = false;
	bool rx_given = false;
	if (attributes)
		static_cast<void>(etun_k_attribute_queues(attributes, &tx_given, &rx_given));
	// Before registration these two only write the number.
	if (!tx_given)
		static_cast<void>(netif_set_real_num_tx_queues(dev, 1));
	if (!rx_given)
		static_cast<void>(netif_set_real_num_rx_queues(dev, 1));
	End::of(dev).settings(held).queues = rx_queues(dev);
}

void update_xdp_features(const Rtnl &held, net_device *dev)
{
	const net_device *peer = End::of(dev).peer(held);

	etun_k_xdp_set_features(dev, peer && queues_fit_program(rx_queues(dev), tx_queues(peer)));
}

} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (rtnl_link_ops.get_num_tx_queues and get_num_rx_queues).
unsigned etun_default_queues()
{
	return queue_room(etun_k_possible_processors());
}

// CONTEXT: task, under RTNL (ethtool_ops.get_channels). \p channels comes zeroed.
void etun_get_channels(net_device *dev, ethtool_channels *channels)
{
	ETUN_FIELD(u32, ethtool_channels, max_rx)::set(channels, rx_queue_room(dev));
	ETUN_FIELD(u32, ethtool_channels, max_tx)::set(channels, tx_queue_room(dev));
	ETUN_FIELD(u32, ethtool_channels, rx_count)::set(channels, rx_queues(dev));
	ETUN_FIELD(u32, ethtool_channels, tx_count)::set(channels, tx_queues(dev));
}

// CONTEXT: task, under RTNL (ethtool_ops.set_channels). The core has checked the counts against the room.
//
// The carrier has no part in this: the link carries, or does not, as before.
int etun_set_channels(net_device *dev, ethtool_channels *channels)
{
	const RtnlHeld rtnl;
	const unsigned rx = ETUN_FIELD(u32, ethtool_channels, rx_count)::get(channels);
	const unsigned tx = ETUN_FIELD(u32, ethtool_channels, tx_count)::get(channels);
	const unsigned tx_before = tx_queues(dev);

	if (rx == 0 || tx == 0 || ETUN_FIELD(u32, ethtool_channels, combined_count)::get(channels) != 0 ||
	    !programs_allow(rtnl, dev, rx, tx))
		return -errc::einval;
	if (tx != tx_before)
		if (const int error = netif_set_real_num_tx_queues(dev, tx))
			return error;
	if (rx != rx_queues(dev)) {
		if (const int error = set_rx_queues(rtnl, dev, rx)) {
			static_cast<void>(netif_set_real_num_tx_queues(dev, tx_before));
			return error;
		}
	}
	update_xdp_features(rtnl, dev);
	if (net_device *peer = End::of(dev).peer(rtnl))
		update_xdp_features(rtnl, peer);
	return 0;
}
