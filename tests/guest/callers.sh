#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Those parts of the kernel that call an end otherwise than a socket's traffic does: with other locks, from other
# contexts, past the qdisc, or with frames that no stack made. Nothing may be lost or overtaken, and what is asserted
# about the caller must hold: the kernel's log is looked at when all is over.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname "$0")/lab.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$(dirname "$0")/programs.sh"
# shellcheck source-path=SCRIPTDIR source=topologies.bash
. "$(dirname "$0")/topologies.bash"
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
. "$(dirname "$0")/control-helpers.bash"

callers() { /usr/bin/python3 -ES "$lab/callers.py" "$@"; }

in_middle() { ip netns exec middle "$@"; }

# in_mode MODE COMMAND...: where there is that mode.
in_mode() {
	[ "$1" = direct ] || { "${@:2}" "$1"; return; }
	where_direct "${@:2}" direct
}

# set_mode MODE PLACE...: at both ends of each pair.
set_mode() {
	local place
	for place in "${@:2}"; do
		expect "mode $1 at both ends of $place" 0 "$(links set "$place" mode="$1" peer-mode="$1")"
	done
}

chain_in() {
	chain "$1"
	set_mode "$2" left:a0 right:b0
}

# In mode direct what the middle sends goes on in its turn: by the sender's task, behind what it came with.
second_hops() { [ "$1" != direct ] || at_least "second hops in their turn" "$2" "$(way m2 tx_direct_later middle)"; }

# ---- Open vSwitch, which holds a mutex of its own where others hold RTNL ----

# datapath PORT...: dp0 with these ports, numbered from 1 on. $where is a command that enters a namespace.
datapath() {
	local port
	has modprobe openvswitch
	$where ovs-dpctl add-dp dp0
	for port; do $where ovs-dpctl add-if dp0 "$port"; done
}
where=

# passes ONE OTHER: whatever comes in by one port goes out by another.
passes() {
	local match
	for match in 'eth_type(0x0806),arp()' 'eth_type(0x0800),ipv4(frag=no)' 'eth_type(0x86dd),ipv6(frag=no)'; do
		in_middle ovs-dpctl add-flow dp0 "in_port($1),eth(),$match" "$2"
	done
}

datapath_forwards() {
	chain_in bridge "$1"
	ip -n middle link del br0
	where=in_middle
	datapath m1 m2
	passes 1 2
	passes 2 1
	flows both left=10.1.0.1 right=10.1.0.2 $bytes $datagrams
	flows both left=fd00:1::1 right=fd00:1::2 $bytes $datagrams
	second_hops "$1" 100
	# One goes while it is a port, as its peer does, and so does the datapath with the other in it.
	ip -n left link del a0
	expect "ports that are left" "0 2" "$(in_middle ovs-dpctl show dp0 | sed -n 's/^ *port \([0-9]*\): .*/\1/p' | xargs)"
	in_middle ovs-dpctl del-dp dp0
	ip -n middle link show m2 >/dev/null
}

headroom() {
	probe measure "$1" >/dev/null
	cat "$probe_parameters/headroom"
}

# tunnel NAME REMOTE: a device that wants room in front of frames, more for IPv6.
tunnel() { ip link add "$1" type vxlan id "${1//[^0-9]/}" remote "$2" dstport "479${1//[^0-9]/}"; }

