#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A whole lab from a file: what `etunctl apply` and `etunctl save` do about offloads, transmit queues, groups, aliases,
# VLANs, routes and sysctls, and what `etunctl save` says that it leaves out.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"
# shellcheck source=tests/guest/control-helpers.bash
. "$(dirname "$(readlink -f "$0")")/control-helpers.bash"
# shellcheck source=tests/guest/etunctl.bash
. "$(dirname "$(readlink -f "$0")")/etunctl.bash"

file=$tap_scratch/lab.json
objects=$here/../../build/bpf
saved=$tap_scratch/saved.json

# one_pair MEMBERS [MEMBERS]: a file with the pair a0, b0, whose ends have these members as well.
one_pair() {
	echo '{"pairs": [{"ends": [{"name": "a0"'"${1:+, $1}"'}, {"name": "b0"'"${2:+, $2}"'}]}]}' >"$file"
}

# Two hosts and a router between them, to one of which a VLAN leads.
lab() {
	cat >"$file" <<-'END'
		{
		  "namespaces": [
		    {"name": "left", "routes": [
		      {"to": "default", "via": "192.0.2.1"},
		      {"to": "default", "via": "2001:db8:1::1", "dev": "eth0", "metric": 100}]},
		    {"name": "router",
		     "sysctls": {"net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1},
		     "routes": [{"to": "203.0.113.0/24", "via": "198.51.100.2", "dev": "east.5", "metric": 7, "table": 254}]},
		    {"name": "right", "routes": [
		      {"to": "default", "via": "198.51.100.1", "dev": "eth0.5"},
		      {"to": "::/0", "via": "2001:db8:2::1"}]}
		  ],
		  "pairs": [
		    {"ends": [
		      {"name": "eth0", "netns": "left", "up": true, "addresses": ["192.0.2.2/24", "2001:db8:1::2/64"],
		       "offload": {"rx": false, "gro": true}, "txqueuelen": 500, "group": 7, "alias": "the \"left\" host"},
		      {"name": "west", "netns": "router", "up": true, "addresses": ["192.0.2.1/24", "2001:db8:1::1/64"]}]},
		    {"ends": [
		      {"name": "eth0", "netns": "right", "up": true, "vlans": [
		        {"id": 5, "up": true, "mtu": 1400, "addresses": ["198.51.100.2/24", "2001:db8:2::2/64"]}]},
		      {"name": "east", "netns": "router", "up": true, "vlans": [
		        {"id": 5, "up": true, "mtu": 1400, "addresses": ["198.51.100.1/24", "2001:db8:2::1/64"]},
		        {"id": 6, "name": "spare"}]}]}
		  ]
		}
	END
}

# nothing_to_do FILE
nothing_to_do() { expect "a second time" "nothing to do: all is as $1 has it" "$(in_one_line etunctl apply "$1")"; }

reaches() {
	wait_for 20 ip netns exec left ping -q -c 1 -W 1 198.51.100.2
	wait_for 20 ip netns exec left ping -q -c 1 -W 1 2001:db8:2::2
}

feature() { ethtool -k "$1" | awk -v f="$2:" '$1 == f { print $2 }'; }

routed() {
	local said
	lab
	said=$(etunctl apply "$file")
	expect "what was done" "+ namespace left
+ namespace router
+ namespace right
~ router: net.ipv4.ip_forward = 1
~ router: net.ipv6.conf.all.forwarding = 1
+ pair left/eth0,router/west
    left/eth0: up
    router/west: up
+ left/eth0: txqueuelen 500, group 7, alias \"the \\\"left\\\" host\"
+ left/eth0: offload rx off, gro on
+ left/eth0: address 192.0.2.2/24
+ left/eth0: address 2001:db8:1::2/64
+ router/west: address 192.0.2.1/24
+ router/west: address 2001:db8:1::1/64
+ pair right/eth0,router/east
    right/eth0: up
    router/east: up
+ right/eth0.5: VLAN 5 on eth0, mtu 1400, up
+ right/eth0.5: address 198.51.100.2/24
+ right/eth0.5: address 2001:db8:2::2/64
+ router/east.5: VLAN 5 on east, mtu 1400, up
+ router/east.5: address 198.51.100.1/24
+ router/east.5: address 2001:db8:2::1/64
+ router/spare: VLAN 6 on east
+ left: route default via 192.0.2.1
+ left: route default via 2001:db8:1::1 dev eth0 metric 100
+ router: route 203.0.113.0/24 via 198.51.100.2 dev east.5 metric 7 table 254
+ right: route default via 198.51.100.1 dev eth0.5
+ right: route default via 2001:db8:2::1" "$said"
	reaches
	expect_match "the VLAN" 'vlan protocol 802.1Q id 5 ' "$(ip -n right -d link show eth0.5)"
	expect_match "the route" 'via 198.51.100.2 dev east.5 .*proto static .*metric 7' "$(ip -n router route show 203.0.113.0/24)"
	nothing_to_do "$file"
	expect "by a dry run" "nothing to do: all is as $file has it" "$(etunctl apply "$file" --dry-run)"
}

# What is saved is the same file again on an empty machine, and carries traffic.
made_anew() {
	lab
	etunctl apply "$file"
	expect "what save says" "" "$(etunctl save "$saved" 2>&1)"
	nothing_to_do "$saved"
	ip -all netns del
	wait_for 10 is_empty
	etunctl apply "$saved"
	reaches
	expect "what is saved then" "$(cat "$saved")" "$(etunctl save)"
	nothing_to_do "$saved"
	nothing_to_do "$file"
}
is_empty() { [ -z "$(devices)" ] && [ -z "$(ip netns list)" ]; }

# What is changed by hand is put right, a line for each kind.
put_right() {
	lab
	etunctl apply "$file"
	ip -n left route replace default via 192.0.2.7
	ip -n right -6 route del default
	ip netns exec router sysctl -qw net.ipv4.ip_forward=0
	ip netns exec left ethtool -K eth0 gro off
	ip -n left link set eth0 txqueuelen 1000 group default alias other
	ip -n right link set eth0.5 mtu 1300
	ip -n router link del spare
	expect "what was done" '~ router: net.ipv4.ip_forward 0 -> 1
~ left/eth0: txqueuelen 1000 -> 500, group 0 -> 7, alias "other" -> "the \"left\" host"
~ left/eth0: offload gro off -> on
~ right/eth0.5: mtu 1300 -> 1400
+ router/spare: VLAN 6 on east
- left: route default via 192.0.2.7 dev eth0
+ left: route default via 192.0.2.1
+ right: route default via 2001:db8:2::1' "$(etunctl apply "$file")"
	reaches
	nothing_to_do "$file"
}

# Of a new end nothing is saved about offloads, and nothing is left out: so the tool knows those that this kernel lets one
# switch at an end, and how they are at first.
knows_offloads() {
	etunctl add a0 b0 --up
	expect "what save says" "" "$(etunctl save "$saved" 2>&1)"
	expect "offloads of a new end" "" "$(grep offload "$saved")"
	one_pair '"offload": {"rx": false, "tx": false, "sg": false, "tso": false, "gso": false, "gro": true, "rxvlan": false,
		"txvlan": false, "tx-nocache-copy": true, "rx-gro-list": true, "rx-udp-gro-forwarding": true,
		"tx-udp-segmentation": false, "tx-gso-list": false, "highdma": false}'
	expect_match "what was done" '^~ a0: offload rx on -> off, tx on -> off, sg on -> off, ' "$(etunctl apply "$file")"
	expect "features" "off off off off on off on" "$(feature a0 rx-checksumming) $(feature a0 tx-checksumming) $(
		feature a0 tcp-segmentation-offload) $(feature a0 generic-segmentation-offload) $(
		feature a0 generic-receive-offload) $(feature a0 tx-udp-segmentation) $(feature a0 rx-gro-list)"
	nothing_to_do "$file"
	etunctl save "$saved"
	nothing_to_do "$saved"
}

