#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The attributes of the link kind `etun`, at creation, by changelink, and as rtnetlink shows them.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
export tap_tries=1
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash

# settings DEVICE: what can be set; settings_of_both A B.
settings() { shown "$1" mode ring mtu-policy; }
settings_of_both() { echo "$(settings "$1"), $(settings "$2")"; }

# ---- in sysfs ----

mode_in_sysfs() {
	local file=/sys/class/net/a0/etun/mode text
	make_pair a0 b0
	expect "mode at first" "backlog backlog" "$(cat $file /sys/class/net/b0/etun/mode | xargs)"
	for text in $third_mode napi backlog "$third_mode\\n" ' napi\n'; do
		expect "errno of writing '$text'" 0 "$(write_errno $file "$text")"
		expect "mode in sysfs and by rtnetlink" "$(printf '%b' "$text" | xargs) $(printf '%b' "$text" | xargs)" \
			"$(cat $file) $(shown a0 mode)"
	done
	expect "mode of the peer" "backlog" "$(shown b0 mode)"
	for text in '\n' fast Direct 'direct napi' '2'; do
		expect_refusal $file "$text" EINVAL "a0: mode '.*': a delivery mode is backlog, napi or direct"
	done
	expect "mode after what was refused" "napi" "$(cat $file)"
	expect "answer to a change by rtnetlink" 0 "$(change a0 mode=$third_mode)"
	expect "mode in sysfs" $third_mode "$(cat $file)"
}

# By root with and without the capability, and by root of a user namespace in a network namespace of its own.
mode_in_sysfs_needs_leave() {
	local file=/sys/class/net/a0/etun/mode
	make_pair a0 b0
	expect_match "without CAP_NET_ADMIN" "Operation not permitted" \
		"$(setpriv --bounding-set -net_admin bash -c "echo direct >$file" 2>&1)"
	expect_match "as nobody" "Permission denied" \
		"$(as_nobody bash -c "echo direct >$file" 2>&1)"
	expect "mode" backlog "$(cat $file)"
	expect "as owner of the namespace" napi "$(unshare -Urnm sh -c '
		mount -t sysfs sysfs /sys && ip link add x0 type etun && echo napi >/sys/class/net/x0/etun/mode &&
		cat /sys/class/net/x0/etun/mode' 2>&1)"
}

# ---- shown ----

# peer_ifindex and pair_id are compared with what sysfs and ethtool say by themselves.
all_shown() {
	local bus
	make_pair a0 b0
	expect "a0" "backlog 256 independent" "$(settings a0)"
	expect "b0" "backlog 256 independent" "$(settings b0)"
	expect "peers of a0 and b0" "$(ifindex b0) $(ifindex a0)" "$(shown a0 peer-ifindex) $(shown b0 peer-ifindex)"
	expect "namespace of the peers" "-1 -1" "$(shown a0 peer-netnsid) $(shown b0 peer-netnsid)"
	expect "pair of a0" "$(end_attribute a0 pair_id)" "$(shown a0 pair-id)"
	expect "pair of b0" "$(end_attribute a0 pair_id)" "$(shown b0 pair-id)"
	bus=$(ethtool -i a0 | sed -n 's/^bus-info: pair-//p')
	expect "pair as ethtool names it" "$bus" "$(shown a0 pair-id)"
	make_pair c0 d0
	[ "$(shown a0 pair-id)" != "$(shown c0 pair-id)" ] || expect "pair of c0" "another than a0's" "$bus"
}

netnsid_of() { ip -n "$1" netns list-id | sed -nE "s/^nsid ([0-9]+).*name: $2.*/\1/p"; }

