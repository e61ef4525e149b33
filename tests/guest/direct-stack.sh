#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Direct delivery and the stack: how much of it whoever owns the receiving namespace can have used on top of a sender's,
# and what share of frames goes at once all the same. docs/direct-delivery.md has the argument and the figures.
# shellcheck disable=SC2016 # eval expands what wait_for repeats.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
. ./tap.sh
# shellcheck source-path=SCRIPTDIR source=lab.sh
. ./lab.sh
# shellcheck source-path=SCRIPTDIR source=programs.sh
. ./programs.sh
tracing=/sys/kernel/tracing

# way DEVICE NETNS NAME: one of the counters tx_direct, tx_direct_later, tx_direct_backlog.
way() { ip netns exec "$2" ethtool -S "$1" | awk -v name="$3:" '$1 == name { print $2 }'; }

# ---- what share goes at once ----

# share DEVICE NETNS: of the frames that this end sent so far, in percent.
share() {
	local direct later backlog all
	direct=$(way "$1" "$2" tx_direct)
	later=$(way "$1" "$2" tx_direct_later)
	backlog=$(way "$1" "$2" tx_direct_backlog)
	all=$((direct + later + backlog))
	[ $all -ge 20 ] || { echo "frames of $1: expected 20 at least, saw $all" >&2; return 1; }
	echo $(((direct + later) * 100 / all))
}

# most WHAT PERCENT DEVICE NETNS: that much at least.
most() {
	local percent
	percent=$(share "$3" "$4")
	remark "$1: $percent % of the frames at once or in their turn, $(way "$3" "$4" tx_direct_backlog) by the backlog"
	[ "$percent" -ge "$2" ] || { echo "$1: expected $2 % at least, saw $percent"; return 1; }
}

shares_of_two() {
	make_namespaces east west
	expect "direct" 0 "$(links set east:a0 mode=direct peer-mode=direct)"
	pings east 10.9.0.2 -c 50
	most "ping, requests" 90 a0 east
	most "ping, replies" 90 b0 west
}

shares_of_flows() {
	make_namespaces east west
	expect "direct" 0 "$(links set east:a0 mode=direct peer-mode=direct)"
	flows both east=10.9.0.1 west=10.9.0.2 2000000 3000
	most "TCP and UDP, one end" 75 a0 east
	most "TCP and UDP, the other" 75 b0 west
}

shares_by_iperf() {
	command -v iperf3 >/dev/null || skip "iperf3 is missing"
	make_namespaces east west
	expect "direct" 0 "$(links set east:a0 mode=direct peer-mode=direct)"
	ip netns exec west iperf3 -s -1 >/dev/null 2>&1 &
	wait_for 10 eval 'ip netns exec west ss -Hltn "sport = 5201" | grep -q .'
	ip netns exec east iperf3 -c 10.9.0.2 -n 20M >/dev/null
	most "iperf3, data" 75 a0 east
	most "iperf3, acknowledgements" 75 b0 west
}

shares_of_a_router() {
	chain router
	expect "direct, left pair" 0 "$(links set left:a0 mode=direct peer-mode=direct)"
	expect "direct, right pair" 0 "$(links set right:b0 mode=direct peer-mode=direct)"
	flows both left=10.1.0.1 right=10.2.0.2 2000000 2000
	most "to a router" 75 a0 left
	most "from the router on" 75 m2 middle
}

# ---- how deep it gets ----

# margin: bytes that are to be left of the stack, and the whole stack, as the driver has them.
stack=16384
margin=$((stack * 3 / 4))

# deepest: of /sys/kernel/tracing/stack_trace, whose rows are number, bytes from there to the bottom, bytes, function: bytes
# of the whole stack, and of what is on top of the transmission that delivered, the one that is lowest.
deepest() {
	awk '$1 == "0)" { all = $2 } $4 ~ /^etun_start_xmit/ { on_top = all - $2 }
		END { print all + 0, on_top + 0 }' "$tracing/stack_trace"
}

