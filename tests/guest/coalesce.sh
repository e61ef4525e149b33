#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Interrupt coalescing, `ethtool -c` and `-C`: frames wait for company, and for no longer than they may.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash
# shellcheck source-path=SCRIPTDIR source=lab.sh
source ./lab.sh
# shellcheck source-path=SCRIPTDIR source=pressure.bash
source ./pressure.bash

shown_and_changed() {
	make_pair a0 b0
	expect "a0 and b0" "0 0, 0 0" "$(coalescing a0), $(coalescing b0)"
	ethtool -C a0 rx-usecs 100
	expect "a0 and b0" "100 0, 0 0" "$(coalescing a0), $(coalescing b0)"
	ethtool -C a0 rx-frames 8
	expect "a0" "100 8" "$(coalescing a0)"
	up a0 b0
	ethtool -C b0 rx-usecs 10000 rx-frames 256
	expect "answer to a change of modes" 0 "$(change a0 mode=napi peer-mode=napi)"
	ip link set a0 down
	ip link set a0 up
	expect "a0 and b0" "100 8, 10000 256" "$(coalescing a0), $(coalescing b0)"
	ethtool -C b0 rx-usecs 1 rx-frames 1
	ethtool -C a0 rx-usecs 0 rx-frames 0
	expect "a0 and b0" "0 0, 1 1" "$(coalescing a0), $(coalescing b0)"
}

refused() {
	quiet_napi
	ethtool -C b0 rx-usecs 50 rx-frames 5
	refused_by_ethtool "rx-usecs is at most 10000" -C b0 rx-usecs 10001
	refused_by_ethtool "rx-usecs is at most 10000" -C b0 rx-usecs 4294967295 rx-frames 1
	refused_by_ethtool "rx-frames needs rx-usecs" -C b0 rx-usecs 0
	refused_by_ethtool "rx-frames needs rx-usecs" -C a0 rx-frames 1
	refused_by_ethtool "rx-frames is at most the number of the ring's slots" -C b0 rx-frames 257
	for word in "tx-usecs 5" "tx-frames 5" "adaptive-rx on" "adaptive-tx on" "rx-usecs-irq 5" "rx-frames-irq 5" \
		"stats-block-usecs 5" "sample-interval 5" "rx-usecs-low 5" "cqe-mode-rx on"; do
		# shellcheck disable=SC2086 # two words
		refused_by_ethtool "unsupported|not supported" -C b0 $word
	done
	expect "a0 and b0" "0 0, 50 5" "$(coalescing a0), $(coalescing b0)"
	# The same from the other side.
	refused_by_ethtool "as many slots as rx-frames" -G b0 rx 4
	expect_match "answer to a ring of 4" '^EINVAL .*as many slots as rx-frames' "$(change b0 ring=4)"
	expect_match "answer to a ring of 4 of the peer" '^EINVAL .*as many slots as rx-frames' \
		"$(change a0 peer-ring=4 mode=backlog)"
	expect "ring and mode" "32768 256 napi" "$(ring_of b0) $(shown a0 mode)"
	ethtool -G b0 rx 5
}

# The least number of milliseconds, in many tries, from the departure of the first of some frames to the last one's
# arrival; a machine that stalls makes some of them longer, but none shorter. Where times do not tell, some frames alone take
# longer than the longest wait there is; they only have to arrive.
held_back() { # WHAT FRAMES
	local seen
	seen=$(load waits a0 b0 "$2" 10 0)
	awk -v seen="$seen" 'BEGIN { exit seen < 10 }' || expect "$1: milliseconds" "10 or more" "$seen"
}
not_held_back() { # WHAT FRAMES
	local seen
	times_tell || { load waits a0 b0 "$2" 1 0 >/dev/null; return; }
	seen=$(load waits a0 b0 "$2" 200 10)
	awk -v seen="$seen" 'BEGIN { exit seen >= 10 }' || expect "$1: milliseconds" "less than 10" "$seen"
}

time_alone() {
	quiet_napi
	not_held_back "not held back" 3
	ethtool -C b0 rx-usecs 10000
	held_back "one frame" 1
	held_back "five frames" 5
	ethtool -C b0 rx-usecs 0
	not_held_back "not held back any more" 3
}