shown_across() {
	make_namespaces east west
	expect "peer of a0" "$(ifindex_in west b0) $(netnsid_of east west)" "$(shown_in east a0 peer-ifindex peer-netnsid)"
	expect "peer of b0" "$(ifindex_in east a0) $(netnsid_of west east)" "$(shown_in west b0 peer-ifindex peer-netnsid)"
	expect_match "number of the namespace" '^[0-9]+$' "$(netnsid_of east west)"
	expect "pair" "$(end_attribute a0 pair_id east)" "$(shown_in west b0 pair-id)"
	ip -n west link set b0 netns east
	expect "peer of a0, come home" "$(ifindex_in east b0) -1" "$(shown_in east a0 peer-ifindex peer-netnsid)"
}

# A device that moves may get another index; a dump has room for everything.
shown_in_dumps() {
	ip netns add east
	ip netns exec east sh -c "echo p0,p1 >$newif"
	make_pair a0 b0
	ip link set b0 netns east
	expect "peer of a0" "$(ifindex_in east b0)" "$(shown a0 peer-ifindex)"
	pair_names x 40 >"$newif"
	expect "ends in a dump" 81 "$(ip -d -o link show type etun | wc -l)"
}

# ---- given at creation ----

given() { # WANTED KEY=VALUE...: the settings of both ends of a pair made so
	local wanted=$1
	shift
	expect "answer to $*" 0 "$(newlink name=a0 peer.name=b0 "$@")"
	expect "settings with $*" "$wanted" "$(settings_of_both a0 b0)"
	ip link del a0
}

given_at_creation() {
	given "backlog 256 independent, backlog 256 independent"
	given "napi 256 independent, napi 256 independent" mode=napi
	given "backlog 256 independent, napi 256 independent" peer-mode=napi
	given "napi 256 independent, backlog 256 independent" mode=napi peer-mode=backlog
	given "$third_mode 256 independent, $third_mode 256 independent" mode=$third_mode
	given "backlog 2 independent, backlog 2 independent" ring=2
	given "backlog 256 independent, backlog 32768 independent" peer-ring=32768
	given "backlog 32768 independent, backlog 3 independent" ring=32768 peer-ring=3
	given "backlog 256 equal, backlog 256 equal" mtu-policy=equal
	given "napi 64 equal, napi 64 equal" mode=napi ring=64 mtu-policy=equal
	given "backlog 256 independent, backlog 256 independent" mode=backlog peer-mode=backlog ring=256 mtu-policy=independent
}

# Without a description of the peer, and with an order of attributes that nobody uses.
given_alone() {
	expect "answer" 0 "$(newlink name=a0 mode=napi)"
	expect "settings" "napi 256 independent, napi 256 independent" "$(settings_of_both a0 etun0)"
	expect "answer" 0 "$(newlink name=a1 mtu-policy=equal peer-ring=7 ring=9 peer-mode=backlog mode=napi)"
	expect "settings" "napi 9 equal, backlog 7 equal" "$(settings_of_both a1 etun1)"
}

# ---- refused ----

# What is wrong about each of them, at creation as later: ERRNO AND TEXT, KEY=VALUE.
bad_values() {
	cat <<-'LIST'
	^EINVAL .*unknown delivery mode, mode=3
	^EINVAL .*unknown delivery mode, mode=255
	^EINVAL .*unknown delivery mode, peer-mode=3
	^EINVAL .*unknown MTU policy, mtu-policy=2
	^EINVAL .*unknown MTU policy, mtu-policy=255
	^EINVAL .*a ring has 2 to 32768 slots, ring=0
	^EINVAL .*a ring has 2 to 32768 slots, ring=1
	^EINVAL .*a ring has 2 to 32768 slots, ring=32769
	^EINVAL .*a ring has 2 to 32768 slots, ring=4294967295
	^EINVAL .*a ring has 2 to 32768 slots, peer-ring=0
	^EINVAL .*a ring has 2 to 32768 slots, peer-ring=1
	^EINVAL .*a ring has 2 to 32768 slots, peer-ring=32769
	^EINVAL .*wire is 0 or 1, wire=2
	^EINVAL .*wire is 0 or 1, peer-wire=255
	^EINVAL .*read-only, peer-ifindex=1
	^EINVAL .*read-only, peer-netnsid=-1
	^EINVAL .*read-only, pair-id=1
	^(EINVAL|ERANGE), info=mode:
	^(EINVAL|ERANGE), info=peer-mode:
	^(EINVAL|ERANGE), info=ring:00
	^(EINVAL|ERANGE), info=peer-ring:000100
	^(EINVAL|ERANGE), info=mtu-policy:
	^(EINVAL|ERANGE), info=wire:
	LIST
}

