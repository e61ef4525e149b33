#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Floods from pktgen (Documentation/networking/pktgen.rst) and redirect loops.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"

reset_generators() {
	modprobe pktgen
	echo reset >/proc/net/pktgen/pgctrl
}

# balanced SENDER RECEIVER COUNT
balanced() {
	expect "$1: sent" "$3" "$(count_of "$1" tx_packets)"
	expect "$1: bytes" $(($3 * 60)) "$(count_of "$1" tx_bytes)"
	expect "$1: dropped" 0 "$(count_of "$1" tx_dropped)"
	expect "$2: bytes" $(($(count_of "$2" rx_packets) * 60)) "$(count_of "$2" rx_bytes)"
	expect "$2: received or dropped by the backlog" "$3" $(($(count_of "$2" rx_packets) + $(count_of "$2" rx_dropped)))
}

shared_buffers_are_refused() {
	quiet_pair a0 b0
	reset_generators
	echo "add_device a0" >/proc/net/pktgen/kpktgend_0
	expect "errno of clone_skb 10" EOPNOTSUPP "$(pktgen_errno a0 'clone_skb 10')"
	expect "errno of clone_skb 0" 0 "$(pktgen_errno a0 'clone_skb 0')"
	echo rem_device_all >/proc/net/pktgen/kpktgend_0
}

# pktgen_errno DEVICE LINE: its errno is ENOTSUPP of the kernel, which programs have no name for.
pktgen_errno() {
	/usr/bin/python3 -ES - "$@" <<-'PYTHON'
	import os, sys
	try:
	    os.write(os.open("/proc/net/pktgen/" + sys.argv[1], os.O_WRONLY), (sys.argv[2] + "\n").encode())
	    print(0)
	except OSError as error:
	    print({524: "EOPNOTSUPP", 95: "EOPNOTSUPP"}.get(error.errno, error.errno))
	PYTHON
}

# flood COUNT A B: both processors send from both ends.
flood() {
	local thread
	for thread in 0 1; do
		generate $thread "$2" $(($1 / 2)) "$(mac "$3")"
		generate $thread "$3" $(($1 / 2)) "$(mac "$2")"
	done
	echo start >/proc/net/pktgen/pgctrl
}

flood_both_ways() {
	quiet_pair a0 b0
	reset_generators
	flood 20000 a0 b0
	balanced a0 b0 20000
	balanced b0 a0 20000
	echo reset >/proc/net/pktgen/pgctrl
}

# Frames to somebody else are received and thrown away there.
flood_to_a_foreign_address() {
	quiet_pair a0 b0
	reset_generators
	generate 0 a0 10000 02:00:00:00:00:99
	echo start >/proc/net/pktgen/pgctrl
	balanced a0 b0 10000
	echo reset >/proc/net/pktgen/pgctrl
}

# ---- loops ----

# alive: another pair still works.
alive() {
	make_namespaces left right
	pings left 10.9.0.2
}

egress_to_itself_ends() {
	quiet_pair a0 b0
	tc qdisc add dev a0 clsact
	tc filter add dev a0 egress matchall action mirred egress redirect dev a0
	send_frames a0 5
	expect "frames that left the loop" 0 "$(count_of b0 rx_packets)"
	tc qdisc del dev a0 clsact
	send_frames a0 5
	expect "frames after the loop was taken away" 5 "$(count_of b0 rx_packets)"
	ip link del a0
	alive
}

# send_frames DEVICE COUNT: broadcasts, through the queueing layer.
send_frames() {
	/usr/bin/python3 -ES - "$@" <<-'PYTHON'
	import socket, sys
	sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
	sock.bind((sys.argv[1], 0x88b5))
	for _ in range(int(sys.argv[2])):
	    try:
	        sock.send(b"\xff" * 6 + bytes.fromhex("020000000009") + b"\x08\x00" + bytes(46))
	    except OSError as error:
	        print(error)
	PYTHON
}

# Each end sends back what it receives: one frame runs for ever, as it would on a wire, and blocks nobody.
mirrors_at_both_ends() {
	local device circles
	quiet_pair x0 y0
	for device in x0 y0; do
		tc qdisc add dev $device clsact
		tc filter add dev $device ingress matchall action mirred egress redirect dev $device
	done
	send_frames x0 1
	wait_for 10 circled x0 1000
	alive
	tc qdisc del dev x0 clsact
	sleep 0.3
	circles=$(count_of x0 tx_packets)
	sleep 0.3
	expect "frames in a loop that was cut" "$circles" "$(count_of x0 tx_packets)"
	expect "sent and received" "$(count_of x0 tx_packets)" "$(count_of y0 rx_packets)"
	expect "received and sent" "$(count_of x0 rx_packets)" "$(count_of y0 tx_packets)"
}

circled() { [ "$(count_of "$1" tx_packets)" -ge "$2" ]; }

# A cable with both ends in one bridge, without a spanning tree: a broadcast storm.
both_ends_in_one_bridge() {
	quiet_pair x0 y0
	ip link add br9 type bridge stp_state 0 forward_delay 0
	sysctl -qw net.ipv6.conf.br9.disable_ipv6=1
	ip link set x0 master br9
	ip link set y0 master br9
	ip link set br9 up
	send_frames br9 1
	wait_for 10 circled x0 1000
	ip link del x0
	ip link del br9
	expect "other end" "" "$(ip -o link show y0 2>/dev/null)"
	alive
}

case_ "defect 8: pktgen's shared buffers are refused" shared_buffers_are_refused
case_ "defect 20: floods from both processors at both ends are counted exactly" flood_both_ways
case_ "etun: a flood to a foreign address is received and counted" flood_to_a_foreign_address
case_ "defect 21: an end redirected to itself ends by the recursion limit" egress_to_itself_ends
case_ "defect 21: mirrors at both ends block nobody and stop when cut" mirrors_at_both_ends
case_ "defect 21: a broadcast storm in one bridge ends with the pair" both_ends_in_one_bridge
rmmod pktgen
done_testing
