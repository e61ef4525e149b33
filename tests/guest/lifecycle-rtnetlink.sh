#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The link kind `etun` of rtnetlink: ip link add and del, and the description of the peer.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
export tap_tries=1
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash

generated_names() {
	ip link add type etun
	ip link add type etun
	expect "devices" "etun0 etun1 etun2 etun3" "$(devices | xargs -n 1 | sort | xargs)"
	expect "peer of etun0" etun1 "$(end_attribute etun0 peer_name)"
	expect_match "kind" '\\ +etun ' "$(ip -d -o link show etun0)"
	expect "links of the kind" 4 "$(ip -br link show type etun | wc -l)"
}

given_name() {
	ip link add name x1 type etun
	expect "peer of x1" etun0 "$(end_attribute x1 peer_name)"
	expect "peer of etun0" x1 "$(end_attribute etun0 peer_name)"
}

given_attributes() {
	ip netns add east
	ip link add name x1 address 02:11:22:33:44:55 mtu 46 txqueuelen 77 type etun
	expect "address, MTU, queue" "02:11:22:33:44:55 46 77" \
		"$(address x1) $(net_file x1 mtu) $(net_file x1 tx_queue_len)"
	expect "permanent address" "Permanent address: 02:11:22:33:44:55" "$(ethtool -P x1)"
	expect "of the peer, whose address is its own" "46 77 1" \
		"$(net_file etun0 mtu) $(net_file etun0 tx_queue_len) $(net_file etun0 addr_assign_type)"
	ip link add name x2 mtu 65535 type etun
	expect "MTU of x2 and its peer" "65535 65535" "$(net_file x2 mtu) $(net_file etun1 mtu)"
	ip link add name x3 netns east type etun
	expect "devices in east" "etun0 x3" "$(devices_in east | xargs -n 1 | sort | xargs)"
}

