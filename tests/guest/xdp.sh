#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What becomes of frames that meet an XDP program at the receiving end: verdicts, changed frames, exact counts.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/programs.sh"
. "$(dirname "$0")/pressure.bash"

# ---- verdicts ----

passed() {
	quiet_pair a0 b0
	attach b0 linear
	verdicts arrive a0 b0 100 1514 verdict=pass
}

passed_both_ways() {
	quiet_pair a0 b0
	attach a0 linear
	attach b0 linear
	verdicts arrive a0 b0 50 1514 verdict=pass -- arrive b0 a0 50 1514 verdict=pass end=a0
	frames exchange a0 b0 200 1514
	expect "frames that met the programs" "250 250" \
		"$(statistics a0 rx_queue_0_xdp_packets) $(statistics b0 rx_queue_0_xdp_packets)"
}

# A verdict that no program should return is like aborting.
thrown_away() {
	quiet_pair a0 b0
	attach b0 linear
	verdicts vanish a0 b0 50 1514 verdict=drop -- vanish a0 b0 50 1514 verdict=aborted -- \
		vanish a0 b0 50 1514 verdict=unknown
}

loaded_by_section() {
	quiet_pair a0 b0
	ip link set dev b0 xdpdrv object "$objects/linear.bpf.o" section xdp program drop
	expect_match "program of b0" 'prog/xdp id [0-9]+ name drop ' "$(ip link show b0)"
	verdicts vanish a0 b0 20 1514
	expect "dropped by the program" 20 "$(statistics b0 rx_queue_0_xdp_drops)"
	ip link set dev b0 xdp off
	verdicts arrive a0 b0 20 1514
}

# The end they come back to has neither program nor NAPI.
sent_back() {
	quiet_pair a0 b0
	attach b0 linear
	verdicts arrive a0 a0 100 1514 verdict=tx
}

sent_back_by_napi() {
	napi_pair a0 b0
	attach b0 linear
	verdicts arrive a0 a0 100 1514 verdict=tx
	expect "frames by the ring of a0" 100 "$(statistics a0 rx_queue_0_packets)"
}

# By the ring of a0, whose program takes them.
sent_back_to_a_program() {
	quiet_pair a0 b0
	attach b0 linear
	attach a0 pass
	verdicts arrive a0 a0 100 1514 verdict=tx
	expect "passed at a0" "100 0" "$(statistics a0 rx_queue_0_xdp_{packets,drops})"
	detach a0
	attach a0 drop
	verdicts vanish a0 a0 100 1514 verdict=tx
	expect "passed and dropped at a0" "200 100" "$(statistics a0 rx_queue_0_xdp_{packets,drops})"
	detach a0
	attach a0 give_up
	verdicts vanish a0 a0 100 1514 verdict=tx
	expect "passed and dropped at a0" "300 200" "$(statistics a0 rx_queue_0_xdp_{packets,drops})"
	expect "received at a0, and dropped by the driver" "300 0" "$(count_of a0 rx_packets) $(count_of a0 rx_dropped)"
}

sent_back_to_an_end_that_goes_down() {
	local received dropped
	napi_pair a0 b0
	attach b0 linear
	put linear/knobs 0 0 0 0 3
	# It takes what arrives, which would count as dropped besides when nobody does.
	probe send lo count=0 >/dev/null
	read -r received dropped < <(starve sent_back a0 b0 200)
	[ "$dropped" -gt 0 ] || expect "dropped as a0 went down" "1 or more" "$dropped"
	expect "received and dropped" 200 $((received + dropped))
	expect "dropped, of all causes" "$dropped" "$(count_of a0 rx_dropped)"
}

# ---- memory is short ----

# short WHAT FUNCTION: the next 5 calls of the function `fail`, or give NULL.
short() {
	trap 'fault nothing' EXIT
	fault "$1" "$2" 5
}

