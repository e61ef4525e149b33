#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What lockdep is told of the locks of ends. Needs a kernel with it, which the debug kernel is.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/control-helpers.bash"

# Locks of one class look the same to lockdep. Without classes of its own an end's would be those of any Ethernet device,
# and an order between an end and what stands on top of it would be none.
classes_of_their_own() {
	local before
	[ -e /proc/lockdep ] || skip "this kernel has no lockdep"
	before=$(classes)
	make_pair a0 b0
	up a0 b0
	tc qdisc add dev a0 root pfifo
	expect "classes: of address lists, of transmission" "$((${before% *} + 1)) $((${before#* } + 1))" "$(classes)"
	make_pair a1 b1
	up a1 b1
	expect "classes after another pair" "$((${before% *} + 1)) $((${before#* } + 1))" "$(classes)"
}

# classes: how many there are that a kind of device declares for itself.
classes() {
	awk '$NF ~ /^&dev_addr_list_lock_key/ && /FD:/ { a++ } $NF ~ /^&qdisc_xmit_lock_key/ && /FD:/ { x++ }
		END { print a + 0, x + 0 }' /proc/lockdep
}

# Each passes its addresses on to the device below, with its own list locked.
addresses_go_down() {
	local log
	log=$(log_length)
	make_pair a0 b0
	make_pair a1 b1
	ip link add bond0 type bond mode active-backup
	ip link set a0 master bond0
	ip link set a1 master bond0
	up b0 b1 bond0
	ip link add link bond0 name v0 type vlan id 5
	ip link add link v0 name m0 type macvlan mode bridge
	up v0 m0
	ip maddr add 33:33:00:00:00:05 dev m0
	expect_match "addresses of a0" '33:33:00:00:00:05' "$(ip maddr show dev a0 | xargs)"
	ip link del m0
	ip link del v0
	ip link del bond0
	expect_healthy_since "$log"
}

case_ "lockdep: the locks of ends have classes of their own" classes_of_their_own
case_ "lockdep: addresses of devices on top go down to an end" addresses_go_down
done_testing
