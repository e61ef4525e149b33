#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What an end's link message shows of the peer: whoever listens hears of each change of it, in the namespaces of both ends.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
export tap_tries=1
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash
# shellcheck source-path=SCRIPTDIR source=lab.sh
source ./lab.sh
# shellcheck source-path=SCRIPTDIR source=programs.sh
source ./programs.sh

# announced PLACE... [-- COMMAND...], see the head of announced.py.
announced() { /usr/bin/python3 -ES "$lab/announced.py" "$@"; }

# listened_netns NAME: a quiet one whose lo is up, as the mark of announced.py is not told of a device that is down.
listened_netns() {
	quiet_netns "$1"
	ip -n "$1" link set lo up
}

# in_ns NETNS COMMAND...
in_ns() { ip netns exec "$@"; }

# apart UP: a0 in namespace east, b0 in west; up or down.
apart() {
	listened_netns east
	listened_netns west
	expect "answer to a new pair" 0 "$(newlink name=a0 netns=/run/netns/east peer.name=b0 peer.netns=/run/netns/west)"
	[ "$1" = down ] || for_both "$1"
}
for_both() {
	ip -n east link set a0 "$1"
	ip -n west link set b0 "$1"
	wait_for 5 eval '[ "$(ip netns exec west cat /sys/class/net/b0/operstate)" = up ]'
}

# tells COMMAND...: both listeners hear of it, and the last that they hear is what a dump shows then.
tells() {
	local heard
	heard=$(announced east:a0 west:b0 -- "$@") || { echo "status of '$*': expected 0"; return 1; }
	expect "heard in both namespaces, of '$*'" "$(announced east:a0 west:b0)" "$heard"
}

# tells_nothing COMMAND...: of what changes nothing, or is refused.
tells_nothing() {
	local heard
	heard=$(announced east:a0 west:b0 -- "$@") || true
	expect "heard in both namespaces, of '$*'" "east:a0 nothing west:b0 nothing" "$(xargs <<<"$heard")"
}

# set_east KEY=VALUE...: by rtnetlink, as change_in, but in a process of its own.
set_east() { in_ns east python3 -ES "$here/lifecycle-newlink.py" change=a0 "$@"; }
sysfs_east() { in_ns east sh -c "echo $1 >/sys/class/net/a0/etun/mode"; }
ring_east() { in_ns east ethtool -G a0 rx "$1"; }
export here
export -f in_ns set_east sysfs_east ring_east

by_rtnetlink() {
	local what
	apart "$1"
	for what in mode=napi peer-mode=napi peer-mode=backlog ring=64 peer-ring=32 mtu-policy=equal mtu-policy=independent \
		"mode=backlog peer-ring=128"; do
		tells bash -c "set_east $what" || return 1
	done
}

by_sysfs() {
	apart "$1"
	tells bash -c "sysfs_east napi"
	tells bash -c "sysfs_east backlog"
	tells_nothing bash -c "sysfs_east backlog"
	tells_nothing bash -c "sysfs_east nonsense 2>/dev/null"
}

by_ethtool() {
	apart "$1"
	tells bash -c "ring_east 512"
	tells_nothing bash -c "ring_east 512"
}

refused() {
	apart up
	tells_nothing bash -c "set_east mode=napi ring=1"
	tells_nothing bash -c "sysfs_east fast 2>/dev/null"
	tells_nothing bash -c "ring_east 1 2>/dev/null"
}

# The peer's index and namespace, in etun's words and in the core's.
by_moving() {
	local before heard
	apart "$1"
	quiet_netns north
	# So that a0 cannot keep its index there.
	ip netns exec north sh -c 'for i in $(seq 40); do ip link add d$i type dummy; done'
	before=$(announced west:b0)
	heard=$(announced west:b0 -- ip -n east link set a0 netns north)
	expect "heard by the peer's namespace" "$(announced west:b0)" "$heard"
	[ "$before" != "$heard" ] || expect "index or namespace of the peer" another "$heard"
	heard=$(announced west:b0 -- ip -n north link set a0 netns west)
	expect "heard of the peer that came home" "$(announced west:b0)" "$heard"
	expect_match "namespace of the peer" 'peer-netnsid=-1 ' "$heard"
}

# A program at one end takes frames of one page, or of several, so the other's largest MTU changes with it.
by_a_program() {
	local heard
	make_pair a0 b0
	load_programs
	heard=$(announced b0 -- ip link set a0 xdpdrv pinned "$(program_of pass)")
	expect "heard of the largest MTU" "$(announced b0)" "$heard"
	expect_match "largest MTU" 'maxmtu=[1-9][0-9]{3}$' "$heard"
	# No offload changes then, so that nothing else is told.
	heard=$(announced b0 -- ip -force link set a0 xdpdrv pinned "$(program_of frags)")
	expect "heard of the largest MTU, with a program for several pages" "$(announced b0)" "$heard"
	expect_match "largest MTU" 'maxmtu=[1-9][0-9]{4}$' "$heard"
}

new_pair_shows_both() {
	listened_netns east
	listened_netns west
	local heard
	heard=$(announced east:a0 west:b0 -- python3 -ES "$here/lifecycle-newlink.py" name=a0 netns=/run/netns/east mode=napi \
		ring=64 peer.name=b0 peer.netns=/run/netns/west peer-mode=backlog peer-ring=32)
	expect "heard of a new pair" "$(announced east:a0 west:b0)" "$heard"
}

for state in up down; do
	case_ "announced: mode, rings and MTU policy by rtnetlink, to both namespaces, ends $state" by_rtnetlink $state
	case_ "announced: the mode by sysfs, to both namespaces, ends $state" by_sysfs $state
	case_ "announced: the ring by ethtool, to both namespaces, ends $state" by_ethtool $state
	case_ "announced: the peer moves to another namespace, ends $state" by_moving $state
done
case_ "announced: the largest MTU under a program" by_a_program
case_ "announced: a new pair, each end with the peer's settings" new_pair_shows_both
case_ "announced: what is refused or changes nothing is not" refused
done_testing