# A frame that has no room in front for a program has to be copied.
no_memory_for_a_copy() {
	local copied_by=skb_pp_cow_data
	[ "$kernel" != 6.1 ] || copied_by=skb_copy_bits
	quiet_pair a0 b0
	put linear/knobs 0 0 0 0 2
	attach b0 linear
	short fail $copied_by
	expect_match "frames that arrived" '^count=15 dev=b0 .* bad=0 ' "$(probe send a0 len=100 count=20 head=14)"
	expect "b0: met the program, dropped, dropped for that" "15 5 5" \
		"$(statistics b0 rx_queue_0_xdp_packets rx_queue_0_drops rx_drop_no_memory)"
	# What comes out of a ring has been received.
	expect "sent, received, and of those dropped" "20 20 5" \
		"$(count_of a0 tx_packets) $(count_of b0 rx_packets) $(count_of b0 rx_dropped)"
}

# A frame that was sent back has no skb until it is received. With a program at a0, and without.
no_memory_for_an_skb() {
	local program
	for program in "" pass; do
		napi_pair a0 b0
		attach b0 linear
		put linear/knobs 0 0 0 0 3
		[ -z "$program" ] || attach a0 $program
		short null xdp_build_skb_from_frame
		expect_match "frames that arrived" '^count=15 dev=a0 .* bad=0 ' "$(probe send a0 len=100 count=20)"
		expect "a0: by the ring, dropped, dropped for that" "20 5 5" \
			"$(statistics a0 rx_queue_0_packets rx_queue_0_drops rx_drop_no_memory)"
		ip link del a0
	done
}

# A program makes them longer than the other end takes.
too_long_to_be_sent_back() {
	quiet_pair a0 b0
	ip link set a0 mtu 1000
	attach b0 linear
	put linear/knobs 0 -100 0 0 3
	probe send a0 len=1000 count=20
	expect "sent back and not sent back" "20 0 20" "$(statistics b0 rx_queue_0_xdp_{packets,tx,tx_errors})"
	expect "sent at b0 and received at a0" "0 0" "$(count_of b0 tx_packets) $(count_of a0 rx_packets)"
}

# Neither end of the second pair has a program or NAPI, and its far end is in another namespace.
redirected_to_a_pair() {
	quiet_pair a0 b0
	quiet_pair c0 d0
	quiet_netns right
	ip link set d0 netns right
	ip -n right link set d0 up
	aim linear c0
	attach b0 linear
	verdicts arrive a0 right:d0 100 1514 verdict=device
	expect "c0: frames sent, dropped, xdp_xmit and its errors" "100 0 100 0" \
		"$(count_of c0 tx_packets) $(count_of c0 tx_dropped) $(statistics c0 tx_queue_0_xdp_{xmit,xmit_errors})"
}

redirected_to_a_pair_in_mode_napi() {
	quiet_pair a0 b0
	napi_pair c0 d0
	aim linear c0
	attach b0 linear
	verdicts arrive a0 d0 100 1514 verdict=device
	expect "frames by the ring of d0" 100 "$(statistics d0 rx_queue_0_packets)"
	expect "xdp_xmit of c0 and its errors" "100 0" "$(statistics c0 tx_queue_0_xdp_{xmit,xmit_errors})"
}

redirected_to_a_program() {
	quiet_pair a0 b0
	quiet_pair c0 d0
	aim linear c0
	attach b0 linear
	attach d0 pass
	verdicts arrive a0 d0 100 1514 verdict=device
	expect "frames that met the program of d0" 100 "$(statistics d0 rx_queue_0_xdp_packets)"
}

redirected_to_a_down_pair() {
	quiet_pair a0 b0
	quiet_pair c0 d0
	aim linear c0
	attach b0 linear
	ip link set d0 down
	verdicts vanish a0 c0 20 1514 verdict=device
	expect "sent at c0 and received at d0" "0 0" "$(count_of c0 tx_packets) $(count_of d0 rx_packets)"
	ip link set d0 up
	verdicts arrive a0 d0 20 1514 verdict=device
}

