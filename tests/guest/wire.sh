#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Frames that arrive as on a wire, for whoever takes them out of the world of skbs: programs, and switches in user space.
# Whole checksums, single frames, VLAN tags inside.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/programs.sh"
. "$(dirname "$0")/wire.bash"

# relayed: left:a0 - b0, c0 - right:d0; the programs of b0 and c0 send each frame on to the other pair.
relayed() {
	local here there
	make_pair a0 b0
	make_pair c0 d0
	end_in left a0 10.9.0.1
	end_in right d0 10.9.0.2
	for here in b0 c0; do
		there=c0
		[ $here = b0 ] || there=b0
		sysctl -qw "net.ipv6.conf.$here.disable_ipv6=1"
		put relay/ways "$(cat /sys/class/net/$here/ifindex)" "$(cat /sys/class/net/$there/ifindex)" 0
		attach $here relay
		ip link set $here up
	done
}

# ---- whole checksums for programs ----

redirected_to_another_pair() {
	relayed
	all_cross $left $right
	pings left 10.9.0.2
}

redirected_to_another_processor() {
	make_namespaces left right
	put relay/processor 0 2048 0
	ip -n right link set dev b0 xdpdrv pinned "$(program_of to_cpu)"
	ip -n left link set dev a0 xdpdrv pinned "$(program_of to_cpu)"
	all_cross $left $right
	all_cross left=fd00:9::1 right=fd00:9::2
}

# Two macvlans on a0 speak to each other by way of what is beyond the wire, which sends all back (VEPA).
sent_back() {
	local name
	make_pair a0 b0
	for name in left right; do
		quiet_netns $name
		ip link add link a0 name m-$name netns $name type macvlan mode vepa
	done
	sysctl -qw net.ipv6.conf.a0.disable_ipv6=1 net.ipv6.conf.b0.disable_ipv6=1
	ip link set a0 up
	ip link set b0 up
	ip -n left addr add 10.9.0.1/24 dev m-left
	ip -n right addr add 10.9.0.2/24 dev m-right
	ip -n left link set m-left up
	ip -n right link set m-right up
	attach b0 reflect
	all_cross $left $right
}

# forwarded ROLE FAR-ADDRESS: the frames come to the sending end from another pair.
forwarded() {
	chain "$1"
	put relay/processor 0 2048 0
	ip -n right link set dev b0 xdpdrv pinned "$(program_of to_cpu)"
	ip -n left link set dev a0 xdpdrv pinned "$(program_of to_cpu)"
	all_cross left=10.1.0.1 "right=$2"
}

# Traffic control gives them to the sending end.
forwarded_by_traffic_control() {
	local here there
	make_pair a0 m1
	make_pair m2 b0
	end_in left a0 10.9.0.1
	end_in right b0 10.9.0.2
	for here in m1 m2; do
		there=m2
		[ $here = m1 ] || there=m1
		sysctl -qw "net.ipv6.conf.$here.disable_ipv6=1"
		ip link set $here up
		tc qdisc add dev $here clsact
		tc filter add dev $here ingress matchall action mirred egress redirect dev $there
	done
	put relay/processor 0 2048 0
	ip -n right link set dev b0 xdpdrv pinned "$(program_of to_cpu)"
	ip -n left link set dev a0 xdpdrv pinned "$(program_of to_cpu)"
	all_cross $left $right
}

# Frames are on their way, and in the ring, when the program comes.
programs_come_and_go() {
	make_namespaces left right
	put relay/processor 0 2048 0
	alternate "ip -n right link set dev b0 xdpdrv pinned $(program_of to_cpu)" "ip -n right link set dev b0 xdpdrv off"
	flows both $left $right 3000000 100
	rest
	# A frame that stands for several, on its way when the program came, is refused by who asked for single ones.
	expect "sums found wrong" "0 0" "$(wrong_sums left) $(wrong_sums right)"
}

# The probe asks no qdisc, and nobody looked at what the device can do.
unfinished_frames_are_finished() {
	quiet_pair a0 b0
	expect_match "without a program" '^count=1 .* summed=3 ' "$(probe send a0 len=100 partial=1)"
	attach b0 pass
	expect_match "with a program" '^count=1 .* summed=0 ' "$(probe send a0 len=100 partial=1)"
	expect_match "in pieces" '^count=1 .* summed=0 ' "$(probe send a0 len=1000 head=40 partial=1)"
	detach b0
	expect_match "without it again" '^count=1 .* summed=3 ' "$(probe send a0 len=100 partial=1)"
}

checksums_rest() {
	local beside="off off"
	quiet_pair a0 b0
	expect "checksums of a0 before" "on on" "$(offload a0 tx-checksum-ip-generic) $(offload a0 tx-checksum-sctp)"
	attach b0 pass
	# Before 6.11 they are left to the arrival, see udp_in_pieces.
	at_least_kernel 6.11 || beside="on on"
	expect "checksums of a0 with a program at b0" "$beside" \
		"$(offload a0 tx-checksum-ip-generic) $(offload a0 tx-checksum-sctp)"
	expect "checksums of b0" "on on" "$(offload b0 tx-checksum-ip-generic) $(offload b0 tx-checksum-sctp)"
	ethtool -K a0 tx on >/dev/null 2>&1 || true
	expect "checksums of a0 that were asked for" "${beside% *}" "$(offload a0 tx-checksum-ip-generic)"
	detach b0
	expect "checksums of a0 after" "on on" "$(offload a0 tx-checksum-ip-generic) $(offload a0 tx-checksum-sctp)"
}

