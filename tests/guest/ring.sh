#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The rings of ends that receive by NAPI: their size, what happens when one is full, with a qdisc at the sender and
# without, and byte queue limits.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
# What stops for ever does so rarely.
export tap_tries=1
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash
# shellcheck source-path=SCRIPTDIR source=lab.sh
source ./lab.sh
# shellcheck source-path=SCRIPTDIR source=pressure.bash
source ./pressure.bash

# ---- size ----

size_shown_and_changed() {
	make_pair a0 b0
	expect "rings of a0 and b0" "32768 256, 32768 256" "$(ring_of a0), $(ring_of b0)"
	ethtool -G a0 rx 64
	expect "rings" "32768 64, 32768 256" "$(ring_of a0), $(ring_of b0)"
	expect "slots by rtnetlink" "64 256" "$(shown a0 ring) $(shown b0 ring)"
	up a0 b0
	ethtool -G b0 rx 2
	expect "answer to a change" 0 "$(change a0 mode=napi peer-mode=napi ring=32768)"
	expect "rings" "32768 32768, 32768 2" "$(ring_of a0), $(ring_of b0)"
	ethtool -G a0 rx 3
	ip link set a0 down
	ip link set a0 up
	expect "rings" "32768 3, 32768 2" "$(ring_of a0), $(ring_of b0)"
	expect "answer" 0 "$(newlink name=x0 ring=9 peer.name=y0 peer-ring=10)"
	expect "rings of x0 and y0" "32768 9, 32768 10" "$(ring_of x0), $(ring_of y0)"
}

size_refused() {
	local device
	quiet_napi ring=64 peer-ring=64
	for device in a0 b0; do
		refused_by_ethtool "a ring has 2 to 32768 slots|Invalid" -G $device rx 0
		refused_by_ethtool "a ring has 2 to 32768 slots|Invalid" -G $device rx 1
		refused_by_ethtool "maximum|Invalid" -G $device rx 32769
		refused_by_ethtool "maximum|Invalid" -G $device tx 8
		refused_by_ethtool "maximum|Invalid" -G $device rx-mini 8
		refused_by_ethtool "maximum|Invalid" -G $device rx-jumbo 8 rx 128
		expect "ring of $device" "32768 64" "$(ring_of $device)"
	done
}

# ---- qdiscs ----

qdisc_of() { tc qdisc show dev "$1" | awk '$1 == "qdisc" { print $2; exit }'; }

# The end toward one that receives by NAPI has a qdisc for the ring to push back at; others have none, as with veth.
qdisc_by_creation() {
	make_pair a0 b0
	up a0 b0
	expect "qdiscs of a pair of newif" "noqueue noqueue" "$(qdisc_of a0) $(qdisc_of b0)"
	expect "answer" 0 "$(newlink name=x0 peer.name=y0 peer-mode=napi)"
	up x0 y0
	expect_match "qdiscs toward napi and toward backlog" '^(mq|fq_codel|pfifo_fast) noqueue$' \
		"$(qdisc_of x0) $(qdisc_of y0)"
	expect "answer" 0 "$(newlink name=x1 peer.name=y1 mode=napi)"
	up x1 y1
	expect_match "qdiscs, both toward napi" '^(mq|fq_codel|pfifo_fast) (mq|fq_codel|pfifo_fast)$' \
		"$(qdisc_of x1) $(qdisc_of y1)"
	expect "answer to a change" 0 "$(change a0 mode=napi peer-mode=napi)"
	expect "qdiscs stay as they are" "noqueue noqueue" "$(qdisc_of a0) $(qdisc_of b0)"
}

# ---- full ----

# The probe sends with bottom halves off, and so before NAPI can run: what has no room is known exactly.
surplus_is_dropped() {
	local slots dropped=0
	quiet_napi
	expect "qdisc" noqueue "$(qdisc_of a0)"
	for slots in 2 3 16 100; do
		ethtool -G b0 rx $slots
		trace_drops probe send a0 count=150 lock=1
		dropped=$((dropped + 150 - slots))
		expect_match "$slots slots: frames that arrived" "^count=$slots dev=b0 .* bad=0 .* busy=0 " \
		"$(cat "$tap_scratch/traced")"
		expect "$slots slots: dropped for which reason" "$((150 - slots)) FULL_RING" "$drops"
		expect "$slots slots: dropped" "$dropped $dropped" "$(count_of a0 tx_dropped) $(stat a0 tx_drop_ring_full)"
		expect "$slots slots: sent, and received or dropped" "$(count_of a0 tx_packets)" \
			"$(($(count_of b0 rx_packets) + $(count_of b0 rx_dropped)))"
	done
	expect "sent or dropped" 600 "$(($(count_of a0 tx_packets) + $(count_of a0 tx_dropped)))"
}