# 40 frames come at once; the ring takes a few.
redirected_to_a_full_ring() {
	local accepted refused
	quiet_pair a0 b0
	quiet_pair c0 d0
	expect "mode napi and a ring of 4 slots" 0 "$(links set d0 mode=napi ring=4)"
	put linear/knobs 0 0 0 0 100
	aim linear c0
	attach b0 linear
	probe send a0 count=40 len=100 lock=1
	read -r accepted refused < <(statistics c0 tx_queue_0_xdp_{xmit,xmit_errors})
	expect "met the program and redirected at b0" "40 40" "$(statistics b0 rx_queue_0_xdp_{packets,redirect})"
	[ "$refused" -ge 4 ] || expect "frames refused by c0" "4 or more" "$refused"
	expect "accepted and refused" 40 $((accepted + refused))
	expect "sent at c0 and received at d0" "$accepted $accepted" "$(count_of c0 tx_packets) $(count_of d0 rx_packets)"
	expect_match "frames that arrived" "^count=$accepted dev=d0 .* bad=0 " "$(cat $probe_parameters/arrived)"
}

redirected_to_another_processor() {
	quiet_pair a0 b0
	put linear/processors 1 512 0
	attach b0 linear
	verdicts arrive a0 b0 100 1514 verdict=cpu
}

# ---- changed frames ----

# changed KNOB...: 20 frames arrive as the program changes them, also when sent back and when redirected.
changed() {
	verdicts arrive a0 b0 20 1300 verdict=pass "$@" -- arrive a0 a0 20 1300 verdict=tx "$@" -- \
		arrive a0 d0 20 1300 verdict=device "$@"
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
	changed head=-50 tail=-20
}

tails_grow() {
	# skb_pp_cow_data() of later kernels makes a copy that ends where the frame ends.
	[ "$kernel" = 6.1 ] || skip "Linux $kernel leaves no room behind a copied frame"
	quiet_pair a0 b0
	quiet_pair c0 d0
	aim linear c0
	attach b0 linear
	changed tail=100
}

# The helper refuses (EINVAL), and the frame stays as it is.
no_further_than_the_room() {
	local change commands=()
	quiet_pair a0 b0
	attach b0 linear
	for change in head=-1000 head=2000 tail=4096 tail=-1600; do
		commands+=(arrive a0 b0 5 1500 verdict=pass "$change" result=-22 --)
	done
	verdicts "${commands[@]}"
}

metadata_reaches_traffic_control() {
	quiet_pair a0 b0
	attach b0 linear
	tc qdisc add dev b0 clsact
	tc filter add dev b0 ingress bpf direct-action object-pinned "$pins/tc/look"
	put tc/seen 0 0 0 0 0 0 0
	# Behind traffic control, the probe is who takes these frames.
	probe send lo count=0
	verdicts arrive a0 b0 30 1514 verdict=pass meta=1 -- arrive a0 b0 20 1400 verdict=pass meta=1 tail=-10 -- \
		arrive a0 b0 10 1514 verdict=pass
	expect "frames with the mark, without it, with something else" "50 10 0" \
		"$(entry tc/seen marked) $(entry tc/seen bare) $(entry tc/seen other)"
	tc qdisc del dev b0 clsact
	verdicts arrive a0 b0 20 1400 verdict=pass meta=1 head=-14
}

# The program finds the tag's type, which it does not know, and passes them.
tagged_frames() {
	quiet_pair a0 b0
	attach b0 linear
	verdicts arrive a0 b0 40 1518 tag=5
	expect "frames that met the program" 40 "$(statistics b0 rx_queue_0_xdp_packets)"
}

