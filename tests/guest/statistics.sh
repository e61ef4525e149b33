#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is counted: each drop once and by its cause, queues, and sums that agree whoever is asked.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash
# shellcheck source-path=SCRIPTDIR source=lab.sh
source ./lab.sh
# shellcheck source-path=SCRIPTDIR source=pressure.bash
source ./pressure.bash

# ---- names ----

names_with() { # RX TX: what ethtool -S shows with so many queues in use
	local i name
	echo partner_ifindex peer_ifindex
	printf 'tx_drop_%s\n' no_carrier header too_long no_memory ring_full
	printf 'rx_drop_%s\n' no_memory link_down
	echo tx_direct tx_direct_later tx_direct_backlog
	for ((i = 0; i < $1; i++)); do
		for name in packets bytes drops xdp_packets xdp_bytes xdp_drops xdp_redirect xdp_tx xdp_tx_errors; do
			echo "rx_queue_${i}_$name"
		done
	done
	for ((i = 0; i < $2; i++)); do
		for name in packets bytes xdp_xmit xdp_xmit_errors stops wakes bql_limit bql_inflight; do
			echo "tx_queue_${i}_$name"
		done
	done
}

names_of() { ethtool -S "$1" | sed -n 's/^ *\([a-z_0-9]*\): .*/\1/p' | xargs; }

names_follow_the_queues() {
	quiet_pair a0 b0
	expect "names" "$(names_with 1 1 | xargs)" "$(names_of a0)"
	ethtool -L a0 rx 2 tx 1
	expect "names with 2 receive queues" "$(names_with 2 1 | xargs)" "$(names_of a0)"
	expect "answer" 0 "$(change a0 mode=napi)"
	ethtool -L a0 rx 1 tx 2
	expect "names with 2 transmit queues" "$(names_with 1 2 | xargs)" "$(names_of a0)"
	expect "names of the peer" "$(names_with 1 1 | xargs)" "$(names_of b0)"
	expect "peer" "$(ifindex b0) $(ifindex b0)" "$(stat a0 peer_ifindex) $(stat a0 partner_ifindex)"
}

# As many as take four digits; the last of them is told by its name.
names_of_many_queues() {
	local i
	expect "answer" 0 "$(newlink name=a0 txqueues=1001 peer.name=b0 peer.rxqueues=1)"
	for i in 9 10 99 100 999 1000; do expect "frames of queue $i" 0 "$(stat a0 tx_queue_${i}_packets)"; done
	expect "names of the last queue" "$(names_with 1 1 | grep -c tx_queue_0_)" "$(names_of a0 | tr " " "\n" | grep -c tx_queue_1000_)"
}

# ---- drops ----

# drop_counts DEVICE: the causes that have counted something, as `no_carrier=3`, and rtnetlink's sums.
drop_counts() {
	ethtool -S "$1" | sed -nE 's/^ *([rt]x_drop_[a-z_]+): ([1-9].*)/\1=\2/p' | xargs
	echo "tx=$(count_of "$1" tx_dropped) rx=$(count_of "$1" rx_dropped)"
}

# dropped CAUSE REASON COUNT COMMAND...: all of COUNT frames of a0 are dropped for that, and nothing else happens.
dropped() {
	local cause=$1 reason=$2 count=$3 before
	shift 3
	before=$(count_of a0 tx_packets):$(count_of b0 rx_packets):$(count_of b0 rx_dropped)
	trace_drops "$@"
	expect "$cause: reasons" "$count $reason" "$drops"
	expect "$cause: counted" "tx_drop_$cause=$count tx=$count rx=0" "$(drop_counts a0 | xargs)"
	expect "$cause: sent, and received and dropped by the peer" "$before" \
		"$(count_of a0 tx_packets):$(count_of b0 rx_packets):$(count_of b0 rx_dropped)"
	expect "$cause: counted by the peer" "tx=0 rx=0" "$(drop_counts b0 | xargs)"
}

without_carrier() {
	quiet_pair a0 b0
	ip link set b0 down
	dropped no_carrier DEV_READY 3 probe send a0 count=3
}

without_a_header() {
	quiet_pair a0 b0
	dropped header HDR_TRUNC 2 probe send a0 count=2 len=13
}

longer_than_the_peer_takes() {
	quiet_pair a0 b0
	dropped too_long PKT_TOO_BIG 4 probe send a0 count=4 len=1523
}

ring_full() {
	quiet_napi
	trace_drops probe send a0 count=300 lock=1
	expect "reasons" "44 FULL_RING" "$drops"
	expect "counted" "tx_drop_ring_full=44 tx=44 rx=0" "$(drop_counts a0 | xargs)"
	expect "sent and received" "256 256" "$(count_of a0 tx_packets) $(count_of b0 rx_packets)"
}

