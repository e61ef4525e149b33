#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a sender relies on: that a burst arrives to its last frame, and that it is told of what was dropped.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash
# shellcheck source-path=SCRIPTDIR source=lab.sh
source ./lab.sh
# shellcheck source-path=SCRIPTDIR source=pressure.bash
source ./pressure.bash
# shellcheck source-path=SCRIPTDIR source=programs.sh
source ./programs.sh

left=left:a0=10.9.0.1 right=right:b0=10.9.0.2

# ---- bursts ----

# With GRO alone some frames go by the ring and others by the backlog: here the datagram, whose socket waits to hear that it
# is gone, and the first segment of a connection.
mixed_burst() {
	modprobe sch_plug 2>/dev/null || skip "this kernel has no qdisc that holds frames until it is told (sch_plug)"
	joined txqueues=1 peer.rxqueues=1
	ip netns exec right ethtool -K b0 gro on rx-udp-gro-forwarding on
	ip netns exec left tc qdisc add dev a0 root plug
	sockets burst $left $right
}

# A devmap sends sixteen frames and means to send the last with those that follow; its own program drops all of these.
bulk_without_its_end() {
	quiet_napi
	quiet_pair c0 d0
	load_programs
	expect "answer to mode=napi" 0 "$(change c0 mode=napi peer-mode=napi)"
	ethtool -C d0 rx-usecs 0 rx-frames 0
	attach b0 divert
	PYTHONPATH=$lab /usr/bin/python3 -S - c0 <<-'PYTHON'
		import socket, struct, sys, pins
		program = pins.Map("linear/drop_later").descriptor
		pins.Map("linear/diversions").put(0, struct.pack("=II", socket.if_nametoindex(sys.argv[1]), program))
	PYTHON
	expect_match "what arrived of 20 frames" '^count=16 dev=d0 ' "$(probe send a0 count=20 lock=1)"
}

# ---- what the sender is told ----

told_of_drops() {
	local mode bypass
	joined
	ip -n left link set a0 mtu 9000
	for mode in backlog napi; do
		expect "mode $mode" 0 "$(change_in right b0 mode=$mode)"
		for bypass in '' bypass; do
			expect "mode $mode, 100 bytes $bypass" "0 0 0" "$(sockets told $left $right 100 $bypass)"
			# UDP tells only who asks for errors.
			expect "mode $mode, 4000 bytes $bypass" "ENOBUFS 0 ENOBUFS" "$(sockets told $left $right 4000 $bypass)"
		done
	done
	expect "dropped" 12 "$(stat a0 tx_drop_too_long left)"
}

told_of_a_full_ring() {
	quiet_napi ring=4 peer-ring=4
	expect "frames that were told dropped of 100" 96 "$(starve told a0 b0 100)"
	expect "dropped" 96 "$(stat a0 tx_drop_ring_full)"
}

# The probe sends with bottom halves off, and so before the backlog can be emptied.
told_of_a_full_backlog() {
	quiet_pair a0 b0
	most=$(sysctl -n net.core.netdev_max_backlog)
	trap 'sysctl -qw net.core.netdev_max_backlog=$most' EXIT
	sysctl -qw net.core.netdev_max_backlog=10
	expect_match "frames that arrived, and were told dropped" '^count=11 dev=b0 .* dropped=39 ' \
		"$(probe send a0 count=50 lock=1)"
	expect "counted" "50 11 39" "$(count_of a0 tx_packets) $(count_of b0 rx_packets) $(count_of b0 rx_dropped)"
}

case_ "bursts: a datagram does not wait in the ring for a frame that goes by the backlog" mixed_burst
case_ "bursts: XDP frames do not wait for a flush that never comes" bulk_without_its_end
case_ "told: a frame that is too long is ENOBUFS to who asks" told_of_drops
case_ "told: a frame without room in the ring is ENOBUFS" told_of_a_full_ring
case_ "told: a frame that the backlog drops is told to its sender" told_of_a_full_backlog
done_testing
