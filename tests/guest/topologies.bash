# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What topologies.sh and callers.sh share: source tap.sh, lab.sh and programs.sh first.

# The debug kernel takes twenty times as long; lockdep needs each way once, not often.
# shellcheck disable=SC2034 # The scripts use them.
if [ -e /proc/lockdep ]; then bytes=200000 datagrams=200; else bytes=1000000 datagrams=1000; fi

# direct PLACE: from now on this end and its peer take frames directly.
direct() { expect "mode direct at both ends of $1" 0 "$(links set "$1" mode=direct peer-mode=direct)"; }

# way DEVICE NAME NETNS: one of the counters tx_direct, tx_direct_later, tx_direct_backlog.
way() { ip netns exec "$3" ethtool -S "$1" | awk -v name="$2:" '$1 == name { print $2 }'; }

# at_least WHAT LEAST SEEN
at_least() { [ "$3" -ge "$2" ] || { echo "$1: expected $2 at least, saw $3"; return 1; }; }

direct_namespaces() {
	make_namespaces east west
	direct east:a0
}

direct_chain() {
	chain "$1"
	direct left:a0
	direct right:b0
}

# has COMMAND...: skips the case where the kernel lacks what it takes.
has() {
	local why
	why=$("$@" 2>&1) && return
	why=${why%%$'\n'*}
	skip "this kernel refuses: $* (${why##*: })"
}

rules() { ip netns exec middle nft -f -; }

# hits NAME: packets that a named counter of the middle saw.
hits() {
	ip netns exec middle nft list counter inet t "$1" | awk '$1 == "packets" { print $2 }'
}
