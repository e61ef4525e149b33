#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The plugin of pyroute2 that teaches it the kind etun.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"
# shellcheck source=tests/guest/control-helpers.bash
. "$(dirname "$(readlink -f "$0")")/control-helpers.bash"

plugins=$here/../../src/pyroute2
/usr/bin/python3 -c 'import pyroute2' || { echo "Bail out! install python3-pyroute2 first"; exit 1; }

ask_pyroute2() { /usr/bin/python3 -B "$here/pyroute2-links.py" "${folder:-$plugins}" "$1"; }

makes_all_at_once() {
	local seen
	ip netns add blue
	start_monitor
	ask_pyroute2 make
	seen=$(stop_monitor)
	expect "events here" 1 "$(wc -l <<<"$seen")"
	expect "the peer" "b0 02:00:00:00:00:07 1700" "$(devices_in blue) $(ip netns exec blue cat /sys/class/net/b0/address /sys/class/net/b0/mtu | xargs)"
	expect_match "the peer is up" '[<,]UP[,>]' "$(ip -n blue link show b0)"
	expect "what is read back" \
		"1600 napi direct 64 64 independent | 02:00:00:00:00:07 1700 direct napi 64 64 independent | True True True" \
		"$(ask_pyroute2 show | paste -sd '|' | sed 's/|/ | /g')"
}

by_name() {
	expect "the peer's index is told" True "$(ask_pyroute2 by_name)"
	expect "the ends" "a0 b0" "$(devices | xargs -n 1 | sort | xargs)"
	ask_pyroute2 change
	expect "mode and ring" "direct 128" "$(end_attribute a0 mode) $(ethtool -g a0 | awk '/^RX:/ { seen = $2 } END { print seen }')"
	expect "a name that is taken" 17 "$(ask_pyroute2 refused)"
	ask_pyroute2 delete
	expect "the ends" "" "$(devices)"
}

# NDB, which keeps what the kernel tells in a database and waits until it tells what was asked for.
by_ndb() {
	expect "what NDB made" "down 1600 napi 64 independent|up 1700 direct 128 independent|backlog 256 backlog" \
		"$(ask_pyroute2 ndb_make | paste -sd '|')"
	expect "what it changed" "direct 256 128 1500" "$(ask_pyroute2 ndb_change)"
	expect "mode and ring" "direct 256" "$(end_attribute a0 mode) $(ethtool -g a0 | awk '/^RX:/ { seen = $2 } END { print seen }')"
	expect "what is refused" "22 False" "$(ask_pyroute2 ndb_refused)"
	ask_pyroute2 ndb_delete
	expect "the ends" "" "$(devices)"
}

# By what make install-pyroute2 has put there; and without it nothing is known of a peer.
installed() {
	local folder=$tap_scratch/installed/usr/local/share/etun/pyroute2
	make -C "$here/../.." -s install-pyroute2 DESTDIR="$tap_scratch/installed" >/dev/null
	expect "by what is installed" True "$(ask_pyroute2 by_name)"
	ask_pyroute2 delete
	folder=$tap_scratch
	expect_match "without the plugin" "has no attribute|KeyError|NoneType|AttributeError" "$(ask_pyroute2 by_name 2>&1)"
}

case_ "pyroute2: all of both ends in one message, and read back" makes_all_at_once
case_ "pyroute2: a peer by its name, changed, refused and deleted" by_name
case_ "pyroute2: NDB makes, changes and deletes with etun's own words" by_ndb
case_ "pyroute2: make install-pyroute2" installed
done_testing
