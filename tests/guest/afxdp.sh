#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# AF_XDP sockets in copy mode at an end: what they get, what they send, and that all of it is counted.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/programs.sh"

# start FILE COMMAND...: in the background; its output goes to FILE, and it has said `ready`.
start() {
	local file=$tap_scratch/$1
	shift
	rm -f "$file"
	"$@" >"$file" 2>&1 &
	wait_for 15 grep -qs ready "$file" || { cat "$file"; return 1; }
}

# socket FILE TASK DEVICE QUEUE OBJECT COUNT [CHUNK]: an AF_XDP socket, see bpf/afxdp.cc; OBJECT's map or `-`.
socket() {
	local file=$1 task=$2 device=$3 queue=$4 map=$5
	shift 5
	[ "$map" = - ] || map=$pins/$map/sockets
	start "$file" "$objects/afxdp" "$task" "$device" "$queue" "$map" "$@"
}

# said FILE: its last line.
said() {
	tail -n 1 "$tap_scratch/$1"
}

reflects() {
	quiet_pair a0 b0
	${1-true} a0
	attach b0 linear
	socket b reflect b0 0 linear 200
	verdicts arrive a0 a0 200 1514 verdict=socket
	wait
	expect "the socket at b0" "received 200 sent 200 lost 0" "$(said b)"
}

# Frames from the socket of a0 run through the queues of a0 as any other.
sends() {
	quiet_pair a0 b0
	${1-true} a0
	start tap verdicts patterned b0 300
	"$objects/afxdp" send a0 0 - 300
	wait
	expect "the tap at b0" "all arrived" "$(said tap)"
	expect "sent and dropped at a0, received at b0" "300 0 300" \
		"$(count_of a0 tx_packets) $(count_of a0 tx_dropped) $(count_of b0 rx_packets)"
}

from_socket_to_socket_and_back() {
	quiet_pair a0 b0
	${1-true} a0
	attach a0 frags
	attach b0 linear
	put frags/knobs 0 0 0 0 102
	put linear/knobs 0 0 0 0 102
	socket b reflect b0 0 linear 300
	socket a exchange a0 0 frags 300
	wait
	expect "the socket at b0" "received 300 sent 300 lost 0" "$(said b)"
	expect "the socket at a0" "received 300 sent 300 lost 0" "$(said a)"
	expect "met the program and redirected at a0 and b0" "300 300 300 300" \
		"$(statistics a0 rx_queue_0_xdp_{packets,redirect}) $(statistics b0 rx_queue_0_xdp_{packets,redirect})"
	expect "sent and dropped at a0 and b0" "300 0 300 0" \
		"$(count_of a0 tx_packets) $(count_of a0 tx_dropped) $(count_of b0 tx_packets) $(count_of b0 tx_dropped)"
}

# What is sent on a queue arrives on the queue of that number, whose socket gets it.
on_the_second_queue() {
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	make_pair a0 b0
	ethtool -L b0 rx 2 tx 2
	ethtool -L a0 rx 2 tx 2
	ip link set a0 up
	ip link set b0 up
	attach b0 linear
	put linear/knobs 0 0 0 0 102
	socket first receive b0 0 linear 1
	socket second receive b0 1 linear 100
	"$objects/afxdp" send a0 1 - 100
	wait_for 10 grep -q received "$tap_scratch/second"
	expect "the socket of queue 1" "received 100 sent 0 lost 0" "$(said second)"
	expect "redirected by queue 0 and 1" "0 100" "$(statistics b0 rx_queue_{0,1}_xdp_redirect)"
	"$objects/afxdp" send a0 0 - 1
	wait
	expect "the socket of queue 0" "received 1 sent 0 lost 0" "$(said first)"
}

# bpf_redirect_map() falls back to XDP_PASS where the map is empty.
without_a_socket() {
	quiet_pair a0 b0
	attach b0 linear
	put linear/knobs 0 0 0 0 102
	start tap verdicts patterned b0 50
	"$objects/afxdp" send a0 0 - 50
	wait
	expect "the tap at b0" "all arrived" "$(said tap)"
	expect "met the program and redirected" "50 0" "$(statistics b0 rx_queue_0_xdp_{packets,redirect})"
}

# A buffer of 2048 bytes has room for 1792.
too_long_for_a_buffer() {
	quiet_pair a0 b0
	ip link set a0 mtu 3000
	ip link set b0 mtu 3000
	attach b0 linear
	put linear/knobs 0 0 0 0 102
	socket b receive b0 0 linear 100000 2048
	probe send a0 len=3000 count=20
	wait_for 10 drops_of b0 20
	expect "met the program, redirected, dropped" "20 0 20" \
		"$(statistics b0 rx_queue_0_xdp_{packets,redirect} rx_queue_0_drops)"
	expect "dropped at b0, for the whole device" 20 "$(count_of b0 rx_dropped)"
}

drops_of() { [ "$(statistics "$1" rx_queue_0_drops)" = "$2" ]; }

# The kernel asks the socket to try again when the ring is full and the queue is held.
pushed_back_by_a_full_ring() {
	quiet_pair a0 b0
	expect "mode napi and a ring of 4 slots" 0 "$(links set b0 mode=napi ring=4)"
	tc qdisc replace dev a0 root pfifo limit 100
	start tap verdicts patterned b0 400
	"$objects/afxdp" send a0 0 - 400
	wait
	expect "the tap at b0" "all arrived" "$(said tap)"
	expect "sent and dropped at a0" "400 0" "$(count_of a0 tx_packets) $(count_of a0 tx_dropped)"
}

# The socket stays, the program and the end come and go.
survives_the_device() {
	quiet_pair a0 b0
	attach b0 linear
	put linear/knobs 0 0 0 0 102
	socket b reflect b0 0 linear 100000
	probe send a0 count=10
	detach b0
	probe send a0 count=10
	ip link set b0 down
	ip link set b0 up
	attach b0 linear
	probe send a0 count=10
	expect "redirected" 20 "$(statistics b0 rx_queue_0_xdp_redirect)"
	ip link del a0
	kill %1
	wait
}

load_programs || exit 1
case_ "af_xdp: a socket sends back what it gets, byte for byte" reflects
case_ "af_xdp: a socket sends back what it gets in mode napi" reflects napi_mode
case_ "af_xdp: what a socket sends arrives in order" sends
case_ "af_xdp: what a socket sends arrives in order in mode napi" sends napi_mode
case_ "af_xdp: from socket to socket and back" from_socket_to_socket_and_back
case_ "af_xdp: each queue has its socket" on_the_second_queue
case_ "af_xdp: the stack gets frames where there is no socket" without_a_socket
case_ "af_xdp: frames too long for a buffer are dropped and counted" too_long_for_a_buffer
case_ "af_xdp: a full ring loses nothing where there is a qdisc" pushed_back_by_a_full_ring
case_ "af_xdp: a socket outlives program and end" survives_the_device
done_testing