# Open vSwitch at one end and a bridge at the other, each of which asks for room.
headroom_from_both_sides() {
	local small large i
	quiet_pair a0 b0
	tunnel t1 127.0.0.2
	tunnel t2 ::2
	datapath t1
	ip link add br0 type bridge
	ip link set t2 master br0
	trap 'ovs-dpctl del-dp dp0; ip link del br0; ip link del t1; ip link del t2' EXIT
	ovs-dpctl add-if dp0 a0
	small=$(headroom a0)
	at_least "headroom of a0 beside a tunnel" 50 "$small"
	expect "headroom of b0" "$small" "$(headroom b0)"
	for i in {1..15}; do
		ip link set b0 master br0
		ip link set b0 nomaster
	done &
	for i in {1..15}; do
		ovs-dpctl del-if dp0 a0
		ovs-dpctl add-if dp0 a0
	done
	wait $!
	expect "headroom of both ends with one wish" "$small $small" "$(headroom a0) $(headroom b0)"
	ip link set b0 master br0
	large=$(headroom b0)
	at_least "headroom of b0 beside a larger tunnel" $((small + 1)) "$large"
	expect "headroom of a0" "$large" "$(headroom a0)"
	ovs-dpctl del-if dp0 a0
	ip link set b0 nomaster
	expect "headroom of both ends without a wish" "0 0" "$(headroom a0) $(headroom b0)"
}

# Ports come and go, and with each the room that all others are asked for, while a pair with a port among them is deleted.
ports_are_deleted() {
	local i
	tunnel t1 127.0.0.2
	datapath
	trap 'touch "$tap_scratch/enough"; wait; ovs-dpctl del-dp dp0; ip link del t1' EXIT
	rm -f "$tap_scratch/enough"
	while [ ! -e "$tap_scratch/enough" ]; do
		ovs-dpctl add-if dp0 t1
		ovs-dpctl del-if dp0 t1
	done &
	for i in {1..15}; do
		make_pair "a$i" "b$i"
		ovs-dpctl add-if dp0 "a$i" "b$i"
		ip link del "b$i"
	done
	# Its port goes by a work of its own.
	wait_for 20 no_ends_left
}

no_ends_left() { ! ovs-dpctl show dp0 | grep -qE ': [ab][0-9]'; }

# ---- devices on top that RTNL's holder makes ----

# team NETNS END: over END0 and END1.
team() {
	local port address
	has ip -n "$1" link add team0 type team
	address=$(ip netns exec "$1" cat /sys/class/net/team0/address)
	ip netns exec "$1" teamnl team0 setoption mode activebackup
	for port in "${2}0" "${2}1"; do
		ip -n "$1" addr flush dev "$port"
		ip -n "$1" link set "$port" down master team0 address "$address"
		ip -n "$1" link set "$port" up
	done
	ip -n "$1" link set team0 up
	uses_port "$1" "${2}0"
}

uses_port() { ip netns exec "$1" teamnl team0 setoption activeport "$(ip netns exec "$1" cat "/sys/class/net/$2/ifindex")"; }

teams() {
	make_namespaces east west
	make_pair a1 b1
	ip link set a1 netns east
	ip link set b1 netns west
	set_mode "$1" east:a0 east:a1
	team east a
	team west b
	ip -n east addr add 10.9.0.1/24 dev team0
	ip -n west addr add 10.9.0.2/24 dev team0
	flows both east=10.9.0.1 west=10.9.0.2 $bytes $datagrams
	uses_port east a1
	uses_port west b1
	flows both east=10.9.0.1 west=10.9.0.2 $bytes $datagrams
	# A port is deleted by way of its peer.
	ip -n west link del b0
	flows both east=10.9.0.1 west=10.9.0.2 $bytes $datagrams
	expect "ports of the team" a1 "$(ip -n east -o link show master team0 | sed -nE 's/^[0-9]+: ([^@:]*)[@:].*/\1/p' | xargs)"
}

# ipvlan KIND ADDRESS MODE: a device of its own namespace, on one end of a pair.
ipvlan() {
	make_namespaces east west
	set_mode "$3" east:a0
	ip netns add inner
	has ip -n east link add link a0 name x0 netns inner type ipvlan mode "$1"
	ip -n inner addr add "$2/24" dev x0
	ip -n inner link set x0 up
	ip -n inner route replace default dev x0
	ip -n west route replace "$2" via 10.9.0.1
	[ "$1" = l3 ] || ip -n west route replace "$2" dev b0
	flows both inner="$2" west=10.9.0.2 $bytes $datagrams
	ip -n west link del b0
	expect "devices of the namespace" lo "$(ip -n inner -o link | sed -nE 's/^[0-9]+: ([^@:]*)[@:].*/\1/p' | xargs)"
}

