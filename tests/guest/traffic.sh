#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What one end transmits the other receives, and both count it; frames that may not cross are counted once.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"

frames_cross_unchanged() {
	quiet_pair a0 b0
	frames exchange a0 b0 300 1514
}

jumbo_frames_cross() {
	quiet_pair a0 b0 9000
	frames exchange a0 b0 60 9014
	ip link set a0 mtu 65535
	ip link set b0 mtu 65535
	frames exchange a0 b0 30 65549
}

captures_agree() {
	local netns
	make_namespaces left right
	# Room for 500 of the longest frames; by default there is room for 8, and the rest is not seen.
	for netns in left:a0 right:b0; do
		ip netns exec ${netns%:*} tcpdump -U --immediate-mode -s 65600 -B 32768 -w "$tap_scratch/${netns%:*}" -i ${netns#*:} \
			arp or host 10.9.0.1 2>"$tap_scratch/${netns%:*}.err" &
	done
	wait_for 15 grep -q 'listening on' "$tap_scratch/left.err"
	wait_for 15 grep -q 'listening on' "$tap_scratch/right.err"
	pings left 10.9.0.2
	flows both left=10.9.0.1 right=10.9.0.2 100000 40
	# Both write what they see when they get to it.
	wait_for 10 frames same "$tap_scratch/left" "$tap_scratch/right"
	kill %1 %2
	wait
}

addresses_resolve_and_pings_return() {
	make_namespaces left right
	pings left 10.9.0.2
	pings right 10.9.0.1
	pings left fd00:9::2
	pings right fd00:9::1
	expect_match "IPv4 neighbour" 'lladdr' "$(ip -n left -4 neigh show 10.9.0.2)"
	expect_match "IPv6 neighbour" 'lladdr' "$(ip -n right -6 neigh show fd00:9::1)"
}

tcp_and_udp_lose_nothing() {
	make_namespaces left right
	flows both left=10.9.0.1 right=10.9.0.2 4000000 2000
	flows both left=fd00:9::1 right=fd00:9::2 1000000 400
}

jumbo_packets_cross() {
	local mtu
	make_namespaces left right
	for mtu in 9000 65535; do
		ip -n left link set a0 mtu $mtu
		ip -n right link set b0 mtu $mtu
		pings left 10.9.0.2 -M "do" -s $((mtu - 28))
	done
	flows both left=10.9.0.1 right=10.9.0.2 1000000 40 60000
}

large_segments_cross_whole() {
	local longest
	make_namespaces left right
	longest=$(flows large left=10.9.0.1 right=10.9.0.2 right:b0)
	[ "$longest" -gt 10000 ] || expect "longest TCP frame with TSO" "more than 10000" "$longest"
	ip netns exec left ethtool -K a0 tso off gso off
	expect "longest TCP frame without TSO" 1514 "$(flows large left=10.9.0.1 right=10.9.0.2 right:b0)"
}

multicast_is_joined() {
	make_namespaces left right
	ip -n right addr add 239.1.2.3/32 dev b0 autojoin
	expect_match "groups of b0" '01:00:5e:01:02:03' "$(ip -n right maddress show dev b0)"
	ip netns exec right sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0
	ip netns exec left ping -n -q -c 3 -i 0.1 -W 2 -I a0 239.1.2.3 | grep ' 0% packet loss'
}

# ---- counting ----

both_ends_count_alike() {
	quiet_pair a0 b0
	ip link set a0 mtu 9000
	ip link set b0 mtu 9000
	frames exchange a0 b0 100 9014
}

two_processors_count_exactly() {
	quiet_pair a0 b0
	sysctl -qw net.core.netdev_max_backlog=100000
	frames hammer a0 b0 6000
}

# A burst with bottom halves off meets a backlog of one: most of it is dropped there.
backlog_drops_are_not_received() {
	local arrived tx rx dropped
	quiet_pair a0 b0
	sysctl -qw net.core.netdev_max_backlog=1
	arrived=$(probe send a0 count=50 len=100 lock=1)
	sysctl -qw net.core.netdev_max_backlog=1000
	tx=$(count_of a0 tx_packets) rx=$(count_of b0 rx_packets) dropped=$(count_of b0 rx_dropped)
	[ "$dropped" -ge 40 ] || expect "dropped by the backlog" "40 or more" "$dropped"
	expect "sent" 50 "$tx"
	expect "received or dropped" 50 $((rx + dropped))
	expect "bytes received" $((rx * 100)) "$(count_of b0 rx_bytes)"
	expect_match "frames that arrived" "^count=$rx " "$arrived"
	expect "dropped by the sender" 0 "$(count_of a0 tx_dropped)"
}

# refused HOW: three frames handed to a0's transmit function are dropped and counted there, and nowhere else.
refused() {
	local before arrived
	before=$(count_of b0 rx_packets):$(count_of b0 rx_bytes):$(count_of b0 rx_dropped):$(count_of a0 tx_packets)
	dropped=$(count_of a0 tx_dropped)
	arrived=$(probe send a0 count=3)
	expect_match "$1: frames that arrived" '^count=0 ' "$arrived"
	expect "$1: dropped by the sender" $((dropped + 3)) "$(count_of a0 tx_dropped)"
	expect "$1: rx of the peer and tx of the sender" "$before" \
		"$(count_of b0 rx_packets):$(count_of b0 rx_bytes):$(count_of b0 rx_dropped):$(count_of a0 tx_packets)"
}

passes() {
	expect_match "$1: frames that arrived" '^count=3 dev=b0 .* bad=0 ' "$(probe send a0 count=3)"
}

nothing_reaches_a_peer_that_is_down() {
	local dropped
	quiet_pair a0 b0
	passes "both up"
	ip link set b0 down
	refused "peer down"
	ip link set b0 up
	passes "up again"
	ip link set b0 carrier off
	refused "peer cut"
	ip link set b0 carrier on
	ip link set a0 carrier off
	refused "own cable cut"
	ip link set a0 carrier on
	ip link set b0 protodown on
	refused "peer held down"
	ip link set b0 protodown off
	passes "joined again"
}

# Both ways to an end: with the queueing layer and around it. The core may drop before the driver does.
raw_frames_to_a_down_peer_vanish() {
	local before
	quiet_pair a0 b0
	ip link set b0 down
	before=$(count_of b0 rx_packets):$(count_of b0 rx_dropped):$(count_of a0 tx_packets)
	/usr/bin/python3 -ES - <<-'PYTHON'
	import socket
	for bypass in (0, 1):
	    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
	    sock.setsockopt(263, 20, bypass)
	    sock.bind(("a0", 0x88b5))
	    for _ in range(10):
	        try:
	            sock.send(b"\xff" * 12 + b"\x88\xb5" + bytes(46))
	        except OSError as error:
	            assert error.errno == 105, error
	PYTHON
	expect "counters" "$before" "$(count_of b0 rx_packets):$(count_of b0 rx_dropped):$(count_of a0 tx_packets)"
}

# ---- length and shape ----

longer_frames_than_the_peer_takes() {
	quiet_pair a0 b0 9000
	ip link set b0 mtu 1000
	frames limit a0 b0 1000
	ip link set b0 mtu 46
	frames limit a0 b0 46
}

segments_of_large_frames_must_fit() {
	quiet_pair a0 b0 9000
	ip link set b0 mtu 1000
	# 14 bytes of Ethernet, 40 of IPv4 and TCP: a segment may have MTU + 22 in all.
	frames gso a0 b0 900 delivered
	frames gso a0 b0 968 delivered
	frames gso a0 b0 969 dropped
	frames gso a0 b0 5000 dropped
}

runts_are_dropped() {
	local length dropped=0
	quiet_pair a0 b0
	for length in 1 13; do
		expect_match "$length bytes" '^count=0 ' "$(probe send a0 len=$length)"
		dropped=$((dropped + 1))
		expect "runts dropped" $dropped "$(count_of a0 tx_dropped)"
	done
	expect_match "$length bytes in a fragment" '^count=0 ' "$(probe send a0 len=13 head=0)"
	expect "runts dropped" 3 "$(count_of a0 tx_dropped)"
	expect "runts received" 0 "$(count_of b0 rx_packets)"
	expect_match "a header and no more" '^count=1 dev=b0 len=0 bad=0 ' "$(probe send a0 len=14)"
}

header_in_fragments_is_found() {
	local head
	quiet_pair a0 b0
	for head in 0 1 13 14; do
		expect_match "$head bytes in the linear part" '^count=1 dev=b0 len=986 bad=0 ' \
			"$(probe send a0 len=1000 head=$head)"
	done
}

case_ "promise: frames of any length and address cross byte for byte" frames_cross_unchanged
case_ "promise: jumbo frames of up to 65535 bytes of payload cross byte for byte" jumbo_frames_cross
case_ "promise: tcpdump sees the same frames on both ends" captures_agree
case_ "promise: addresses resolve and pings return, IPv4 and IPv6" addresses_resolve_and_pings_return
case_ "promise: TCP and UDP lose nothing both ways" tcp_and_udp_lose_nothing
case_ "promise: IP packets of 9000 and 65535 bytes cross in one piece" jumbo_packets_cross
case_ "promise: multicast groups are joined and heard" multicast_is_joined
case_ "etun: large TCP segments cross whole, and cut with TSO off" large_segments_cross_whole
case_ "defect 18: frames that the backlog drops count as dropped, not as received" backlog_drops_are_not_received
case_ "defect 19: both ends count the same frames and bytes, headers included" both_ends_count_alike
case_ "defect 20: two processors lose no count" two_processors_count_exactly
case_ "defect 22: nothing reaches a peer that is down or cut, and the sender counts it" nothing_reaches_a_peer_that_is_down
case_ "defect 22: raw sockets send nothing to a peer that is down" raw_frames_to_a_down_peer_vanish
case_ "defect 23: longer frames than the peer takes are dropped and counted once" longer_frames_than_the_peer_takes
case_ "defect 23: segments of large frames must fit the peer" segments_of_large_frames_must_fit
case_ "defect 9: runts are dropped and counted" runts_are_dropped
case_ "defect 9: a header in fragments is found" header_in_fragments_is_found
done_testing
