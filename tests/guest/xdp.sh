#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What becomes of frames that meet an XDP program at the receiving end: verdicts, changed frames, exact counts.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/programs.sh"

nothing_else="drops 0 redirect 0 tx 0 errors 0"

# met_program OBJECT DEVICE COUNT BYTES OUTCOMES: what the program told and what the device counted of it.
met_program() {
	expect "frames that the program saw" "$3" "$(told "$1" runs)"
	expect "bytes that the program saw" "$4" "$(told "$1" bytes)"
	expect "counted at $2" "$3 $5" "$(receive_counts "$2")"
	expect "xdp_bytes of $2" "$4" "$(statistic "$2" rx_queue_0_xdp_bytes)"
	expect "frames and bytes by the ring of $2" "$3 $4 " "$(statistics "$2" rx_queue_0_packets rx_queue_0_bytes)"
}

# sent DEVICE COUNT BYTES: all frames left, none was dropped.
sent() {
	expect "sent at $1: frames, bytes, dropped" "$2 $3 0" \
		"$(count_of "$1" tx_packets) $(count_of "$1" tx_bytes) $(count_of "$1" tx_dropped)"
}

received() {
	expect "received at $1: frames, bytes, dropped" "$2 $3 0" \
		"$(count_of "$1" rx_packets) $(count_of "$1" rx_bytes) $(count_of "$1" rx_dropped)"
}

# ---- verdicts ----

passed() {
	local bytes
	quiet_pair a0 b0
	turn linear pass
	attach b0 linear
	bytes=$(verdicts arrive a0 b0 100 1514)
	met_program linear b0 100 "$bytes" "$nothing_else"
	sent a0 100 "$bytes"
	received b0 100 "$bytes"
}

passed_both_ways() {
	quiet_pair a0 b0
	turn linear pass
	attach a0 linear
	attach b0 linear
	frames exchange a0 b0 200 1514
	expect "frames that the programs saw" 400 "$(told linear runs)"
	expect "counted at a0" "200 $nothing_else" "$(receive_counts a0)"
	expect "counted at b0" "200 $nothing_else" "$(receive_counts b0)"
}

# A verdict that no program should return is like aborting.
thrown_away() {
	local verdict bytes
	for verdict in drop aborted unknown; do
		quiet_pair a0 b0
		turn linear $verdict
		attach b0 linear
		bytes=$(verdicts vanish a0 b0 50 1514)
		echo "verdict $verdict"
		met_program linear b0 50 "$bytes" "drops 50 redirect 0 tx 0 errors 0"
		sent a0 50 "$bytes"
		ip link del a0
	done
}

loaded_by_section() {
	quiet_pair a0 b0
	ip link set dev b0 xdpdrv object "$objects/linear.bpf.o" section xdp program drop
	expect_match "program of b0" 'prog/xdp id [0-9]+ name drop ' "$(ip link show b0)"
	verdicts vanish a0 b0 20 1514
	ip link set dev b0 xdp off
	verdicts arrive a0 b0 20 1514
}

# The end they come back to has neither program nor NAPI.
sent_back() {
	local bytes
	quiet_pair a0 b0
	turn linear tx
	attach b0 linear
	bytes=$(verdicts arrive a0 a0 100 1514)
	met_program linear b0 100 "$bytes" "drops 0 redirect 0 tx 100 errors 0"
	sent a0 100 "$bytes"
	sent b0 100 "$bytes"
	received a0 100 "$bytes"
}

# Neither end of the second pair has a program or NAPI, and its far end is in another namespace.
redirected_to_a_pair() {
	local bytes
	quiet_pair a0 b0
	quiet_pair c0 d0
	ip netns add right
	ip link set d0 netns right
	ip -n right link set d0 up
	turn linear device
	aim linear c0
	attach b0 linear
	bytes=$(verdicts arrive a0 right:d0 100 1514)
	met_program linear b0 100 "$bytes" "drops 0 redirect 100 tx 0 errors 0"
	sent c0 100 "$bytes"
	expect "xdp_xmit and errors of c0" "100 0 " "$(statistics c0 tx_queue_0_xdp_{xmit,xmit_errors})"
	expect "received at d0" 100 "$(counter d0 rx_packets right)"
	expect "bytes at d0" "$bytes" "$(counter d0 rx_bytes right)"
}

redirected_to_a_pair_in_mode_napi() {
	local bytes
	quiet_pair a0 b0
	napi_pair c0 d0
	turn linear device
	aim linear c0
	attach b0 linear
	bytes=$(verdicts arrive a0 d0 100 1514)
	sent c0 100 "$bytes"
	received d0 100 "$bytes"
	expect "frames by the ring of d0" 100 "$(statistic d0 rx_queue_0_packets)"
}

