// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What `ethtool -S` shows: the peer, drops by cause, then each receive and each transmit queue in use.
#include "core/drop.hpp"
#include "core/errc.hpp"
#include "driver/end.hpp"
#include "driver/queue_totals.hpp"
#include "kernel/tx_queue.hpp"
#include "uapi/etun.h"

#include <array>
#include <string_view>

namespace etun {
namespace {

/// How frames that this end sent to a peer in mode `direct` were delivered.
constexpr std::array<std::string_view, 3> direct_names{ETUN_STAT_TX_DIRECT, ETUN_STAT_TX_DIRECT_LATER,
						       ETUN_STAT_TX_DIRECT_BACKLOG};

/// The peer's index under the name of 2007 and under that of veth, which programs look for.
constexpr std::array<std::string_view, 2> peer_names{ETUN_STAT_PARTNER_IFINDEX, ETUN_STAT_PEER_IFINDEX};

constexpr std::array<std::string_view, 9> rx_names{
	ETUN_STAT_QUEUE_PACKETS,	 ETUN_STAT_QUEUE_BYTES,	       ETUN_STAT_RX_QUEUE_DROPS,
	ETUN_STAT_RX_QUEUE_XDP_PACKETS,	 ETUN_STAT_RX_QUEUE_XDP_BYTES, ETUN_STAT_RX_QUEUE_XDP_DROPS,
	ETUN_STAT_RX_QUEUE_XDP_REDIRECT, ETUN_STAT_RX_QUEUE_XDP_TX,    ETUN_STAT_RX_QUEUE_XDP_TX_ERRORS,
};
constexpr std::array<std::string_view, 8> tx_names{
	ETUN_STAT_QUEUE_PACKETS,      ETUN_STAT_QUEUE_BYTES,
	ETUN_STAT_TX_QUEUE_XDP_XMIT,  ETUN_STAT_TX_QUEUE_XDP_XMIT_ERRORS,
	ETUN_STAT_TX_QUEUE_STOPS,     ETUN_STAT_TX_QUEUE_WAKES,
	ETUN_STAT_TX_QUEUE_BQL_LIMIT, ETUN_STAT_TX_QUEUE_BQL_INFLIGHT,
};

/// Writes names of koffset::string_bytes each, one behind the other.
class Strings {
public:
	explicit Strings(u8 *at) : at_(at) {}

	void add(std::string_view name)
	{
		put(name);
		next();
	}

	/// `<queue>_<index>_<name>`, where \p queue is rx_queue or tx_queue.
	void add(std::string_view queue, unsigned index, std::string_view name)
	{
		put(queue);
		put("_");
		if (index >= 1000)
			put_digit(index / 1000);
		if (index >= 100)
			put_digit(index / 100);
		if (index >= 10)
			put_digit(index / 10);
		put_digit(index);
		put("_");
		put(name);
		next();
	}

private:
	void put(std::string_view text)
	{
		for (char c : text)
			put_byte(static_cast<u8>(c));
	}
	void put_digit(unsigned number) { put_byte(static_cast<u8>('0' + number % 10)); }
	void put_byte(u8 byte)
	{
		if (used_ + 1 < koffset::string_bytes)
			at_[used_++] = byte;
	}
	void next()
	{
		while (used_ < koffset::string_bytes)
			at_[used_++] = 0;
		at_ += koffset::string_bytes;
		used_ = 0;
	}

	u8 *at_;
	std::size_t used_ = 0;
};

u64 *put_rx(u64 *at, const RxCount &count)
{
	for (u64 value : {count.packets, count.bytes, count.drops, count.xdp_packets, count.xdp_bytes, count.xdp_drops,
			  count.xdp_redirect, count.xdp_tx, count.xdp_tx_errors})
		*at++ = value;
	return at;
}

u64 *put_tx(const Rtnl &held, u64 *at, net_device *dev, unsigned index)
{
	const TxCount count = tx_count(held, dev, index);
	const auto &counters = End::of(dev).counters();
	const unsigned queues = tx_queues(dev);
	const TxQueue txq(dev, index);

	// XDP frames belong to the queue of the processor that sent them.
	for (u64 value : {count.packets, count.bytes, counters.sum_of(counter::xdp_xmit, index, queues),
			  counters.sum_of(counter::xdp_xmit_errors, index, queues), count.stops, count.wakes,
			  static_cast<u64>(txq.limit()), static_cast<u64>(txq.inflight())})
		*at++ = value;
	return at;
}

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (ethtool_ops.get_sset_count).
int etun_get_sset_count(net_device *dev, int set)
{
	if (set != koffset::string_set_statistics)
		return -errc::eopnotsupp;
	return static_cast<int>(peer_names.size() + drop_count + direct_names.size() +
				rx_queues(dev) * rx_names.size() + tx_queues(dev) * tx_names.size());
}

// CONTEXT: task, under RTNL (ethtool_ops.get_strings). \p at has room for all of the set.
void etun_get_strings(net_device *dev, u32 set, u8 *at)
{
	if (set != koffset::string_set_statistics)
		return;
	Strings strings(at);
	for (std::string_view name : peer_names)
		strings.add(name);
	for (std::string_view name : drop_names)
		strings.add(name);
	for (std::string_view name : direct_names)
		strings.add(name);
	for (unsigned i = 0; i < rx_queues(dev); i++)
		for (std::string_view name : rx_names)
			strings.add(ETUN_STAT_RX_QUEUE, i, name);
	for (unsigned i = 0; i < tx_queues(dev); i++)
		for (std::string_view name : tx_names)
			strings.add(ETUN_STAT_TX_QUEUE, i, name);
}

// CONTEXT: task, under RTNL (ethtool_ops.get_ethtool_stats). The index is one of the peer's namespace; which that is
// tells link-netnsid. 0 when the peer is gone.
void etun_get_ethtool_stats(net_device *dev, ethtool_stats * /*stats*/, u64 *values)
{
	const RtnlHeld rtnl;
	const End &end = End::of(dev);
	const net_device *peer = end.peer(rtnl);
	const auto sums = end.counters().sums();

	for (std::size_t i = 0; i < peer_names.size(); i++)
		*values++ = peer ? static_cast<u64>(ifindex(peer)) : 0;
	for (unsigned i = 0; i < drop_count; i++)
		*values++ = sums[i];
	for (unsigned which : {counter::direct, counter::direct_later, counter::direct_backlog})
		*values++ = sums[which];
	for (unsigned i = 0; i < rx_queues(dev); i++)
		values = put_rx(values, rx_count(rtnl, dev, i));
	for (unsigned i = 0; i < tx_queues(dev); i++)
		values = put_tx(rtnl, values, dev, i);
}
