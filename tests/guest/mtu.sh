#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# MTU policy of a pair: independent ends as those of veth, or equal ones, where a change is made at both or at neither.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
export tap_tries=1
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash
# shellcheck source-path=SCRIPTDIR source=lab.sh
source ./lab.sh

mtus() { echo "$(net_file a0 mtu) $(net_file b0 mtu)"; }
policies() { echo "$(shown a0 mtu-policy) $(shown b0 mtu-policy)"; }

equal_pair() {
	make_pair a0 b0
	expect "answer to the policy" 0 "$(change a0 mtu-policy=equal)"
}

# refused_mtu DEVICE MTU [PATTERN]: and both ends stay as they are.
refused_mtu() {
	local before seen
	before=$(mtus)
	if seen=$(ip link set "$1" mtu "$2" 2>&1); then expect "MTU $2 of $1" refused taken || return 1; fi
	expect_match "answer to MTU $2 of $1" "${3-.}" "$seen" || return 1
	expect "MTUs after $2 of $1" "$before" "$(mtus)"
}

independent_ends() {
	make_pair a0 b0
	expect "policies" "independent independent" "$(policies)"
	ip link set a0 mtu 9000
	expect "MTUs" "9000 1500" "$(mtus)"
	ip link set b0 mtu 65535
	expect "MTUs" "9000 65535" "$(mtus)"
	ip link set a0 mtu 46
	expect "MTUs" "46 65535" "$(mtus)"
	refused_mtu a0 45
	refused_mtu b0 65536
	expect "answer" 0 "$(newlink name=x0 mtu=9000 peer.name=y0)"
	expect "MTUs of x0 and y0" "9000 1500" "$(net_file x0 mtu) $(net_file y0 mtu)"
}

equal_from_either_end() {
	local mtu
	equal_pair
	for mtu in 9000 46 65535 1500; do
		ip link set a0 mtu $mtu
		expect "MTUs after $mtu at a0" "$mtu $mtu" "$(mtus)"
		mtu=$((mtu > 60000 ? mtu - 7 : mtu + 7))
		ip link set b0 mtu $mtu
		expect "MTUs after $mtu at b0" "$mtu $mtu" "$(mtus)"
	done
	echo 2000 >/sys/class/net/b0/mtu
	expect "MTUs after 2000 by sysfs" "2000 2000" "$(mtus)"
	ip link set a0 mtu 2000
	expect "MTUs after the same again" "2000 2000" "$(mtus)"
}

equal_while_up() {
	equal_pair
	up a0 b0
	wait_for 5 carriers_are "on on"
	ip link set b0 mtu 9000
	expect "MTUs" "9000 9000" "$(mtus)"
	expect "carriers" "on on" "$(carriers a0 b0)"
	probe send a0 len=9014 >"$tap_scratch/arrived"
	expect_match "a frame as long as that" '^count=1 dev=b0 .* bad=0 ' "$(cat "$tap_scratch/arrived")"
}

turned_on_and_off() {
	make_pair a0 b0
	ip link set a0 mtu 9000
	expect "answer to equal at a0" 0 "$(change a0 mtu-policy=equal)"
	expect "policies" "equal equal" "$(policies)"
	expect "the peer has this end's MTU" "9000 9000" "$(mtus)"
	expect "answer to independent at b0" 0 "$(change b0 mtu-policy=independent)"
	expect "policies" "independent independent" "$(policies)"
	ip link set b0 mtu 1400
	expect "MTUs" "9000 1400" "$(mtus)"
	expect "answer to equal at b0" 0 "$(change b0 mtu-policy=equal)"
	expect "the peer has this end's MTU" "1400 1400" "$(mtus)"
	# One message may give the policy and an MTU: both ends have it in the end.
	expect "answer to both" 0 "$(change a0 mtu-policy=equal mtu=3000)"
	expect "MTUs" "3000 3000" "$(mtus)"
}

