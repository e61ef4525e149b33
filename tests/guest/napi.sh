#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Delivery by NAPI: when it is there, that nothing is lost or swapped, that GRO joins frames, that changes do no harm.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/programs.sh"

left=left=10.9.0.1 right=right=10.9.0.2

# inside_right COMMAND...: with b0 there.
inside_right() {
	ip netns exec right "$@"
}

# ---- when there is NAPI ----

# threadable DEVICE: true when the device has NAPI, since only then it can be put into threads.
threadable() {
	local answer=false
	if echo 1 2>/dev/null >"/sys/class/net/$1/threaded"; then
		answer=true
		echo 0 >"/sys/class/net/$1/threaded"
	fi
	$answer
}

# has_napi DEVICE COUNT WHEN
has_napi() {
	local seen=0
	! threadable "$1" || seen=1
	expect "NAPI of $1 $3 (1: some)" "$2" $seen
}

napi_only_when_asked_for() {
	quiet_pair a0 b0
	expect "mode of both ends" "backlog backlog" "$(links get a0 mode) $(links get b0 mode)"
	has_napi b0 0 "in mode backlog"
	ethtool -K b0 gro on
	has_napi b0 1 "with GRO"
	has_napi a0 0 "with GRO at the other end"
	ethtool -K b0 gro off
	has_napi b0 0 "without GRO"
	expect "mode napi" 0 "$(links set b0 mode=napi)"
	has_napi b0 1 "in mode napi"
	ip link set b0 down
	has_napi b0 0 "while down"
	ip link set b0 up
	has_napi b0 1 "up again"
	expect "mode backlog" 0 "$(links set b0 mode=backlog)"
	has_napi b0 0 "in mode backlog again"
	attach b0 pass
	has_napi b0 1 "with a program"
	expect "mode napi" 0 "$(links set b0 mode=napi)"
	detach b0
	has_napi b0 1 "in mode napi after a program"
}

# Each receive queue names its own.
napi_of_every_queue() {
	local ids
	needs_kernel 6.8 "NAPI by queue"
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	make_pair a0 b0
	ethtool -L b0 rx 2
	ip link set a0 up
	ip link set b0 up
	expect "mode napi" 0 "$(links set b0 mode=napi)"
	ids=$(links napis b0)
	expect "NAPI instances" 2 "$(wc -w <<<"$ids")"
	expect "NAPI of the receive queues" "rx 0 ${ids% *} rx 1 ${ids#* }" "$(links queues b0 | grep rx | xargs)"
	ethtool -L b0 rx 1
	expect "NAPI of one queue" 1 "$(links napis b0 | wc -w)"
	expect "NAPI of the other end" "" "$(links napis a0)"
	ip link set b0 down
	expect "NAPI while down" "" "$(links napis b0)"
}

# ---- delivery ----

# by_ring NETNS DEVICE: how many frames came by its rings.
by_ring() {
	ip netns exec "$1" ethtool -S "$2" | awk '/rx_queue_[0-9]+_packets:/ { sum += $2 } END { print sum + 0 }'
}

napi_namespaces() {
	make_namespaces left right
	expect "mode napi at both ends" 0 "$(links set left:a0 mode=napi peer-mode=napi)"
}

# all_by_ring NETNS DEVICE: all its frames, but for a few that came before the mode was set.
all_by_ring() {
	local seen ring
	ring=$(by_ring "$1" "$2")
	seen=$(counter "$2" rx_packets "$1")
	[ "$ring" -ge 200 ] && [ $((seen - ring)) -le 20 ] ||
		expect "frames of $2 by its ring" "200 or more, and no fewer than $((seen - 20))" "$ring"
}

nothing_lost_or_swapped() {
	napi_namespaces
	flows both $left $right 2000000 600
	flows both left=fd00:9::1 right=fd00:9::2 500000 200
	pings left 10.9.0.2
	all_by_ring right b0
	expect "dropped" "0 0" "$(counter b0 rx_dropped right) $(counter a0 tx_dropped left)"
}

frames_cross_unchanged() {
	napi_pair a0 b0 9000
	frames exchange a0 b0 300 9014
}

# One way by NAPI, the other by the backlog.
one_end_in_mode_napi() {
	make_namespaces left right
	expect "mode napi at one end" 0 "$(links set left:a0 mode=napi)"
	flows both $left $right 1000000 400
	expect "frames of b0 by its ring" 0 "$(by_ring right b0)"
	all_by_ring left a0
}

# napi_threads: process ids of the threads that poll b0.
napi_threads() { grep -ls '^napi/b0-' /proc/[0-9]*/comm | cut -d/ -f3; }

switches() {
	awk '/^voluntary_ctxt_switches/ { print $2 }' "/proc/$1/status"
}

threads_poll() {
	local thread before
	napi_namespaces
	inside_right bash -c 'echo 1 >/sys/class/net/b0/threaded'
	thread=$(napi_threads)
	expect_match "threads of b0" '^[0-9]+$' "$thread"
	before=$(switches "$thread")
	flows both $left $right 1000000 400
	[ "$(switches "$thread")" -gt $((before + 10)) ] || expect "times the thread was woken" "10 more than $before" \
		"$(switches "$thread")"
	# A NAPI that is made later gets its thread, too.
	ip -n right link set b0 down
	expect "threads of b0 while down" "" "$(napi_threads)"
	ip -n right link set b0 up
	expect_match "threads of b0 up again" '^[0-9]+$' "$(napi_threads)"
	flows both $left $right 300000 100
	inside_right bash -c 'echo 0 >/sys/class/net/b0/threaded'
	flows both $left $right 300000 100
}

# ---- GRO ----