redirected_to_a_down_pair() {
	quiet_pair a0 b0
	quiet_pair c0 d0
	turn linear device
	aim linear c0
	attach b0 linear
	ip link set d0 down
	verdicts vanish a0 d0 20 1514
	expect "sent at c0" 0 "$(count_of c0 tx_packets)"
	expect "received at d0" 0 "$(count_of d0 rx_packets)"
	ip link set d0 up
	verdicts arrive a0 d0 20 1514
}

# 40 frames come at once; the ring takes a few.
redirected_to_a_full_ring() {
	local accepted refused
	quiet_pair a0 b0
	napi_pair c0 d0
	expect "ring of 4 slots" 0 "$(links set d0 ring=4)"
	turn linear device
	aim linear c0
	attach b0 linear
	probe send a0 count=40 len=100 lock=1
	read -r accepted refused < <(statistics c0 tx_queue_0_xdp_{xmit,xmit_errors})
	expect "redirected at b0" "40 drops 0 redirect 40 tx 0 errors 0" "$(receive_counts b0)"
	[ "$refused" -ge 4 ] || expect "frames refused by c0" "4 or more" "$refused"
	expect "accepted and refused" 40 $((accepted + refused))
	expect "sent at c0" "$accepted" "$(count_of c0 tx_packets)"
	expect "received at d0" "$accepted" "$(count_of d0 rx_packets)"
	expect_match "frames that arrived" "^count=$accepted dev=d0 .* bad=0 " "$(cat $probe_parameters/arrived)"
}

redirected_to_another_processor() {
	local bytes
	quiet_pair a0 b0
	turn linear cpu
	put linear/processors 1 512 0
	attach b0 linear
	bytes=$(verdicts arrive a0 b0 100 1514)
	met_program linear b0 100 "$bytes" "drops 0 redirect 100 tx 0 errors 0"
}

# ---- changed frames ----

# changed KNOB...: 40 frames arrive as the program changes them, also when sent back and when redirected.
changed() {
	verdict_with pass b0 "$@"
	verdict_with tx a0 "$@"
	verdict_with device d0 "$@"
}

verdict_with() {
	local verdict=$1 at=$2
	shift 2
	echo "$verdict with $*"
	turn linear "$verdict" "$@"
	verdicts arrive a0 "$at" 40 1400 "$@"
}

# refused NAME AMOUNT: the helper refuses, and the frame stays as it is.
refused() {
	turn linear pass "$1=$2"
	verdicts arrive a0 b0 5 1500
	expect "result of adjusting $1 by $2 (EINVAL)" -22 "$(told linear "$1")"
}

heads_and_tails() {
	quiet_pair a0 b0
	quiet_pair c0 d0
	aim linear c0
	attach b0 linear
	changed head=-8
	changed head=-200
	changed head=4
	changed tail=-10
	changed tail=100
	changed head=-50 tail=-20
	refused head -1000
	refused head 2000
	refused tail 4096
	refused tail -1600
	sent a0 $((18 * 40 + 4 * 5)) "$(count_of b0 rx_bytes)"
}

metadata_reaches_traffic_control() {
	quiet_pair a0 b0
	attach b0 linear
	tc qdisc add dev b0 clsact
	tc filter add dev b0 ingress bpf direct-action object-pinned "$pins/tc/look"
	put tc/seen 0 0 0 0 0 0 0
	turn linear pass meta=1
	verdicts arrive a0 b0 30 1514
	expect "result of bpf_xdp_adjust_meta()" 0 "$(told linear meta)"
	expect "frames with the mark" 30 "$(entry tc/seen marked)"
	turn linear pass meta=1 head=-14
	verdicts arrive a0 b0 30 1400 head=-14
	expect "frames with the mark and a longer head" 60 "$(entry tc/seen marked)"
	expect "other frames" "0 0" "$(entry tc/seen bare) $(entry tc/seen other)"
	turn linear pass
	verdicts arrive a0 b0 30 1514
	expect "frames without the mark" 30 "$(entry tc/seen bare)"
}

tagged_frames() {
	quiet_pair a0 b0
	quiet_pair c0 d0
	aim linear c0
	attach b0 linear
	# The program looks at the type behind the addresses, which is the tag's here: it passes what it does not know.
	turn linear drop
	verdicts arrive a0 b0 40 1518 tag=5
	expect "frames that met the program" "40 $nothing_else" "$(receive_counts b0)"
}