equal_at_creation() {
	expect "answer" 0 "$(newlink name=a0 mtu-policy=equal peer.name=b0)"
	expect "MTUs" "1500 1500" "$(mtus)"
	ip link set b0 mtu 4000
	expect "MTUs" "4000 4000" "$(mtus)"
	ip link del a0
	expect "answer with an MTU" 0 "$(newlink name=a0 mtu=9000 mtu-policy=equal peer.name=b0)"
	expect "MTUs" "9000 9000" "$(mtus)"
	ip link del a0
	expect "answer with the same for both" 0 "$(newlink name=a0 mtu=9000 mtu-policy=equal peer.name=b0 peer.mtu=9000)"
	expect "MTUs" "9000 9000" "$(mtus)"
}

contradiction_at_creation() {
	expect_match "answer" '^EINVAL .' "$(newlink name=a0 mtu=9000 mtu-policy=equal peer.name=b0 peer.mtu=1400)"
	expect "devices" "" "$(devices)"
}

out_of_range() {
	equal_pair
	refused_mtu a0 45 "mtu|MTU|Invalid|less"
	refused_mtu a0 65536 "mtu|MTU|Invalid|greater"
	refused_mtu b0 0 "mtu|MTU|Invalid|less"
	expect_match "answer to a change that is wrong about the MTU" '^EINVAL' "$(change a0 mtu=70000)"
	expect "MTUs" "1500 1500" "$(mtus)"
}

# A port of a team device keeps its MTU (net/team). team_of DEVICE: makes one, for the time of the case.
team_of() {
	modprobe team
	ip link add team0 type team
	trap 'stop_background; ip link del team0' EXIT
	ip link set "$1" master team0
}

# What was heard of a try is heard to be taken back.
last_heard() { # DEVICE EVENTS
	sed -nE "s/^[0-9]+: $1@.* mtu ([0-9]+) .*/\1/p" <<<"$2" | tail -n 1
}

peer_that_cannot() {
	local seen
	equal_pair
	start_monitor
	team_of b0
	refused_mtu a0 9000
	refused_mtu b0 9000
	seen=$(stop_monitor)
	expect_match "MTUs of a0 and b0 in the last events, if any" '^(1500)?,(1500)?$' \
		"$(last_heard a0 "$seen"),$(last_heard b0 "$seen")"
	expect "policies" "equal equal" "$(policies)"
	ip link set b0 nomaster
	ip link set a0 mtu 9000
	expect "MTUs without the team" "9000 9000" "$(mtus)"
}

# Turning it on is refused as well then, whole.
cannot_be_turned_on() {
	make_pair a0 b0
	ip link set a0 mtu 9000
	team_of b0
	expect_match "answer to equal" "^E[A-Z]+ .*the peer does not take this end's MTU" \
		"$(change a0 mode=napi mtu-policy=equal ring=64)"
	expect "policies" "independent independent" "$(policies)"
	expect "MTUs" "9000 1500" "$(mtus)"
	expect "mode and ring" "backlog 256" "$(shown a0 mode ring)"
	ip link set b0 nomaster
	expect "answer to equal without the team" 0 "$(change a0 mtu-policy=equal)"
	expect "MTUs" "9000 9000" "$(mtus)"
}

# A listener in the kernel may object before an MTU is set, or afterwards, when it has to be taken back: at either end.
whatever_objects() {
	local end event
	equal_pair
	trap 'fault nothing' EXIT
	for event in prechangemtu changemtu; do
		for end in a0 b0; do
			fault refuse $end $event
			refused_mtu a0 9000 "busy"
			refused_mtu b0 1280 "busy"
			fault nothing
			expect "MTUs after an objection at $end to $event" "1500 1500" "$(mtus)"
		done
	done
	ip link set b0 mtu 2000
	expect "MTUs afterwards" "2000 2000" "$(mtus)"
}