surplus_stays_with_the_qdisc() {
	quiet_napi ring=16 peer-ring=16
	tc qdisc add dev a0 root pfifo
	trace_drops probe send a0 count=50 lock=1 state=1
	expect_match "16 slots for 50 frames: arrived, sent back, sent back changed" \
		'^count=16 dev=b0 .* bad=0 .* busy=34 touched=0$' "$(cat "$tap_scratch/traced")"
	# The probe drops, for no reason, what is sent back to it.
	expect "dropped for which reason" "" "$drops"
	expect "sent, dropped, received" "16 0 16" \
		"$(count_of a0 tx_packets) $(count_of a0 tx_dropped) $(count_of b0 rx_packets)"
	expect_match "stops and wakes of the queue" '^[1-9][0-9]* [1-9]' \
		"$(stat a0 tx_queue_0_stops) $(stat a0 tx_queue_0_wakes)"
	expect "a burst afterwards" "arrived 100 of 100, in order" "$(load burst a0 b0 100)"
}

slow_receiver_without_qdisc() {
	quiet_napi ring=16 peer-ring=16
	expect "300 frames" "crossed 16 dropped 284 held 0 under way 0 bytes, then 16 arrived, in order" \
		"$(starve holds a0 b0 300)"
	expect "dropped" "284 284" "$(count_of a0 tx_dropped) $(stat a0 tx_drop_ring_full)"
	expect "queue" "0 0" "$(stat a0 tx_queue_0_stops) $(stat a0 tx_queue_0_wakes)"
}

# Byte queue limits let through what the receiver has shown to take at a time: first little, then all that the ring
# holds.
slow_receiver_with_qdisc() {
	quiet_napi ring=16 peer-ring=16
	tc qdisc add dev a0 root pfifo
	expect_match "300 frames" \
		'crossed ([1-9]|1[0-6]) dropped 0 held [0-9]+ under way [0-9]+00 bytes, then 300 arrived, in order' \
		"$(starve holds a0 b0 300)"
	expect_match "300 frames again" \
		'crossed ([1-9]|1[0-6]) dropped 0 held [0-9]+ under way [0-9]+00 bytes, then 300 arrived, in order' \
		"$(starve holds a0 b0 300)"
	expect "sent, dropped, received" "600 0 600" \
		"$(count_of a0 tx_packets) $(count_of a0 tx_dropped) $(count_of b0 rx_packets)"
	expect_match "stops of the queue" '^[1-9]' "$(stat a0 tx_queue_0_stops)"
	expect "wakes of the queue" "$(stat a0 tx_queue_0_stops)" "$(stat a0 tx_queue_0_wakes)"
	expect_match "qdisc" 'Sent 60000 bytes 600 pkt \(dropped 0,.* backlog 0b 0p' "$(tc -s qdisc show dev a0 | xargs)"
}

# wakers COMMAND...: runs it; prints which functions woke a queue meanwhile, and how often.
wakers() {
	local instance=/sys/kernel/tracing/instances/etun
	mkdir -p $instance
	echo netif_tx_wake_queue >$instance/set_ftrace_filter
	echo >$instance/trace
	echo function >$instance/current_tracer
	"$@" >"$tap_scratch/traced"
	sed -nE 's/.*: netif_tx_wake_queue <-//p' $instance/trace | sort | uniq -c | xargs
	rmdir $instance
}

only_the_receiver_wakes() {
	quiet_napi ring=16 peer-ring=16
	tc qdisc add dev a0 root pfifo
	expect_match "who woke the queue" '^[1-9][0-9]* etun_poll$' "$(wakers starve holds a0 b0 300)"
	expect_match "300 frames" 'dropped 0 .* then 300 arrived, in order' "$(cat "$tap_scratch/traced")"
}

# With what the kernel takes by default, of which the test says what that is: fq_codel drops what has waited for long.
slow_receiver_with_default_qdisc() {
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.core.default_qdisc=pfifo
	trap 'sysctl -qw net.core.default_qdisc=fq_codel' EXIT
	expect "answer" 0 "$(newlink name=a0 peer.name=b0 mode=napi ring=4)"
	up a0 b0
	wait_for 5 carriers_are "on on"
	expect_match "300 frames" 'crossed [1-4] dropped 0 held 29[0-9] under way .* then 300 arrived, in order' \
		"$(starve holds a0 b0 300)"
	expect "dropped" 0 "$(count_of a0 tx_dropped)"
}

# ---- byte queue limits ----

