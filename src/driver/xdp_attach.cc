// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Attaching an XDP program to an end, and what that asks of the peer.
#include "core/errc.hpp"
#include "core/frame.hpp"
#include "core/mtu_policy.hpp"
#include "core/queues.hpp"
#include "driver/announcement.hpp"
#include "driver/end.hpp"
#include "driver/receive.hpp"

namespace etun {
namespace {

/// Largest MTU that the peer may have under \p program.
unsigned peer_mtu_max(const bpf_prog *program)
{
	return program_mtu_max(koffset::xdp_page_room, koffset::xdp_fragments_room, ethernet_header + vlan_tags,
			       etun_k_xdp_takes_fragments(program), mtu_max);
}

/// 0, or why \p program can't be attached to \p dev, told in \p extack.
int check_program(const net_device *dev, const net_device *peer, const bpf_prog *program, netlink_ext_ack *extack)
{
	if (!peer) {
		etun_k_extack_set(extack, "Cannot set XDP when peer is detached");
		return -errc::enotconn;
	}
	if (mtu(peer) > peer_mtu_max(program)) {
		etun_k_extack_set(extack, "Peer MTU is too large to set XDP");
		return -errc::erange;
	}
	if (!queues_fit_program(rx_queues(dev), tx_queues(peer))) {
		etun_k_extack_set(extack, "XDP expects number of rx queues not less than peer tx queues");
		return -errc::enospc;
	}
	return 0;
}

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (ndo_bpf, XDP_SETUP_PROG): rtnetlink, a BPF link, a bond that has the end as a port, and
// unregistration. Takes over the caller's reference to \p program.
int etun_xdp_attach(net_device *dev, bpf_prog *program, netlink_ext_ack *extack)
{
	const RtnlHeld rtnl;
	End &end = End::of(dev);
	net_device *peer = end.peer(rtnl);

	if (program)
		if (const int error = check_program(dev, peer, program, extack))
			return error;

	ReceiveSettings next = end.settings(rtnl);
	bpf_prog *old = end.program(rtnl);
	next.program = program;
	// No frame may meet the stack between a program's end and its successor, so rings change around it.
	if (program)
		end.set_program(rtnl, program);
	if (const int error = apply_receive(rtnl, dev, next)) {
		end.set_program(rtnl, old);
		etun_k_extack_set(extack, "out of memory for the rings that XDP needs");
		return error;
	}
	end.set_program(rtnl, program);
	if (old)
		bpf_prog_put(old);
	if (peer) {
		const unsigned largest = program ? peer_mtu_max(program) : mtu_max;
		if (max_mtu(peer) != largest) {
			set_max_mtu(rtnl, peer, largest);
			announce(rtnl, peer);
		}
	}
	// Offloads rest while a program wants whole frames as on a wire, and come back.
	if (!old != !program) {
		netdev_update_features(dev);
		if (peer)
			netdev_update_features(peer);
	}
	return 0;
}