# The tag of a frame from a VLAN device stands beside the frame until the sending stack puts it inside, for the program.
tagged_by_a_vlan_device() {
	quiet_pair a0 b0
	attach b0 count_tags
	put relay/frames 0 0 0 0 0 0 0
	ip link add link a0 name a0.5 type vlan id 5
	ip link add link b0 name b0.5 type vlan id 5
	ip link set a0.5 up
	ip link set b0.5 up
	# The stack takes no tag out of a frame that has not two bytes behind it.
	verdicts arrive a0.5 b0 40 1514 shortest=60
	expect "tagged frames that the program saw, and the longest" "40 1518" \
		"$(entry relay/frames tagged) $(entry relay/frames longest)"
	expect "frames that the VLAN device at the far end received" 40 "$(count_of b0.5 rx_packets)"
}

runts_never_meet_a_program() {
	local length
	quiet_pair a0 b0
	# It changes nothing, and passes (XDP_PASS).
	put linear/knobs 0 0 0 0 2
	attach b0 linear
	for length in 1 13; do
		expect_match "$length bytes" '^count=0 ' "$(probe send a0 len=$length)"
	done
	expect "frames that met the program" 0 "$(statistics b0 rx_queue_0_xdp_packets)"
	expect "dropped by the sender" 2 "$(count_of a0 tx_dropped)"
	expect_match "a header and no more" '^count=1 dev=b0 len=0 bad=0 ' "$(probe send a0 len=14)"
}

# The program is one for linear frames, and gets them linear.
frames_in_pieces_are_joined() {
	local head
	quiet_pair a0 b0
	attach b0 linear
	put linear/knobs 0 0 0 0 2
	put linear/told 0 0 0 0 0 0 0 0 0 0 0
	for head in 0 1 14 500; do
		expect_match "$head bytes in the linear part" '^count=3 dev=b0 len=1386 bad=0 ' \
			"$(probe send a0 len=1400 head=$head count=3)"
	done
	expect "bytes that the program saw" $((4 * 3 * 1400)) "$(entry linear/told bytes)"
}

# The MTU of the sender's end keeps them from it, but not all senders ask that. Then as frames without skb.
too_large_for_a_page() {
	quiet_pair a0 b0
	ip link set b0 mtu 9000
	attach b0 linear
	put linear/knobs 0 0 0 0 2
	expect_match "of one page" '^count=3 dev=b0 len=2986 bad=0 ' "$(probe send a0 len=3000 head=100 count=3)"
	expect_match "of several pages" '^count=0 ' "$(probe send a0 len=8000 head=100 count=3)"
	expect "met the program, dropped" "3 3" "$(statistics b0 rx_queue_0_xdp_packets rx_queue_0_drops)"
	needs_kernel 6.3 "redirection of frames in several buffers"
	# As long as a0 takes, but the first buffer is shortened, and the second one stays.
	ip link set a0 mtu 3498
	quiet_pair c0 d0 9000
	attach c0 frags
	aim frags a0
	put frags/knobs 0 100 0 0 100
	expect_match "redirected" '^count=0 ' "$(probe send d0 len=3600 head=100 count=3)"
	expect "redirected in that way" 3 "$(statistics c0 rx_queue_0_xdp_redirect)"
	expect "met the program, dropped, later" "3 6" "$(statistics b0 rx_queue_0_xdp_packets rx_queue_0_drops)"
}

changes_stay_with_the_receiver() {
	quiet_pair a0 b0
	attach b0 scribble
	verdicts whole a0 b0 40
}

# ---- several buffers ----

multi_buffer() {
	quiet_pair a0 b0 "$1"
	attach b0 frags
	verdicts arrive a0 b0 40 $(($1 + 14)) program=frags verdict=pass -- \
		arrive a0 a0 40 $(($1 + 14)) program=frags verdict=tx -- \
		arrive a0 b0 20 $(($1 + 6)) program=frags verdict=pass head=-8 -- \
		vanish a0 b0 20 $(($1 + 14)) program=frags verdict=drop
}

