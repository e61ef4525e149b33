#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Loading, unloading, and what happens at the same time.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
export tap_tries=1
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash

unloading_destroys_all() {
	local before
	before=$(log_length)
	make_namespaces east west
	make_pair a1 b1
	make_pair a2 b2
	ip link set a2 netns east
	ip netns exec west sh -c "echo c0,d0 >$newif"
	up a1 b1
	expect "ends before" "b2 a1 b1" "$(for dev in b2 a1 b1; do exists $dev && echo $dev; done | xargs)"
	rmmod etun
	expect "devices here" lo "$(find /sys/class/net -mindepth 1 -printf '%f\n' | xargs)"
	expect "devices east" lo "$(ip netns exec east find /sys/class/net -mindepth 1 -printf '%f\n' | xargs)"
	expect "devices west" lo "$(ip netns exec west find /sys/class/net -mindepth 1 -printf '%f\n' | xargs)"
	modprobe etun
	expect "devices of the module loaded again" "" "$(devices)"
	expect_healthy_since "$before"
}

frames_cross() { [ "$(ip netns exec west cat /sys/class/net/b0/statistics/rx_packets)" -gt 50 ]; }

# Traffic at both ends while the module goes.
unloading_under_traffic() {
	local before i
	before=$(log_length)
	for i in 1 2; do
		make_namespaces east west
		in_background ip netns exec east ping -q -f -W 1 10.9.0.2 >/dev/null 2>&1
		wait_for 10 frames_cross
		rmmod etun
		stop_background
		ip netns del east
		ip netns del west
		modprobe etun
	done
	expect_healthy_since "$before"
}

# load_with PARAMETER...: loads, and prints how many ends there are then.
load_with() {
	rmmod etun
	modprobe etun "$@" 2>/dev/null || true
	if [ -d /sys/module/etun ]; then devices; else ip -o link | grep -cv ' lo:' | sed s/^0$//; fi
}

parameter_without_value() {
	local before
	before=$(log_length)
	expect "ends after modprobe etun newif" "" "$(load_with newif)"
	expect "ends after modprobe etun delif" "" "$(load_with delif)"
	expect "ends after modprobe etun newif=" "" "$(load_with newif=)"
	expect_healthy_since "$before"
	rmmod etun 2>/dev/null || true
	modprobe etun
	make_pair a0 b0
}

parameter_at_load() {
	local before
	before=$(log_length)
	expect "ends after modprobe etun newif=a0,b0" "" "$(load_with newif=a0,b0)"
	expect_match "log" "etun: newif .*the module is still loading; write after it has loaded" \
		"$(dmesg | tail -n +$((before + 1)))"
	modprobe etun
	expect "ends after modprobe etun" "" "$(devices)"
	make_pair a0 b0
	expect "devices" "a0 b0" "$(devices)"
	expect "modprobe of the loaded module" "a0 b0" "$(modprobe etun newif=c0,d0 && devices)"
}

parameter_refused() {
	rmmod etun
	expect_match "modprobe etun newif=a0,b0" "Resource temporarily unavailable" "$(modprobe etun newif=a0,b0 2>&1)"
	expect "module" absent "$([ -d /sys/module/etun ] || echo absent)"
	expect_match "modprobe etun delif=a0" "Resource temporarily unavailable" "$(modprobe etun delif=a0 2>&1)"
}

# busy NAME VERB: lifecycle-busy.py in the background; the counts of NAME go to a file.
busy() {
	in_background python3 -ES "$here/lifecycle-busy.py" "$2" "$tap_scratch/$1"
}

# count_of NAME ERRNO; count_above NAME ERRNO NUMBER
count_of() { sed -n "s/^$2 //p" "$tap_scratch/$1" 2>/dev/null | grep . || echo 0; }
count_above() { [ "$(count_of "$1" "$2")" -gt "$3" ]; }

# unload_repeatedly TIMES: how often that went well.
unload_repeatedly() {
	local time unloaded=0
	for time in $(seq "$1"); do
		modprobe etun
		sleep "0.0$((time * 7 % 10))"
		rmmod etun && unloaded=$((unloaded + 1))
	done
	echo "$unloaded"
}

