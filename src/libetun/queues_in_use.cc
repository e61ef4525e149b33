// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/queues_in_use.hpp"

#include <linux/ethtool.h>

namespace etun {
namespace {

Outcome<ethtool_channels> read_channels(const EthtoolSocket &socket, const std::string &name)
{
	ethtool_channels channels{};
	channels.cmd = ETHTOOL_GCHANNELS;
	const auto done = socket.ask(name, &channels, "the number of queues can't be read");
	if (!done)
		return fail(done.error());
	return channels;
}

} // namespace

Outcome<QueuesInUse> read_queues_in_use(const EthtoolSocket &socket, const std::string &name)
{
	auto channels = read_channels(socket, name);
	if (!channels)
		return fail(channels.error());
	return QueuesInUse{channels->rx_count, channels->tx_count};
}

Outcome<Done> set_queues_in_use(const EthtoolSocket &socket, const std::string &name, QueuesInUse queues)
{
	auto channels = read_channels(socket, name);
	if (!channels)
		return fail(channels.error());
	channels->cmd = ETHTOOL_SCHANNELS;
	channels->rx_count = queues.rx;
	channels->tx_count = queues.tx;
	return socket.ask(name, &*channels, "the number of queues can't be changed");
}

} // namespace etun
