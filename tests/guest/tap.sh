# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# TAP 14 (https://testanything.org) for scripts that run in the guest as root: source this file first.
#
# A script is a list of cases, each a function that returns 0 when it saw what it expects:
#
#   case_ "promise: a pair is made by name0,name1" made_by_newif
#   done_testing
#
# What a case prints becomes the diagnosis if it fails. `expect` and `expect_match` say what was expected and what
# was seen. Each case starts with etun loaded, no etun device and no network namespace, and is cleaned up after.

set -u
export LC_ALL=C
newif=/sys/module/etun/parameters/newif
delif=/sys/module/etun/parameters/delif
tap_count=0
tap_failed=0
tap_scratch=$(mktemp -d)

# Removes what a case may have left: processes, namespaces, pairs.
tap_clean() {
	local pid netns
	for netns in /run/netns/*; do
		[ -e "$netns" ] || continue
		netns=${netns##*/}
		for pid in $(ip netns pids "$netns"); do kill -9 "$pid" 2>/dev/null; done
		ip netns del "$netns"
	done
	jobs -p | xargs -r kill -9 2>/dev/null
	wait 2>/dev/null
	rmmod etun 2>/dev/null
	modprobe etun
	# So that a test that looks for a refusal's line in the log always finds it.
	echo 0 >/proc/sys/net/core/message_cost
}

# How often a case is tried. An emulated machine on a busy host misses deadlines; a second try is told in the output.
# Scripts that look for races set it to 1: what goes wrong rarely is what they look for.
tap_tries=2

tap_try() {
	tap_clean >/dev/null 2>&1
	: >"$tap_scratch/remarks"
	(set -e; "$@") >"$tap_scratch/log" 2>&1 </dev/null
}

tap_diagnosis() {
	sed 's/^/# /' "$tap_scratch/log"
	dmesg | tail -n 5 | sed 's/^/# log: /'
}

# case_ NAME FUNCTION [ARGUMENT...]: runs one test case and prints its result.
case_() {
	local name=$1 status try start=$SECONDS
	shift
	tap_count=$((tap_count + 1))
	for ((try = 1; ; try++)); do
		tap_try "$@"
		status=$?
		if [ $status -eq 0 ] || [ $status -eq 77 ] || [ "$try" -ge "$tap_tries" ]; then break; fi
		echo "# tried again: $name"
		tap_diagnosis
	done
	if [ $status -eq 0 ]; then
		echo "ok $tap_count - $name"
		sed 's/^/# /' "$tap_scratch/remarks"
	elif [ $status -eq 77 ]; then
		echo "ok $tap_count - $name # SKIP $(tail -n 1 "$tap_scratch/log")"
	else
		echo "not ok $tap_count - $name"
		tap_diagnosis
		tap_failed=$((tap_failed + 1))
	fi
	[ $((SECONDS - start)) -lt 5 ] || echo "# $((SECONDS - start)) s: $name"
}

# remark TEXT: a measurement that is told although the case passes.
remark() { echo "$*" >>"$tap_scratch/remarks"; }

# skip REASON: ends a case that can't run here; the reason says what is missing.
skip() {
	echo "$1"
	exit 77
}

# has_direct: whether there is mode direct, which needs a preemption count that shows every lock. By the kernel's
# configuration, whatever etun says.
has_direct() {
	local configuration
	configuration=/lib/modules/$(uname -r)/build/include/config/auto.conf
	[ -r "$configuration" ] || return 0
	grep -qx 'CONFIG_PREEMPT_COUNT=y' "$configuration" && ! grep -qx 'CONFIG_PREEMPT_RT=y' "$configuration"
}

# where_direct COMMAND...: a case about mode direct.
where_direct() {
	has_direct || skip "this kernel counts no preemption, or is PREEMPT_RT, so there is no mode direct"
	"$@"
}

# For cases that want one more mode, whichever.
third_mode=direct
has_direct || third_mode=napi

# expect WHAT WANTED SEEN
expect() {
	[ "$2" = "$3" ] && return 0
	printf '%s: expected "%s", saw "%s"\n' "$1" "$2" "$3"
	return 1
}

# expect_match WHAT PATTERN SEEN: extended regular expression.
expect_match() {
	grep -qE -- "$2" <<<"$3" && return 0
	printf '%s: expected to match /%s/, saw "%s"\n' "$1" "$2" "$3"
	return 1
}

# make_pair A B: a pair by newif.
make_pair() {
	echo -n "$1,$2" >"$newif"
}

# make_namespaces A B: a pair whose ends are in namespaces A and B, up, addressed 10.9.0.1 and .2, fd00:9::1 and ::2;
# the devices are called a0 and b0 (a plain `a` is short for `address` to ip).
make_namespaces() {
	make_pair a0 b0
	ip netns add "$1"
	ip netns add "$2"
	ip link set a0 netns "$1"
	ip link set b0 netns "$2"
	ip -n "$1" addr add 10.9.0.1/24 dev a0
	ip -n "$2" addr add 10.9.0.2/24 dev b0
	ip -n "$1" addr add fd00:9::1/64 dev a0 nodad
	ip -n "$2" addr add fd00:9::2/64 dev b0 nodad
	ip -n "$1" link set lo up
	ip -n "$2" link set lo up
	ip -n "$1" link set a0 up
	ip -n "$2" link set b0 up
}

# How many times as long as elsewhere things may take: the debug kernel, which looks at all that it does, is the one
# with kmemleak.
patience=1
[ ! -e /sys/kernel/debug/kmemleak ] || patience=5

# Whether times can be judged: a kernel that looks at every object that comes and goes has most to do there.
times_tell() { [ "$patience" = 1 ]; }

# wait_for SECONDS COMMAND...: repeats COMMAND until it succeeds; for longer on a slow kernel.
wait_for() {
	local end=$((SECONDS + $1 * patience))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || { echo "waited in vain for: $*"; return 1; }
		sleep 0.1
	done
}

# counter DEVICE NAME [NETNS]: one of the counters of `ip -s link`, for example tx_packets.
counter() {
	ip ${3:+-n "$3"} -j -s -s link show dev "$1" |
		python3 -c "import json,sys; s=json.load(sys.stdin)[0]['stats64']; d,n='$2'.split('_',1); print(s[d][n])"
}

# done_testing: prints the plan; exit status 1 when a case failed.
done_testing() {
	tap_clean >/dev/null 2>&1
	rm -rf "$tap_scratch"
	echo "1..$tap_count"
	[ $tap_failed -eq 0 ]
}

echo "TAP version 14"
