#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Who may have frames delivered directly: one namespace's stack then runs in another one's tasks, so it takes the right
# over both. docs/security.md has the reasons.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
export tap_tries=1
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash
# shellcheck source-path=SCRIPTDIR source=lab.sh
source ./lab.sh

publish
cp "$here/../../build/tools/etunctl" "$public/"
cat >"$public/broadcast.py" <<-'PYTHON'
	import socket, sys
	sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
	sender.bind((sys.argv[1], 0))
	for _ in range(int(sys.argv[2])):
	    sender.send(b"\xff" * 12 + b"\x88\xb5" + bytes(46))
PYTHON
chmod -R a+rX "$public"

own_namespace() { [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
as_owner() { as_nobody nsenter -t "$owner" -U -n --preserve-credentials "$@"; }
owner_changes() { as_owner python3 -ES "$public/lifecycle-newlink.py" change=a0 "$@"; }
owner_sees() { as_owner python3 -ES "$public/lifecycle-newlink.py" show=a0 "$@"; }
# owner_in_sysfs COMMAND: in a sysfs of that network namespace.
owner_in_sysfs() {
	as_owner unshare -m bash -c "mount -t sysfs sysfs /sys && cd /sys/class/net/a0/etun && $1" 2>&1
}

# given_away [KEY=VALUE...]: a pair is made so; a0 goes to a network namespace that somebody's user namespace owns, b0
# stays. Both are up, and their stacks send nothing by themselves.
given_away() {
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	expect "answer to a pair with $*" 0 "$(newlink name=a0 peer.name=b0 "$@")"
	in_background "${nobody[@]}" unshare -Urn sleep 1000
	owner=${background[-1]}
	wait_for 10 own_namespace "$owner"
	ip link set a0 netns "$owner"
	nsenter -t "$owner" -n sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	as_owner ip link set a0 up
	up b0
	wait_for 5 test "$(carrier b0)" = on
}

# modes: what both ends show of both: mode and peer's mode, by rtnetlink and in sysfs.
modes() {
	local here there files
	here=$(owner_sees mode peer-mode)
	there=$(shown b0 peer-mode mode)
	files="$(owner_in_sysfs 'cat mode peer_mode' | xargs), $(cat /sys/class/net/b0/etun/{peer_mode,mode} | xargs)"
	expect "modes of a0 and b0, as b0 shows them" "$here" "$there" || return 1
	expect "modes in sysfs, by a0 and by b0" "$here, $here" "$files" || return 1
	echo "$here"
}

# at_once: how many of the frames that b0's namespace sent to a0 ran a0's stack in the sending task.
at_once() { ethtool -S b0 | awk '$1 == "tx_direct:" { print $2 }'; }

denied='^EPERM .*CAP_NET_ADMIN over the peer.s network namespace is needed'

# What a user namespace set up must not run on the stacks of those outside of it. The other way round it is no harm.
contained() {
	local before
	before=$(at_once)
	probe send b0 len=100 count=20 >/dev/null
	expect "frames at once into a namespace of somebody else's" "$before" "$(at_once)"
	before=$(at_once_back)
	as_owner python3 -ES "$public/broadcast.py" a0 20
	[ "$(shown b0 mode)" != direct ] || expect "frames at once out of there" $((before + 20)) "$(at_once_back)"
}
at_once_back() { nsenter -t "$owner" -n ethtool -S a0 | awk '$1 == "tx_direct:" { print $2 }'; }

receiver_alone_may_not() {
	local owner
	given_away
	dmesg -C
	expect_match "the owner, by rtnetlink" "$denied" "$(owner_changes mode=direct)"
	expect_match "with more" "$denied" "$(owner_changes mode=direct ring=64)"
	expect_match "the other way round" "$denied" "$(owner_changes peer-mode=direct)"
	expect_match "both" "$denied" "$(owner_changes mode=direct peer-mode=direct)"
	expect_match "in sysfs" "Operation not permitted|Permission denied" "$(owner_in_sysfs 'echo direct >mode')"
	expect_match "the log" "mode 'direct.*CAP_NET_ADMIN over the peer.s network namespace is needed" "$(dmesg)"
	expect "modes" "backlog backlog" "$(modes)"
	expect "ring" 256 "$(owner_sees ring)"
	probe send b0 len=100 count=20 >/dev/null
	expect "frames at once" 0 "$(at_once)"
	expect "another mode" 0 "$(owner_changes mode=napi)"
	expect_match "from that" "$denied" "$(owner_changes mode=direct)"
	expect "modes" "napi backlog" "$(modes)"
}

right_over_both() {
	local owner
	given_away
	expect "by the sender's end" 0 "$(change b0 peer-mode=direct)"
	expect "modes" "direct backlog" "$(modes)"
	contained
	expect "by the receiver's end" 0 "$(nsenter -t "$owner" -n python3 -ES "$here/lifecycle-newlink.py" change=a0 mode=backlog)"
	expect "again" 0 "$(nsenter -t "$owner" -n python3 -ES "$here/lifecycle-newlink.py" change=a0 mode=direct)"
	expect "modes" "direct backlog" "$(modes)"
	# In sysfs, where the sending end's own is written.
	expect "in sysfs" 0 "$(write_errno /sys/class/net/b0/etun/mode direct)"
	expect "modes" "direct direct" "$(modes)"
}

# What is so already is no change; other settings are the end's own.
leaving() {
	local owner
	given_away mode=direct
	expect "modes" "direct direct" "$(modes)"
	expect "what it is already" 0 "$(owner_changes mode=direct)"
	expect "with a ring" 0 "$(owner_changes mode=direct ring=64)"
	expect "in sysfs" "" "$(owner_in_sysfs 'echo direct >mode')"
	expect "leaving it" 0 "$(owner_changes mode=backlog)"
	expect "modes" "backlog direct" "$(modes)"
	probe send b0 len=100 count=20 >/dev/null
	expect "frames at once" 0 "$(at_once)"
	expect_match "coming back" "$denied" "$(owner_changes mode=direct)"
	expect "modes" "backlog direct" "$(modes)"
}

# The usual way of a container: a pair is made outside, and then an end is given to it.
kept_by_a_move() {
	local owner further
	given_away mode=direct
	expect "modes" "direct direct" "$(modes)"
	contained
	# Its owner passes it on to where he has the right as well.
	in_background "${nobody[@]}" nsenter -t "$owner" -U -n --preserve-credentials unshare -n sleep 1000
	further=${background[-1]}
	wait_for 10 elsewhere "$further" "$owner"
	as_owner ip link set a0 netns "$further"
	owner=$further
	nsenter -t "$owner" -n sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	as_owner ip link set a0 up
	wait_for 5 eval '[ "$(carrier b0)" = on ]'
	expect "modes after a move by the owner" "direct direct" "$(modes)"
	contained
	# Back to where both belong to the same owner, who runs over nobody's stack but his own.
	nsenter -t "$owner" -n ip link set a0 netns $$
	up a0
	wait_for 5 eval '[ "$(carrier b0)" = on ]'
	probe send b0 len=100 count=20 >/dev/null
	expect "frames at once among one's own" 20 "$(at_once)"
}
elsewhere() { own_namespace "$1" && [ "$(readlink "/proc/$1/ns/net")" != "$(readlink "/proc/$2/ns/net")" ]; }

pair_of_ones_own() {
	expect "modes" "direct direct" "$(as_nobody unshare -Urn sh -c "
		python3 -ES $public/lifecycle-newlink.py name=x0 peer.name=y0 mode=direct >/dev/null &&
		python3 -ES $public/lifecycle-newlink.py show=x0 mode peer-mode")"
	expect "changed" "0 direct backlog" "$(as_nobody unshare -Urn sh -c "
		python3 -ES $public/lifecycle-newlink.py name=x0 peer.name=y0 >/dev/null &&
		python3 -ES $public/lifecycle-newlink.py change=x0 mode=direct &&
		python3 -ES $public/lifecycle-newlink.py show=x0 mode peer-mode" | xargs)"
	expect_match "one half in a foreign namespace" "not permitted|EPERM" "$(as_nobody unshare -Urn \
		python3 -ES "$public/lifecycle-newlink.py" name=x0 peer.name=y0 peer.netns=1 mode=direct 2>&1)"
}

told_by_etunctl() {
	ip netns add east
	make_pair a0 b0
	ip link set a0 netns east
	expect "answer" 0 "$(change b0 peer-mode=direct)"
	expect_match "etunctl show" '^mode +backlog +direct' "$("$public/etunctl" show b0)"
	local owner
	ip -n east link set a0 netns 1
	ip link del a0
	given_away
	expect_match "etunctl set by the owner" "CAP_NET_ADMIN over the peer's network namespace is needed \(EPERM\)" \
		"$(as_owner "$public/etunctl" set a0 --mode direct 2>&1)"
	expect "answer" 0 "$(change b0 peer-mode=direct)"
	# The peer is in a namespace that the owner does not see.
	expect_match "etunctl show by the owner" '^mode +direct +backlog' "$(as_owner "$public/etunctl" show a0)"
}

case_ "consent: who owns the receiving end alone cannot have it in mode direct" where_direct receiver_alone_may_not
case_ "consent: who has the right over both namespaces can, at either end" where_direct right_over_both
case_ "consent: leaving mode direct takes the right over the own end alone" where_direct leaving
case_ "consent: a pair made so keeps it when an end is moved" where_direct kept_by_a_move
case_ "consent: root of a user namespace has it in pairs of his own" where_direct pair_of_ones_own
case_ "consent: etunctl shows the mode of both ends, and says whose right is missing" where_direct told_by_etunctl
done_testing
