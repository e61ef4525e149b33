#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the sending stack knew about a frame stays behind; what holds the sender back crosses with it.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"

# What a frame that was dressed up with all of it arrives with.
nothing_crosses="priority=0 tc_index=0 stale=0 ct=0 dst=0 ext=0"

within_a_namespace() {
	local seen word
	quiet_pair a0 b0
	seen=$(probe send a0 state=1)
	for word in count=1 dev=b0 bad=0 mark=7 $nothing_crosses; do
		expect_match "a frame from the same namespace" "(^| )$word( |$)" "$seen"
	done
}

between_namespaces() {
	local seen word
	make_namespaces left right
	probe send lo count=0
	seen=$(ip netns exec left bash -c "
		echo send a0 state=1 >$probe_parameters/run
		cat $probe_parameters/arrived")
	for word in count=1 dev=b0 bad=0 mark=0 $nothing_crosses; do
		expect_match "a frame from another namespace" "(^| )$word( |$)" "$seen"
	done
}

# A frame to the receiver's own address is for it, though the sender's stack marked it as outgoing.
frames_are_typed_anew() {
	quiet_pair a0 b0
	ip link set b0 address "$(cat /sys/class/net/a0/address)"
	expect_match "type of a frame for the receiver (0)" ' type=0 ' "$(probe send a0 state=1 own=1)"
	expect_match "type of a broadcast (1)" ' type=1 ' "$(probe send a0 state=1)"
}

rules_of_the_sender() {
	ip netns exec left nft -f - <<-'RULES'
	table ip t {
		chain out {
			type filter hook output priority 0;
			ct state new,established ct mark set 0x55 meta mark set 0x55 meta priority set 1:5
		}
	}
	RULES
}

rules_of_the_receiver() {
	ip netns exec right nft -f - <<-'RULES'
	table ip t {
		counter seen {}
		counter fresh {}
		counter marked {}
		chain early {
			type filter hook prerouting priority -300;
			counter name seen
			meta mark 0x55 counter name marked
			meta priority 1:5 counter name marked
		}
		chain late {
			type filter hook prerouting priority 0;
			ct state new counter name fresh
			ct mark 0x55 counter name marked
		}
	}
	RULES
}

# packets COUNTER
packets() {
	ip netns exec right nft list counter ip t "$1" | grep -oE 'packets [0-9]+'
}

firewalls_know_nothing_of_each_other() {
	make_namespaces left right
	rules_of_the_sender
	rules_of_the_receiver
	pings left 10.9.0.2
	expect "packets seen" "packets 5" "$(packets seen)"
	expect "packets with the sender's mark or priority" "packets 0" "$(packets marked)"
	expect "new connections" "packets 1" "$(packets fresh)"
	expect "connections tracked" 1 "$(ip netns exec right sysctl -n net.netfilter.nf_conntrack_count)"
}

sender_stays_charged_until_arrival() {
	local seen
	quiet_pair a0 b0
	seen=$(probe send a0 len=1000 owner=1)
	expect_match "the frame's socket" ' owned=1 ' "$seen"
	# One for the socket itself, the rest for the frame.
	seen=${seen##*wmem=}
	[ "${seen%% *}" -gt 1000 ] || expect "charged on arrival" "more than 1000" "$seen"
}

full_send_buffer_holds_the_sender_back() {
	local held
	make_namespaces left right
	pings right 10.9.0.1
	probe send lo count=0
	trap 'echo release >$probe_parameters/run' EXIT
	ip netns exec right bash -c "echo hold b0 >$probe_parameters/run"
	flows squeeze left=10.9.0.1 right=10.9.0.2 >"$tap_scratch/squeeze" &
	wait_for 20 test -s "$tap_scratch/squeeze"
	held=$(cat $probe_parameters/held)
	sleep 0.2
	echo release >$probe_parameters/run
	wait
	cat "$tap_scratch/squeeze"
	expect_match "datagrams that were held, of 500" '^[1-9][0-9]?$' "$held"
	expect "datagrams sent, then" "$held writable again" "$(xargs <"$tap_scratch/squeeze")"
}

# ---- what etun is used with ----

through_a_bridge() {
	chain bridge
	pings left 10.1.0.2
	pings left fd00:1::2
	flows both left=10.1.0.1 right=10.1.0.2 500000 100
}

through_a_router() {
	chain router
	pings left 10.2.0.2
	pings left fd00:2::2
	flows both left=10.1.0.1 right=10.2.0.2 500000 100
	flows both right=fd00:2::2 left=fd00:1::1 200000 40
}

vlan_on_an_end() {
	make_namespaces left right
	ip -n left -batch - <<-'TEXT'
		link add link a0 name a0.5 type vlan id 5
		addr add 10.5.0.1/24 dev a0.5
		link set a0.5 up
	TEXT
	ip -n right -batch - <<-'TEXT'
		link add link b0 name b0.5 type vlan id 5
		addr add 10.5.0.2/24 dev b0.5
		link set b0.5 up
	TEXT
	# With the tag, this is four bytes more than the MTU and the header.
	pings left 10.5.0.2 -M "do" -s 1472
	flows both left=10.5.0.1 right=10.5.0.2 200000 40
}

macvlan_on_an_end() {
	make_namespaces left right
	ip netns add third
	ip -n right link add link b0 name mv0 netns third type macvlan mode bridge
	ip -n third -batch - <<-'TEXT'
		addr add 10.9.0.3/24 dev mv0
		link set mv0 up
	TEXT
	pings left 10.9.0.3
	pings left 10.9.0.2
	flows both left=10.9.0.1 third=10.9.0.3 200000 40
}

case_ "defect 24: nothing but the mark crosses within a namespace" within_a_namespace
case_ "defect 24: nothing crosses between namespaces" between_namespaces
case_ "defect 24: frames are typed anew by the receiver" frames_are_typed_anew
case_ "defect 24: firewalls at both ends know nothing of each other" firewalls_know_nothing_of_each_other
case_ "defect 25: the sender's socket stays charged until the frame arrives" sender_stays_charged_until_arrival
case_ "defect 25: a full send buffer holds the sender back" full_send_buffer_holds_the_sender_back
case_ "etun: two pairs with a bridge between" through_a_bridge
case_ "etun: two pairs with a router between" through_a_router
case_ "etun: VLANs on both ends" vlan_on_an_end
case_ "etun: a macvlan on an end" macvlan_on_an_end
done_testing
