#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Checksums are skipped only where both ends agree, nothing is declared verified by crossing, and no unfinished sum
# leaves for where it can't be finished.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"

# csum DEVICE WORD...: ethtool -K.
csum() { ethtool -K "$@" >/dev/null; }

# offload DEVICE FEATURE: its line of ethtool -k, without the name.
offload() { ethtool -k "$1" | sed -n "s/^$2: //p"; }

# follows SENDER RECEIVER: the sender skips checksums while the receiver agrees.
follows() {
	expect "$1 at first" on "$(offload "$1" tx-checksumming)"
	csum "$2" rx off
	expect_match "$1 while $2 verifies" '^off' "$(offload "$1" tx-checksumming)"
	expect_match "segmentation of $1 while $2 verifies" '^off' "$(offload "$1" tcp-segmentation-offload)"
	expect "$2 itself" on "$(offload "$2" tx-checksumming)"
	csum "$1" tx on || true
	expect_match "$1 insisting" '^off' "$(offload "$1" tx-checksumming)"
	csum "$2" rx on
	expect "$1 after $2 agreed again" on "$(offload "$1" tx-checksumming)"
	expect "segmentation of $1 after that" on "$(offload "$1" tcp-segmentation-offload)"
}

agreement() {
	make_pair a0 b0
	follows a0 b0
	follows b0 a0
}

# The sender's own wish outlives the peer's refusal.
own_wish_is_kept() {
	make_pair a0 b0
	csum a0 tx off
	csum b0 rx off
	csum b0 rx on
	expect_match "a0, switched off by hand" '^off' "$(offload a0 tx-checksumming)"
	csum a0 tx on
	expect "a0, switched on by hand" on "$(offload a0 tx-checksumming)"
}

# combination TX RX: the left end sends with TX, the right one receives with RX; then the other way round.
combination() {
	make_namespaces left right
	ip netns exec left ethtool -K a0 tx "$1" >/dev/null
	ip netns exec right ethtool -K b0 rx "$2" >/dev/null
	flows both left=10.9.0.1 right=10.9.0.2 100000 40
	flows both right=fd00:9::2 left=fd00:9::1 100000 40
}

toggling_loses_nothing() {
	local flow
	make_namespaces left right
	flows during left=10.9.0.1 right=10.9.0.2 $((5 * patience)) >"$tap_scratch/flow" &
	flow=$!
	toggle_until_end $flow
	wait $flow || { cat "$tap_scratch/flow"; return 1; }
	expect_match "what crossed" '^[1-9][0-9]{2,} datagrams' "$(cat "$tap_scratch/flow")"
}

# switch ON|OFF: ethtool fails when nothing came of a wish, for want of agreement.
switch() {
	ip netns exec right ethtool -K b0 rx "$1" || true
	ip netns exec left ethtool -K a0 tx "$1" || true
	ip netns exec right ethtool -K b0 tx "$1" || true
	ip netns exec left ethtool -K a0 rx "$1" || true
	sleep 0.05
}

toggle_until_end() {
	local turns=0
	while kill -0 "$1" 2>/dev/null; do
		switch off >/dev/null 2>&1
		switch on >/dev/null 2>&1
		turns=$((turns + 1))
	done
	[ $turns -ge 2 ] || expect "times that the checksums were switched" "2 or more" $turns
}

# ---- nothing is verified by crossing ----

wrong_sum_is_noticed() {
	local state
	make_namespaces left right
	for state in on off; do
		ip netns exec right ethtool -K b0 rx $state
		flows wrong_sum left:a0 right:b0 left=10.9.0.1 right=10.9.0.2
	done
}

wrong_sum_is_noticed_beyond_a_bridge() {
	chain bridge
	flows wrong_sum left:a0 right:b0 left=10.1.0.1 right=10.1.0.2
}

wrong_sum_is_noticed_beyond_a_router() {
	chain router
	flows wrong_sum left:a0 middle:m1 left=10.1.0.1 right=10.2.0.2
}

# sums_are_final ROLE FAR-ADDRESS: the first pair agrees to skip sums, the far end of the second does not.
sums_are_final() {
	chain "$1"
	ip netns exec right ethtool -K b0 rx off
	expect "tx-checksumming of a0" on "$(ip netns exec left ethtool -k a0 | sed -n 's/^tx-checksumming: //p')"
	flows finished left=10.1.0.1 "right=$2" right:b0
}

# ---- the state of a single frame ----

# arrives RX SENT WANTED: a frame with the checksum state SENT arrives with WANTED; 0 none, 1 unnecessary, 2 complete.
arrives() {
	local seen
	csum b0 rx "$1"
	seen=$(probe send a0 len=$((100 + $2)) sum="$2")
	expect_match "rx $1, state $2" "^count=1 dev=b0 .* bad=0 summed=$3 " "$seen"
}

states_are_kept_by_a_receiver_that_agrees() {
	quiet_pair a0 b0
	arrives on 0 0
	arrives on 1 1
	arrives on 2 2
}

states_are_forgotten_by_a_receiver_that_verifies() {
	quiet_pair a0 b0
	arrives off 0 0
	arrives off 1 0
	arrives off 2 0
}

complete_sum_stays_right() {
	local length
	quiet_pair a0 b0
	for length in 60 61 1514; do
		expect_match "$length bytes" '^count=1 .* summed=2 sum_right=1 ' "$(probe send a0 len=$length sum=2)"
	done
	expect_match "in fragments" '^count=1 .* summed=2 sum_right=1 ' "$(probe send a0 len=1001 head=40 sum=2)"
}

partial_sum_stays_partial() {
	local state
	quiet_pair a0 b0
	for state in on off; do
		csum b0 rx $state
		expect_match "rx $state" '^count=1 .* summed=3 ' "$(probe send a0 len=100 partial=1)"
	done
}

case_ "promise: checksums are skipped only where both ends agree" agreement
case_ "etun: the sender's wish to offload outlives the peer's refusal" own_wish_is_kept
case_ "defect 15: TCP and UDP with tx checksum on, rx checksum on" combination on on
case_ "defect 15: TCP and UDP with tx checksum on, rx checksum off" combination on off
case_ "defect 15: TCP and UDP with tx checksum off, rx checksum on" combination off on
case_ "defect 15: TCP and UDP with tx checksum off, rx checksum off" combination off off
case_ "defect 15: switching checksums during transfers loses nothing" toggling_loses_nothing
case_ "defect 16: a wrong sum is noticed by the receiver" wrong_sum_is_noticed
case_ "defect 16: a wrong sum is noticed beyond a bridge" wrong_sum_is_noticed_beyond_a_bridge
case_ "defect 16: a wrong sum is noticed beyond a router" wrong_sum_is_noticed_beyond_a_router
case_ "defect 16: sums are right and final when bridged to who verifies" sums_are_final bridge 10.1.0.2
case_ "defect 16: sums are right and final when routed to who verifies" sums_are_final router 10.2.0.2
case_ "defect 16: an unfinished sum stays marked so" partial_sum_stays_partial
case_ "defect 17: a complete sum stays right without the header" complete_sum_stays_right
case_ "etun: a receiver that agrees keeps the checksum state" states_are_kept_by_a_receiver_that_agrees
case_ "etun: a receiver that verifies trusts nobody's verification" states_are_forgotten_by_a_receiver_that_verifies
done_testing
