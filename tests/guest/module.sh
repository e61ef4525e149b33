#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The module as the kernel sees it: what it says of itself, what it costs to be there, how it goes.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"
# shellcheck source=tests/guest/lab.sh
. "$(dirname "$(readlink -f "$0")")/lab.sh"

says_what_it_is() {
	local info
	info=$(modinfo etun)
	expect_match "licence" '^license: +GPL$' "$info"
	expect_match "version" "^version: +$(cat /sys/module/etun/version)$" "$info"
	expect_match "parameter" '^parm: +newif:' "$info"
	expect_match "alias for ip link" '^alias: +rtnl-link-etun$' "$info"
	# Among others whether there are symbol versions, which Debian's 7.x has no more.
	expect "version magic, as of the kernel's own modules" "$(modinfo -F vermagic dummy)" "$(modinfo -F vermagic etun)"
}

# Taints beyond "out of tree" and, where the kernel knows signatures, "unsigned" would mean that loading did harm.
loads_without_harm() {
	local wanted=O
	[ ! -e /sys/module/module/parameters/sig_enforce ] || wanted=OE
	expect "taint flags of the module" $wanted "$(tr -d ' ' </sys/module/etun/taint)"
	expect "references" 0 "$(cat /sys/module/etun/refcnt)"
	expect "state" live "$(cat /sys/module/etun/initstate)"
}

# BTF of the C part lets bpftrace and bpftool see the driver's tables.
has_type_information() {
	[ -f /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF"
	case $(uname -r) in
	6.1.*) skip "Debian's 6.1 headers have no vmlinux to make module BTF from" ;;
	esac
	[ -s /sys/kernel/btf/etun ] || { echo "/sys/kernel/btf/etun is missing"; return 1; }
}

# kallsyms marks what belongs to the module; C++ names would be mangled (_ZN4etun...).
functions_are_traceable() {
	local traced
	traced=$(grep -c '\[etun\]$' /sys/kernel/tracing/available_filter_functions) || true
	[ "${traced:-0}" -gt 10 ] || { echo "only ${traced:-0} functions can be traced"; return 1; }
	grep -q '^etun_start_xmit \[etun\]$' /sys/kernel/tracing/available_filter_functions ||
		{ echo "etun_start_xmit can't be traced"; return 1; }
}

# waits_of TEXT: how often one write to delif waits for all readers.
waits_of() {
	local tracing=/sys/kernel/tracing
	echo synchronize_rcu_expedited >$tracing/set_ftrace_filter
	echo function >$tracing/current_tracer
	echo "$1" >"$delif"
	# Before the tracer is put away, which empties the buffer.
	grep -c 'synchronize_rcu_expedited <-' $tracing/trace || true
	echo nop >$tracing/current_tracer
	echo >$tracing/set_ftrace_filter
}

one_wait_for_all() {
	local one many i pairs
	make_pair x0 y0
	one=$(waits_of x0)
	pairs=$(for i in {1..100}; do echo "x$i,y$i"; done)
	echo "$pairs" >"$newif"
	many=$(waits_of "$(seq -s ' ' -f 'x%g' 100)")
	expect "devices left" lo "$(ls /sys/class/net)"
	[ "$one" -gt 0 ] || { echo "no wait was seen at all"; return 1; }
	expect "waits for 100 pairs, as for one" "$one" "$many"
}

unloads_with_pairs_everywhere() {
	ip netns add elsewhere
	make_pair here there
	make_pair near far
	ip link set there netns elsewhere
	ip link set near up
	ip link set far up
	rmmod etun
	expect "devices left here" "" "$(ip -br link show type etun 2>/dev/null)"
	expect "devices left here" "lo" "$(ls /sys/class/net)"
	expect "devices left elsewhere" "lo" "$(ip netns exec elsewhere ls /sys/class/net)"
	modprobe etun
	make_pair here there
}

loads_and_unloads_often() {
	local round
	for round in $(seq 20); do
		make_pair here there
		rmmod etun
		modprobe etun || { echo "round $round"; return 1; }
	done
}

# What it registers one after the other; nothing may stay behind of what came before. A notifier that did would be called
# at an address where there is no code any more.
refused_loading_leaves_nothing() {
	local step
	trap 'fault nothing' EXIT
	rmmod etun
	for step in register_netdevice_notifier rtnl_link_register; do
		fault fail $step 1
		expect_match "loading without $step" 'Cannot allocate memory' "$(modprobe etun 2>&1)"
		expect "failures to come" 0 "$(cat /sys/module/etun_fault/parameters/left)"
		[ ! -d /sys/module/etun ] || expect "the module without $step" "not there" "there"
		fault nothing
		ip link add x0 type veth peer name y0
		ip link del x0
		modprobe etun
		make_pair here there
		rmmod etun
	done
	modprobe etun
}

case_ "etun: the module says what it is" says_what_it_is
case_ "etun: the module loads without harm" loads_without_harm
case_ "etun: the module has type information" has_type_information
case_ "etun: the module's functions can be traced" functions_are_traceable
case_ "etun: one delif write waits for readers as often for 100 pairs as for one" one_wait_for_all
case_ "promise: unloading the module destroys every pair" unloads_with_pairs_everywhere
case_ "etun: loading that is refused leaves nothing behind" refused_loading_leaves_nothing
case_ "etun: loading and unloading twenty times" loads_and_unloads_often
done_testing
