#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Transmit and receive queues: how many there are, changing that, and what goes through which.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
# What goes wrong when queues are changed under load goes wrong rarely.
export tap_tries=1
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash
# shellcheck source-path=SCRIPTDIR source=lab.sh
source ./lab.sh
# shellcheck source-path=SCRIPTDIR source=pressure.bash
source ./pressure.bash
# shellcheck source-path=SCRIPTDIR source=programs.sh
source ./programs.sh

# Room that nobody asked for: the possible processors, up to 16.
room=$(($(cut -d- -f2 /sys/devices/system/cpu/possible) + 1))
[ $room -le 16 ] || room=16

# queue_files DEVICE: receive and transmit queues in use, by sysfs.
queue_files() {
	echo "$(find "/sys/class/net/$1/queues" -name 'rx-*' | wc -l) $(find "/sys/class/net/$1/queues" -name 'tx-*' | wc -l)"
}

# ---- how many ----

nobody_asked() {
	make_pair a0 b0
	expect "channels of a0" "$room $room 1 1" "$(channels a0)"
	expect "channels of b0" "$room $room 1 1" "$(channels b0)"
	expect "files of a0" "1 1" "$(queue_files a0)"
	expect "told of a0" "$room $room" "$(shown a0 txqueues rxqueues)"
}

asked_for() {
	ip link add name x0 numtxqueues 4 numrxqueues 3 type etun
	expect "channels of x0" "3 4 3 4" "$(channels x0)"
	expect "files of x0" "3 4" "$(queue_files x0)"
	expect "told of x0" "4 3" "$(shown x0 txqueues rxqueues)"
	expect "channels of its peer, which is not described" "3 4 3 4" "$(channels etun0)"
	ip link add name x1 numrxqueues 1 type etun
	expect "channels of x1" "1 $room 1 1" "$(channels x1)"
	expect "answer" 0 "$(newlink name=x2 txqueues=1 rxqueues=1 peer.name=y2 peer.txqueues=64 peer.rxqueues=5)"
	expect "channels of x2 and y2" "1 1 1 1, 5 64 5 64" "$(channels x2), $(channels y2)"
	expect_match "answer to no queue" '^EINVAL' "$(newlink name=x3 txqueues=0 peer.name=y3)"
	expect_match "answer to no queue of the peer" '^EINVAL' "$(newlink name=x3 peer.name=y3 peer.rxqueues=0)"
}

changed_by_ethtool() {
	expect "answer" 0 "$(newlink name=a0 txqueues=4 rxqueues=3 peer.name=b0)"
	ethtool -L a0 rx 1
	expect "channels" "3 4 1 4" "$(channels a0)"
	ethtool -L a0 tx 2
	expect "channels" "3 4 1 2" "$(channels a0)"
	expect "files" "1 2" "$(queue_files a0)"
	up a0 b0
	ethtool -L a0 rx 3 tx 4
	expect "channels while up" "3 4 3 4" "$(channels a0)"
	ethtool -L a0 rx 2 tx 3
	ip link set a0 down
	ip link set a0 up
	expect "channels after down and up" "3 4 2 3" "$(channels a0)"
	expect "channels of the peer" "$room $room 1 1" "$(channels b0)"
	expect "modes with other channels" 0 "$(change a0 mode=napi peer-mode=napi)"
	ethtool -L a0 rx 3 tx 1
	expect "channels in mode napi" "3 4 3 1" "$(channels a0)"
}

refused_by_all() {
	local before device
	make_pair a0 b0
	for device in a0 b0; do
		ethtool -L $device rx $room tx $room
		before=$(channels $device)
		refused_by_ethtool "Invalid|maximum" -L $device rx $((room + 1))
		refused_by_ethtool "Invalid|maximum" -L $device tx $((room + 1))
		refused_by_ethtool "Invalid|maximum" -L $device rx 1 tx 1000
		refused_by_ethtool "Invalid|no RX or TX" -L $device rx 0
		refused_by_ethtool "Invalid|no RX or TX" -L $device tx 0
		refused_by_ethtool "Invalid|maximum|supported" -L $device combined 1
		refused_by_ethtool "Invalid|maximum|supported" -L $device other 1
		expect "channels of $device" "$before" "$(channels $device)"
		expect "files of $device" "$room $room" "$(queue_files $device)"
		up $device
	done
}

# ---- carrier ----

link_states() { echo "$(carriers a0 b0) $(net_file a0 operstate) $(net_file b0 operstate)"; }