# What an end does not have for its peer's or a program's sake is wanted all the same, and saved so.
saves_what_is_wanted() {
	etunctl add a0 b0 --up
	one_pair '"offload": {"rx": false}'
	expect "what was done" "~ a0: offload rx on -> off" "$(etunctl apply "$file")"
	expect "the peer's checksums" off "$(feature b0 tx-checksumming)"
	expect "the peer's segmentation" off "$(feature b0 tcp-segmentation-offload)"
	etunctl save "$saved"
	expect "offloads of a0 | of b0" "{'rx': False} | None" \
		"$(json "' | '.join(str(e.get('offload')) for e in j['pairs'][0]['ends'])" <"$saved")"
	nothing_to_do "$saved"
	one_pair '"offload": {"rx": true}'
	expect "what was done" "~ a0: offload rx off -> on" "$(etunctl apply "$file")"
	expect "the peer's checksums, later" on "$(feature b0 tx-checksumming)"
	expect "the peer's segmentation, later" on "$(feature b0 tcp-segmentation-offload)"
	# What somebody wants that the peer does not allow yet.
	ethtool -K b0 tx off
	etunctl save "$saved"
	expect "offloads of b0" "{'tx': False}" "$(json "j['pairs'][0]['ends'][1].get('offload')" <"$saved")"
}