# What arrived is taken off what is under way, and the kernel dies of a difference below 0. A sender whose processor is
# taken away just then, as a guest's may be, is delayed here behind its own counter of frames.
counted_before_it_arrives() {
	# Where one instruction reads a counter and another writes it (ldxr, stxr), a watchpoint has both begin again, for ever.
	[ "$(uname -m)" = x86_64 ] || skip "no counter can be watched on this processor"
	[ -d /sys/bus/event_source/devices/breakpoint ] || skip "this kernel has no watchpoints"
	quiet_napi
	tc qdisc add dev a0 root pfifo
	tc qdisc add dev b0 root pfifo
	echo 1 >/sys/class/net/a0/threaded
	echo 1 >/sys/class/net/b0/threaded
	pgrep '^napi/[ab]0' | while read -r thread; do taskset -pc 1 "$thread"; done
	# So that the receiver comes while one more frame is sent.
	ethtool -C a0 rx-usecs 700 rx-frames 0
	ethtool -C b0 rx-usecs 700 rx-frames 0
	fault delay a0 500
	taskset -c 0 /usr/bin/python3 -ES "$lab/frames.py" exchange a0 b0 300 1514
	expect_match "how often the sender was delayed" '^[1-9][0-9]{2}' "$(cat /sys/module/etun_fault/parameters/delays)"
	fault nothing
	rmmod etun_fault
	expect "under way" "0 0" "$(stat a0 tx_queue_0_bql_inflight) $(stat b0 tx_queue_0_bql_inflight)"
}

# limits: of the transmit queues of a0, and what is under way according to them.
limits() {
	ip netns exec left ethtool -S a0 |
		awk '/_bql_limit:/ { l += $2 } /_bql_inflight:/ { i += $2 } END { print l + 0, i + 0 }'
}

# A ring of 32768 would hold 32 MB of such frames. What the receiver takes at a time is far less.
limits_are_bounded() {
	local limit inflight
	joined mode=napi ring=32768
	load udp left:a0 right:b0 10.9.0.2 loose "right:b0 coalesce 0 0" "right:b0 coalesce 0 0"
	read -r limit inflight <<<"$(limits)"
	[ "$limit" -gt 0 ] && [ "$limit" -lt 3000000 ] || expect "limit after small frames" "1 to 3000000 bytes" "$limit"
	expect "under way afterwards" 0 "$inflight"
	load tcp left:a0 right:b0 10.9.0.2 "right:b0 coalesce 0 0" "right:b0 coalesce 0 0"
	read -r limit inflight <<<"$(limits)"
	[ "$limit" -gt 0 ] && [ "$limit" -lt 30000000 ] || expect "limit after TCP" "1 to 30000000 bytes" "$limit"
	expect "under way afterwards" 0 "$inflight"
	expect "dropped" "0 0" "$(shown_in left a0 tx_dropped) $(shown_in right b0 rx_dropped)"
}

# An urgent frame overtakes what the qdisc holds, but not what is in the ring. That would hold all of these; and two polls of
# 64 frames each, if NAPI took as many of a queue with a limit.
urgent_waits_for_few() {
	local round before
	quiet_napi ring=1024 peer-ring=1024
	tc qdisc add dev a0 root pfifo_fast
	load burst a0 b0 400
	for round in 1 2 3; do
		before=$(starve overtakes a0 b0 900)
		[ "$before" -le 64 ] || expect "frames before the urgent one, round $round" "64 at most" "$before"
	done
	remark "an urgent frame waited for $before of 900"
}

# ---- changed with frames in the ring ----

# With the last one NAPI and the rings are gone.
changes=("b0 ring 64" "b0 ring 256" "b0 channels 2 1" "b0 channels 1 1" "a0 channels 1 2" "a0 channels 1 1" "b0 gro 1"
	"?b0 mode backlog" "b0 mode napi" "b0 gro 0" "b0 link 0" "a0 link 0" "b0 mode backlog")

frames_in_the_ring() {
	quiet_napi
	starve changed a0 b0 200 "${changes[@]}"
	expect_match "frames that went down with b0" '^[1-9]' "$(stat b0 rx_drop_link_down)"
}

frames_in_the_ring_and_a_qdisc() {
	quiet_napi
	tc qdisc add dev a0 root pfifo
	# Where an end goes down, or a transmit queue goes out of use, the kernel empties the qdisc.
	# Behind the rings come the backlogs of two processors, among which there is no order.
	unset 'changes[-1]'
	mapfile -t changes < <(printf '%s\n' "${changes[@]}" | sed -E 's/^.*( link|^a0 channels)/~&/')
	starve changed a0 b0 400 "${changes[@]}"
	expect "dropped by the sender for want of room" 0 "$(stat a0 tx_drop_ring_full)"
	expect "answer to mode=napi" 0 "$(change b0 mode=napi)"
	# The queue is stopped when the qdisc is taken away, and nobody would ask it again.
	starve changed a0 b0 400 "~a0 run tc qdisc replace dev a0 root pfifo_fast" "~a0 run tc qdisc del dev a0 root"
}

