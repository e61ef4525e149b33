#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What an end offers to the stack: offloads as veth has them, BIG TCP, headroom, the short way to the peer, timestamps.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/programs.sh"

left=left=10.9.0.1 right=right=10.9.0.2

at_left() { ip netns exec left "$@"; }
at_right() { ip netns exec right "$@"; }

# ---- features ----

# features DEVICE: one a line, with their state, as ethtool shows them.
features_of() {
	ethtool -k "$1" | sed -n '2,$s/^[[:space:]]*//p'
}

features_like_veth() {
	local seen
	quiet_pair a0 b0
	modprobe veth
	ip link add v0 type veth peer name w0
	seen=$(diff <(features_of v0) <(features_of a0)) || true
	ip link del v0
	expect "features of veth (<) and of etun (>) that differ" "" "$seen"
}

# A VLAN device inherits what the device below allows it.
vlans_carry_offloads() {
	local feature
	make_namespaces left right
	ip -n left -batch - <<-'TEXT'
		link add link a0 name a0.5 type vlan id 5
		addr add 10.5.0.1/24 dev a0.5
		link set a0.5 up
	TEXT
	ip -n right -batch - <<-'TEXT'
		link add link b0 name b0.5 type vlan id 5
		addr add 10.5.0.2/24 dev b0.5
		link set b0.5 up
	TEXT
	for feature in tx-checksumming scatter-gather tcp-segmentation-offload tx-udp-segmentation; do
		expect "$feature of the VLAN" on "$(offload a0.5 $feature left)"
	done
	large_at "of the VLAN" right:b0 left=10.5.0.1 right=10.5.0.2
}

# large_at WHAT PLACE A B [SMALLEST]: TCP from A in `left` to B arrives at PLACE in frames of more than 20000 bytes. On a slow
# machine, the time to the other end makes TCP cautious.
large_at() {
	local seen smallest=${5-20000}
	at_left sysctl -qw net.ipv4.tcp_tso_rtt_log=20
	seen=$(flows large "$3" "$4" "$2" 2000000)
	[ "$seen" -gt "$smallest" ] || expect "longest frame $1" "more than $smallest" "$seen"
}

tunnel() {
	local kind=$1
	shift
	make_namespaces left right
	ip -n left link add t0 type "$kind" local 10.9.0.1 remote 10.9.0.2 "$@" 2>"$tap_scratch/why" || {
		! grep -q "Unknown device type" "$tap_scratch/why" || skip "this kernel has no $kind"
		cat "$tap_scratch/why"
		return 1
	}
	ip -n right link add t0 type "$kind" local 10.9.0.2 remote 10.9.0.1 "$@"
	ip -n left addr add 10.7.0.1/24 dev t0
	ip -n right addr add 10.7.0.2/24 dev t0
	ip -n left link set t0 up
	ip -n right link set t0 up
	ip netns exec left ping -n -q -c 1 -W 5 10.7.0.2
	large_at "in the tunnel" right:b0 left=10.7.0.1 right=10.7.0.2
}

labels() {
	modprobe -a mpls_router mpls_iptunnel mpls_gso
	make_namespaces left right
	at_right sysctl -qw net.mpls.platform_labels=1000 net.mpls.conf.b0.input=1
	ip -n right -f mpls route add 100 dev lo
	ip -n right addr add 10.7.0.2/32 dev lo
	ip -n left route add 10.7.0.2/32 encap mpls 100 via inet 10.9.0.2
	at_left ping -n -q -c 1 -W 5 10.7.0.2
	large_at "with a label" right:b0 left=10.9.0.1 right=10.7.0.2
}

# ---- BIG TCP ----

