#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The life of NAPI instances: they stay when rings change, sockets know them, and changes take no longer than veth's.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash
# shellcheck source-path=SCRIPTDIR source=lab.sh
source ./lab.sh
# shellcheck source-path=SCRIPTDIR source=pressure.bash
source ./pressure.bash
# shellcheck source-path=SCRIPTDIR source=programs.sh
source ./programs.sh

left=left:a0=10.9.0.1 right=right:b0=10.9.0.2

in_right() { ip netns exec right "$@"; }

# ---- what sockets know ----

# Of the instance that brought the last datagram.
socket_napi() { sockets napi $left $right; }

sockets_know_it() {
	local id
	joined
	expect "instance in mode backlog" 0 "$(socket_napi)"
	expect "mode napi" 0 "$(change_in right b0 mode=napi)"
	id=$(socket_napi)
	[ "$id" -gt 0 ] || expect "instance in mode napi" "a number" "$id"
	needs_kernel 6.8 "NAPI by queue"
	expect "instance of the receive queue" "$(links napis right:b0)" "$id"
	in_right ethtool -K b0 gro on
	expect "instance with GRO" "$id" "$(socket_napi)"
}

# polled: datagrams that sockets of the namespace fetched from the device themselves.
polled() { in_right nstat -asz TcpExtBusyPollRxPackets | awk '$1 ~ /BusyPoll/ { print $2 }'; }

sockets_poll() {
	local before
	joined
	expect "mode napi" 0 "$(change_in right b0 mode=napi)"
	# Later, so that who polls comes first.
	in_right ethtool -C b0 rx-usecs 10000
	before=$(polled)
	sockets polls $left $right
	[ "$(polled)" -gt "$before" ] || expect "datagrams fetched by polling" "more than $before" "$(polled)"
}

socket_stops_polling() {
	joined
	expect "mode napi" 0 "$(change_in right b0 mode=napi)"
	sockets stops_polling $left $right
}

# ---- what stays ----

same_instance() { expect "instance after $1" "$2" "$(socket_napi)"; }

instances_stay() {
	local id
	joined rxqueues=2 peer.rxqueues=2 peer.txqueues=2 mode=napi
	in_right ethtool -L b0 rx 1 tx 1
	id=$(socket_napi)
	[ "$id" -gt 0 ] || expect "instance" "a number" "$id"
	in_right ethtool -G b0 rx 64
	same_instance "ethtool -G" "$id"
	in_right ethtool -L b0 rx 2
	same_instance "ethtool -L rx 2" "$id"
	in_right ethtool -L b0 rx 1
	same_instance "ethtool -L rx 1" "$id"
	in_right ethtool -K b0 gro on
	expect "mode backlog" 0 "$(change_in right b0 mode=backlog)"
	expect "mode napi" 0 "$(change_in right b0 mode=napi)"
	same_instance "a mode that left it to GRO" "$id"
	needs_kernel 6.13 "numbers of NAPI that outlive it"
	ip -n right link set b0 down
	ip -n right link set b0 up
	ip -n right neigh replace 10.9.0.1 lladdr 02:00:00:00:00:01 dev b0 nud permanent
	same_instance "down and up" "$id"
	expect "mode backlog" 0 "$(change_in right b0 mode=backlog)"
	in_right ethtool -K b0 gro off
	expect "mode napi" 0 "$(change_in right b0 mode=napi)"
	same_instance "a time without" "$id"
}

settings_stay() {
	local id
	needs_kernel 6.13 "settings for each NAPI instance"
	joined mode=napi
	id=$(links napis right:b0)
	expect "gro-flush-timeout" 12345 "$(links flush right:b0 "$id" 12345)"
	in_right ethtool -G b0 rx 64
	expect "gro-flush-timeout with other rings" 12345 "$(links flush right:b0 "$id")"
	ip -n right link set b0 down
	ip -n right link set b0 up
	expect "gro-flush-timeout after down and up" 12345 "$(links flush right:b0 "$id")"
}

# ---- frames that GRO holds ----

# held WHAT COMMAND...: ten segments that GRO holds back when the command begins arrive.
held() {
	local what=$1
	shift
	expect "segments that arrived, $what" 10 "$(sockets held $left $right 10 30 "$@")"
}

held_frames_are_handed_on() {
	joined
	ip netns exec left ethtool -K a0 tso off
	in_right ethtool -K b0 gro on
	# Longer than all of this takes, in ns.
	in_right sh -c 'echo 100000000000 >/sys/class/net/b0/gro_flush_timeout'
	expect "segments that arrive by themselves" 0 "$(sockets held $left $right 1 2 true)"
	in_right ethtool -G b0 rx 128
	held "other rings" ip netns exec right ethtool -G b0 rx 64
	held "no GRO any more, nor NAPI" ip netns exec right ethtool -K b0 gro off
}

held_frames_of_an_end_that_goes() {
	joined
	ip netns exec left ethtool -K a0 tso off
	in_right ethtool -K b0 gro on
	in_right sh -c 'echo 100000000000 >/sys/class/net/b0/gro_flush_timeout'
	held "b0 down" ip -n right link set b0 down
}

# ---- how long a change takes ----

# waits COMMAND...: how many grace periods the networking code waits for meanwhile.
waits() {
	local instance=/sys/kernel/tracing/instances/etun
	mkdir -p $instance
	echo synchronize_net >$instance/set_ftrace_filter
	echo >$instance/trace
	echo function >$instance/current_tracer
	"$@" >"$tap_scratch/answer"
	grep -c ': synchronize_net <-' $instance/trace || true
	echo nop >$instance/current_tracer
	rmdir $instance
}

# at_most LIMIT COMMAND...
waits_at_most() {
	local limit=$1 seen
	shift
	seen=$(waits "$@")
	expect "answer to $*" 0 "$(grep -v '^0$' "$tap_scratch/answer" || echo 0)"
	[ "$seen" -le "$limit" ] || expect "grace periods of $*" "$limit at most" "$seen"
	remark "$*: $seen (at most $limit)"
}

grace_periods() {
	local down up
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	ip link add v0 type veth peer name v1
	ip link set v0 up
	ip link set v1 up
	ethtool -K v1 gro on
	down=$(waits ip link set v1 down)
	up=$(waits ip link set v1 up)
	ip link del v0
	quiet_napi rxqueues=2
	waits_at_most 1 ethtool -G b0 rx 64
	waits_at_most 1 ethtool -K b0 gro on
	waits_at_most 1 links set b0 mode=backlog
	waits_at_most 0 links set b0 mode=napi
	waits_at_most 0 ethtool -K b0 gro off
	waits_at_most 1 links set b0 mode=backlog
	waits_at_most 0 links set b0 mode=napi
	waits_at_most "$down" ip link set b0 down
	waits_at_most "$up" ip link set b0 up
}

case_ "napi: a socket knows the instance that brought its datagrams" sockets_know_it
case_ "napi: a socket fetches datagrams by polling the device" sockets_poll
case_ "napi: frames arrive that a socket leaves in the ring when it stops polling" socket_stops_polling
case_ "napi: an instance keeps its number when rings, queues, mode or GRO change" instances_stay
case_ "napi: an instance keeps its settings" settings_stay
case_ "gro: frames held back for others arrive when rings change, and when NAPI goes" held_frames_are_handed_on
case_ "gro: frames held back for others arrive when the end goes down" held_frames_of_an_end_that_goes
case_ "napi: a change waits for as few grace periods as veth's" grace_periods
done_testing