runts_never_meet_a_program() {
	local length
	quiet_pair a0 b0
	turn linear pass
	attach b0 linear
	for length in 1 13; do
		expect_match "$length bytes" '^count=0 ' "$(probe send a0 len=$length)"
	done
	expect "frames that met the program" "0 $nothing_else" "$(receive_counts b0)"
	expect "dropped by the sender" 2 "$(count_of a0 tx_dropped)"
	expect_match "a header and no more" '^count=1 dev=b0 len=0 bad=0 ' "$(probe send a0 len=14)"
}

# The program is one for linear frames, and gets them linear.
frames_in_pieces_are_joined() {
	local head
	quiet_pair a0 b0
	attach b0 linear
	for head in 0 1 14 500; do
		turn linear pass
		expect_match "$head bytes in the linear part" '^count=3 dev=b0 len=1386 bad=0 ' \
			"$(probe send a0 len=1400 head=$head count=3)"
		expect "bytes that the program saw" 4200 "$(told linear bytes)"
	done
}

# The first frame's owner is still charged, its clone is at a tap: the program's changes must not show there.
taps_of_the_sender_see_what_was_sent() {
	quiet_pair a0 b0
	turn linear pass head=4
	attach b0 linear
	tcpdump -U --immediate-mode -s 0 -Q out -w "$tap_scratch/out" -i a0 2>"$tap_scratch/err" &
	wait_for 15 grep -q 'listening on' "$tap_scratch/err"
	verdicts arrive a0 b0 10 1000 head=4
	wait_for 10 seen_whole "$tap_scratch/out"
	kill %1
	wait
}

# seen_whole FILE: all ten frames have the destination that they were sent with.
seen_whole() {
	[ "$(tcpdump -e -nn -r "$1" 'ether dst 02:00:00:00:00:01' 2>/dev/null | wc -l)" = 10 ]
}

# ---- several buffers ----

multi_buffer() {
	local size bytes
	for size in 9000 65535; do
		quiet_pair a0 b0 $size
		attach b0 frags
		turn frags pass
		bytes=$(verdicts arrive a0 b0 40 $((size + 14)))
		echo "MTU $size"
		met_program frags b0 40 "$bytes" "$nothing_else"
		received b0 40 "$bytes"
		turn frags tx
		verdicts arrive a0 a0 40 $((size + 14))
		turn frags pass head=-8
		verdicts arrive a0 b0 20 $((size + 6)) head=-8
		ip link del a0
	done
}

multi_buffer_shrinks() {
	quiet_pair a0 b0 9000
	attach b0 frags
	turn frags pass tail=-10
	verdicts arrive a0 b0 20 9014 tail=-10
	turn frags tx tail=-40
	verdicts arrive a0 a0 20 9014 tail=-40
}

multi_buffer_redirected() {
	needs_kernel 6.3 "redirection of frames in several buffers"
	quiet_pair a0 b0 9000
	quiet_pair c0 d0 9000
	attach b0 frags
	aim frags c0
	turn frags device
	verdicts arrive a0 d0 40 9014
	napi_mode d0
	verdicts arrive a0 d0 40 9014
	expect "xdp_xmit and errors of c0" "80 0 " "$(statistics c0 tx_queue_0_xdp_{xmit,xmit_errors})"
}

load_programs || exit 1
case_ "xdp: passed frames arrive unchanged and are counted" passed
case_ "xdp: programs at both ends" passed_both_ways
case_ "xdp: dropped, aborted and unknown verdicts are counted as drops" thrown_away
case_ "xdp: a program is loaded by ip with its section" loaded_by_section
case_ "xdp: frames sent back arrive at an end without program and NAPI" sent_back
case_ "xdp: frames redirected to a pair without program and NAPI arrive, in another namespace" redirected_to_a_pair
case_ "xdp: frames redirected to a pair in mode napi arrive by its ring" redirected_to_a_pair_in_mode_napi
case_ "xdp: nothing is redirected to a pair whose far end is down" redirected_to_a_down_pair
case_ "xdp: what a full ring refuses is counted, and the rest arrives" redirected_to_a_full_ring
case_ "xdp: frames redirected to another processor arrive" redirected_to_another_processor
case_ "xdp: heads and tails grow and shrink, and not beyond the room" heads_and_tails
case_ "xdp: metadata reaches traffic control" metadata_reaches_traffic_control
case_ "xdp: tagged frames arrive whole" tagged_frames
case_ "xdp: runts never meet a program" runts_never_meet_a_program
case_ "xdp: a program for linear frames gets frames in pieces as one" frames_in_pieces_are_joined
case_ "xdp: what a program changes does not show at the sender's taps" taps_of_the_sender_see_what_was_sent
case_ "xdp: frames of 9014 and 65549 bytes meet a multi-buffer program" multi_buffer
case_ "xdp: frames of several buffers shrink" multi_buffer_shrinks
case_ "xdp: frames of several buffers are redirected" multi_buffer_redirected
done_testing
