# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What queues.sh, ring.sh, coalesce.sh and statistics.sh share; source tap.sh, control-helpers.bash and lab.sh first.

# Others have set them.
: "${lab:?}" "${tap_scratch:?}"

# load COMMAND..., see the head of load.py.
load() { /usr/bin/python3 -ES "$lab/load.py" "$@"; }

# starve COMMAND..., see the head of starve.py.
starve() { /usr/bin/python3 -ES "$lab/starve.py" "$@"; }

# sockets COMMAND...: see the head of sockets.py.
sockets() { /usr/bin/python3 -ES "$lab/sockets.py" "$@"; }

# joined [KEY=VALUE...]: the pair a0 in namespace left, b0 in right, made by one request, up, 10.9.0.1 and .2, on which
# the stacks send nothing by themselves: no IPv6, and neighbours that are known.
joined() {
	local netns device address other_address mac
	quiet_netns left
	quiet_netns right
	expect "answer to a pair with $*" 0 "$(newlink name=a0 netns=/run/netns/left address=02:00:00:00:00:01 \
		peer.name=b0 peer.netns=/run/netns/right peer.address=02:00:00:00:00:02 "$@")"
	while read -r netns device address other_address mac; do
		ip -n "$netns" -batch - <<-TEXT
			link set lo up
			link set $device up
			addr add $address/24 dev $device
			neigh replace $other_address lladdr $mac dev $device nud permanent
		TEXT
	done <<-ENDS
		left a0 10.9.0.1 10.9.0.2 02:00:00:00:00:02
		right b0 10.9.0.2 10.9.0.1 02:00:00:00:00:01
	ENDS
}

# quiet_napi [KEY=VALUE...]: quiet_pair a0 b0, without qdiscs, where both ends receive by NAPI; a0 is changed so.
quiet_napi() {
	quiet_pair a0 b0
	expect "answer to mode=napi $*" 0 "$(change a0 mode=napi peer-mode=napi "$@")"
}

# stat DEVICE NAME [NETNS]: of `ethtool -S`.
stat() {
	local value
	value=$(${3:+ip netns exec "$3"} ethtool -S "$1" | sed -n "s/^ *$2: //p")
	echo "${value:-no $2}"
}

# channels DEVICE [NETNS]: room for rx and tx, and queues in use.
channels() { ${2:+ip netns exec "$2"} ethtool -l "$1" | awk '/^[RT]X:/ { print $2 }' | xargs; }

# ring_of DEVICE: the most slots and the slots of a receive ring.
ring_of() { ethtool -g "$1" | awk '/^RX:/ { print $2 }' | xargs; }

# coalescing DEVICE: rx-usecs and rx-frames.
coalescing() { ethtool -c "$1" | awk '/^rx-(usecs|frames):/ { print $2 }' | xargs; }

# refused_by_ethtool PATTERN ARGUMENT...: ethtool says so, and the exit status too.
refused_by_ethtool() {
	local pattern=$1 seen
	shift
	if seen=$(ethtool "$@" 2>&1); then expect "ethtool $*" refused accepted || return 1; fi
	expect_match "answer to ethtool $*" "$pattern" "$seen"
}

# trace_drops COMMAND...: runs it; $drops is then how many frames of the probe's type were dropped for which reason
# (the tracepoint skb:kfree_skb), without what was freed for none.
trace_drops() {
	local instance=/sys/kernel/tracing/instances/etun event
	event=$instance/events/skb/kfree_skb
	mkdir -p "$instance"
	echo >"$instance/trace"
	echo 'protocol == 0x88b5' >"$event/filter"
	echo 1 >"$event/enable"
	"$@" >"$tap_scratch/traced"
	echo 0 >"$event/enable"
	drops=$(grep -oE 'reason: [A-Z_0-9]+' "$instance/trace" | sort | uniq -c |
		awk '$3 != "NOT_SPECIFIED" { print $1, $3 }' | xargs)
	rmdir "$instance"
}