# Pages that have an owner have to be copied, for which there is no memory.
without_memory() {
	quiet_pair a0 b0
	expect_match "while there is" '^count=2 dev=b0 .* bad=0 ' "$(probe send a0 count=2 len=1000 head=14 user=1)"
	trap 'fault nothing' EXIT
	fault fail skb_copy_ubufs 3
	dropped no_memory NOMEM 3 probe send a0 count=3 len=1000 head=14 user=1
	expect "failures to come" 0 "$(cat /sys/module/etun_fault/parameters/left)"
}

receiver_goes_down() {
	quiet_napi
	starve changed a0 b0 100 "b0 link 0"
	expect_match "counted by the receiver" '^rx_drop_link_down=([0-9]+) tx=0 rx=\1$' "$(drop_counts b0 | xargs)"
	expect "sent" "$(count_of a0 tx_packets)" "$(($(count_of b0 rx_packets) + $(count_of b0 rx_dropped)))"
}

all_causes_in_one() {
	quiet_napi ring=16 peer-ring=16
	probe send a0 count=20 lock=1
	probe send a0 count=3 len=9000
	ip link set b0 down
	probe send a0 count=5
	ip link set b0 up
	probe send a0 len=1
	expect "counted" "tx_drop_no_carrier=5 tx_drop_header=1 tx_drop_too_long=3 tx_drop_ring_full=4 tx=13 rx=0" \
		"$(drop_counts a0 | xargs)"
	# ip reads the same as sysfs.
	expect "dropped, by rtnetlink" 13 "$(shown a0 tx_dropped)"
}

# ---- sums ----

bytes_of_both() {
	expect "bytes from left and from right" "$(shown_in left a0 tx_bytes rx_bytes)" \
		"$(shown_in right b0 rx_bytes tx_bytes)"
}

by_queues() { # DEVICE rx|tx NETNS: packets of all its queues
	ip netns exec "$3" ethtool -S "$1" |
		awk -v name="^$2_queue_[0-9]+_packets:" '$1 ~ name { sum += $2 } END { print sum + 0 }'
}

# load compares each end's sum with the other's; here is what both have in common.
balanced_by_the_backlog() {
	joined
	load udp left:a0 right:b0 10.9.0.2 exact
	load tcp left:a0 right:b0 10.9.0.2
	bytes_of_both
	expect "through rings" "0 0" "$(by_queues a0 tx left) $(by_queues b0 rx right)"
}

balanced_by_napi() {
	joined mode=napi txqueues=2 rxqueues=2 peer.txqueues=2 peer.rxqueues=2
	load udp left:a0 right:b0 10.9.0.2 loose
	load tcp left:a0 right:b0 10.9.0.2
	bytes_of_both
	expect "through rings" "$(shown_in left a0 tx_packets) $(shown_in right b0 rx_packets)" \
		"$(by_queues a0 tx left) $(by_queues b0 rx right)"
}

# Frames of two processors into one ring; large, so that none is dropped.
two_processors_by_napi() {
	quiet_napi ring=32768 peer-ring=32768
	frames hammer a0 b0 6000
	expect "through rings of a0" "6000 6000" "$(stat a0 tx_queue_0_packets) $(stat a0 rx_queue_0_packets)"
}

# And into one that is too small for them.
two_processors_and_drops() {
	quiet_napi ring=2 peer-ring=2
	modprobe pktgen
	echo reset >/proc/net/pktgen/pgctrl
	for thread in 0 1; do
		echo "add_device a0@$thread" >/proc/net/pktgen/kpktgend_$thread
		for line in "count 10000" "pkt_size 60" "delay 0" "dst_mac 02:00:00:00:00:99" "dst 10.99.0.1"; do
			echo "$line" >"/proc/net/pktgen/a0@$thread"
		done
	done
	echo start >/proc/net/pktgen/pgctrl
	# It goes on until as many were taken, and counts those that were not.
	errors=$(sed -nE 's/.*pkts-sofar: .* errors: ([0-9]+).*/\1/p' /proc/net/pktgen/a0@* | paste -sd+)
	echo reset >/proc/net/pktgen/pgctrl
	wait_for 10 received_all
	expect "sent and dropped" "20000 $((errors))" "$(count_of a0 tx_packets) $(count_of a0 tx_dropped)"
	expect "dropped, by cause" "$(count_of a0 tx_dropped)" "$(stat a0 tx_drop_ring_full)"
	expect "bytes" "$((60 * $(count_of a0 tx_packets)))" "$(count_of a0 tx_bytes)"
	expect "bytes received" "$((60 * $(count_of a0 tx_packets)))" "$(count_of b0 rx_bytes)"
}
received_all() { [ "$(count_of a0 tx_packets)" = "$(count_of b0 rx_packets)" ]; }

# totals: what must not change while nothing is sent.
totals() {
	echo "$(shown_in left a0 tx_packets tx_bytes) $(shown_in right b0 rx_packets rx_bytes)"
}
queue_1() { echo "$(stat a0 tx_queue_1_packets left) $(stat b0 rx_queue_1_packets right)"; }