# The kernel takes VLANs up and down with their end, and bounds their MTUs: what is wanted holds after one run.
vlans_follow() {
	one_pair '"up": true, "vlans": [{"id": 5, "up": true, "addresses": ["192.0.2.1/24", "2001:db8::1/64"]}, {"id": 6}]' \
		'"up": true'
	etunctl apply "$file"
	one_pair '"up": false, "mtu": 1400, "vlans": [{"id": 5, "mtu": 1400, "addresses": ["192.0.2.1/24", "2001:db8::1/64"]}]'
	expect "down" "~ a0: mtu 1500 -> 1400, up -> down | + a0.5: address 2001:db8::1/64" "$(in_one_line etunctl apply "$file")"
	nothing_to_do "$file"
	one_pair '"up": true, "vlans": [{"id": 5, "up": false}, {"id": 6, "up": true}]'
	expect "up" "~ a0: down -> up | ~ a0.5: up -> down" "$(in_one_line etunctl apply "$file")"
	nothing_to_do "$file"
}

# A VLAN is a port of a bridge, and the bridge has a route.
vlan_as_port() {
	cat >"$file" <<-'END'
		{"namespaces": [{"name": "red", "routes": [{"to": "198.51.100.0/24", "via": "192.0.2.9", "dev": "br0"}]}],
		 "pairs": [{"ends": [{"name": "a0", "netns": "red", "up": true, "vlans": [{"id": 5, "name": "v5", "up": true}]},
		                     {"name": "b0", "up": true, "vlans": [{"id": 5, "up": true, "addresses": ["192.0.2.2/24"]}]}]}],
		 "bridges": [{"name": "br0", "netns": "red", "addresses": ["192.0.2.1/24"], "ports": ["v5"]}]}
	END
	etunctl apply "$file"
	wait_for 20 ping -q -c 1 -W 1 192.0.2.1
	nothing_to_do "$file"
	expect "what save says" "" "$(etunctl save "$saved" 2>&1)"
	expect "what is saved" "['v5'] br0" "$(json "str(j['bridges'][0]['ports']) + ' ' + j['namespaces'][0]['routes'][0]['dev']" <"$saved")"
	nothing_to_do "$saved"
}

# The namespace that etunctl runs in has no name.
at_home() {
	ip link set lo up
	cat >"$file" <<-'END'
		{"namespaces": [{"sysctls": {"net.ipv4.conf.a0/5.rp_filter": 2, "net.ipv4.conf.a0.proxy_arp": 1},
		                 "routes": [{"to": "198.51.100.0/24", "via": "192.0.2.1"}]}],
		 "pairs": [{"ends": [{"name": "a0", "up": true, "addresses": ["192.0.2.2/24"], "vlans": [{"id": 5}]},
		                     {"name": "b0", "up": true}]}]}
	END
	expect_match "what was done" '~ net.ipv4.conf.a0.proxy_arp = 1 \| ~ net.ipv4.conf.a0/5.rp_filter = 2 \| \+ a0: address 192.0.2.2/24 \| \+ route 198.51' \
		"$(in_one_line etunctl apply "$file")"
	expect "sysctls" "2 1" "$(cat /proc/sys/net/ipv4/conf/a0.5/rp_filter /proc/sys/net/ipv4/conf/a0/proxy_arp | xargs)"
	nothing_to_do "$file"
	etunctl save "$saved"
	expect "what is saved" "[{'routes': [{'to': '198.51.100.0/24', 'via': '192.0.2.1', 'dev': 'a0'}]}]" \
		"$(json "j['namespaces']" <"$saved")"
}

# A file that asks for what can't be is refused as a whole.
refuses() {
	local before
	lab
	before=$(ip -o link; ip netns list)
	refuses_with() {
		lab
		sed -i "$1" "$file"
		fails 7 "$2.*remedy: " etunctl apply "$file"
		expect "links and namespaces" "$before" "$(ip -o link; ip netns list)"
	}
	# Of the whole machine, so it is there, but not in other namespaces.
	exists_here /proc/sys/net/core/netdev_budget
	refuses_with 's/net.ipv4.ip_forward/net.core.netdev_budget/' \
		'namespaces\[1\].sysctls.net.core.netdev_budget: a network namespace has no such sysctl of its own'
	refuses_with 's/net.ipv4.ip_forward/kernel.sysrq/' "namespaces\\[1\\].sysctls.kernel.sysrq: 'kernel.sysrq' is no sysctl"
	refuses_with 's/net.ipv4.ip_forward/net.ipv4.conf.eth9.forwarding/' "eth9.forwarding: there is no device 'eth9'"
	refuses_with 's/"dev": "eth0.5"/"dev": "eth0.9"/' "namespaces\\[2\\].routes\\[0\\].dev: there is no device 'eth0.9'"
	refuses_with 's/"mtu": 1400/"mtu": 1501/' "vlans\\[0\\].mtu: 'right/eth0.5' can't have more than the MTU of its end, 1500"
	refuses_with 's/"gro": true/"lro": true/' "offload.lro: an end has no offload 'lro'"
	refuses_with 's/"group": 7/"group": "nobody"/' "group: there is no group 'nobody'"
	refuses_with 's|"to": "203.0.113.0/24"|"to": "203.0.113.1/24"|' 'routes\[0\].to: .* has bits behind its prefix'
}
exists_here() { [ -e "$1" ] || skip "this kernel has no $1"; }