# settings_refused_at_creation: nothing is made, nothing is announced.
refused_at_creation() {
	local pattern bad before
	make_pair a0 b0
	before=$(cd /sys/class/net && echo ./*)
	start_monitor
	while IFS=, read -r pattern bad; do
		expect_match "answer to $bad" "$pattern" "$(newlink name=x0 "${bad# }" peer.name=y0)"
		expect "devices after $bad" "$before" "$(cd /sys/class/net && echo ./*)"
	done < <(bad_values)
	expect "events" "" "$(stop_monitor)"
	expect "answer to a good one" 0 "$(newlink name=x0 peer.name=y0)"
}

# Each together with what would be right, which is not done either.
refused_later() {
	local pattern bad before
	expect "answer" 0 "$(newlink name=a0 peer.name=b0 ring=64)"
	before=$(ip -d -o link show dev a0 && ip -d -o link show dev b0)
	start_monitor
	while IFS=, read -r pattern bad; do
		bad=${bad# }
		expect_match "answer to $bad" "$pattern" "$(change a0 "$bad")"
		# A key that both of them have would be there twice.
		case $bad in
		mode=* | info=mode:*) expect_match "answer to $bad and more" "$pattern" "$(change a0 peer-mode=napi ring=9 "$bad")" ;;
		*) expect_match "answer to $bad and more" "$pattern" "$(change a0 mode=napi mtu=2000 "$bad")" ;;
		esac
		expect "settings after $bad" "backlog 64 independent, backlog 64 independent" "$(settings_of_both a0 b0)"
	done < <(bad_values)
	expect "events" "" "$(stop_monitor)"
	expect "ends" "$before" "$(ip -d -o link show dev a0 && ip -d -o link show dev b0)"
}

peer_only_at_creation() {
	make_pair a0 b0
	expect_match "answer" '^EINVAL .*the peer is given at creation only' "$(change a0 peer.name=c0)"
	expect_match "answer, with a mode" '^EINVAL .*the peer is given at creation only' \
		"$(change a0 mode=napi peer.mtu=1400)"
	expect "settings" "backlog 256 independent, backlog 256 independent" "$(settings_of_both a0 b0)"
	expect "devices" "a0 b0" "$(devices)"
}

# ---- changed ----

changed() { # WANTED DEVICE KEY=VALUE...
	local wanted=$1
	shift
	expect "answer to $*" 0 "$(change "$@")"
	expect "settings after $*" "$wanted" "$(settings_of_both a0 b0)"
}

changes_what_is_named() {
	changed "napi 256 independent, backlog 256 independent" a0 mode=napi
	changed "napi 256 independent, napi 256 independent" a0 peer-mode=napi
	changed "backlog 256 independent, napi 256 independent" a0 mode=backlog
	changed "napi 256 independent, backlog 256 independent" b0 mode=backlog peer-mode=napi
	changed "napi 256 independent, $third_mode 256 independent" a0 peer-mode=$third_mode
	changed "napi 64 independent, backlog 256 independent" a0 ring=64 peer-mode=backlog
	changed "napi 64 independent, backlog 2 independent" a0 peer-ring=2
	changed "napi 32768 independent, backlog 2 independent" b0 peer-ring=32768
	changed "napi 32768 equal, backlog 2 equal" a0 mtu-policy=equal
	changed "napi 32768 equal, backlog 2 equal" a0 mtu-policy=equal mode=napi ring=32768 peer-mode=backlog
	changed "napi 32768 independent, backlog 2 independent" b0 mtu-policy=independent
	changed "backlog 256 equal, napi 16 equal" b0 peer-mode=backlog mode=napi ring=16 peer-ring=256 mtu-policy=equal
}

changed_while_down() {
	make_pair a0 b0
	changes_what_is_named
}

# Also while frames may be on their way; the carrier stays.
changed_while_up() {
	make_pair a0 b0
	up a0 b0
	wait_for 5 carriers_are "on on"
	before=$(net_file a0 carrier_changes),$(net_file b0 carrier_changes)
	changes_what_is_named
	expect "carriers" "on on" "$(carriers a0 b0)"
	expect "changes of the carriers" "$before" "$(net_file a0 carrier_changes),$(net_file b0 carrier_changes)"
}

changes_of_other_things_leave_them() {
	expect "answer" 0 "$(newlink name=a0 peer.name=b0 mode=napi ring=64 peer-ring=32)"
	ip link set a0 name c0 txqueuelen 77
	ip link set c0 up
	ip link set c0 type etun
	expect "answer to an empty change" 0 "$(change c0)"
	expect "settings" "napi 64 independent, napi 32 independent" "$(settings_of_both c0 b0)"
}

# Who listens hears of a change, with the new value; the kernel tells of no change of a device that is down.
change_is_told() {
	make_pair a0 b0
	up a0 b0
	wait_for 5 carriers_are "on on"
	sleep 0.2
	expect_match "events of a change" '^0 / (.* / )?a0=[^/]*,napi,64,independent( / b0=[^/]*)?$' \
		"$(ask events change=a0 mode=napi ring=64)"
	expect_match "events of a refused change" '^EINVAL [^/]*$' "$(ask events change=a0 mode=7)"
}

change_across_namespaces() {
	make_namespaces east west
	expect "answer" 0 "$(change_in east a0 peer-mode=napi peer-ring=16)"
	expect "a0" "backlog 256" "$(shown_in east a0 mode ring)"
	expect "b0" "napi 16" "$(shown_in west b0 mode ring)"
	expect "packets" " 0% packet loss" \
		"$(ip netns exec east ping -n -q -c 3 -i 0.05 -W 5 10.9.0.2 | grep -o ' 0% packet loss')"
}

# ---- who may ----

# as_owner KEY=VALUE...: a change of a0 by root of the user namespace that owns the network namespace of $pid.
as_owner() {
	nsenter -t "$pid" -U -n --preserve-credentials python3 -ES "$here/lifecycle-newlink.py" "$@"
}
in_another_namespace() { [ "$(readlink "/proc/$pid/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }

peer_needs_leave() {
	local pid
	make_pair a0 b0
	in_background unshare -Urn sleep 1000
	pid=${background[-1]}
	wait_for 10 in_another_namespace
	ip link set a0 netns "$pid"
	expect "answer about its own mode" 0 "$(as_owner change=a0 mode=napi)"
	expect_match "answer about the peer's" '^EPERM' "$(as_owner change=a0 peer-mode=napi)"
	expect_match "answer about the peer's wire" '^EPERM' "$(as_owner change=a0 peer-wire=1)"
	expect_match "answer about both" '^EPERM' "$(as_owner change=a0 mode=backlog peer-mode=napi)"
	expect_match "answer about the peer's ring" '^EPERM' "$(as_owner change=a0 peer-ring=2)"
	# The policy gives the peer another MTU.
	expect_match "answer about the MTU policy" '^EPERM' "$(as_owner change=a0 mtu-policy=equal)"
	expect "a0" "napi 256 independent" "$(as_owner show=a0 mode ring mtu-policy)"
	expect "b0" "backlog 256 independent" "$(settings b0)"
	expect "answer to root outside" 0 "$(change b0 mode=napi peer-mode=backlog)"
	expect "modes" "backlog napi" "$(as_owner show=a0 mode) $(shown b0 mode)"
}

# ---- complete from the start ----

# Each event about an end, from the first on, shows what the request asked for, and the peer has all of it.
appears_complete() {
	local seen
	seen=$(ask events name=a0 address=02:00:00:00:00:01 mtu=2000 txqueues=2 rxqueues=3 mode=napi ring=64 peer-ring=32 \
		peer.name=b0 peer.address=02:00:00:00:00:02 peer.mtu=3000 peer.txqueues=4 peer.rxqueues=5 peer-mode=backlog)
	expect_match "answer and events" '^0 / ' "$seen"
	expect "events of a0" "a0=02:00:00:00:00:01,2000,2,3,napi,64,independent" "$(events_of a0 "$seen")"
	expect "events of b0" "b0=02:00:00:00:00:02,3000,4,5,backlog,32,independent" "$(events_of b0 "$seen")"
	expect "names in the events" "a0 b0" "$(tr '/' '\n' <<<"$seen" | sed -n 's/^ \(.*\)=.*/\1/p' | sort -u | xargs)"
}

# events_of DEVICE SEEN: without repetition.
events_of() { tr '/' '\n' <<<"$2" | sed -n "s/^ \($1=[^ ]*\) *$/\1/p" | sort -u; }

appears_complete_elsewhere() {
	local seen
	ip netns add east
	seen=$(ask events east: name=a0 peer.name=b0 peer.address=02:00:00:00:00:02 peer.mtu=3000 peer.txqueues=4 \
		peer.rxqueues=5 peer.netns=/run/netns/east peer-mode=napi)
	expect_match "answer and events" '^0 / ' "$seen"
	expect "events of b0" "b0=02:00:00:00:00:02,3000,4,5,napi,256,independent" "$(events_of b0 "$seen")"
	expect "end in east" "b0 02:00:00:00:00:02 3000 4 5 napi" \
		"$(shown_in east b0 name address mtu txqueues rxqueues mode)"
	expect "peer of a0" "$(ifindex_in east b0)" "$(shown a0 peer-ifindex)"
}

case_ "sysfs: the delivery mode is read and written, and refused with a reason" mode_in_sysfs
case_ "sysfs: writing the mode needs CAP_NET_ADMIN" mode_in_sysfs_needs_leave
case_ "rtnetlink: an end shows mode, ring, MTU policy, peer and pair" all_shown
case_ "rtnetlink: the peer is shown across namespaces" shown_across
case_ "rtnetlink: a moved peer's new index, and dumps of many ends" shown_in_dumps
case_ "rtnetlink: each attribute at creation" given_at_creation
case_ "rtnetlink: attributes without a description of the peer, in any order" given_alone
case_ "rtnetlink: a bad attribute at creation is refused with a reason and leaves nothing" refused_at_creation
case_ "rtnetlink: a bad attribute in a change is refused with a reason and changes nothing" refused_later
case_ "rtnetlink: the peer cannot be described in a change" peer_only_at_creation
case_ "rtnetlink: a change of ends that are down changes what is named" changed_while_down
case_ "rtnetlink: a change of ends that are up changes what is named, and no carrier" changed_while_up
case_ "rtnetlink: changes of other things leave the attributes alone" changes_of_other_things_leave_them
case_ "rtnetlink: a change is told, a refused one is not" change_is_told
case_ "rtnetlink: a change of the peer in another namespace" change_across_namespaces
case_ "rtnetlink: a change of the peer needs CAP_NET_ADMIN over its namespace" peer_needs_leave
case_ "rtnetlink: a pair appears complete, as described in one message" appears_complete
case_ "rtnetlink: a peer elsewhere appears complete" appears_complete_elsewhere
done_testing