# ---- netfilter's short way ----

# What belongs to a flow that is known goes from device to device where it comes in, past the stack.
flow_table() {
	local total
	chain_in router "$1"
	has rules <<-'NFT'
		table inet t {
			counter slow { }
			flowtable known {
				hook ingress priority 0; devices = { m1, m2 };
			}
			chain forward {
				type filter hook forward priority 0;
				counter name "slow"
				meta l4proto { tcp, udp } flow add @known
			}
		}
	NFT
	flows both left=10.1.0.1 right=10.2.0.2 $bytes $datagrams
	flows both left=fd00:1::1 right=fd00:2::2 $bytes $datagrams
	total=$(count_in middle m2 tx_packets)
	at_least "packets of which few go through the stack, $(hits slow) of them" $((4 * $(hits slow))) "$total"
	second_hops "$1" 100
	ip -n left link del a0
}

count_in() { ip netns exec "$1" cat "/sys/class/net/$2/statistics/$3"; }

# ---- packet sockets ----

past_the_qdisc() {
	chain_in bridge "$1"
	callers bypass left:a0 right:b0 200
	callers bypass right:b0 left:a0 200
	[ "$1" != direct ] || at_least "at once" 100 "$(way a0 tx_direct left)"
}

# Sums left to the device, and frames of several segments, as virtual machines send them.
unfinished_frames() {
	chain_in "$1" "$2"
	if [ "$1" = bridge ]; then
		callers unfinished left:a0 right:b0 left=10.1.0.1 right=10.1.0.2
		callers segments left:a0 right:b0
	else
		callers unfinished left:a0 middle:m1 left=10.1.0.1 right=10.2.0.2
	fi
}

# ---- XDP without a driver that knows it ----

# knob NUMBER: what the program `linear` answers.
knob() { put linear/knobs 0 0 0 0 "$1"; }
to_device=100