# Few frames, for which NAPI is not yet awake.
frames_that_wait_for_company() {
	quiet_napi
	ethtool -C b0 rx-usecs 10000 rx-frames 60
	load upset a0 b0 30 "b0 ring 64" "b0 channels 2 1" "b0 channels 1 1" "b0 mode backlog" "b0 mode napi" \
		"b0 coalesce 10000 31" "b0 coalesce 10000 0" "b0 coalesce 0 0" "b0 link 0"
}

deleted_with_frames_in_the_ring() {
	local log
	log=$(log_length)
	quiet_napi
	starve deleted a0 b0 200
	quiet_napi ring=8 peer-ring=8
	tc qdisc add dev a0 root pfifo
	starve deleted a0 b0 200
	rmmod etun
	expect_healthy_since "$log"
}

# ---- changed under load ----

# Those that cut nothing.
under_load=("right:b0 ring 2" "right:b0 ring 512" "right:b0 mode $third_mode" "right:b0 mode backlog" "right:b0 gro 1"
	"right:b0 mode $third_mode" "right:b0 mode napi"
	"right:b0 gro 0" "right:b0 threaded 1" "right:b0 ring 3" "right:b0 threaded 0" "right:b0 coalesce 2000 3"
	"right:b0 channels 2 1" "right:b0 coalesce 0 0" "left:a0 mode backlog" "left:a0 mode napi" "left:a0 ring 4"
	"right:b0 mtu 9000" "right:b0 mtu 1500" "left:a0 channels 1 2" "right:b0 ring 256" "right:b0 channels 1 1")
cuts=("right:b0 link 0" "right:b0 link 1" "left:a0 link 0" "left:a0 link 1" "left:a0 carrier 0" "left:a0 carrier 1"
	"right:b0 carrier 0" "right:b0 carrier 1")
qdiscs=("left:a0 run tc qdisc replace dev a0 root pfifo" "left:a0 run tc qdisc replace dev a0 root fq_codel"
	"left:a0 run tc qdisc del dev a0 root" "left:a0 run tc qdisc replace dev a0 root pfifo limit 20")

without_qdisc_under_load() {
	local netns
	joined
	for netns in left:a0 right:b0; do
		expect "answer to mode=napi" 0 "$(change_in "${netns%:*}" "${netns#*:}" mode=napi)"
	done
	load udp left:a0 right:b0 10.9.0.2 exact "${under_load[@]}"
	load udp left:a0 right:b0 10.9.0.2 loose "${cuts[@]}"
}

with_qdisc_under_load() {
	joined mode=napi
	load udp left:a0 right:b0 10.9.0.2 loose "${under_load[@]}" "${cuts[@]}" "${qdiscs[@]}"
	expect "dropped by the sender for want of room" 0 "$(stat a0 tx_drop_ring_full left)"
}

tcp_under_load() {
	joined mode=napi
	load tcp left:a0 right:b0 10.9.0.2 "${under_load[@]:0:14}" "${cuts[@]:0:4}" "${qdiscs[@]}"
}

case_ "ring: ethtool -g and -G" size_shown_and_changed
case_ "ring: a size out of range is refused" size_refused
case_ "ring: an end toward one in mode napi is created with a qdisc" qdisc_by_creation
case_ "ring: without a qdisc what has no room is dropped and counted, exactly" surplus_is_dropped
case_ "ring: with a qdisc what has no room is sent back untouched" surplus_stays_with_the_qdisc
case_ "ring: a slow receiver without a qdisc: what has no room is dropped" slow_receiver_without_qdisc
case_ "ring: a slow receiver with a qdisc loses nothing, and order is kept" slow_receiver_with_qdisc
case_ "ring: only the receiver wakes a stopped queue" only_the_receiver_wakes
case_ "ring: a slow receiver with the default qdisc loses nothing" slow_receiver_with_default_qdisc
case_ "ring: byte queue limits are bounded, and nothing stays under way" limits_are_bounded
case_ "ring: byte queue limits count a frame before it can arrive" counted_before_it_arrives
case_ "ring: an urgent frame waits for few others, with byte queue limits" urgent_waits_for_few
case_ "ring: settings are changed with frames in the ring" frames_in_the_ring
case_ "ring: settings are changed with a stopped queue and a full qdisc" frames_in_the_ring_and_a_qdisc
case_ "ring: settings are changed with frames that wait for the timer" frames_that_wait_for_company
case_ "ring: a pair is deleted with frames in the ring" deleted_with_frames_in_the_ring
case_ "ring: settings are changed under load, without qdiscs: every loss is counted" without_qdisc_under_load
case_ "ring: settings are changed under load, with qdiscs: nothing stands still" with_qdisc_under_load
case_ "ring: settings are changed under a TCP connection" tcp_under_load
done_testing
