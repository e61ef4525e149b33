# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of XDP and of NAPI share: source tap.sh and lab.sh, then this file.

# shellcheck disable=SC2154 # lab.sh says where it is.
objects=$lab/../../build/bpf
# Not below /sys, of which `ip -n` mounts another.
pins=/run/etun-bpf
kernel=$(uname -r | grep -oE '^[0-9]+\.[0-9]+')

# links COMMAND..., verdicts COMMAND...: see the heads of the Python files.
links() { /usr/bin/python3 -ES "$lab/links.py" "$@"; }
verdicts() { /usr/bin/python3 -ES "$lab/verdicts.py" "$@"; }

# needs_kernel RELEASE WHAT: skips the case where the kernel is older.
needs_kernel() {
	at_least_kernel "$1" || skip "Linux $kernel has no $2"
}
at_least_kernel() { [ "$(printf '%s\n' "$1" "$kernel" | sort -V | head -n 1)" = "$1" ]; }

# napi_pair A B [MTU]: quiet_pair, both ends in mode napi.
napi_pair() {
	quiet_pair "$@"
	napi_mode "$1"
}

# napi_mode DEVICE: from now on this end and its peer receive by NAPI.
napi_mode() {
	expect "mode napi at both ends" 0 "$(links set "$1" mode=napi peer-mode=napi)"
}

# ---- programs ----

# load_programs: loads all of linear.bpf.o, frags.bpf.o, relay.bpf.o and tc.bpf.o; programs and maps are pinned by name in
# the folders linear, frags, relay and tc of $pins.
load_programs() {
	local object
	mkdir -p "$pins"
	mountpoint -q "$pins" || mount -t bpf bpf "$pins"
	for object in linear frags relay tc; do
		if [ ! -r "$objects/$object.bpf.o" ]; then
			echo "no $object.bpf.o; run on the host: tests/guest/bpf/build"
			return 1
		fi
		rm -rf "${pins:?}/$object"
		mkdir -p "$pins/$object"
		bpftool prog loadall "$objects/$object.bpf.o" "$pins/$object" pinmaps "$pins/$object" || return 1
	done
}

# program_of NAME: where a program is pinned.
program_of() {
	case $1 in
	frags) echo "$pins/frags/frags" ;;
	look | to_peer | misname) echo "$pins/tc/$1" ;;
	relay | to_cpu | reflect | readdress | count_tags) echo "$pins/relay/$1" ;;
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

# statistics DEVICE NAME...: counters of `ethtool -S`, in that order on one line.
statistics() {
	local device=$1
	shift
	ethtool -S "$device" | awk -v names="$*" '
		{ value[$1] = $2 }
		END {
			count = split(names, name, " ")
			for (i = 1; i <= count; i++)
				printf "%s%s", (name[i] ":" in value ? value[name[i] ":"] : "none"), (i < count ? " " : "\n")
		}'
}

# maximum DEVICE: the largest MTU that the kernel allows now.
maximum() {
	links get "$1" maxmtu
}

# offload DEVICE FEATURE [NETNS]: on or off.
offload() {
	${3:+ip netns exec "$3"} ethtool -k "$1" | awk -v name="$2:" '$1 == name { print $2 }'
}

# ---- changes under traffic ----

# alternate COMMAND...: runs them one after the other, again and again, in the background, until `rest`.
alternate() {
	rm -f "$tap_scratch/rest" "$tap_scratch/rounds"
	while [ ! -e "$tap_scratch/rest" ]; do
		local command
		for command; do $command; done
		echo >>"$tap_scratch/rounds"
	done >"$tap_scratch/alternating" 2>&1 &
	# Whatever becomes of the case.
	trap rest EXIT
}

rest() {
	trap - EXIT
	touch "$tap_scratch/rest"
	wait
	[ -s "$tap_scratch/rounds" ] || { echo "nothing alternated:"; cat "$tap_scratch/alternating"; return 1; }
}

# churn A B SECONDS [down]: see verdicts.py; sets `sent` and `received`.
churn() {
	local said
	said=$(verdicts churn "$@") || { echo "$said"; return 1; }
	read -r sent received <<<"$said"
	[ "$sent" -ge 100 ] || expect "frames sent" "100 or more" "$sent"
}