# The kernel has the last word: what was done before stays, as of any other step.
route_that_fails() {
	local said status=0
	cat >"$file" <<-'END'
		{"namespaces": [{"name": "red", "routes": [{"to": "default", "via": "203.0.113.1"}]}],
		 "pairs": [{"ends": [{"name": "a0", "netns": "red", "up": true, "addresses": ["192.0.2.1/24"]}, {"name": "b0"}]}]}
	END
	said=$(in_one_line etunctl apply "$file") || status=$?
	expect "status" 1 "$status"
	expect_match "what is said" \
		'apply: \+ red: route default via 203.0.113.1: .*ENETUNREACH.*; 3 of 4 steps were done before it, and stay.*then apply again' \
		"$said"
	sed -i 's/203.0.113.1/192.0.2.9/' "$file"
	expect "the rest" "+ red: route default via 192.0.2.9" "$(in_one_line etunctl apply "$file")"
}

tells_what_it_leaves_out() {
	etunctl add a0 b0 --up
	ip addr add 192.0.2.1/24 dev a0
	trap 'ip rule del pref 5 || true' EXIT
	expect "at first" "" "$(etunctl save "$saved" 2>&1)"
	tc qdisc add dev a0 root pfifo limit 5
	tc qdisc add dev b0 clsact
	ip rule add pref 5 table 7
	ip route add 198.51.100.0/24 dev a0 src 192.0.2.1
	ip link add macvlan0 link a0 type macvlan
	ip link set dev b0 xdpdrv object "$objects/linear.bpf.o" section xdp program drop
	expect "what save says" "etunctl: save: not in the file: filters of b0 (clsact); XDP program of b0; qdisc pfifo of a0; macvlan macvlan0 on a0; route 198.51.100.0/24 of this namespace; rules of policy routing of this namespace" \
		"$(etunctl save "$saved" 2>&1)"
	nothing_to_do "$saved"
}

tells_of_a_packet_filter() {
	command -v nft >/dev/null || skip "nft is not here"
	ip netns add red
	etunctl add a0 b0 --netns-b red
	ip netns exec red nft add table inet lab || skip "this kernel has no nf_tables"
	expect "what save says" "etunctl: save: not in the file: packet filter of red" "$(etunctl save 2>&1 >/dev/null)"
}

# Without privilege a file is compared as far as may be seen.
without_privilege() {
	etunctl add a0 b0 --up
	ip addr add 192.0.2.1/24 dev a0
	chmod a+rx "$tap_scratch"
	cat >"$file" <<-'END'
		{"namespaces": [{"routes": [{"to": "198.51.100.0/24", "via": "192.0.2.9", "dev": "a0"}]}],
		 "pairs": [{"ends": [{"name": "a0", "offload": {"rx": false}}, {"name": "b0"}]}]}
	END
	expect "a dry run" "~ a0: offload rx on -> off | + route 198.51.100.0/24 via 192.0.2.9 dev a0 | dry run: 2 steps, none of them done" \
		"$(in_one_line as_nobody etunctl apply "$file" --dry-run)"
	fails 4 'offload rx on -> off: .*EPERM.*0 of 2 steps' as_nobody etunctl apply "$file"
	expect "rx" on "$(feature a0 rx-checksumming)"
}

case_ "apply makes a routed lab of one file, which ping crosses, and does nothing the second time" routed
case_ "save of a routed lab makes it anew, the same" made_anew
case_ "apply puts right what was changed by hand" put_right
case_ "offloads: save and apply know those of this kernel" knows_offloads
case_ "offloads: what is wanted is saved, not what the peer allows" saves_what_is_wanted
case_ "VLANs follow their ends, and are as wanted after one run" vlans_follow
case_ "a VLAN is a port of a bridge, which has a route" vlan_as_port
case_ "routes and sysctls of the namespace that etunctl runs in" at_home
case_ "apply refuses a lab that can't be, and changes nothing" refuses
case_ "apply: a route that the kernel refuses says what was done" route_that_fails
case_ "save says what it leaves out" tells_what_it_leaves_out
case_ "save says that there is a packet filter" tells_of_a_packet_filter
case_ "offloads and routes without privilege" without_privilege
done_testing
