# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What exhaustion.sh and refusals.sh share: a case for each thing of operations.py, and a report beside its verdict.

declare -A words=(
	[newif]="a pair by newif"
	[newif-two]="two pairs by one write"
	[delif]="a pair is destroyed by delif"
	[newlink]="a pair by rtnetlink in mode napi"
	[newlink-far]="a pair by rtnetlink whose peer is elsewhere"
	[change]="both modes and a ring by rtnetlink"
	[direct]="mode direct"
	[dellink]="a pair is destroyed by rtnetlink"
	[up]="up"
	[up-napi]="up in mode napi"
	[down]="down"
	[channels]="more channels"
	[ring]="another ring"
	[coalesce]="coalescing"
	[gro]="GRO"
	[tx-checksum]="no checksums left to others"
	[rx-checksum]="no checksums taken on trust"
	[attach]="an XDP program"
	[detach]="no XDP program"
	[mtu]="another MTU"
	[mtu-equal]="another MTU of both ends"
	[rename]="another name"
	[move]="into another namespace"
	[enslave]="into a bridge"
	[load]="the module is loaded"
	[unload]="the module is unloaded with a pair in it"
)

# surroundings WHAT: what it needs beside a pair.
surroundings() {
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	case $1 in
	*far | move) quiet_netns far ;;
	enslave)
		ip link add br0 type bridge
		trap 'ip link del br0' EXIT
		;;
	esac
}

# shellcheck disable=SC2154 # tap.sh and lab.sh say what these are.
# attempts PROGRAM WHAT [ARGUMENT...]: its last line is the report.
attempts() {
	prepare "$2"
	surroundings "$2"
	/usr/bin/python3 -ES "$lab/$1.py" "${@:2}" | tee "$tap_scratch/report"
	[ "${PIPESTATUS[0]}" -eq 0 ]
}

# wholly PROGRAM ARGUMENT WHAT...: a case for each, named after the program. `prepare WHAT` is the script's.
wholly() {
	local program=$1 argument=$2 what
	shift 2
	for what in "$@"; do
		: >"$tap_scratch/report"
		case_ "$program: ${words[$what]}" attempts "$program" "$what" ${argument:+"$argument"}
		sed 's/^/# /' "$tap_scratch/report"
	done
}
