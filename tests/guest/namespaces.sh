#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Ends in different network namespaces: moved, renamed, seen from afar, left alone; and who may make and delete what.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash

all_devices() { echo "here: $(devices), east: $(devices_in east), west: $(devices_in west)"; }

spread_pair() {
	make_namespaces east west
	expect "devices" "here: , east: a0, west: b0" "$(all_devices)"
}

ends_move() {
	spread_pair
	ip netns exec east ping -q -c 2 -i 0.2 -W 5 10.9.0.2
	ip netns exec west ping -q -c 2 -i 0.2 -W 5 fd00:9::1
	ip -n west link set b0 netns east
	expect "devices" "here: , east: a0 b0, west: " "$(all_devices)"
	ip -n east link set a0 netns 1
	expect "devices" "here: a0, east: b0, west: " "$(all_devices)"
}

# From a namespace of its own the name is that namespace's.
delif_in() { # NETNS NAME: prints the message of a refusal
	ip netns exec "$1" bash -c "echo -n '$2' >$delif" 2>&1 | sed 's/.*: //'
}

renamed_end_deleted() {
	make_pair a0 b0
	ip link set a0 name x-y.z_1
	expect "delif of the old name" ENODEV "$(write_errno "$delif" a0)"
	expect "delif of the new name" 0 "$(write_errno "$delif" x-y.z_1)"
	expect "devices" "" "$(devices)"
}

odd_names_deleted() {
	local name
	for name in 'a,b' 'a=b;c' '..a' 'caf\xc3\xa9'; do
		make_pair a0 b0
		ip link set a0 name "$(printf '%b' "$name")"
		expect "delif of '$name'" 0 "$(write_errno "$delif" "$name")"
		expect "devices" "" "$(devices)"
	done
}

moved_end_deleted() {
	spread_pair
	expect "delif where there is no such name" ENODEV "$(write_errno "$delif" a0)"
	expect "delif of the peer's name" "No such device" "$(delif_in east b0)"
	expect "devices" "here: , east: a0, west: b0" "$(all_devices)"
	expect "delif in its namespace" "" "$(delif_in east a0)"
	expect "devices" "here: , east: , west: " "$(all_devices)"
}

same_name_twice() {
	spread_pair
	make_pair a0 c0
	expect "delif here" 0 "$(write_errno "$delif" a0)"
	expect "devices" "here: , east: a0, west: b0" "$(all_devices)"
}

newif_is_the_writers() {
	ip netns add east
	ip netns add west
	ip netns exec east sh -c "echo a0,b0 >$newif"
	expect "devices" "here: , east: a0 b0, west: " "$(all_devices)"
	expect "newif of the same names elsewhere" 0 "$(write_errno "$newif" a0,b0)"
	expect "devices" "here: a0 b0, east: a0 b0, west: " "$(all_devices)"
}

# The index of the device at the other end of a wire is the same as another device's here: only link-netnsid tells.
link_of() { # NETNS DEVICE: link index and namespace as ip shows them
	ip -n "$1" -j link show dev "$2" | python3 -ES -c 'import json,sys
d = json.load(sys.stdin)[0]
print(d.get("link_index", d.get("link")), d.get("link_netnsid", "-"))'
}

netnsid_of() { # NETNS OTHER: the number of OTHER in NETNS
	ip -n "$1" netns list-id | sed -nE "s/^nsid ([0-9]+).*name: $2.*/\1/p"
}

links_across() {
	local a b
	spread_pair
	a=$(ifindex_in east a0) b=$(ifindex_in west b0)
	expect "link of a0" "$b $(netnsid_of east west)" "$(link_of east a0)"
	expect "link of b0" "$a $(netnsid_of west east)" "$(link_of west b0)"
	expect_match "numbers of the namespaces" '^[0-9]+ [0-9]+$' "$(netnsid_of east west) $(netnsid_of west east)"
	expect "iflink of a0" "$b" "$(ip netns exec east cat /sys/class/net/a0/iflink)"
	expect "partner_ifindex of a0" "$b" "$(ip netns exec east ethtool -S a0 | sed -n 's/.*partner_ifindex: //p')"
	expect "group of a0" "b0 $b $(netnsid_of east west)" "$(for file in peer_name peer_ifindex peer_netnsid; do
		end_attribute a0 $file east
	done | xargs)"
	expect "pair_id" "$(end_attribute a0 pair_id east)" "$(end_attribute b0 pair_id west)"
}