# big NETNS DEVICE PEER: frames of up to 180000 bytes are allowed there, either way, and TCP has no reason to send less
# at once. PEER is the last number of the addresses at the other end.
big() {
	ip -n "$1" link set "$2" gso_max_size 180000 gro_max_size 180000
	[ "$kernel" = 6.1 ] ||
		expect "limits for IPv4" 0 "$(links set "$1:$2" gso_ipv4_max_size=180000 gro_ipv4_max_size=180000)"
	ip netns exec "$1" sysctl -qw net.ipv4.tcp_rmem="4096 4000000 8000000" net.ipv4.tcp_wmem="4096 4000000 8000000"
	ip -n "$1" route add "10.9.0.$3/32" dev "$2" initcwnd 300 initrwnd 300
	ip -n "$1" route add "fd00:9::$3/128" dev "$2" initcwnd 300 initrwnd 300
}

big_frames() {
	make_namespaces left right
	[ -z "${1-}" ] || links set left:a0 mode=napi peer-mode=napi
	expect "largest frame that the device can cut" 524280 "$(links get left:a0 tso_max_size)"
	expect "the same at the other end" 524280 "$(links get right:b0 tso_max_size)"
	big left a0 2
	big right b0 1
	large_at "by IPv6" right:b0 left=fd00:9::1 right=fd00:9::2 66000
	[ "$kernel" = 6.1 ] || large_at "by IPv4" right:b0 $left $right 66000
}

# Cut by the sender, joined by the receiver.
big_frames_joined() {
	make_namespaces left right
	links set left:a0 mode=napi peer-mode=napi
	ip -n left link set a0 mtu 4000
	ip -n right link set b0 mtu 4000
	at_left ethtool -K a0 tso off
	at_right ethtool -K b0 gro on
	big left a0 2
	big right b0 1
	large_at "by GRO" right:b0 left=fd00:9::1 right=fd00:9::2 66000
}

# ---- agreement ----

# Both ends want GRO, and nobody can give them the rings: a receive queue that cannot be registered is want of memory. Each
# change of features then tries again, and tells the other end that something may have changed.
denied_at_both_ends() {
	local end feature
	quiet_pair a0 b0
	trap 'fault nothing' EXIT
	fault fail __xdp_rxq_info_reg 1000000
	for end in a0 b0; do
		ethtool -K $end gro on || true
		expect "GRO of $end without memory" off "$(offload $end generic-receive-offload)"
	done
	# It turns off LRO, whether there is any or not.
	echo 1 >/proc/sys/net/ipv4/conf/a0/forwarding
	echo 1 >/proc/sys/net/ipv4/conf/b0/forwarding
	# What needs no memory is done none the less: a peer that trusts no checksum gets whole ones.
	ethtool -K b0 rx off || true
	for feature in tx-checksumming tcp-segmentation-offload; do
		expect "$feature of a0 beside a peer that trusts none" off "$(offload a0 $feature)"
	done
	ethtool -K b0 rx on || true
	expect "tx-checksumming of a0 beside one that does" on "$(offload a0 tx-checksumming)"
	fault nothing
	# The wish is kept.
	for end in a0 b0; do
		ethtool -K $end rx off
		ethtool -K $end rx on
		expect "GRO of $end with memory" on "$(offload $end generic-receive-offload)"
	done
}

# ---- headroom ----

headroom() {
	probe measure "$1" >/dev/null
	cat $probe_parameters/headroom
}

# A bridge asks its ports for the room that its other ports need, here a tunnel's.
headroom_reaches_both_ends() {
	local first second
	quiet_pair a0 b0
	expect "headroom of both ends" "0 0" "$(headroom a0) $(headroom b0)"
	ip link add t0 type vxlan id 5 remote 127.0.0.2 dstport 4789
	ip link add br0 type bridge
	ip link set a0 master br0
	ip link set t0 master br0
	first=$(headroom a0)
	[ "$first" -ge 50 ] || expect "headroom of a0 beside a tunnel" "50 or more" "$first"
	expect "headroom of b0" "$first" "$(headroom b0)"
	# A wish of the other end that is larger.
	ip link add br1 type bridge
	ip link add t2 type vxlan id 6 remote ::2 dstport 4790
	ip link set b0 master br1
	ip link set t2 master br1
	second=$(headroom b0)
	[ "$second" -gt "$first" ] || expect "headroom of b0 beside a larger tunnel" "more than $first" "$second"
	expect "headroom of a0" "$second" "$(headroom a0)"
	ip link set t2 nomaster
	expect "headroom of both ends when the larger wish is gone" "$first $first" "$(headroom a0) $(headroom b0)"
	ip link set a0 nomaster
	expect "headroom of both ends without a wish" "0 0" "$(headroom a0) $(headroom b0)"
	ip link del br0
	ip link del br1
	ip link del t0
	ip link del t2
}

