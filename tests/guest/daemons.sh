#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What udev, NetworkManager and systemd-networkd do with an end, with and without the files of etun-utils. The real
# daemons run here, without systemd around them; tests/packages has them as a whole system does.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"

files=$(cd "$(dirname "$(readlink -f "$0")")/../../packaging/integration" && pwd)

# They are not installed for a test: NetworkManager would begin to manage the machine's own devices.
need_daemons() {
	local program
	for program in udevadm nmcli networkctl dbus-daemon; do
		command -v "$program" >/dev/null || skip "$program is missing"
	done
}

start_daemons() {
	(need_daemons) >/dev/null || return 0
	mkdir -p /run/dbus /run/systemd/system /run/systemd/netif /run/NetworkManager
	chown systemd-network: /run/systemd/netif
	[ -s /etc/machine-id ] || systemd-machine-id-setup
	/lib/systemd/systemd-udevd --daemon
	dbus-daemon --system --fork
	NetworkManager --no-daemon >/run/manager.log 2>&1 &
	/lib/systemd/systemd-networkd >/run/networkd.log 2>&1 &
	for ((i = 0; i < 600; i++)); do
		[ "$(nmcli -t -f RUNNING general 2>/dev/null)" = running ] && networkctl list >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	echo "# the daemons did not start"
	sed 's/^/# /' /run/manager.log /run/networkd.log | tail -n 20
}

install_files() {
	mkdir -p /usr/lib/systemd/network
	cp "$files/80-etun.link" /usr/lib/systemd/network/
	cp "$files/86-etun-nm-unmanaged.rules" /lib/udev/rules.d/
	udevadm control --reload 2>/dev/null || true
}

# assigned A B: how the address of a new end came about once udev has seen it: 1 by lot, 3 set by somebody.
assigned() {
	make_pair "$1" "$2"
	udevadm settle --timeout=120
	cat "/sys/class/net/$1/addr_assign_type"
}

without_files() {
	need_daemons
	expect "udev without being told to leave it alone" 3 "$(assigned u0 u1)"
	expect "what udev tells NetworkManager" "" "$(told_to_manager u0)"
}

# What udev's database has for it. Here NetworkManager calls ends unmanaged in either case, so this is what differs.
told_to_manager() { udevadm info -q property "/sys/class/net/$1" | grep NM_UNMANAGED || true; }

manager_says() { nmcli -t -f DEVICE,STATE device | grep -qx "$1:$2"; }

with_files() {
	need_daemons
	expect "address of v0 is that of the driver" 1 "$(assigned v0 v1)"
	expect_match "link file" '80-etun.link$' "$(udevadm info /sys/class/net/v0 | grep ID_NET_LINK_FILE)"
	expect "what udev tells NetworkManager" NM_UNMANAGED=1 "$(told_to_manager v0)"
	expect "names" "v0 v1" "$(cd /sys/class/net && echo v*)"
	wait_for 60 manager_says v0 unmanaged
	wait_for 60 manager_says v1 unmanaged
	ip link set v0 up
	ip link set v1 up
	sleep 3
	manager_says v0 unmanaged
	expect_match "networkd" 'v0 +ether +[a-z-]+ +unmanaged' "$(networkctl --no-pager --no-legend list v0)"
	expect "IPv4 addresses" "" "$(ip -4 -o address show dev v0)"
}

# The cases' cleaning up ends what this shell started, hence not the daemons.
(start_daemons)
case_ "daemons: without the files udev replaces the address, and tells NetworkManager nothing" without_files
[ ! -d /lib/udev/rules.d ] || install_files
case_ "daemons: with them both leave it alone, and so does systemd-networkd" with_files
done_testing
