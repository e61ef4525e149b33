#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# pktgen, TCP and AF_XDP send all at once, each over a pair of its own, while everything about these pairs changes, and
# others come and go; and while the ends, and the module, go: races-load.sh [SECONDS].
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/programs.sh"
. "$(dirname "$0")/races.bash"

# changes COMMAND...: see the head of the Python file.
changes() { /usr/bin/python3 -ES "$lab/changes.py" "$@"; }

# An emulated machine on a busy host takes its time until frames flow.
start_seconds=60

# ---- what is sent ----

# until_calm COMMAND...: over and over, as the end that it needs may be elsewhere just now.
until_calm() {
	until [ -e "$calm" ]; do
		"$@" || true
		sleep 0.1
	done
}

# With pauses, and in small portions where each frame takes long, or it would leave nothing of an emulated processor. pktgen forgets a device that goes or moves away.
pktgen_sends() {
	grep -qE '^(Running|Stopped):.* z?x0@' /proc/net/pktgen/kpktgend_0 ||
		generate 0 x0 0 "$1" $((200000 / (patience * patience)))
	echo start >/proc/net/pktgen/pgctrl
}

# A socket stays with a device that moves away or goes, so there is a new one every few seconds (more of them where it takes long to begin).
socket_sends() {
	timeout $((3 * patience)) nice -n $((10 / patience)) "$objects/afxdp" send s0 0 - 100000
}

socket_sends_back() {
	timeout $((3 * patience)) nice -n $((10 / patience)) "$objects/afxdp" reflect r0 0 "$pins/linear/sockets" 100000
}

# An end that moves loses its addresses.
stream_has_addresses() {
	ip -n east -batch - <<<"addr replace 10.9.0.1/24 dev t0
		link set t0 up"
	ip -n west -batch - <<<"addr replace 10.9.0.2/24 dev u0
		link set u0 up"
}

# load_flows: x0 sends to y0 by pktgen, t0 in `east` to u0 in `west` by TCP, s0 to r0 and back by AF_XDP. All of them do
# when this returns, and go on, or begin anew, until end_load.
load_flows() {
	quiet_pair x0 y0
	quiet_pair s0 r0
	quiet_netns east
	quiet_netns west
	make_pair t0 u0
	ip link set t0 netns east
	ip link set u0 netns west
	stream_has_addresses
	# It takes the frames of AF_XDP, which would count as dropped besides when nobody does.
	probe send lo count=0 >/dev/null
	put linear/knobs 0 0 0 0 102
	begin_load
	rm -f "$calm"
	stream_flows
	background until_calm stream_has_addresses
	background until_calm pktgen_sends "$(mac y0)"
	wait_for $start_seconds flowing x0
	# Its program is taken away over and over.
	background until_calm attach r0 linear
	background until_calm socket_sends_back
	background until_calm socket_sends
	wait_for $start_seconds flowing r0
}

# stream_flows: one connection, by load.py, until the file `changed` is there; then it has to flow still.
stream_flows() {
	rm -f "$tap_scratch"/{flows,changed}
	echo "until [ -e $tap_scratch/changed ]; do sleep 0.2; done" >"$tap_scratch/until_changed"
	nice /usr/bin/python3 -ES "$lab/load.py" tcp east:t0 west:u0 10.9.0.2 "east:t0 run touch $tap_scratch/flows" \
		"east:t0 run bash $tap_scratch/until_changed" >"$tap_scratch/stream" 2>&1 &
	stream=$!
	wait_for $start_seconds stream_begun
	[ -e "$tap_scratch/flows" ] || { cat "$tap_scratch/stream"; return 1; }
}

# It flows, or has given up.
stream_begun() { [ -e "$tap_scratch/flows" ] || ! kill -0 "$stream" 2>/dev/null; }

# end_load: everything that sends has ended, by itself but for a connection whose ends are gone.
end_load() {
	local process
	touch "$calm" "$tap_scratch/changed"
	kill -9 "$stream" 2>/dev/null || true
	for process in "${background_processes[@]}"; do wait_for 60 ended "$process"; done
	background_processes=()
}

# pktgen may have begun anew just now.
ended() {
	echo stop >/proc/net/pktgen/pgctrl
	! kill -0 "$1" 2>/dev/null
}

grows() {
	local before
	before=$(count_of "$1" "$2")
	sleep 0.5
	[ "$(count_of "$1" "$2")" -gt "$before" ]
}

# ---- what changes ----

