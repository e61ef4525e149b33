#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The message that makes a pair, in every detail, sent to veth and to etun; the index and the namespace that it asks
# for.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
export tap_tries=1
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash

# as_veth GROUP: the same answers, and the same ends, but for what is meant (creation.py).
as_veth() {
	local seen
	modprobe veth || skip "this kernel has no veth"
	seen=$(python3 -B creation.py "$1" 2>&1)
	expect_match "requests" '^[1-9][0-9]* requests$' "$seen"
	expect "differences" "" "$(grep -v ' requests$' <<<"$seen")"
}

index_of() { cat "/sys/class/net/$1/ifindex"; }

# veth takes the peer's index only where the first end's is given as well.
peers_index() {
	ip link add name x0 type etun
	IP_LIB_DIR=$plugin ip link add name x1 type etun peer name y1 index 700
	expect "index of y1" 700 "$(index_of y1)"
	IP_LIB_DIR=$plugin ip link add name x2 index 800 type etun peer name y2 index 801
	expect "indexes of x2 and y2" "800 801" "$(index_of x2) $(index_of y2)"
	expect_match "a taken one" '^RTNETLINK answers: Device or resource busy$|^Error: a device of this index exists' \
		"$(IP_LIB_DIR=$plugin ip link add name x3 type etun peer name y3 index 801 2>&1)"
	expect "devices" "etun0 x0 x1 x2 y1 y2" "$(devices | xargs -n 1 | sort | xargs)"
}

# The index that would be the peer's by lot is the one that is asked for: as both are registered one after the other.
next_free_index() {
	local next
	ip netns add east
	ip -n east link add name x0 type etun
	next=$(($(ip netns exec east cat /sys/class/net/x0/ifindex /sys/class/net/etun0/ifindex | sort -n | tail -n 1) + 1))
	ip -n east link add name x1 index "$next" type etun
	expect "index of x1" "$next" "$(ip netns exec east cat /sys/class/net/x1/ifindex)"
	IP_LIB_DIR=$plugin ip -n east link add name x2 type etun peer name y2 index $((next + 2))
	expect "index of y2" "$((next + 2))" "$(ip netns exec east cat /sys/class/net/y2/ifindex)"
}

# The socket is a stranger's, who has no right over this namespace; who sends by it has. Both are looked at.
socket_of_a_stranger() {
	printf '6.13\n%s\n' "$(uname -r)" | sort -CV || skip "before 6.13 rtnetlink tells a driver nothing of the socket"
	expect "answer" EPERM "$(python3 -B strangers-socket.py name=x0 peer.name=y0 peer.netns=/proc/self/ns/net)"
	expect "answer, without a description" EPERM "$(python3 -B strangers-socket.py name=x0 netns=/proc/self/ns/net)"
	expect "devices" "" "$(devices)"
	expect "answer, all in the stranger's" 0 "$(python3 -B strangers-socket.py name=x0 peer.name=y0)"
}

plugin=$(readlink -f ../../build/plugin)
[ -f "$plugin/link_etun.so" ] || { echo "Bail out! build it first: src/iproute2/build"; exit 1; }
for group in $(python3 -B creation.py --groups); do
	case_ "creation: as veth, each attribute in each place: $group" as_veth "$group"
done
case_ "creation: the peer has the index that it asks for" peers_index
case_ "creation: the other end does not take the index that one asks for" next_free_index
case_ "creation: the peer's namespace needs the right of whoever opened the socket" socket_of_a_stranger
done_testing