time_or_frames() {
	quiet_napi
	ethtool -C b0 rx-usecs 10000 rx-frames 6
	held_back "five of six frames" 5
	not_held_back "six of six frames" 6
	# The seventh waits for its time.
	held_back "seven frames" 7
	ethtool -C b0 rx-frames 1
	not_held_back "one of one frame" 1
}

# The other direction, and frames by the backlog, are not held back.
nobody_else_waits() {
	quiet_napi
	ethtool -C a0 rx-usecs 10000
	not_held_back "frames to the peer of the one that waits" 2
	ethtool -C b0 rx-usecs 10000
	expect "answer to mode=backlog" 0 "$(change b0 mode=backlog)"
	not_held_back "frames by the backlog" 2
	expect "setting" "10000 0" "$(coalescing b0)"
	expect "answer to mode=napi" 0 "$(change b0 mode=napi)"
	held_back "frames by NAPI again" 2
}

# Nothing waits for ever, with as many frames as wake NAPI, fewer, and more, in a ring that they fill or not.
all_arrive() {
	local frames counts=(1 6 7 8 9 50)
	quiet_napi ring=8 peer-ring=8
	tc qdisc add dev a0 root pfifo
	for frames in 1 7 8; do
		ethtool -C b0 rx-usecs 700 rx-frames $frames
		expect "when $frames wake" "$(for count in "${counts[@]}"; do echo "arrived $count of $count, in order"; done)" \
			"$(load burst a0 b0 "${counts[@]}")"
	done
}

# A full ring ends the wait also where no qdisc can hold back what comes next.
full_ring_ends_the_wait() {
	quiet_napi ring=16 peer-ring=16
	ethtool -C b0 rx-usecs 10000
	# As many as the ring holds, then as many again, each of which would find it full.
	expect "200 frames" "arrived 200 of 200, in order" "$(load burst a0 b0 200)"
	expect "dropped" 0 "$(stat a0 tx_drop_ring_full)"
}

# expirations COMMAND...: runs it; prints how often the timer of a ring expired meanwhile.
expirations() {
	local instance=/sys/kernel/tracing/instances/etun
	mkdir -p $instance
	echo etun_timer >$instance/set_ftrace_filter
	echo >$instance/trace
	echo function >$instance/current_tracer
	"$@" >"$tap_scratch/traced"
	grep -c ': etun_timer <-' $instance/trace || true
	echo nop >$instance/current_tracer
	rmdir $instance
}

# So does a byte queue limit that is reached: it is low at first, and every other frame reaches it.
byte_limit_ends_the_wait() {
	local seen
	quiet_napi
	tc qdisc add dev a0 root pfifo
	ethtool -C b0 rx-usecs 10000
	seen=$(expirations load burst a0 b0 300)
	expect "300 frames" "arrived 300 of 300, in order" "$(cat "$tap_scratch/traced")"
	[ "$seen" -le 3 ] || expect "frames that waited for the timer" "the last ones" "$seen times"
	remark "the timer expired $seen times"
}

stacks_get_along() {
	joined mode=napi
	ip netns exec left ethtool -C a0 rx-usecs 300 rx-frames 16
	ip netns exec right ethtool -C b0 rx-usecs 2000 rx-frames 32
	pings left 10.9.0.2
	load tcp left:a0 right:b0 10.9.0.2
	flows both left=10.9.0.1 right=10.9.0.2 1000000 100
}

case_ "coalescing: ethtool -c and -C" shown_and_changed
case_ "coalescing: what makes no sense is refused, and nothing changes" refused
case_ "coalescing: rx-usecs holds frames back for so long" time_alone
case_ "coalescing: rx-frames ends the wait" time_or_frames
case_ "coalescing: the other direction and the backlog are not held back" nobody_else_waits
case_ "coalescing: every frame arrives" all_arrive
case_ "coalescing: a full ring ends the wait, without a qdisc too" full_ring_ends_the_wait
case_ "coalescing: a byte queue limit that is reached ends the wait" byte_limit_ends_the_wait
case_ "coalescing: ping, TCP and UDP get along with it" stacks_get_along
done_testing