links_come_home() {
	spread_pair
	ip -n west link set b0 netns east
	ip -n east link set b0 name back
	expect "link of a0" "back -" "$(link_of east a0)"
	expect "group of a0" "back $(ifindex_in east back) -1" "$(for file in peer_name peer_ifindex peer_netnsid; do
		end_attribute a0 $file east
	done | xargs)"
}

# An end whose index is taken in the namespace that it comes to gets another.
new_index_is_told() {
	ip netns add east
	ip netns exec east sh -c "echo p0,p1 >$newif"
	make_pair a0 b0
	ip link set b0 netns east
	expect "peer_ifindex" "$(ifindex_in east b0)" "$(end_attribute a0 peer_ifindex)"
	expect "iflink" "$(ifindex_in east b0)" "$(net_file a0 iflink)"
	expect "partner_ifindex" "$(ifindex_in east b0)" "$(ethtool -S a0 | sed -n 's/.*partner_ifindex: //p')"
}

carrier_follows_a_move() {
	make_pair a0 b0
	up a0 b0
	ip netns add east
	ip link set b0 netns east
	wait_for 3 test "$(carrier a0)" = off
	ip -n east link set b0 up
	wait_for 3 grep -qx 1 /sys/class/net/a0/carrier
	ip -n east link set dev b0 carrier off
	wait_for 3 grep -qx 0 /sys/class/net/a0/carrier
}

gone() { absent a0 && [ "$(devices)" = "" ]; }

namespace_takes_both() {
	local before
	before=$(find /sys/class/net -mindepth 1 | sort)
	make_pair a0 b0
	ip netns add east
	ip link set b0 netns east
	up a0
	ip -n east link set b0 up
	ip netns del east
	wait_for 20 gone
	expect "devices, with none of the name dev%d" "$before" "$(find /sys/class/net -mindepth 1 | sort)"
	expect "the name is free again" 0 "$(write_errno "$newif" a0,b0)"
}

namespace_takes_a_pair() {
	local before
	before=$(find /sys/class/net -mindepth 1 | sort)
	ip netns add east
	ip netns exec east sh -c "echo a0,b0 a1,b1 >$newif"
	ip netns del east
	# Loading again needs the namespace gone, as rmmod waits for that.
	rmmod etun
	expect "devices, with none of the name dev%d" "$before" "$(find /sys/class/net -mindepth 1 | sort)"
	modprobe etun
	ip netns add east
	expect "devices of a new namespace" "" "$(devices_in east)"
}

crossed_namespaces() {
	local i before
	before=$(log_length)
	for i in 1 2 3 4; do
		ip netns add east
		ip netns add west
		ip netns exec east sh -c "echo 'a0,b0 a1,b1' >$newif"
		ip netns exec west sh -c "echo 'c0,d0' >$newif"
		ip -n east link set b0 netns west
		ip -n east link set a1 netns west
		ip -n west link set d0 netns east
		expect "devices, time $i" "here: , east: a0 b1 d0, west: a1 b0 c0" "$(all_devices)"
		ip netns del east &
		ip netns del west
		wait
	done
	rmmod etun
	expect "devices with the module gone" "lo" "$(find /sys/class/net -mindepth 1 -printf '%f\n' | xargs)"
	expect_healthy_since "$before"
	modprobe etun
}

user_namespace_cannot_write() {
	expect_match "newif" "Permission denied" "$(as_nobody unshare -Urn sh -c "echo a0,b0 >$newif" 2>&1)"
	expect_match "delif" "Permission denied" "$(as_nobody unshare -Urn sh -c "echo a0 >$delif" 2>&1)"
	expect "devices" "" "$(devices)"
}