# A socket that has its datagrams cut (UDP_SEGMENT) gets EIO from kernels before 6.11 where the device leaves sums to it.
udp_in_pieces() {
	make_namespaces left right
	ip netns exec right ip link set dev b0 xdpdrv pinned "$(program_of pass)"
	expect_match "datagrams of one call" '^[0-9]+ 20$' "$(flows joined $left $right right:b0 listen)"
	all_cross $left $right
}

# ---- whose frame it is ----

# The probe sends to nobody here; the program says that it is b0's.
readdressed() {
	local address
	quiet_pair a0 b0
	expect_match "as it was sent" '^count=1 dev=b0 .* type=3 ' "$(probe send a0 own=1)"
	address=$(mac b0)
	# shellcheck disable=SC2086 # Words are wanted.
	bpftool map update pinned "$pins/relay/address" key 0 0 0 0 value hex ${address//:/ } 0 0
	attach b0 readdress
	expect_match "to b0" '^count=5 dev=b0 .* type=0 ' "$(probe send a0 own=1 count=5)"
	expect_match "a broadcast, to b0" '^count=5 dev=b0 .* type=0 ' "$(probe send a0 count=5)"
	# shellcheck disable=SC2046
	bpftool map update pinned "$pins/relay/address" key 0 0 0 0 value hex 02 00 00 00 00 07 0 0
	expect_match "to another host" '^count=5 dev=b0 .* type=3 ' "$(probe send a0 count=5)"
	# shellcheck disable=SC2046
	bpftool map update pinned "$pins/relay/address" key 0 0 0 0 value hex ff ff ff ff ff ff 0 0
	expect_match "to all" '^count=5 dev=b0 .* type=1 ' "$(probe send a0 own=1 count=5)"
}

# Hosts that know a wrong address: the program mends it.
readdressed_packets_are_answered() {
	local address
	make_namespaces left right
	ip -n left neigh add 10.9.0.2 dev a0 lladdr 02:00:00:00:00:07
	address=$(ip netns exec right cat /sys/class/net/b0/address)
	# shellcheck disable=SC2086 # Words are wanted.
	bpftool map update pinned "$pins/relay/address" key 0 0 0 0 value hex ${address//:/ } 0 0
	ip -n right link set dev b0 xdpdrv pinned "$(program_of readdress)"
	pings left 10.9.0.2
}

# ---- XDP frames of real devices ----

# at_two_modulo_four DEVICE: where virtio-net's small buffers put them.
at_two_modulo_four() {
	local offset
	load_built etun_frames
	probe send lo count=0 >/dev/null
	for offset in 0 2 6 10; do
		probe send lo count=0 >/dev/null
		echo "$1 $offset 40 200" >/sys/module/etun_frames/parameters/send
		expect "frames that $1 took" 40 "$(cat /sys/module/etun_frames/parameters/sent)"
		wait_for 5 frames_came 40
		expect_match "frames $offset bytes into their page" '^count=40 dev=b0 len=186 bad=0 ' "$(cat $probe_parameters/arrived)"
	done
}

frames_came() { grep -q "^count=$1 " $probe_parameters/arrived; }

frames_by_the_backlog() {
	quiet_pair a0 b0
	at_two_modulo_four a0
}

frames_by_the_ring() {
	napi_pair a0 b0
	at_two_modulo_four a0
	expect "frames by the ring" 160 "$(statistics b0 rx_queue_0_packets)"
}

frames_past_a_program() {
	quiet_pair a0 b0
	attach b0 pass
	at_two_modulo_four a0
	expect "frames that met the program" 160 "$(statistics b0 rx_queue_0_xdp_packets)"
}

# They are dropped with the ring.
frames_left_in_a_ring() {
	napi_pair a0 b0
	ip link set b0 down
	ip link set b0 up
	load_built etun_frames
	expect "answer to frames per interrupt" 0 "$(ethtool -C b0 rx-usecs 10000 rx-frames 200 2>&1; echo $?)"
	echo "a0 2 40 200" >/sys/module/etun_frames/parameters/send
	ip link set b0 down
	expect "frames that a0 took" 40 "$(cat /sys/module/etun_frames/parameters/sent)"
}

# ---- VLAN tags ----

tags_cross_redirection() {
	relayed
	tagged_devices a0 d0
	# What is redirected to a device may be one tag longer than its own MTU allows, says the kernel (xdp_ok_fwd_dev()).
	ip link set b0 mtu 1504
	ip link set c0 mtu 1504
	pings left 10.5.0.2 -s 1472 -M 'do'
	pings left 10.6.0.2 -s 1472 -M 'do'
	all_cross left=10.5.0.1 right=10.5.0.2
	all_cross left=10.6.0.1 right=10.6.0.2
}

tags_cross_another_processor() {
	make_namespaces left right
	tagged_devices a0 b0
	put relay/processor 0 2048 0
	ip -n right link set dev b0 xdpdrv pinned "$(program_of to_cpu)"
	ip -n left link set dev a0 xdpdrv pinned "$(program_of to_cpu)"
	all_cross left=10.5.0.1 right=10.5.0.2
	all_cross left=10.6.0.1 right=10.6.0.2
}

# How many frames lay there with a tag, as a program saw them: a generic one, where the kernel has not yet looked at tags.
tags_follow_rxvlan() {
	make_namespaces left right
	tagged_devices a0 b0
	expect "a0 at first: txvlan, for 802.1ad too" "on on" \
		"$(offload a0 tx-vlan-offload left) $(offload a0 tx-vlan-stag-hw-insert left)"
	ip -n right link set dev b0 xdpgeneric pinned "$(program_of count_tags)"
	# What it sends by itself (MLD) has its inner tag inside, always.
	ip -n left link set c6 down
	ip -n right link set c6 down
	put relay/frames 0 0 0 0 0 0 0
	pings left 10.5.0.2
	expect "tags inside, rxvlan on" 0 "$(entry relay/frames tagged)"
	ip netns exec right ethtool -K b0 rxvlan off
	expect "a0: txvlan, for 802.1ad too" "off on" \
		"$(offload a0 tx-vlan-offload left) $(offload a0 tx-vlan-stag-hw-insert left)"
	pings left 10.5.0.2
	[ "$(entry relay/frames tagged)" -ge 5 ] || expect "tags inside, rxvlan off" "5 or more" "$(entry relay/frames tagged)"
	ip netns exec right ethtool -K b0 rx-vlan-stag-hw-parse off
	expect "a0: txvlan, for 802.1ad too" "off off" \
		"$(offload a0 tx-vlan-offload left) $(offload a0 tx-vlan-stag-hw-insert left)"
	ip -n left link set c6 up
	ip -n right link set c6 up
	pings left 10.6.0.2
	ip netns exec right ethtool -K b0 rxvlan on rx-vlan-stag-hw-parse on
	expect "a0 in the end" "on on" "$(offload a0 tx-vlan-offload left) $(offload a0 tx-vlan-stag-hw-insert left)"
	expect "b0, which sends" on "$(offload b0 tx-vlan-offload right)"
}

tags_rest() {
	quiet_pair a0 b0
	attach b0 pass
	expect "a0 inserts, b0 takes off" "off off off off" "$(offload a0 tx-vlan-offload) \
$(offload a0 tx-vlan-stag-hw-insert) $(offload b0 rx-vlan-offload) $(offload b0 rx-vlan-stag-hw-parse)"
	detach b0
	expect "a0 inserts, b0 takes off" "on on on on" "$(offload a0 tx-vlan-offload) \
$(offload a0 tx-vlan-stag-hw-insert) $(offload b0 rx-vlan-offload) $(offload b0 rx-vlan-stag-hw-parse)"
}

load_programs || exit 1
case_ "wire: TCP, UDP and SCTP through programs that redirect to another pair" redirected_to_another_pair
case_ "wire: TCP, UDP and SCTP through programs that redirect to another processor" redirected_to_another_processor
case_ "wire: TCP, UDP and SCTP through a program that sends back" sent_back
case_ "wire: what a router forwards meets the program whole" forwarded router 10.2.0.2
case_ "wire: what a bridge forwards meets the program whole" forwarded bridge 10.1.0.2
case_ "wire: what traffic control redirects meets the program whole" forwarded_by_traffic_control
case_ "wire: programs come and go under TCP, and no sum is wrong" programs_come_and_go
case_ "wire: an unfinished sum that passed by the features is finished for a program" unfinished_frames_are_finished
case_ "wire: datagrams that a socket has cut reach an end with a program" udp_in_pieces
case_ "wire: the peer's checksum offload rests while a program is attached, SCTP's too" checksums_rest
case_ "wire: a program that readdresses a frame decides whose it is" readdressed
case_ "wire: a program that writes the end's own address gets its packets answered" readdressed_packets_are_answered
case_ "wire: XDP frames at 2 modulo 4 arrive by the backlog" frames_by_the_backlog
case_ "wire: VLAN tags cross redirection to another pair" tags_cross_redirection
case_ "wire: VLAN tags cross redirection to another processor" tags_cross_another_processor
case_ "wire: rxvlan off puts tags into the frame" tags_follow_rxvlan
case_ "wire: the peer's VLAN offload rests while a program is attached" tags_rest
case_ "wire: XDP frames at 2 modulo 4 arrive past a program" frames_past_a_program
case_ "wire: XDP frames at 2 modulo 4 arrive by a ring" frames_by_the_ring
case_ "wire: XDP frames at 2 modulo 4 are dropped with their ring" frames_left_in_a_ring
done_testing
