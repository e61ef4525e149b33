#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The attribute `wire`: frames arrive at an end as on a wire, for switches in user space and whoever else wants them so.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/programs.sh"
. "$(dirname "$0")/wire.bash"

wires() { echo "$(cat /sys/class/net/a0/etun/wire) $(cat /sys/class/net/b0/etun/wire)"; }

# offers DEVICE: what of it hangs on the peer's wire.
offers() {
	echo "$(offload "$1" tx-checksum-ip-generic) $(offload "$1" tx-checksum-sctp) \
$(offload "$1" tcp-segmentation-offload) $(offload "$1" tx-udp_tnl-segmentation) $(offload "$1" tx-vlan-offload) \
$(offload "$1" tx-vlan-stag-hw-insert)"
}

whole="off off off off off off"
unfinished="on on on on on on"

set_at_either_end() {
	quiet_pair a0 b0
	expect "wires at first" "off off" "$(wires)"
	expect "answer to wire at b0" 0 "$(links set b0 wire=1)"
	expect "wires" "off on" "$(wires)"
	expect "what a0 and b0 offer" "$whole, $unfinished" "$(offers a0), $(offers b0)"
	ethtool -K a0 tx on tso on txvlan on >/dev/null 2>&1 || true
	expect "what a0 offers, asked for all" "$whole" "$(offers a0)"
	expect "answer to peer-wire at b0" 0 "$(links set b0 peer-wire=1)"
	expect "wires" "on on" "$(wires)"
	expect "what a0 and b0 offer" "$whole, $whole" "$(offers a0), $(offers b0)"
	expect "answer to wires off at a0" 0 "$(links set a0 wire=0 peer-wire=0)"
	expect "wires in the end" "off off" "$(wires)"
	expect "what a0 and b0 offer in the end" "$unfinished, $unfinished" "$(offers a0), $(offers b0)"
	ethtool -K a0 tso off
	expect "answer to wire at b0" 0 "$(links set b0 wire=1)"
	expect "answer to no wire at b0" 0 "$(links set b0 wire=0)"
	expect "segmentation of a0, switched off by hand" off "$(offload a0 tcp-segmentation-offload)"
}

# A program comes and goes, and the wire stays.
wire_and_program() {
	local beside_a_program=$whole
	quiet_pair a0 b0
	expect "answer to wire at b0" 0 "$(links set b0 wire=1)"
	attach b0 pass
	detach b0
	expect "what a0 offers without the program" "$whole" "$(offers a0)"
	attach b0 pass
	expect "answer to no wire" 0 "$(links set b0 wire=0)"
	# Before 6.11 the sums are left to the arrival there, see wire.sh, udp_in_pieces.
	at_least_kernel 6.11 || beside_a_program="on on off off off off"
	expect "what a0 offers with the program" "$beside_a_program" "$(offers a0)"
	detach b0
	expect "what a0 offers in the end" "$unfinished" "$(offers a0)"
}

# Frames that GRO joined would be longer than the MTU.
no_joined_frames() {
	quiet_pair a0 b0
	ethtool -K b0 gro on
	expect "answer to wire at b0" 0 "$(links set b0 wire=1)"
	expect "GRO of b0" off "$(offload b0 generic-receive-offload)"
	expect "answer to no wire" 0 "$(links set b0 wire=0)"
	expect "GRO of b0 without a wire" on "$(offload b0 generic-receive-offload)"
}

# switched: left:a0 - b0, c0 - right:d0; a switch in user space is between b0 and c0, which are wires where `wire` says so.
switched() {
	make_pair a0 b0
	make_pair c0 d0
	end_in left a0 10.9.0.1
	end_in right d0 10.9.0.2
	sysctl -qw net.ipv6.conf.b0.disable_ipv6=1 net.ipv6.conf.c0.disable_ipv6=1
	ip link set b0 up
	ip link set c0 up
	/usr/bin/python3 -ES "$lab/switch.py" b0 c0 $((60 * patience)) >"$tap_scratch/switch" &
	wait_for 5 grep -q ready "$tap_scratch/switch"
}

userspace_switch() {
	switched
	pings left 10.9.0.2
	if flows both $left $right 100000 20 >/dev/null; then expect "TCP through a switch of packet sockets" dead alive; fi
	expect "answer to wire at b0 and c0" "0 0" "$(links set b0 wire=1) $(links set c0 wire=1)"
	all_cross_after "$(wrong_sums left) $(wrong_sums right)"
	[ "$(flows large $left $right b0)" -le 1514 ] || expect "longest frame at b0" "at most 1514" "more"
}

# all_cross_after SUMS: so many were found wrong before, and no more after.
all_cross_after() {
	flows both $left $right 300000 100
	expect "sums found wrong" "$1" "$(wrong_sums left) $(wrong_sums right)"
}

load_programs || exit 1
case_ "wire: on and off at either end, and what the other end offers follows" set_at_either_end
case_ "wire: programs come and go at an end that is a wire" wire_and_program
case_ "wire: frames are not joined at an end that is a wire" no_joined_frames
case_ "wire: TCP and UDP through a switch in user space, which kills them without" userspace_switch
done_testing