# changes_of_pair ONE OTHER HOME AWAY: what is done to a pair that carries traffic, by two processes; OTHER is at HOME.
# Before 6.2 an end that is up can't be renamed, and who sets it up by its name may do so just after it has another one.
changes_of_pair() {
	groups+=(-- 0.1 "channels $2 2 2" "channels $1 2 2" "xdp $2 pass" "xdp $1 pass" "xdp $1 off" "xdp $2 off"
		"channels $1 1 1" "channels $2 1 1")
	groups+=(-- 0.5 "link $2 0" "link $2 1" "link $1 0" "rename $1 z$1" "link z$1 0" "rename z$1 $1"
		"link $1 1" "move $2 $4" "move $2 $3" "link $2 1")
}

# By newif and delif on one processor, by rtnetlink on the other; then those of the ends that carry traffic.
all_changes() {
	groups=(0.01 "newif here a0,b0" "link a0 1" "link b0 1" "move b0 east" "rename b0 c0" "xdp a0 drop" "delif east c0")
	groups+=(-- 0.01 "newlink here name=a1 peer.name=b1 peer.netns=/run/netns/west peer.flags=up mode=napi" "link a1 1"
		"channels b1 2 2" "channels a1 2 2" "xdp b1 pass" "move a1 west" "dellink b1")
	changes_of_pair x0 y0 here east
	changes_of_pair y0 x0 here west
	changes_of_pair t0 u0 west east
	changes_of_pair s0 r0 here east
}

# received: by the ends that pktgen, TCP and AF_XDP send to.
received() {
	echo "$(count_of y0 rx_packets) $(counter u0 rx_packets west) $(count_of s0 rx_packets)"
}

# flowed BEFORE AFTER: each of these numbers has grown.
flowed() {
	local i what=(pktgen TCP AF_XDP) before after
	read -ra before <<<"$1"
	read -ra after <<<"$2"
	for i in 0 1 2; do
		[ $((after[i] - before[i])) -ge 20 ] ||
			expect "frames by ${what[i]} while everything changed" "20 or more" $((after[i] - before[i]))
	done
}

everything_changes() {
	local groups before after said netns
	load_flows
	all_changes
	before=$(received)
	said=$(changes make "$1" 5 "${groups[@]}" 2>&1) || { echo "$said"; return 1; }
	after=$(received)
	remark "$said; frames by pktgen, TCP, AF_XDP before and after: $before, $after"
	flowed "$before" "$after"
	touch "$tap_scratch/changed"
	wait_for $start_seconds grows y0 rx_packets
	wait_for $start_seconds grows s0 rx_packets
	wait "$stream" || { cat "$tap_scratch/stream"; return 1; }
	end_load
	changes balance
	frames exchange x0 y0 100 1514
	frames exchange s0 r0 100 1514
	ip link del x0
	ip link del r0
	ip -n west link del u0
	for netns in east west; do expect "devices left in $netns" "" "$(ip -n $netns -o link show type etun)"; done
	nothing_is_left x0 r0
}

# ---- what goes ----

# gone_from_everywhere: the ends, and what pktgen had of them.
gone_from_everywhere() {
	expect "devices that are left" "" "$(ip -o link show type etun)"
	expect "in east and west" "" "$(ip -n east -o link show type etun; ip -n west -o link show type etun)"
	expect_match "devices of pktgen" 'Stopped: *$' "$(cat /proc/net/pktgen/kpktgend_0)"
}

# together COMMAND...: all at once, on the processors in turn; each of them succeeds.
together() {
	local command process processor=0 processes=()
	for command; do
		taskset -c $((processor++ % $(nproc))) sh -c "$command" &
		processes+=($!)
	done
	for process in "${processes[@]}"; do wait "$process"; done
}

a_new_pair_works() {
	make_namespaces left right
	pings left 10.9.0.2
	ip netns del left
	ip netns del right
	wait_for 10 absent a0 >/dev/null 2>&1
}

# gone_under_load COMMAND...: they take the ends away.
gone_under_load() {
	load_flows
	together "$@"
	gone_from_everywhere
	a_new_pair_works
	end_load
	nothing_is_left
}

unloaded_under_load() {
	load_flows
	rmmod etun
	gone_from_everywhere
	modprobe etun
	a_new_pair_works
	end_load
	nothing_is_left
}

load_programs || exit 1
modprobe pktgen
# Else its threads leave little to those that have to answer, where each frame takes long.
pgrep '^kpktgend_' | xargs renice -n 15 -p >/dev/null
case_ "races: everything changes at once while pktgen, TCP and AF_XDP send, and they go on" everything_changes "${1-15}"
case_ "races: ip link del takes the ends of pktgen, TCP and AF_XDP while they send" gone_under_load \
	"ip link del x0" "ip -n east link del t0" "ip link del r0"
case_ "races: delif takes the ends of pktgen, TCP and AF_XDP while they send" gone_under_load \
	"echo y0 s0 >$delif" "ip netns exec west sh -c 'echo u0 >$delif'"
case_ "races: the module is unloaded while pktgen, TCP and AF_XDP send" unloaded_under_load
rmmod pktgen
done_testing