# Root may open the file; but in a user namespace of its own it has no say over the network namespace outside.
user_namespace_has_no_say() {
	make_pair a0 b0
	expect_match "newif" "Operation not permitted" "$(unshare -Ur bash -c "echo c0,d0 >$newif" 2>&1)"
	expect_match "delif" "Operation not permitted" "$(unshare -Ur bash -c "echo a0 >$delif" 2>&1)"
	expect "devices" "a0 b0" "$(devices)"
	expect "devices of its own network namespace" "c0 d0" \
		"$(unshare -Urn sh -c "echo c0,d0 >$newif; ip -o -br link show type etun | sed 's/@.*//'" | sort | xargs)"
	expect "devices" "a0 b0" "$(devices)"
}

user_namespace_makes_links() {
	expect "devices there" "etun0 etun1" \
		"$(as_nobody unshare -Urn sh -c 'ip link add type etun && ip -br link show type etun' | sed 's/@.*//' | sort | xargs)"
	expect "devices" "" "$(devices)"
}

# A namespace may be named by any process id, as of init's; that is not leave to put a device there.
user_namespace_peer_elsewhere() {
	local seen
	publish
	seen=$(as_nobody unshare -Urn python3 -ES "$public/lifecycle-newlink.py" name=x0 peer.name=y0 peer.netns=1)
	rm -rf "$public"
	expect_match "answer" '^EPERM' "$seen"
	expect "devices" "" "$(devices)"
}

# An announcement may come where nobody may sleep: macsec, up to 6.12, passes promiscuity on with a list of addresses locked.
# It says so to whoever allocates for it, here twice: the kernel for IFLA_LINK_NETNSID, the end for its own attribute.
tracing=/sys/kernel/tracing
announced_where_none_may_sleep() {
	local flags
	make_pair a0 b0
	ip netns add west
	ip link set b0 netns west
	[ -e $tracing/kprobe_events ] || skip "this kernel has no events of kprobes"
	trap 'echo 0 >$tracing/events/kprobes/etun_nsid/enable; echo -:etun_nsid >>$tracing/kprobe_events' EXIT
	# shellcheck disable=SC2016 # The kernel expands it.
	echo 'p:etun_nsid peernet2id_alloc flags=$arg3:x32' >>$tracing/kprobe_events
	echo 1 >$tracing/events/kprobes/etun_nsid/enable
	echo >$tracing/trace
	flags=$(net_file a0 flags)
	printf '0x%x\n' $((flags | 0x100)) >/sys/class/net/a0/flags
	expect_match "how often a number of the namespace is asked for, and how" '^[2-9] flags=0x[0-9a-f]+$' \
		"$(grep -oE 'flags=0x[0-9a-f]+' $tracing/trace | sort | uniq -c | xargs)"
}

case_ "promise: ends move into different namespaces and frames cross" ends_move
case_ "defect 13: a renamed end is deleted by its new name" renamed_end_deleted
case_ "defect 13: any name that the kernel allows can be deleted" odd_names_deleted
case_ "defect 13: a moved end is deleted by its name from within its namespace alone" moved_end_deleted
case_ "defect 13: of two ends of one name delif takes the one of the writer's namespace" same_name_twice
case_ "defect 14: newif makes the pair in the writer's namespace" newif_is_the_writers
case_ "defect 14: a user namespace cannot write the control files" user_namespace_cannot_write
case_ "defect 14: root of a user namespace has a say over its own network namespace alone" user_namespace_has_no_say
case_ "defect 14: a user namespace makes links in its own network namespace" user_namespace_makes_links
case_ "defect 14: a user namespace cannot put a peer into a foreign namespace" user_namespace_peer_elsewhere
case_ "defect 32: iflink, link-netnsid and partner_ifindex across namespaces" links_across
case_ "defect 32: an end that comes home is a local link again" links_come_home
case_ "defect 32: a new index is told at the other end" new_index_is_told
case_ "promise: carrier follows an end into another namespace" carrier_follows_a_move
case_ "defects 10, 11, 12: a deleted namespace takes its end and the peer, and none is left as dev%d" namespace_takes_both
case_ "defects 10, 11: a deleted namespace takes its pairs" namespace_takes_a_pair
case_ "defects 10, 12: two namespaces with crossed ends go at once, repeatedly" crossed_namespaces
case_ "namespaces: an end is announced as one may where nobody may sleep" announced_where_none_may_sleep
done_testing