# traced COMMAND...: sets $all and $on_top of the deepest stack while it runs. Where a trace is looked at is limited to
# the network and to BPF, as file systems go deeper.
traced() {
	local pattern
	[ -e /proc/sys/kernel/stack_tracer_enabled ] || skip "this kernel has no stack tracer"
	mountpoint -q $tracing || mount -t tracefs tracefs $tracing
	trap 'sysctl -qw kernel.stack_tracer_enabled=0; echo >"$tracing/stack_trace_filter"' EXIT
	# Not every kernel has each of them.
	for pattern in 'ip_*' 'ip6_*' 'udp_*' 'tcp_*' 'nf_*' 'nft_*' 'skb_*' 'sock_*' 'neigh_*' 'dev_*' '__dev_*' 'iptunnel_*' \
		'vxlan_*' 'geneve_*' 'ipgre_*' 'gre_*' 'vlan_*' 'tcf_*' 'sch_*' 'pfifo_*' 'dummy_*' 'fib_*' 'array_map_*' \
		'etun_*'; do
		echo "$pattern" >>"$tracing/stack_trace_filter"
	done 2>/dev/null || true
	"$@" >/dev/null
	echo 0 >$tracing/stack_max_size
	sysctl -qw kernel.stack_tracer_enabled=1
	"$@" >/dev/null
	sysctl -qw kernel.stack_tracer_enabled=0
	read -r all on_top < <(deepest)
	[ "$on_top" -gt 0 ] || { cat $tracing/stack_trace; echo "expected a delivery in the deepest stack"; return 1; }
}

# fits WHAT: what was traced leaves an eighth of the margin.
fits() {
	remark "$1: $on_top bytes on top of the transmission, $((all - on_top)) below; $margin of $stack are left at least"
	[ "$on_top" -le $((margin * 7 / 8)) ] ||
		{ cat $tracing/stack_trace; echo "$1: expected $((margin * 7 / 8)) bytes at most, saw $on_top"; return 1; }
}

# receiver: a task of namespace left sends to the namespace middle, which is the one whose owner does what he can.
receiver() {
	chain router
	ip -n left route add 10.100.0.0/16 via 10.1.0.254
	ip netns exec middle sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
	expect "direct, left pair" 0 "$(links set left:a0 mode=direct peer-mode=direct)"
}

send_there() { ip netns exec left ping -n -q -c 20 -i 0.01 -W 1 10.100.0.77 || true; }

# tunnels KIND COUNT QDISC: in middle, each goes by the next one, the last one by a dummy device.
tunnels() {
	local kind=$1 count=$2 qdisc=$3 i
	local -a how
	ip -n middle link add out type dummy
	ip -n middle link set out up
	for ((i = count; i >= 1; i--)); do
		case $kind in
		vxlan) how=(type vxlan id "$i" dstport 4789 nolearning) ;;
		geneve) how=(type geneve id "$i" dstport 6081) ;;
		*) how=(type "$kind") ;;
		esac
		local=(local "10.$((100 + i)).0.1")
		[ "$kind" != geneve ] || local=()
		ip -n middle addr add "10.$((100 + i)).0.1/24" dev "$(below "$i" "$count")"
		ip -n middle link add "t$i" "${how[@]}" "${local[@]}" remote "10.$((100 + i)).0.2"
		[ "$qdisc" = none ] || ip netns exec middle tc qdisc add dev "t$i" root "$qdisc"
		ip -n middle link set "t$i" mtu 1400 up
		ip -n middle neigh replace "10.$((100 + i)).0.2" lladdr 02:00:00:00:00:02 dev "$(below "$i" "$count")" 2>/dev/null ||
			true
	done
	ip -n middle route add 10.100.0.0/24 dev t1
	ip -n middle neigh replace 10.100.0.77 lladdr 02:00:00:00:00:02 dev t1 2>/dev/null || true
}
# below NUMBER COUNT: the device that this tunnel goes by.
below() { if [ "$1" = "$2" ]; then echo out; else echo "t$(($1 + 1))"; fi; }

# nested KIND COUNT QDISC: as many as the kernel lets a frame go through.
nested() {
	receiver
	tunnels "$@"
	traced send_there
	fits "$2 times $1, qdisc $3"
	expect_match "frames through the first" '^[1-9]' "$(counter t1 tx_packets middle)"
}

tail_calls() {
	receiver
	load_deep
	ip -n middle link add out type dummy
	ip -n middle link set out up
	ip -n middle route add 10.100.0.0/24 dev out
	ip -n middle neigh replace 10.100.0.77 lladdr 02:00:00:00:00:02 dev out
	ip netns exec middle tc qdisc add dev m1 clsact
	tc_deep m1 ingress
	traced send_there
	fits "tail calls of a program"
	[ "$(deep_count 0)" -ge 20 ] || expect "frames that took all tail calls" "20 or more" "$(deep_count 0)"
	[ "$(deep_count 1)" -ge $((30 * $(deep_count 0))) ] ||
		expect "runs of the program" "30 times $(deep_count 0) or more" "$(deep_count 1)"
	# The stack tracer may not see through a program's frames.
	[ "$on_top" -ge 8000 ] || expect "bytes on top" "8000 or more, if each call keeps its frame" "$on_top"
}