refused() { # PATTERN COMMAND...: the answer matches, and no device comes
	local pattern=$1 before seen
	shift
	before=$(cd /sys/class/net && echo ./*)
	seen=$("$@" 2>&1) || true
	expect_match "answer to '$*'" "$pattern" "$seen" || return 1
	expect "devices after '$*'" "$before" "$(cd /sys/class/net && echo ./*)"
}

bad_attributes() {
	refused "not a unicast Ethernet address" ip link add name x1 address 01:00:00:00:00:01 type etun
	refused "not a unicast Ethernet address" ip link add name x1 address 00:00:00:00:00:00 type etun
	refused "MTU of an etun end is 46 to 65535" ip link add name x1 mtu 45 type etun
	refused "MTU of an etun end is 46 to 65535" ip link add name x1 mtu 65536 type etun
	refused "^EADDRNOTAVAIL not a unicast Ethernet address$" newlink name=x1 address=ff:ff:ff:ff:ff:ff
	refused "^EINVAL .*MTU of an etun end is 46 to 65535 bytes$" newlink name=x1 mtu=0
	refused "^EINVAL an Ethernet address has 6 bytes$" newlink name=x1 address=02:00:00:00
}

taken_name() {
	make_pair a0 b0
	refused "File exists" ip link add name a0 type etun
	refused "^EEXIST" newlink name=a0
	refused "^EEXIST" newlink name=x0 peer.name=b0
	refused "^EEXIST" newlink name=x0 peer.name=x0
	expect "links" "a0 b0" "$(devices)"
}

whole_description() {
	ip netns add east
	expect "answer" 0 "$(newlink name=x0 address=02:00:00:00:00:01 mtu=1400 peer.name=y0 \
		peer.address=02:00:00:00:00:02 peer.mtu=9000)"
	expect "x0" "02:00:00:00:00:01 1400 y0" "$(address x0) $(net_file x0 mtu) $(end_attribute x0 peer_name)"
	expect "y0" "02:00:00:00:00:02 9000 x0" "$(address y0) $(net_file y0 mtu) $(end_attribute y0 peer_name)"
	expect "answer, only the peer named" 0 "$(newlink peer.name=z1)"
	expect "peer of z1" etun0 "$(end_attribute z1 peer_name)"
	expect "answer, nothing but a header for the peer" 0 "$(newlink name=w0 raw=00000000000000000000000000000000)"
	expect "peer of w0" etun1 "$(end_attribute w0 peer_name)"
}

# Names that a file could not have are not taken.
peer_names() {
	expect "answer, the longest name" 0 "$(newlink name=x0 peer.name=a2345678-._+z15)"
	expect "peer" "a2345678-._+z15" "$(end_attribute x0 peer_name)"
	refused "^E(INVAL|RANGE)" newlink name=x1 peer.name=a2345678-._+z156
	refused "^EINVAL" newlink name=x1 peer.name=a/b
	refused "^EINVAL" newlink name=x1 peer.name=..
	refused "^EINVAL" newlink name=x1 peer.name=
}

peer_made_up() {
	expect "answer" 0 "$(newlink name=x0 peer.name=y0 peer.flags=up)"
	expect "flags of x0 and y0" "0x1002 0x1003" "$(net_file x0 flags) $(net_file y0 flags)"
	expect "carrier of y0" off "$(carrier y0)"
	up x0
	expect "carriers" "on on" "$(carriers x0 y0)"
}

# sleeper NETNS: a process there; sets pid.
sleeper() {
	in_background ip netns exec "$1" sleep 1000
	pid=${background[-1]}
	wait_for 10 in_netns "$1"
}
in_netns() { [ "$(ip netns identify "$pid")" = "$1" ]; }

peer_elsewhere() {
	local pid
	ip netns add east
	ip netns add west
	expect "answer, by descriptor" 0 "$(newlink name=x0 peer.name=y0 peer.netns=/run/netns/east)"
	expect "peer of x0" y0 "$(end_attribute x0 peer_name)"
	expect "devices in east" y0 "$(devices_in east)"
	sleeper west
	expect "answer, by process" 0 "$(newlink name=x1 peer.name=x1 peer.netns="$pid")"
	expect "peer of x1" x1 "$(end_attribute x1 peer_name)"
	expect "answer, both elsewhere" 0 "$(newlink name=x2 netns=/run/netns/east peer.name=y2 peer.netns="$pid")"
	expect "devices here, east, west" "x0 x1, x2 y0, x1 y2" "$(devices), $(devices_in east), $(devices_in west)"
	refused "^EEXIST" newlink name=x3 peer.name=y0 peer.netns=/run/netns/east
	expect "devices in east" "x2 y0" "$(devices_in east)"
}

# What the peer's description is refused for; nothing of it may be left anywhere.
bad_peer() {
	refused "^E(INVAL|RANGE)" newlink name=x0 raw=
	refused "^E(INVAL|RANGE)" newlink name=x0 raw=00
	refused "^E(INVAL|RANGE)" newlink name=x0 raw=000000000000000000000000000000
	refused "^(EBADF|EINVAL)" newlink name=x0 peer.name=y0 peer.netns.number=999
	refused "^(EINVAL|EBADF)" newlink name=x0 peer.name=y0 peer.netns=/dev/null
	refused "^ESRCH" newlink name=x0 peer.name=y0 peer.netns=4194303
	refused "^EADDRNOTAVAIL not a unicast Ethernet address" newlink name=x0 peer.name=y0 peer.address=01:00:00:00:00:00
	refused "^EINVAL an Ethernet address has 6 bytes" newlink name=x0 peer.name=y0 peer.address=02:00
	refused "^EINVAL .*46 to 65535" newlink name=x0 peer.name=y0 peer.mtu=45
	refused "^EINVAL .*46 to 65535" newlink name=x0 peer.name=y0 peer.mtu=65536
	refused "^EINVAL" newlink name=x0 peer.name=all
	refused "^EINVAL" newlink name=default peer.name=y0
	expect "answer to a good one" 0 "$(newlink name=x0 peer.name=y0)"
}

refused_unheard() {
	make_pair a0 b0
	start_monitor
	refused "^EEXIST" newlink name=x0 peer.name=b0
	refused "^EEXIST" newlink name=a0 peer.name=y0
	refused "^EINVAL" newlink name=default peer.name=y0
	refused "^EINVAL" newlink name=x0 peer.name=default
	expect "events" "" "$(stop_monitor)"
}

deleted_by_either() {
	ip link add name x0 type etun
	ip link del x0
	expect "devices after ip link del of the first" "" "$(devices)"
	ip link add name x0 type etun
	ip link del etun0
	expect "devices after ip link del of the second" "" "$(devices)"
	make_pair a0 b0
	ip link del b0
	expect "a pair of newif" "" "$(devices)"
	ip link add name x0 type etun
	expect "delif of a pair of ip link" 0 "$(write_errno "$delif" x0)"
	expect "devices" "" "$(devices)"
}

deleted_by_group() {
	echo 'a0,b0 a1,b1 c0,d0' >"$newif"
	ip link set a0 group 9
	ip link set b0 group 9
	ip link set b1 group 9
	ip link del group 9
	expect "devices" "c0 d0" "$(devices)"
}

loaded_by_kind() {
	rmmod etun
	expect "module" absent "$([ -d /sys/module/etun ] || echo absent)"
	ip link add name x0 type etun
	expect "devices" "etun0 x0" "$(devices | xargs -n 1 | sort | xargs)"
}

crossed_by_rtnetlink() {
	local i before
	before=$(log_length)
	for i in 1 2 3 4; do
		ip netns add east
		ip netns add west
		expect "answer" 0 "$(newlink name=x0 netns=/run/netns/east peer.name=y0 peer.netns=/run/netns/west)"
		expect "answer" 0 "$(newlink name=x1 netns=/run/netns/west peer.name=y1 peer.netns=/run/netns/east)"
		expect "devices, time $i" "x0 y1, x1 y0" "$(devices_in east), $(devices_in west)"
		ip netns del west &
		ip netns del east
		wait
	done
	rmmod etun
	expect "devices with the module gone" lo "$(find /sys/class/net -mindepth 1 -printf '%f\n' | xargs)"
	expect_healthy_since "$before"
}

case_ "etun: ip link add type etun generates names" generated_names
case_ "etun: ip link add name NAME type etun" given_name
case_ "etun: ip link add takes address, MTU, queue length and namespace" given_attributes
case_ "defect 33: a bad address or MTU is refused with a reason" bad_attributes
case_ "etun: a taken name is refused at either end" taken_name
case_ "etun: the peer is described as for veth" whole_description
case_ "etun: the peer's name is any that the kernel allows" peer_names
case_ "etun: the peer can be made up" peer_made_up
case_ "etun: the peer is made in another namespace, by descriptor and by process" peer_elsewhere
case_ "etun: a bad description of the peer is refused and leaves nothing" bad_peer
case_ "defect 30: a refused link is refused without an event" refused_unheard
case_ "etun: ip link del of either end deletes the pair" deleted_by_either
case_ "etun: ip link del group with both ends of a pair in it" deleted_by_group
case_ "etun: the module loads by the name of its kind" loaded_by_kind
case_ "defects 10, 12: namespaces with crossed ends made by rtnetlink go at once" crossed_by_rtnetlink
done_testing