# Changing channels says nothing about the cable (veth 6.12 turns the carrier on).
no_carrier_from_channels() {
	make_pair a0 b0
	up a0
	wait_for 5 grep -q lowerlayerdown /sys/class/net/a0/operstate
	ethtool -L a0 rx 2 tx 2
	ethtool -L b0 rx 2 tx 2
	ethtool -L a0 rx 1 tx 1
	expect_carriers_stay "the peer is down" "off off"
	expect "states" "off off lowerlayerdown down" "$(link_states)"
	expect_match "a frame to a peer that is down" '^count=0 ' "$(probe send a0)"
	up b0
	wait_for 5 carriers_are "on on"
	ip link set b0 carrier off
	ethtool -L b0 rx 1 tx 1
	ethtool -L a0 rx 2 tx 2
	expect_carriers_stay "the cable is cut" "off off"
	ip link set b0 carrier on
	expect_carriers "the cable is mended" "on on"
}

carrier_untouched_by_channels() {
	local before
	make_pair a0 b0
	up a0 b0
	wait_for 5 carriers_are "on on"
	before="$(net_file a0 carrier_changes) $(net_file b0 carrier_changes)"
	start_monitor
	for channels in "rx 2 tx 2" "rx 1 tx 2" "rx 2 tx 1" "rx 1 tx 1"; do
		# shellcheck disable=SC2086 # several words
		ethtool -L a0 $channels
		# shellcheck disable=SC2086
		ethtool -L b0 $channels
	done
	expect "events of a lost carrier" "" "$(stop_monitor | grep -E 'NO-CARRIER|state (DOWN|LOWERLAYERDOWN)' || true)"
	expect "changes of the carriers" "$before" "$(net_file a0 carrier_changes) $(net_file b0 carrier_changes)"
}

# ---- what goes through them ----

queue_sums() { # DEVICE PREFIX FIELD NETNS: the sum over all queues in use
	ip netns exec "$4" ethtool -S "$1" | awk -v name="^$2_[0-9]+_$3:" '$1 ~ name { sum += $2 } END { print sum + 0 }'
}

some() { # WHAT NUMBER
	[ "$2" -gt 0 ] || expect "$1" "some" "$2"
}

several_rings_are_used() {
	local i
	joined mode=napi txqueues=2 rxqueues=2 peer.txqueues=2 peer.rxqueues=2
	load udp left:a0 right:b0 10.9.0.2 loose
	for i in 0 1; do
		some "packets of receive queue $i" "$(stat b0 rx_queue_${i}_packets right)"
		expect "packets of transmit queue $i" "$(stat b0 rx_queue_${i}_packets right)" "$(stat a0 tx_queue_${i}_packets left)"
		expect "bytes of transmit queue $i" "$(stat b0 rx_queue_${i}_bytes right)" "$(stat a0 tx_queue_${i}_bytes left)"
	done
	expect "packets of all" "$(shown_in right b0 rx_packets)" "$(queue_sums b0 rx_queue packets right)"
	expect "bytes of all" "$(shown_in right b0 rx_bytes)" "$(queue_sums b0 rx_queue bytes right)"
}

# Transmit queue i leads to receive queue i modulo their number.
more_transmit_than_receive_queues() {
	joined mode=napi txqueues=3 peer.rxqueues=2
	load udp left:a0 right:b0 10.9.0.2 loose
	some "packets of transmit queue 2" "$(stat a0 tx_queue_2_packets left)"
	expect "packets of receive queue 0" "$(stat b0 rx_queue_0_packets right)" \
		"$(($(stat a0 tx_queue_0_packets left) + $(stat a0 tx_queue_2_packets left)))"
	expect "packets of receive queue 1" "$(stat b0 rx_queue_1_packets right)" "$(stat a0 tx_queue_1_packets left)"
}

more_receive_than_transmit_queues() {
	joined mode=napi txqueues=1 peer.rxqueues=3
	load udp left:a0 right:b0 10.9.0.2 loose
	some "packets of receive queue 0" "$(stat b0 rx_queue_0_packets right)"
	expect "packets of receive queues 1 and 2" "0 0" \
		"$(stat b0 rx_queue_1_packets right) $(stat b0 rx_queue_2_packets right)"
}

# ---- changed under load ----

changes=()
for end in left:a0 right:b0; do
	for numbers in "2 2" "1 2" "2 1" "1 1" "2 2"; do changes+=("$end channels $numbers"); done
done
# Both ends in turn, so that more transmit than receive queues are met, and fewer.
changes+=("left:a0 channels 2 1" "right:b0 channels 1 2" "left:a0 channels 1 2" "right:b0 channels 2 1")

carrier_changes_of_both() {
	ip netns exec left cat /sys/class/net/a0/carrier_changes
	ip netns exec right cat /sys/class/net/b0/carrier_changes
}