# The middle passes all frames on by programs that see skbs, within the reception of each.
generic_programs_pass_on() {
	local port
	chain_in bridge "$1"
	load_programs
	ip -n middle link del br0
	for port in 0:m1 1:m2; do
		# shellcheck disable=SC2046 # Words are wanted.
		in_middle bpftool map update pinned "$pins/linear/devices" key $(words "${port%:*}") \
			value $(words "$(in_middle cat "/sys/class/net/${port#*:}/ifindex")" 0)
	done
	ip -n middle link set dev m1 xdpgeneric pinned "$(program_of across)"
	ip -n middle link set dev m2 xdpgeneric pinned "$(program_of across)"
	# It sends on what fits the MTU.
	ip netns exec left ethtool -K a0 tso off gso off tx-udp-segmentation off
	ip netns exec right ethtool -K b0 tso off gso off tx-udp-segmentation off
	flows both left=10.1.0.1 right=10.1.0.2 $bytes $datagrams
	flows both left=fd00:1::1 right=fd00:1::2 $bytes $datagrams
	second_hops "$1" 100
	expect "programs of m1" xdpgeneric "$(ip -n middle -d link show m1 | grep -o xdpgeneric | head -n 1)"
	ip -n left link del a0
	ip -n middle link set dev m2 xdpgeneric off
}

# From left in a task's context to a program that sends frames back, on a stack that has not returned yet.
generic_program_sends_back() {
	quiet_pair a0 b0
	set_mode "$1" a0
	load_programs
	attach b0 linear xdpgeneric
	knob 3
	callers returned a0 200
	detach b0 xdpgeneric
}

# ---- frames without an skb, out of another driver ----

# A program of a tap device, which runs in the context of the task that writes, sends frames out by an end.
tap_redirects() {
	quiet_pair a0 b0
	set_mode "$1" a0
	load_programs
	has modprobe tun
	ip tuntap add dev t0 mode tap
	trap 'ip link del t0' EXIT
	ip link set t0 up
	aim linear a0
	knob $to_device
	has attach t0 linear
	callers tap t0 b0 200 1500
	expect "frames that a0 sent" 200 "$(count_of a0 tx_packets)"
	# The receiver goes while the other's program still sends there.
	ip link set b0 down
	callers tap t0 - 20 100
	ip link del a0
	callers tap t0 - 20 100
}

# ---- netpoll, which sends in hard interrupts ----

# polled DEVICE: what the kernel said when netconsole wanted to send by it.
polled() {
	local target=/sys/kernel/config/netconsole/etun length
	length=$(log_length)
	mkdir "$target"
	echo "$1" >"$target/dev_name"
	echo 10.9.0.1 >"$target/local_ip"
	echo 10.9.0.2 >"$target/remote_ip"
	if echo 1 >"$target/enabled"; then echo "it sends"; echo 0 >"$target/enabled"; fi
	rmdir "$target"
	dmesg | tail -n "+$((length + 1))"
}

netpoll_is_refused() {
	local kind
	has modprobe netconsole
	mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
	has mkdir /sys/kernel/config/netconsole/etun
	rmdir /sys/kernel/config/netconsole/etun
	quiet_pair a0 b0
	expect_match "answer for an end" "a0 doesn't support polling" "$(polled a0 2>&1)"
	for kind in "vlan id 5" macvlan; do
		# shellcheck disable=SC2086 # Words are wanted.
		ip link add link a0 name x0 up type $kind
		expect_match "answer for $kind" "a0 doesn't support polling" "$(polled x0 2>&1)"
		ip link del x0
	done
	for kind in bridge "bond mode active-backup" team; do
		# shellcheck disable=SC2086 # Words are wanted.
		ip link add name x0 type $kind
		ip link set a0 down
		ip link set a0 master x0
		ip link set a0 up
		ip link set x0 up
		expect_match "answer for $kind" "a0 doesn't support polling" "$(polled x0 2>&1)"
		ip link del x0
	done
	rmmod netconsole
}

for mode in direct backlog napi; do
	case_ "callers: Open vSwitch forwards, mode $mode" in_mode $mode datapath_forwards
done
case_ "callers: Open vSwitch asks for headroom without RTNL, and a bridge at the other end" headroom_from_both_sides
case_ "callers: Open vSwitch asks for headroom while its ports are deleted" ports_are_deleted
case_ "callers: team, over two pairs" in_mode direct teams
for kind in "l2 10.9.0.3" "l3 10.8.0.3"; do
	# shellcheck disable=SC2086 # Two words are wanted.
	case_ "callers: ipvlan, ${kind% *}" in_mode direct ipvlan $kind
done
for mode in direct napi; do
	case_ "callers: netfilter's flow table, mode $mode" in_mode $mode flow_table
done
for mode in direct backlog napi; do
	case_ "callers: packet sockets past the qdisc, mode $mode" in_mode $mode past_the_qdisc
done
case_ "callers: packet sockets with sums and segments to be finished, by a bridge" in_mode direct unfinished_frames bridge
case_ "callers: packet sockets with sums to be finished, by a router" in_mode direct unfinished_frames router
for mode in direct napi; do
	case_ "callers: generic XDP passes on, mode $mode" in_mode $mode generic_programs_pass_on
	case_ "callers: generic XDP sends back, mode $mode" in_mode $mode generic_program_sends_back
done
for mode in direct backlog napi; do
	case_ "callers: XDP of a tap device sends by an end, mode $mode" in_mode $mode tap_redirects
done
case_ "callers: netpoll is refused, by an end and by what is on top of one" netpoll_is_refused
done_testing