multi_buffer_shrinks() {
	quiet_pair a0 b0 9000
	attach b0 frags
	verdicts arrive a0 b0 20 9014 program=frags verdict=pass tail=-10 -- \
		arrive a0 a0 20 9014 program=frags verdict=tx tail=-40
	# Whole pages go.
	ip link set a0 mtu 60000
	ip link set b0 mtu 60000
	put frags/knobs 0 0 -50000 0 2
	expect_match "50000 bytes taken off" '^count=3 dev=b0 len=9986 bad=0 ' "$(probe send a0 len=60000 count=3)"
}

multi_buffer_redirected() {
	needs_kernel 6.3 "redirection of frames in several buffers"
	quiet_pair a0 b0 9000
	quiet_pair c0 d0 9000
	attach b0 frags
	aim frags c0
	verdicts arrive a0 d0 40 9014 program=frags verdict=device
	napi_mode d0
	verdicts arrive a0 d0 40 9014 program=frags verdict=device
	expect "xdp_xmit of c0 and its errors" "80 0" "$(statistics c0 tx_queue_0_xdp_{xmit,xmit_errors})"
}

load_programs || exit 1
case_ "xdp: passed frames arrive unchanged and are counted" passed
case_ "xdp: programs at both ends" passed_both_ways
case_ "xdp: dropped, aborted and unknown verdicts are counted as drops" thrown_away
case_ "xdp: a program is loaded by ip with its section" loaded_by_section
case_ "xdp: frames sent back arrive at an end without program and NAPI" sent_back
case_ "xdp: frames sent back to an end in mode napi arrive by its ring" sent_back_by_napi
case_ "xdp: frames sent back meet the program there" sent_back_to_a_program
case_ "xdp: frames sent back to an end that goes down are counted" sent_back_to_an_end_that_goes_down
case_ "xdp: without memory for a program's copy a frame is dropped and counted" no_memory_for_a_copy
case_ "xdp: without memory for an skb a frame sent back is dropped and counted" no_memory_for_an_skb
case_ "xdp: frames too long for the other end are not sent back" too_long_to_be_sent_back
case_ "xdp: frames redirected to a pair without program and NAPI arrive, in another namespace" redirected_to_a_pair
case_ "xdp: frames redirected to a pair in mode napi arrive by its ring" redirected_to_a_pair_in_mode_napi
case_ "xdp: frames redirected to a pair meet the program there" redirected_to_a_program
case_ "xdp: nothing is redirected to a pair whose far end is down" redirected_to_a_down_pair
case_ "xdp: what a full ring refuses is counted, and the rest arrives" redirected_to_a_full_ring
case_ "xdp: frames redirected to another processor arrive" redirected_to_another_processor
case_ "xdp: heads grow and shrink, tails shrink" heads_and_tails
case_ "xdp: tails grow into the room behind the frame" tails_grow
case_ "xdp: heads and tails change no further than the room allows" no_further_than_the_room
case_ "xdp: metadata reaches traffic control" metadata_reaches_traffic_control
case_ "xdp: tagged frames arrive whole" tagged_frames
case_ "xdp: frames of a VLAN device pass with their tag" tagged_by_a_vlan_device
case_ "xdp: runts never meet a program" runts_never_meet_a_program
case_ "xdp: a program for linear frames gets frames in pieces as one" frames_in_pieces_are_joined
case_ "xdp: a program for single buffers sees no frame of several" too_large_for_a_page
case_ "xdp: what a program changes does not show in the sender's copies" changes_stay_with_the_receiver
case_ "xdp: frames of 9014 bytes meet a multi-buffer program" multi_buffer 9000
case_ "xdp: frames of 65549 bytes meet a multi-buffer program" multi_buffer 65535
case_ "xdp: frames of several buffers shrink" multi_buffer_shrinks
case_ "xdp: frames of several buffers are redirected" multi_buffer_redirected
done_testing