unloading_while_written() {
	local before unloaded
	before=$(log_length)
	sysctl -qw net.core.message_cost=5
	busy writer1 write
	busy writer2 write
	wait_for 20 count_above writer1 0 10
	wait_for 20 count_above writer2 0 10
	unloaded=$(unload_repeatedly 8)
	stop_background
	expect "unloaded" 8 "$unloaded"
	expect "writers found the module gone" yes "$(count_above writer1 ENOENT 0 && echo yes)"
	expect "devices with the module gone" lo "$(find /sys/class/net -mindepth 1 -printf '%f\n' | xargs)"
	modprobe etun
	expect "devices of the module loaded again" "" "$(devices)"
	make_pair a0 b0
	expect_healthy_since "$before"
	expect "ends" "a0 b0" "$(devices)"
	echo "# unloaded $unloaded times; the writers saw: $(sort "$tap_scratch"/writer[12] | xargs)" >"$tap_scratch/notes"
}

never_half_built() {
	local before verb verbs="statistics group links delete rename write"
	before=$(log_length)
	sysctl -qw net.core.message_cost=5
	for verb in $verbs; do busy "$verb" "$verb"; done
	for verb in $verbs; do
		wait_for 60 count_above "$verb" 0 1
	done
	stop_background
	echo "# a pair came and went: $(for verb in $verbs; do echo "$verb: $(count_of "$verb" 0)"; done | xargs)" >"$tap_scratch/notes"
	# RTNL is free, and what is left can go.
	timeout 20 ip -d link >/dev/null
	write_errno "$delif" p0 >/dev/null
	expect "devices" "" "$(devices)"
	expect_healthy_since "$before"
}

# Two writers who want the same names: one of each two gets them, and no pair is halved.
concurrent_writers() {
	local i seen before
	before=$(log_length)
	for i in 1 2 3 4 5 6 7 8; do
		(echo 'a0,b0 a1,b1' >"$newif") 2>/dev/null &
		(echo 'a1,c1 c0,b0' >"$newif") 2>/dev/null &
		wait
		seen=$(devices)
		expect_match "devices, time $i" '^(a0 b0 a1 b1|a1 c1 c0 b0)$' "$seen"
		(echo 'a1' >"$delif") 2>/dev/null &
		(echo 'b0 a1' >"$delif") 2>/dev/null &
		wait
		(echo 'b0' >"$delif") 2>/dev/null || true
		expect "devices, time $i" "" "$(devices)"
	done
	expect_healthy_since "$before"
}

# Deleting goes on while the namespaces that hold the ends go.
delif_while_namespaces_go() {
	local i before
	before=$(log_length)
	for i in 1 2 3 4 5 6; do
		ip netns add east
		echo 'a0,b0 a1,b1 a2,b2' >"$newif"
		ip link set b0 netns east
		ip link set b1 netns east
		ip netns del east
		(echo a1 >"$delif") 2>/dev/null || true
		(echo a0 >"$delif") 2>/dev/null || true
		echo b2 >"$delif"
		wait_for 20 test "$(devices)" = ""
	done
	expect_healthy_since "$before"
}

case_ "promise: unloading destroys every pair in every namespace" unloading_destroys_all
case_ "etun: unloading under traffic" unloading_under_traffic
case_ "defect 3: a load parameter without a value does no harm" parameter_without_value
case_ "defect 6: newif at load time leaves no device" parameter_at_load
case_ "defect 6: newif at load time is refused" parameter_refused
: >"$tap_scratch/notes"
case_ "defect 7: the module unloads while newif is written to" unloading_while_written
cat "$tap_scratch/notes"
: >"$tap_scratch/notes"
case_ "defect 5: nobody sees a half-built pair" never_half_built
cat "$tap_scratch/notes"
case_ "defect 5: requests at the same time are carried out whole" concurrent_writers
case_ "defects 10, 12: delif while a namespace goes" delif_while_namespaces_go
done_testing