# ---- straight to the peer ----

# Traffic control on the way in from d0 puts frames down at the peer of a0, which a0 never sees.
redirected_to_the_peer() {
	quiet_pair a0 b0
	quiet_pair c0 d0
	quiet_netns right
	ip link set b0 netns right
	ip -n right link set b0 up
	tc qdisc add dev c0 clsact
	tc filter add dev c0 ingress bpf direct-action object-pinned "$pins/tc/to_peer"
	put tc/target 0 "$(cat /sys/class/net/a0/ifindex)"
	verdicts arrive d0 right:b0 50 1514 end=c0
	expect "sent at a0" 0 "$(count_of a0 tx_packets)"
	ip -n right link set b0 down
	verdicts vanish d0 a0 5 1514 end=c0
	expect "received at b0 while down" 50 "$(counter b0 rx_packets right)"
}

# ---- timestamps ----

stamped_once() {
	make_namespaces left right
	expect_match "timestamps of a0" 'software-transmit' "$(at_left ethtool -T a0)"
	expect "sent, arrived, stamped once" "100 100 100" "$(stamps $left $right 100)"
	expect "sent, arrived, stamped once by IPv6" "50 50 50" "$(stamps left=fd00:9::1 right=fd00:9::2 50)"
}

stamps() { /usr/bin/python3 -ES "$lab/stamps.py" "$@"; }

# The ring has no room for most of them: the qdisc holds them and hands them over again.
stamped_once_behind_a_full_ring() {
	local thread stops
	make_namespaces left right
	expect "mode napi and a ring of 4 slots" 0 "$(links set left:a0 peer-mode=napi peer-ring=4)"
	ip netns exec left tc qdisc replace dev a0 root pfifo limit 1000
	at_right bash -c 'echo 1 >/sys/class/net/b0/threaded'
	pings left 10.9.0.2
	thread=$(grep -ls '^napi/b0-' /proc/[0-9]*/comm | grep -oE '[0-9]+')
	expect "sent, arrived, stamped once" "200 200 200" "$(stamps $left $right 200 "$thread")"
	stops=$(at_left ethtool -S a0 | awk '$1 == "tx_queue_0_stops:" { print $2 }')
	[ "${stops:-0}" -ge 10 ] || expect "times the queue was stopped" "10 or more" "$stops"
	expect "dropped" 0 "$(counter a0 tx_dropped left)"
}

load_programs || exit 1
case_ "offloads: features and which are fixed are those of veth" features_like_veth
case_ "offloads: a VLAN on an end sends large segments" vlans_carry_offloads
case_ "offloads: vxlan on an end sends large segments" tunnel vxlan id 7 dstport 4789
case_ "offloads: gretap on an end sends large segments" tunnel gretap
case_ "offloads: labelled packets are sent as large segments" labels
case_ "offloads: BIG TCP, frames of more than 64 KB cross" big_frames
case_ "offloads: BIG TCP in mode napi" big_frames napi
case_ "offloads: BIG TCP, GRO joins to more than 64 KB" big_frames_joined
case_ "offloads: GRO is wanted at both ends, and neither gets the memory" denied_at_both_ends
case_ "offloads: headroom that one end is asked for is told at both" headroom_reaches_both_ends
case_ "offloads: bpf_redirect_peer puts frames down at the peer, counted" redirected_to_the_peer
case_ "offloads: each sent datagram gets one timestamp" stamped_once
case_ "offloads: each gets one timestamp behind a full ring as well" stamped_once_behind_a_full_ring
done_testing
