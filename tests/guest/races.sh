#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Pairs come and go while frames flow both ways and others look at them.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/races.bash"

forever() {
	while :; do "$@"; done
}

# look DEVICE: asks all there is to ask about an end.
look() {
	ethtool -S "$1"
	ethtool -k "$1"
	ip -s -d link show "$1"
	cat /sys/class/net/"$1"/etun/* /sys/class/net/"$1"/statistics/*
}

# storm PLACE...: frames, in the background; end_storm tells whether each place has sent some.
storm() {
	begin_load
	frames storm "$calm" "$@" >"$tap_scratch/storm" 2>&1 &
	storm_process=$!
}

end_storm() {
	touch "$calm"
	wait "$storm_process" || { cat "$tap_scratch/storm"; return 1; }
}

await_flow() {
	local device
	for device in "$@"; do wait_for 20 flowing "$device"; done
}

destroyed_under_load() {
	local turn ways=("ip link del x0" "ip link del y0" "echo x0 >$delif" "echo y0 >$delif")
	storm x0 y0
	background forever look x0
	background forever look y0
	for turn in {0..5}; do
		quiet_pair x0 y0
		await_flow x0 y0
		eval "${ways[turn % 4]}"
		absent x0 >/dev/null 2>&1 || expect "x0 after ${ways[turn % 4]}" gone "still there"
		absent y0 >/dev/null 2>&1 || expect "y0 after ${ways[turn % 4]}" gone "still there"
	done
	end_storm
	stop_background
	nothing_is_left x0 y0
}

# Several who make and destroy the same pairs; each gets what it asked for or a refusal.
contended() {
	local names
	for names in x0,y0 y0,x0; do
		background forever write_silently "$newif" $names
		background forever write_silently "$delif" x0
		background forever ip link del y0
	done
	background forever look x0
	sleep 2
	stop_background
	ip link del x0 2>/dev/null || true
	nothing_is_left x0 y0
	make_pair x0 y0
}

write_silently() { echo -n "$2" >"$1"; }

unloaded_under_load() {
	local turn
	storm x0 y1
	for turn in {1..3}; do
		quiet_pair x0 y0
		quiet_pair x1 y1
		await_flow x0 y1
		rmmod etun
		absent x0 >/dev/null 2>&1 || expect "x0 after rmmod" gone "still there"
		modprobe etun
	done
	end_storm
	nothing_is_left x0 x1
}

# far_end_in_a_namespace NETNS: x0 stays here, its peer is in a namespace that answers pings.
far_end_in_a_namespace() {
	make_pair x0 y0
	ip netns add "$1"
	ip link set y0 netns "$1"
	ip -n "$1" addr add 10.9.0.2/24 dev y0
	ip -n "$1" link set y0 up
	ip addr add 10.9.0.1/24 dev x0
	ip link set x0 up
}

namespace_ends_under_load() {
	local turn
	storm x0
	for turn in {1..3}; do
		far_end_in_a_namespace "far$turn"
		background ping -f -q 10.9.0.2
		background forever look x0
		await_flow x0
		ip netns del "far$turn"
		wait_for 10 absent x0 >/dev/null 2>&1
		stop_background
	done
	end_storm
	nothing_is_left x0 y0
}

# Two pairs between two namespaces, each namespace with a first and a second end; frames both ways in each pair.
crossed_namespaces_end_together() {
	local turn netns
	for turn in {1..3}; do
		make_namespaces left right
		make_pair c0 d0
		ip link set d0 netns left
		ip link set c0 netns right
		ip -n left link set d0 up
		ip -n right link set c0 up
		background ip netns exec left ping -f -q 10.9.0.2
		background ip netns exec right ping -f -q 10.9.0.1
		sleep 0.3
		for netns in left right; do
			(ip netns pids $netns | xargs -r kill -9; ip netns del $netns) >/dev/null 2>&1 &
		done
		wait
		expect "namespaces" "" "$(ip netns list)"
	done
	# It waits for namespaces that are still ending.
	rmmod etun
	modprobe etun
	nothing_is_left
}

# Links, MTU and agreement change under load; still each frame is sent and received, or dropped and counted, once.
counted_once_whatever_changes() {
	local turn
	quiet_pair x0 y0
	probe send x0 count=0
	sysctl -qw net.core.netdev_max_backlog=50
	storm x0 y0
	await_flow x0 y0
	for turn in {1..6}; do
		ip link set x0 down
		ip link set x0 up
		ip link set y0 mtu 46
		ip link set y0 carrier off
		ip link set y0 mtu 1500 carrier on
		ethtool -K x0 rx off >/dev/null
		ethtool -K x0 rx on >/dev/null
	done
	end_storm
	sleep 0.3
	balanced x0 y0
	balanced y0 x0
}

balanced() {
	expect "sent by $1, received or dropped by $2" "$(count_of "$1" tx_packets)" \
		$(($(count_of "$2" rx_packets) + $(count_of "$2" rx_dropped)))
	expect "bytes received by $2" $(($(count_of "$2" rx_packets) * 100)) "$(count_of "$2" rx_bytes)"
}

# ---- an end that somebody else unregisters ----

widowed() {
	local before
	quiet_pair x0 y0
	expect "carrier before" 1 "$(cat /sys/class/net/y0/carrier)"
	storm x0 y0
	probe send lo count=0
	await_flow x0 y0
	echo unregister x0 >$probe_parameters/run
	absent x0 >/dev/null 2>&1
	expect "carrier of the other end" 0 "$(cat /sys/class/net/y0/carrier)"
	expect_match "its peer's name" 'No such device' "$(cat /sys/class/net/y0/etun/peer_name 2>&1)"
	expect_match "its peer's index" 'No such device' "$(cat /sys/class/net/y0/etun/peer_ifindex 2>&1)"
	expect_match "a mode for it" 'No such device' "$(bash -c 'echo napi >/sys/class/net/y0/etun/mode' 2>&1)"
	ethtool -S y0
	ethtool -K y0 rx off tx off
	before=$(count_of y0 tx_dropped)
	probe send y0 count=2
	[ "$(count_of y0 tx_dropped)" -ge $((before + 2)) ]
	ip link set y0 down
	ip link set y0 up
	expect "carrier after up" 0 "$(cat /sys/class/net/y0/carrier)"
	end_storm
	"$@"
	nothing_is_left y0
}

delete_by_link() { ip link del y0; }
delete_by_delif() { echo y0 >"$delif"; }
delete_by_rmmod() { rmmod etun && modprobe etun; }

case_ "defect 12: pairs are destroyed, by four ways, while frames flow and readers look" destroyed_under_load
case_ "defect 12: many make and destroy the same pairs at once" contended
case_ "defect 12: the module is unloaded while frames flow" unloaded_under_load
case_ "defect 12: namespaces end while frames flow" namespace_ends_under_load
case_ "defects 10, 12: crossed namespaces end together while frames flow" crossed_namespaces_end_together
case_ "defects 20, 22: each frame is counted once whatever changes under it" counted_once_whatever_changes
case_ "defect 10: an end outlives a peer that another module unregistered; ip link del" widowed delete_by_link
case_ "defect 10: an end outlives a peer that another module unregistered; delif" widowed delete_by_delif
case_ "defect 10: an end outlives a peer that another module unregistered; rmmod" widowed delete_by_rmmod
done_testing