# It objects to all, at both ends, to what takes a change back as well: nothing can be right then, but it ends. What the
# kernel itself took back is.
all_is_objected_to() {
	equal_pair
	trap 'fault nothing' EXIT
	# Whoever listens first is told first: here etun, which then has changed the peer when the other objects.
	[ ! -d /sys/module/etun_fault ] || rmmod etun_fault
	fault refuse '*' changemtu
	refused_mtu a0 9000 "busy"
	refused_mtu b0 1280 "busy"
	expect_match "answer to equal and an MTU in one message" '^EBUSY' "$(change a0 mtu-policy=equal mtu=3000)"
	fault nothing
	expect "MTUs after objections to all" "1500 1500" "$(mtus)"
	ip link set b0 mtu 2000
	expect "MTUs afterwards" "2000 2000" "$(mtus)"
}

mtus_across() { echo "$(shown_in east a0 mtu) $(shown_in west b0 mtu)"; }

equal_across_namespaces() {
	make_namespaces east west
	expect "answer to the policy" 0 "$(change_in west b0 mtu-policy=equal)"
	ip -n east link set a0 mtu 9000
	expect "MTUs" "9000 9000" "$(mtus_across)"
	ip -n west link set b0 mtu 1280
	expect "MTUs" "1280 1280" "$(mtus_across)"
	if ip -n east link set a0 mtu 65536 2>/dev/null; then expect "65536" refused taken; fi
	expect "MTUs" "1280 1280" "$(mtus_across)"
	ip -n west link set b0 netns 1
	ip link set b0 mtu 5000
	expect "MTUs after a move" "5000 5000" "$(shown_in east a0 mtu) $(shown b0 mtu)"
	expect "policy after a move" "equal" "$(shown b0 mtu-policy)"
}

# Who listens at the other end hears of it.
both_are_told() {
	local seen
	equal_pair
	start_monitor
	ip link set a0 mtu 9000
	seen=$(stop_monitor)
	expect_match "events" ': a0@b0: .* mtu 9000 ' "$seen"
	expect_match "events" ': b0@a0: .* mtu 9000 ' "$seen"
}

# ---- tags do not count ----

# full_frames MODE: with no tag, one, and two, each beside the frame where it can be, and inside.
full_frames() {
	local state mode=$1
	make_namespaces left right
	ip netns exec left bash -c "echo $mode >/sys/class/net/a0/etun/mode"
	ip netns exec right bash -c "echo $mode >/sys/class/net/b0/etun/mode"
	tagged_devices a0 b0
	for state in on off; do
		ip netns exec left ethtool -K a0 txvlan $state tx-vlan-stag-hw-insert $state
		ip netns exec right ethtool -K b0 txvlan $state tx-vlan-stag-hw-insert $state
		pings left 10.9.0.2 -s 1472 -M 'do'
		pings left 10.5.0.2 -s 1472 -M 'do'
		pings left 10.6.0.2 -s 1472 -M 'do'
	done
	expect "dropped" "0 0" "$(counter a0 tx_dropped left) $(counter b0 tx_dropped right)"
}

case_ "mtu: full frames with none, one and two tags, by the backlog" full_frames backlog
case_ "mtu: full frames with none, one and two tags, by NAPI" full_frames napi
case_ "mtu: full frames with none, one and two tags, in the sender's context" where_direct full_frames direct
case_ "mtu: independent ends, as those of veth" independent_ends
case_ "mtu: with the policy equal a change at either end is made at both" equal_from_either_end
case_ "mtu: equal, while both are up" equal_while_up
case_ "mtu: the policy is turned on, which gives the peer this end's MTU, and off" turned_on_and_off
case_ "mtu: equal from creation on" equal_at_creation
case_ "mtu: equal, but two MTUs at creation" contradiction_at_creation
case_ "mtu: a value out of range changes neither end" out_of_range
case_ "mtu: equal, but the peer cannot: neither is changed" peer_that_cannot
case_ "mtu: equal is not turned on when the peer cannot" cannot_be_turned_on
case_ "mtu: equal, and something objects at either end: neither is changed" whatever_objects
case_ "mtu: equal, and something objects to all at both ends: it ends, and neither is changed" all_is_objected_to
case_ "mtu: equal across namespaces and after a move" equal_across_namespaces
case_ "mtu: both ends tell of a change" both_are_told
done_testing
