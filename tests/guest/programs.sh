# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of XDP and of NAPI share: source tap.sh and lab.sh, then this file.

objects=$lab/../../build/bpf
pins=/sys/fs/bpf/etun
kernel=$(uname -r | grep -oE '^[0-9]+\.[0-9]+')

# links COMMAND..., verdicts COMMAND...: see the heads of the Python files.
links() { /usr/bin/python3 -ES "$lab/links.py" "$@"; }
verdicts() { /usr/bin/python3 -ES "$lab/verdicts.py" "$@"; }

# needs_kernel RELEASE WHAT: skips the case where the kernel is older.
needs_kernel() {
	[ "$(printf '%s\n' "$1" "$kernel" | sort -V | head -n 1)" = "$1" ] || skip "Linux $kernel has no $2"
}

# napi_pair A B [MTU]: quiet_pair, both ends in mode napi.
napi_pair() {
	quiet_pair "$@"
	napi_mode "$1" "$2"
}

# napi_mode DEVICE...: from now on these ends receive by NAPI.
napi_mode() {
	local device
	for device; do
		expect "mode napi for $device" 0 "$(links set "$device" mode=napi)"
	done
}

# ---- programs ----

# load_programs: loads all of linear.bpf.o and frags.bpf.o, with maps of their own, pinned in the folders $pins/linear and
# $pins/frags; programs and maps by name.
load_programs() {
	local object
	for object in linear frags tc; do
		[ -r "$objects/$object.bpf.o" ] || { echo "no $object.bpf.o; run on the host: tests/guest/bpf/build"; return 1; }
		rm -rf "${pins:?}/$object"
		mkdir -p "$pins/$object"
		bpftool prog loadall "$objects/$object.bpf.o" "$pins/$object" pinmaps "$pins/$object" || return 1
	done
}

# program_of NAME: where a program is pinned.
program_of() {
	case $1 in
	frags) echo "$pins/frags/frags" ;;
	look | to_peer) echo "$pins/tc/$1" ;;
	*) echo "$pins/linear/$1" ;;
	esac
}

# attach DEVICE PROGRAM [xdpgeneric]: in the driver unless told otherwise.
attach() {
	ip link set dev "$1" "${3-xdpdrv}" pinned "$(program_of "$2")"
}

detach() {
	ip link set dev "$1" "${2-xdpdrv}" off
}

# words NUMBER...: as 32 bit numbers in the form that bpftool takes.
words() {
	local number
	for number; do
		printf '%d %d %d %d ' $((number & 255)) $((number >> 8 & 255)) $((number >> 16 & 255)) $((number >> 24 & 255))
	done
}

# put MAP KEY NUMBER...: writes 32 bit numbers into an entry of a pinned map.
put() {
	local map=$1 key=$2
	shift 2
	# shellcheck disable=SC2046 # Words are wanted.
	bpftool map update pinned "$pins/$map" key $(words "$key") value $(words "$@")
}

verdict_number() {
	case $1 in
	aborted) echo 0 ;;
	drop) echo 1 ;;
	pass) echo 2 ;;
	tx) echo 3 ;;
	unknown) echo 77 ;;
	device) echo 100 ;;
	cpu) echo 101 ;;
	socket) echo 102 ;;
	esac
}

# turn OBJECT VERDICT [head=N] [tail=N] [meta=1]: sets the knobs of linear or frags, and forgets what it told.
turn() {
	local object=$1 verdict head=0 tail=0 meta=0
	verdict=$(verdict_number "$2")
	shift 2
	# The rest are assignments to the locals.
	[ $# -eq 0 ] || local "$@"
	put "$object/knobs" 0 "$head" "$tail" "$meta" "$verdict"
	put "$object/told" 0 0 0 0 0 0 0 0 0 0 0
}

# told OBJECT NAME: runs, bytes, or what the helper for head, tail or meta returned last.
told() {
	entry "$1/told" "$2"
}

# entry MAP NAME: a member of the only entry of a pinned map.
entry() {
	bpftool -j map lookup pinned "$pins/$1" key 0 0 0 0 |
		/usr/bin/python3 -ESc "import json,sys; print(json.load(sys.stdin)['formatted']['value']['$2'])"
}

# aim OBJECT DEVICE: where frames go that the program sends to a device.
aim() {
	put "$1/devices" 0 "$(cat "/sys/class/net/$2/ifindex")" 0
}

# ---- counters ----

# statistic DEVICE NAME: a counter of `ethtool -S`.
statistic() {
	ethtool -S "$1" | awk -v name="$2:" '$1 == name { print $2; found = 1 } END { exit !found }' || echo "no $2"
}

# statistics DEVICE NAME...: several at once, in that order.
statistics() {
	local device=$1 name seen
	shift
	seen=$(ethtool -S "$device")
	for name; do
		awk -v name="$name:" '$1 == name { printf "%s ", $2; found = 1 } END { if (!found) printf "none " }' <<<"$seen"
	done
}

# receive_counts DEVICE: what met a program on receive queue 0, in a form to compare: PACKETS drops D redirect R tx T errors E.
receive_counts() {
	local packets drops redirect tx errors
	read -r packets drops redirect tx errors < <(statistics "$1" rx_queue_0_xdp_{packets,drops,redirect,tx,tx_errors})
	echo "$packets drops $drops redirect $redirect tx $tx errors $errors"
}

# maximum DEVICE: the largest MTU that the kernel allows now.
maximum() {
	links get "$1" maxmtu
}

# offload DEVICE FEATURE [NETNS]: on or off.
offload() {
	${3:+ip netns exec "$3"} ethtool -k "$1" | awk -v name="$2:" '$1 == name { print $2 }'
}
