// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// How many queues an end has, and which of the receiver's a sender's queue leads to.
#ifndef ETUN_CORE_QUEUES_HPP
#define ETUN_CORE_QUEUES_HPP

namespace etun {

/// Most queues that an end has room for without being asked. Room is allocated with the device and never changes,
/// about 0.5 kB a queue, so it does not grow with the machine's processors as veth's does.
inline constexpr unsigned queue_room_unasked_max = 16;

/// Queues that a new end has room for when nobody said how many. Any context.
constexpr unsigned queue_room(unsigned possible_processors)
{
	if (possible_processors == 0)
		return 1;
	return possible_processors < queue_room_unasked_max ? possible_processors : queue_room_unasked_max;
}

/// Index of the receive queue that transmit queue \p transmit leads to, of \p receivers (not 0). Any number of
/// transmit queues is served, and frames of one queue stay in order. Any context.
constexpr unsigned receive_queue_of(unsigned transmit, unsigned receivers)
{
	return transmit < receivers ? transmit : transmit % receivers;
}

/// An end with an XDP program has at least as many receive queues as its peer transmits on: the rule of veth, which
/// programs that look at rx_queue_index rely on. Any context.
constexpr bool queues_fit_program(unsigned receivers, unsigned peers_transmitters)
{
	return receivers >= peers_transmitters;
}

} // namespace etun

#endif