under_load() { # exact|loose KEY=VALUE...
	local how=$1 before log
	shift
	joined "$@"
	# Whoever is to count exactly has no qdisc, as a change of channels empties those that go out of use.
	[ "$how" = loose ] || {
		ip -n left link set a0 down
		ip netns exec left tc qdisc replace dev a0 root noqueue
		ip -n left link set a0 up
		ip -n left neigh replace 10.9.0.2 lladdr 02:00:00:00:00:02 dev a0 nud permanent
	}
	wait_for 5 ip netns exec left grep -q 1 /sys/class/net/a0/carrier
	log=$(log_length)
	before=$(carrier_changes_of_both)
	load udp left:a0 right:b0 10.9.0.2 "$how" "${changes[@]}"
	[ "$how" = exact ] || load tcp left:a0 right:b0 10.9.0.2 "${changes[@]}"
	expect "changes of the carriers" "$before" "$(carrier_changes_of_both)"
	expect_healthy_since "$log"
}

# ---- the queue that a frame names ----

# A classifier of a qdisc can write any number there; here the device has room for one queue.
queue_that_is_not_there() {
	[ $patience = 1 ] || skip "the debug kernel itself warns of such a frame (DEBUG_NET)"
	load_programs
	joined txqueues=1 mode=napi
	ip netns exec left tc qdisc replace dev a0 root handle 1: prio
	ip netns exec left mount -t bpf bpf /sys/fs/bpf 2>/dev/null || true
	ip netns exec left tc filter add dev a0 parent 1: bpf direct-action object-pinned "$(program_of misname)"
	load udp left:a0 right:b0 10.9.0.2 loose "right:b0 coalesce 0 0" "right:b0 coalesce 0 0"
	expect "under way" 0 "$(stat a0 tx_queue_0_bql_inflight left)"
}

# What arrives by one queue and is sent on chooses among the next device's queues as what has come by none.
spread_when_forwarded() {
	local mode i
	quiet_netns left
	quiet_netns middle
	quiet_netns right
	expect "answer" 0 "$(newlink name=a0 netns=/run/netns/left peer.name=m1 peer.netns=/run/netns/middle)"
	expect "answer" 0 "$(newlink name=m2 netns=/run/netns/middle txqueues=4 peer.name=b0 peer.netns=/run/netns/right \
		peer.rxqueues=4 peer-mode=napi mode=backlog)"
	ip netns exec middle sysctl -qw net.ipv4.ip_forward=1
	for i in left:a0:10.1.0.1 middle:m1:10.1.0.254 middle:m2:10.2.0.254 right:b0:10.2.0.2; do
		ip -n "${i%%:*}" addr add "${i##*:}/24" dev "$(cut -d: -f2 <<<"$i")"
		ip -n "${i%%:*}" link set "$(cut -d: -f2 <<<"$i")" up
	done
	ip -n left route add 10.2.0.0/24 via 10.1.0.254
	for mode in backlog napi; do
		expect "mode $mode of the router's end" 0 "$(change_in middle m1 mode=$mode)"
		before=$(sent_by_queue)
		sockets spread left:a0=10.1.0.1 right:b0=10.2.0.2 300
		wait_for 10 all_sent
		for i in 0 1 2 3; do
			[ "${spread[i]}" -ge 30 ] || expect "mode $mode, frames of 300 by queue $i" "30 or more" "${spread[*]}"
		done
		remark "mode $mode: ${spread[*]}"
	done
}
sent_by_queue() { for i in 0 1 2 3; do stat m2 "tx_queue_${i}_packets" middle; done | xargs; }
all_sent() {
	local now i
	read -ra now <<<"$(sent_by_queue)"
	spread=()
	i=0
	for earlier in $before; do spread+=($((now[i++] - earlier))); done
	[ $((spread[0] + spread[1] + spread[2] + spread[3])) -ge 300 ]
}

case_ "queues: room for the processors, one in use, when nobody asked" nobody_asked
case_ "queues: as many as asked for at creation, at either end" asked_for
case_ "queues: ethtool -L changes them one by one, up or down" changed_by_ethtool
case_ "queues: ethtool -L refuses what there is no room for, and nothing changes" refused_by_all
case_ "queues: ethtool -L turns no carrier on" no_carrier_from_channels
case_ "queues: ethtool -L turns no carrier off" carrier_untouched_by_channels
case_ "queues: flows are spread over the rings of an end in mode napi" several_rings_are_used
case_ "queues: more transmit queues than the peer has receive queues" more_transmit_than_receive_queues
case_ "queues: fewer transmit queues than the peer has receive queues" more_receive_than_transmit_queues
case_ "queues: a frame that names a queue that is not there counts for the first" queue_that_is_not_there
case_ "queues: forwarded flows are spread over the next device's queues, by the backlog and by NAPI" spread_when_forwarded
case_ "queues: changed at both ends under load, by the backlog" under_load exact
case_ "queues: changed at both ends under load, by NAPI with qdiscs" under_load loose mode=napi
case_ "queues: changed at both ends under load, by NAPI without qdiscs" under_load exact mode=napi
done_testing
