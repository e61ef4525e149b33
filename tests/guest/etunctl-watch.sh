#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What etunctl shows of a machine at work: rates, the live view, and pictures.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"
# shellcheck source=tests/guest/control-helpers.bash
. "$(dirname "$(readlink -f "$0")")/control-helpers.bash"
# shellcheck source=tests/guest/etunctl.bash
. "$(dirname "$(readlink -f "$0")")/etunctl.bash"

# traffic COUNTER [PING-OPTIONS]: echo requests from red to blue until the case ends; that counter of a0 shows them.
traffic() {
	in_background ip netns exec red ping -q -i 0.02 "${@:2}" 10.9.0.2 >/dev/null
	wait_for 10 has_counted "$1"
}
has_counted() { [ "$(counter a0 "$1" red)" -gt 10 ]; }

# on_terminal TEXT ACTION COMMAND...: see terminal.py.
on_terminal() { python3 "$here/terminal.py" "$@"; }

lists_rates() {
	local seen
	make_namespaces red blue
	traffic tx_packets
	seen=$(etunctl list --rates --json)
	# A request and a reply each, 50 times a second at most.
	expect "packets in a second" "[True, True, True, True]" "$(json "[3 < e['rates'][d] < 200 for e in j['pairs'][0]['ends']
		for d in ('rx_packets_per_second', 'tx_packets_per_second')]" <<<"$seen")"
	# 98 bytes each, and now and then a shorter one of another protocol. The counters are not read at one moment.
	expect "bits of a packet" "[True]" "$(json "[600 < e['rates']['rx_bits_per_second'] / e['rates']['rx_packets_per_second']
		< 900 for e in j['pairs'][0]['ends'] if e['name'] == 'a0']" <<<"$seen")"
	expect_match "text" '^[|`]- a0 .* backlog  rx +[1-9][0-9.]* packets/s +[1-9][0-9.]*k bit/s  tx ' "$(etunctl list --rates)"
	expect "without" "" "$(etunctl list --json | grep rates)"
}

tables() {
	local seen
	make_namespaces red blue
	# Requests are sent by a task, and arrive at once; replies go out while the requests are delivered.
	etunctl set b0 --netns blue --mode direct
	etunctl set a0 --netns red --mode napi
	traffic tx_packets
	seen=$(etunctl top --count 2)
	expect "tables" 2 "$(grep -c '^END ' <<<"$seen")"
	expect "ends" 4 "$(grep -cE '^(red|blue)/[ab]0 ' <<<"$seen")"
	expect_match "what came at once" '^blue/b0 +on +direct +[1-9][0-9.]+ .* (9[0-9]|100)% +0% +[0-9]% +0 +0$' "$seen"
	expect_match "what came by the ring" '^red/a0 +on +napi +[1-9][0-9.]+ .* 0% +(9[0-9]|100)% +[0-9]% +[0-9.k]+ +0$' "$seen"
	expect "one table" 1 "$(etunctl top --once | grep -c '^END ')"
}

tells_drops() {
	make_namespaces red blue
	etunctl set a0 --netns red --mtu 1600
	traffic tx_dropped -s 1560
	expect_match "the cause" '^red/a0 .* [1-9][0-9.]+  tx_drop_too_long [1-9][0-9.]+$' "$(etunctl top --once)"
	expect_match "none there" '^blue/b0 .*% +0 +0$' "$(etunctl top --once)"
}

draws_live() {
	make_pair a0 b0
	expect "q" "status 0, settings as before, screen left" "$(on_terminal DIRECT key:q etunctl top)"
	expect "an interrupt" "status 0, settings as before, screen left" "$(on_terminal DIRECT key:^C etunctl top)"
	expect "SIGTERM" "status 0, settings as before, screen left" "$(on_terminal counting kill:TERM etunctl top)"
}

restores_when_it_fails() {
	make_pair a0 b0
	expect "without the module" "status 5, settings as before, screen left" \
		"$(on_terminal DIRECT 'run:rmmod etun' etunctl top)"
}

needs_a_terminal() {
	make_pair a0 b0
	fails 2 'there is no terminal to draw on.*remedy: --once' etunctl top
	fails 2 'remedy' etunctl top --count 0
}

draws_graphs() {
	local dot
	make_namespaces red blue
	make_pair p0 q0
	ip link add br0 type bridge
	trap 'ip link del br0' EXIT
	ip link set p0 master br0
	etunctl set b0 --netns blue --mode napi
	dot=$(etunctl graph)
	expect "clusters" '"(here)" "blue" "red"' "$(grep -A 1 subgraph <<<"$dot" | sed -nE 's/.*label=(.*);/\1/p' | sort | xargs -d '\n')"
	expect_match "a pair" 'label="pair [0-9]+\\n(backlog / napi|napi / backlog)\\ncarrier on", color=darkgreen' "$dot"
	expect_match "a bridge" 'label="br0", shape=hexagon' "$dot"
	expect_match "addresses" 'label="a0\\n10.9.0.1/24\\nfd00:9::1/64"' "$dot"
	command -v dot >/dev/null || skip "graphviz is missing"
	expect "what graphviz makes of it" "0 4" \
		"$(etunctl graph --format svg >"$tap_scratch/picture"; echo "$? $(grep -cE '>(a0|b0|p0|q0)<' "$tap_scratch/picture")")"
	expect "clusters in the picture" 3 "$(grep -c 'class="cluster"' "$tap_scratch/picture")"
}

without_graphviz() {
	local program
	program=$(command -v etunctl)
	make_pair a0 b0
	fails 1 'SVG is made by graphviz, whose program `dot` is not installed.*remedy: apt install graphviz' \
		env PATH=/nowhere "$program" graph --format svg
	fails 2 'format' etunctl graph --format png
}

case_ "list --rates" lists_rates
case_ "top --once and --count: rates, and how frames arrived" where_direct tables
case_ "top: drops by cause" tells_drops
case_ "top on a terminal: q and interrupts end it, and restore the terminal" draws_live
case_ "top restores the terminal when it fails" restores_when_it_fails
case_ "top without a terminal" needs_a_terminal
case_ "graph: clusters, nodes and edges, and as SVG" draws_graphs
case_ "graph --format svg without graphviz" without_graphviz
done_testing