kept_through_changes() {
	local before queue what
	joined mode=napi txqueues=2 peer.rxqueues=2
	load udp left:a0 right:b0 10.9.0.2 loose
	before=$(totals) queue=$(queue_1)
	while read -r netns what; do
		# shellcheck disable=SC2086 # a command
		ip netns exec "$netns" $what
		expect "sums after $what" "$before" "$(totals)"
	done <<-COMMANDS
		left ethtool -L a0 tx 1
		right ethtool -L b0 rx 1
		right ethtool -G b0 rx 16
		left ethtool -L a0 tx 2
		right ethtool -L b0 rx 2
	COMMANDS
	expect "answers to changes of modes" "0 0" "$(change_in right b0 mode=backlog) $(change_in left a0 mode=backlog)"
	expect "sums by the backlog" "$before" "$(totals)"
	expect "answers to changes of modes" "0 0" "$(change_in right b0 mode=napi) $(change_in left a0 mode=napi)"
	ip -n right link set b0 down
	ip -n right link set b0 up
	expect "packets of queue 1" "$queue" "$(queue_1)"
	expect "packets before and after a move" "$(cut -d' ' -f3 <<<"$before")" "$(moved_total)"
}

moved_total() {
	ip -n right link set b0 netns left
	shown_in left b0 rx_packets
}

# ---- the netdev family ----

queue_statistics() { ip netns exec "$1" python3 -ES "$here/queue-statistics.py" "$(ifindex_in "$1" "$2")"; }

agree() { # WHAT NETNS DEVICE
	local seen wanted queues
	seen=$(queue_statistics "$2" "$3")
	wanted=$(shown_in "$2" "$3" rx_packets rx_bytes tx_packets tx_bytes)
	expect "$1: rx_packets, rx_bytes, tx_packets, tx_bytes of $3" "$wanted" \
		"$(sed -n 's/^device //p' <<<"$seen" | sed 's/[a-z_]*=//g')"
	queues=$(channels "$3" "$2" | cut -d' ' -f3,4)
	expect "$1: queues of $3" "$queues" "$(grep -c ^rx <<<"$seen") $(grep -c ^tx <<<"$seen")"
}

# For each queue what ethtool says, too, where all went by rings: lines like `rx 0 rx_packets=5 rx_bytes=300`.
agree_by_queue() { # NETNS DEVICE
	expect "queues of $2" "$(ip netns exec "$1" ethtool -S "$2" |
		sed -nE 's/^ *([rt]x)_queue_([0-9]+)_(packets|bytes): (.*)/\1 \2 \1_\3=\4/p' |
		awk '$3 ~ /packets/ { first = $0; next } { print first, $3 }' | sort)" \
		"$(queue_statistics "$1" "$2" | grep -v device | sort)"
}

netdev_family_agrees() {
	joined txqueues=2 rxqueues=2 peer.txqueues=2 peer.rxqueues=2 mode=napi
	queue_statistics left a0 >/dev/null 2>&1 || skip "a kernel with NETDEV_CMD_QSTATS_GET (6.10)"
	load udp left:a0 right:b0 10.9.0.2 loose
	load tcp left:a0 right:b0 10.9.0.2
	agree "by rings" left a0
	agree "by rings" right b0
	agree_by_queue left a0
	agree_by_queue right b0
	ip netns exec left ethtool -L a0 rx 1 tx 1
	ip netns exec right ethtool -L b0 rx 1 tx 1
	agree "with one queue" left a0
	agree "with one queue" right b0
	expect "answers" "0 0" "$(change_in left a0 mode=backlog) $(change_in right b0 mode=backlog)"
	load udp left:a0 right:b0 10.9.0.2 loose
	agree "by the backlog as well" left a0
	agree "by the backlog as well" right b0
	ip netns exec left ethtool -L a0 rx 2 tx 2
	ip netns exec right ethtool -L b0 rx 2 tx 2
	agree "with two queues again" left a0
	agree "with two queues again" right b0
}

case_ "statistics: names of the counters follow the queues in use" names_follow_the_queues
case_ "statistics: names of a thousand queues" names_of_many_queues
case_ "statistics: a drop without a carrier" without_carrier
case_ "statistics: a drop of a truncated header" without_a_header
case_ "statistics: a drop of what is too long" longer_than_the_peer_takes
case_ "statistics: a drop for want of room in a ring" ring_full
case_ "statistics: a drop for want of memory" without_memory
case_ "statistics: a drop when the receiver goes down" receiver_goes_down
case_ "statistics: all causes add up to rtnetlink's sum" all_causes_in_one
case_ "statistics: sums of both ends agree, by the backlog" balanced_by_the_backlog
case_ "statistics: sums of both ends and of the queues agree, by NAPI" balanced_by_napi
case_ "statistics: two processors lose no count in a ring" two_processors_by_napi
case_ "statistics: two processors lose no count where most is dropped" two_processors_and_drops
case_ "statistics: sums are kept when queues, rings and modes change" kept_through_changes
case_ "statistics: the netdev family's queue statistics agree with rtnetlink's" netdev_family_agrees
done_testing