# longest: the longest TCP frame that the receiving stack sees at b0.
longest() {
	flows large $left $right right:b0
}

off_by_default() {
	quiet_pair a0 b0
	expect "GRO of both ends" "off off" \
		"$(offload a0 generic-receive-offload) $(offload b0 generic-receive-offload)"
	napi_mode a0
	expect "GRO of both ends in mode napi" "off off" \
		"$(offload a0 generic-receive-offload) $(offload b0 generic-receive-offload)"
}

joins_tcp() {
	napi_namespaces
	ip netns exec left ethtool -K a0 tso off
	expect "longest frame without GRO" 1514 "$(longest)"
	inside_right ethtool -K b0 gro on
	long_now "with GRO"
	inside_right ethtool -K b0 gro off
	expect "longest frame without GRO again" 1514 "$(longest)"
}

# long_now WHEN: frames arrive joined.
long_now() {
	local seen
	seen=$(longest)
	[ "$seen" -ge 4000 ] || expect "longest frame $1" "4000 or more" "$seen"
}

# With GRO alone, frames take the ring only where something can be joined.
joins_in_mode_backlog() {
	make_namespaces left right
	inside_right ethtool -K b0 gro on
	flows both $left $right 300000 40
	expect "frames by the ring from a sender of large segments" 0 "$(by_ring right b0)"
	ip netns exec left ethtool -K a0 tso off
	long_now "with GRO in mode backlog"
	[ "$(by_ring right b0)" -gt 100 ] || expect "frames by the ring" "more than 100" "$(by_ring right b0)"
}

# datagrams [LISTEN]: 20 datagrams of 1000 bytes as one send; longest frame seen at b0, datagrams read.
datagrams() {
	flows joined $left $right right:b0 "$@"
}

joins_datagrams_for_forwarding() {
	napi_namespaces
	ip netns exec left ethtool -K a0 tx-udp-segmentation off
	inside_right ethtool -K b0 gro on
	expect "longest frame and datagrams without forwarding" "1042 0" "$(datagrams)"
	inside_right ethtool -K b0 rx-udp-gro-forwarding on
	expect "longest frame and datagrams with forwarding" "20042 0" "$(datagrams)"
	expect "a receiver of this machine, which wants them one by one" "20042 20" "$(datagrams listen)"
}

joins_datagrams_as_a_list() {
	local seen
	napi_namespaces
	ip netns exec left ethtool -K a0 tx-udp-segmentation off
	inside_right ethtool -K b0 gro on rx-gro-list on
	seen=$(datagrams listen)
	# A packet socket sees a list by its first frame's header, or in one piece.
	[ "${seen% *}" -gt 2000 ] || expect "longest frame with a list" "more than 2000" "${seen% *}"
	expect "datagrams that arrived" 20 "${seen#* }"
	flows both $left $right 300000 200
}

# ---- changes under traffic ----

modes_change() {
	local sent received
	quiet_pair a0 b0
	alternate "links set b0 mode=napi" "links set b0 mode=backlog"
	churn a0 b0 2
	rest
	expect "what was said to changes of mode" 0 "$(sort -u "$tap_scratch/alternating")"
	[ "$received" -gt $((sent / 2)) ] || expect "frames received of $sent" "more than half" "$received"
}

tcp_survives_modes() {
	make_namespaces left right
	alternate "links set left:a0 mode=napi peer-mode=napi" "links set left:a0 mode=backlog peer-mode=backlog"
	flows both $left $right 2000000 0
	rest
}

features_change() {
	make_namespaces left right
	alternate "inside_right ethtool -K b0 gro on" "ip netns exec left ethtool -K a0 tso off" \
		"inside_right ethtool -K b0 gro off" "ip netns exec left ethtool -K a0 tso on"
	flows both $left $right 2000000 0
	rest
}

goes_down_and_up() {
	local sent received
	napi_pair a0 b0
	alternate "ip link set b0 down" "ip link set b0 up" "sleep 0.05"
	churn a0 b0 2 down
	rest
	expect "dropped at b0, by its own counters" "$(count_of b0 rx_dropped)" \
		"$(($(statistics b0 rx_drop_link_down) + $(statistics b0 rx_drop_no_memory)))"
	ip link set b0 up
	verdicts arrive a0 b0 50 1514
}

tcp_survives_down_and_up() {
	napi_namespaces
	alternate "ip -n right link set b0 down" "ip -n right link set b0 up" "sleep 0.5"
	flows both $left $right 2000000 0
	rest
}

load_programs || exit 1
case_ "napi: there is none unless asked for by mode, GRO or a program, and none while down" napi_only_when_asked_for
case_ "napi: each receive queue names its own" napi_of_every_queue
case_ "napi: TCP and UDP lose nothing and keep their order, all by the ring" nothing_lost_or_swapped
case_ "napi: frames of any length cross byte for byte" frames_cross_unchanged
case_ "napi: one end by NAPI, the other by the backlog" one_end_in_mode_napi
case_ "napi: threads poll" threads_poll
case_ "gro: off by default" off_by_default
case_ "gro: TCP segments arrive joined" joins_tcp
case_ "gro: in mode backlog only what can be joined takes the ring" joins_in_mode_backlog
case_ "gro: datagrams to be forwarded arrive joined" joins_datagrams_for_forwarding
case_ "gro: datagrams arrive as a list" joins_datagrams_as_a_list
case_ "napi: modes change under traffic; every frame is accounted for" modes_change
case_ "napi: TCP survives changes of mode" tcp_survives_modes
case_ "gro: TCP survives changes of GRO and TSO" features_change
case_ "napi: down and up under traffic; every frame is accounted for" goes_down_and_up
case_ "napi: TCP survives down and up" tcp_survives_down_and_up
done_testing
