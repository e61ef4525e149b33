# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of frames on their way share: source tap.sh, then this file.

lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Grace periods take most of the time of making and removing devices and namespaces; races.bash waits for real ones.
echo 1 >/sys/kernel/rcu_expedited
probe_parameters=/sys/module/etun_probe/parameters

# frames COMMAND..., flows COMMAND...: see the heads of the Python files. No site packages: it starts faster.
frames() { /usr/bin/python3 -ES "$lab/frames.py" "$@"; }
flows() { /usr/bin/python3 -ES "$lab/flows.py" "$@"; }

# load_built MODULE: one of those in probe/.
load_built() {
	local module
	[ ! -d "/sys/module/$1" ] || return 0
	for module in "$lab"/../../build/probe/*/"$1.ko"; do
		[[ $(modinfo -F vermagic "$module") != "$(uname -r) "* ]] || break
	done
	insmod "$module" || { echo "no $1.ko for $(uname -r); run on the host: tests/guest/probe/build KERNEL"; return 1; }
}

# fault COMMAND...: see probe/etun_fault.c. Undone by `fault nothing`, or with the module by `rmmod etun_fault`.
fault() {
	load_built etun_fault || return 1
	echo "$*" >/sys/module/etun_fault/parameters/run
}

# probe COMMAND...: see probe/etun_probe.c. Prints what arrived.
probe() {
	load_built etun_probe || return 1
	echo "$*" >"$probe_parameters/run" || return 1
	cat "$probe_parameters/arrived"
}

# count_of DEVICE NAME: a counter of a device of this namespace (sysfs, no process).
count_of() {
	cat "/sys/class/net/$1/statistics/$2"
}

mac() { cat /sys/class/net/"$1"/address; }

# generate THREAD DEVICE COUNT DESTINATION [DELAY]: lets that thread of pktgen send from DEVICE at the next start; COUNT 0
# is for ever, DELAY nanoseconds from frame to frame.
generate() {
	local line
	echo "add_device $2@$1" >/proc/net/pktgen/kpktgend_"$1"
	for line in "count $3" "pkt_size 60" "delay ${5-0}" "dst_mac $4" "dst 10.99.0.1" "clone_skb 0"; do
		echo "$line" >/proc/net/pktgen/"$2@$1"
	done
}

# quiet_pair A B [MTU]: a pair in this namespace, up, on which the stack sends nothing by itself.
quiet_pair() {
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	make_pair "$1" "$2"
	ip link set "$1" mtu "${3-1500}" up
	ip link set "$2" mtu "${3-1500}" up
}

# quiet_netns NAME: a namespace whose stack sends nothing by itself. A new one has IPv6 on, whatever this one has.
quiet_netns() {
	ip netns add "$1"
	ip netns exec "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
}

# chain ROLE: namespaces left, middle and right; pairs a0 (left) - m1 (middle) and m2 (middle) - b0 (right), where
# the middle is a `router` (10.1.0.0/24, 10.2.0.0/24 and fd00:1::/64, fd00:2::/64) or a `bridge` (10.1.0.0/24, fd00:1::/64).
chain() {
	local far=1 name
	[ "$1" = bridge ] || far=2
	make_pair a0 m1
	make_pair m2 b0
	for name in left middle right; do ip netns add $name; done
	ip link set a0 netns left
	ip link set b0 netns right
	ip link set m1 netns middle
	ip link set m2 netns middle
	# Left and right differ in the last number also where they share the network.
	ip -n left -batch - <<-TEXT
		link set lo up
		addr add 10.1.0.1/24 dev a0
		addr add fd00:1::1/64 dev a0 nodad
		link set a0 up
	TEXT
	ip -n right -batch - <<-TEXT
		link set lo up
		addr add 10.$far.0.2/24 dev b0
		addr add fd00:$far::2/64 dev b0 nodad
		link set b0 up
	TEXT
	chain_"$1"
	ip -n middle link set m1 up
	ip -n middle link set m2 up
}

chain_bridge() {
	ip -n middle link add br0 type bridge stp_state 0 forward_delay 0
	ip -n middle link set m1 master br0
	ip -n middle link set m2 master br0
	ip -n middle link set br0 up
}

chain_router() {
	ip netns exec middle sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	ip -n middle -batch - <<-TEXT
		addr add 10.1.0.254/24 dev m1
		addr add 10.2.0.254/24 dev m2
		addr add fd00:1::fe/64 dev m1 nodad
		addr add fd00:2::fe/64 dev m2 nodad
	TEXT
	ip -n left route add 10.2.0.0/24 via 10.1.0.254
	ip -n left route add fd00:2::/64 via fd00:1::fe
	ip -n right route add 10.1.0.0/24 via 10.2.0.254
	ip -n right route add fd00:1::/64 via fd00:2::fe
}

# pings NETNS ADDRESS [OPTION...]: five pings, all of them answered.
pings() {
	local netns=$1 address=$2
	shift 2
	ip netns exec "$netns" ping -n -q -c 5 -i 0.05 -W 2 "$@" "$address" | grep -E ' 0% packet loss'
}

# tagged_devices A B: on A in left and B in right, VLAN 5 (v5, 10.5.0.0/24), and VLAN 6 within 802.1ad 7 (c6, 10.6.0.0/24).
tagged_devices() {
	local name
	ip -n left link add link "$1" name v5 type vlan id 5
	ip -n right link add link "$2" name v5 type vlan id 5
	ip -n left link add link "$1" name s7 type vlan protocol 802.1ad id 7
	ip -n right link add link "$2" name s7 type vlan protocol 802.1ad id 7
	ip -n left link add link s7 name c6 type vlan id 6
	ip -n right link add link s7 name c6 type vlan id 6
	ip -n left addr add 10.5.0.1/24 dev v5
	ip -n right addr add 10.5.0.2/24 dev v5
	ip -n left addr add 10.6.0.1/24 dev c6
	ip -n right addr add 10.6.0.2/24 dev c6
	for name in v5 s7 c6; do
		ip -n left link set $name up
		ip -n right link set $name up
	done
}