load_deep() {
	rm -rf "$pins/deep"
	mkdir -p "$pins"
	mountpoint -q "$pins" || mount -t bpf bpf "$pins"
	mkdir -p "$pins/deep"
	bpftool prog loadall "$objects/deep.bpf.o" "$pins/deep" pinmaps "$pins/deep" || return 1
	bpftool map update pinned "$pins/deep/next" key 0 0 0 0 value pinned "$pins/deep/deep"
}
# deep_count WHICH: a number of its map `reached`.
deep_count() {
	bpftool -j map lookup pinned "$pins/deep/reached" key "$1" 0 0 0 |
		/usr/bin/python3 -ESc "import json,sys; print(json.load(sys.stdin)['formatted']['value'])"
}
# tc_deep DEVICE DIRECTION: of middle. `ip netns exec` has a /sys of its own, but not another /run.
tc_deep() { ip netns exec middle tc filter add dev "$1" "$2" bpf direct-action object-pinned "$pins/deep/deep"; }

# Redirected from device to device, as often as the kernel lets it be nested, and then into tunnels.
redirects() {
	local i
	receiver
	tunnels gre 3 none
	for i in 1 2 3; do
		ip -n middle link add "r$i" type dummy
		ip -n middle link set "r$i" up
	done
	ip netns exec middle tc qdisc add dev m1 clsact
	ip netns exec middle tc filter add dev m1 ingress protocol ip matchall action mirred egress redirect dev r1
	for i in 1 2; do
		ip netns exec middle tc qdisc add dev "r$i" clsact
		ip netns exec middle tc filter add dev "r$i" egress protocol ip matchall \
			action mirred egress redirect dev "r$((i + 1))"
	done
	ip netns exec middle tc qdisc add dev r3 clsact
	ip netns exec middle tc filter add dev r3 egress protocol ip matchall action mirred egress redirect dev t1
	traced send_there
	fits "redirected four times, then through tunnels"
}

# Bridges with VLAN devices on them, received through one on top of the other, and then forwarded. The frame has all tags
# from the start, since what a VLAN device sends takes the backlog.
bridges() {
	local i lower=m1 mac
	receiver
	mac=$(ip netns exec middle cat /sys/class/net/m1/address)
	for i in 1 2 3; do
		ip -n middle link add "br$i" address "$mac" type bridge stp_state 0 forward_delay 0 mcast_snooping 0
		ip -n middle link set "$lower" master "br$i"
		ip -n middle link set "$lower" up
		ip -n middle link set "br$i" up
		lower=v$i
		ip -n middle link add link "br$i" name "$lower" type vlan id "$i"
	done
	ip -n middle link set "$lower" up
	tunnels gre 1 none
	traced send_tagged "$mac"
	fits "received through three bridges, forwarded into a tunnel"
	expect_match "frames through the tunnel" '^[1-9]' "$(counter t1 tx_packets middle)"
}

send_tagged() {
	/usr/bin/python3 -ES - "$lab" "$1" <<-'TEXT'
		import sys
		sys.path.insert(0, sys.argv[1])
		import lab
		head = bytes.fromhex(sys.argv[2].replace(":", "")) + lab.address("left:a0")
		for number in (1, 2, 3):
		    head += b"\x81\x00" + number.to_bytes(2, "big")
		sock = lab.tap("left:a0")
		for _ in range(20):
		    sock.send(head + b"\x08\x00" + lab.udp("10.1.0.1", "10.100.0.77", 9, b"far"))
	TEXT
}

case_ "direct-stack: most of ping goes at once" where_direct shares_of_two
case_ "direct-stack: most of TCP and UDP goes at once" where_direct shares_of_flows
case_ "direct-stack: most of iperf3 goes at once" where_direct shares_by_iperf
case_ "direct-stack: most goes at once to a router and on" where_direct shares_of_a_router
case_ "direct-stack: six GRE tunnels in each other leave a margin" where_direct nested gre 6 pfifo
case_ "direct-stack: six VXLANs in each other leave a margin" where_direct nested vxlan 6 pfifo
case_ "direct-stack: six GENEVE tunnels in each other leave a margin" where_direct nested geneve 6 pfifo
case_ "direct-stack: four redirects by tc into tunnels leave a margin" where_direct redirects
case_ "direct-stack: three bridges on each other leave a margin" where_direct bridges
case_ "direct-stack: all tail calls that a program may make leave a margin" where_direct tail_calls
done_testing
