#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode direct under and between what people build of pairs: whatever holds a lock, keeps something per processor or
# comes back to the sender must not be surprised by a delivery in the sender's context. Lockdep, on the debug
# kernel, is the judge of that; here nothing may be lost or overtaken.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname "$0")/lab.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$(dirname "$0")/programs.sh"
# shellcheck source-path=SCRIPTDIR source=topologies.bash
. "$(dirname "$0")/topologies.bash"

# ---- netfilter ----

connections_are_tracked() {
	direct_chain router
	rules <<-'NFT'
		table inet t {
			counter seen { }
			counter invalid { }
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state invalid counter name "invalid" drop
				ct state established,related counter name "seen" accept
				iifname "m1" ct state new accept
				meta l4proto ipv6-icmp accept
			}
		}
	NFT
	flows both left=10.1.0.1 right=10.2.0.2 $bytes $datagrams
	flows both left=fd00:1::1 right=fd00:2::2 $bytes $datagrams
	at_least "packets of known connections" 100 "$(hits seen)"
	expect "packets of none" 0 "$(hits invalid)"
	at_least "second hops in their turn" 100 "$(way m2 tx_direct_later middle)"
	expect_match "from outside" '100% packet loss' "$(ip netns exec right ping -n -q -c 2 -i 0.1 -W 1 10.1.0.1)"
}

# left is hidden behind the router, right answers to another address as well.
addresses_are_translated() {
	direct_chain router
	rules <<-'NFT'
		table ip t {
			chain out { type nat hook postrouting priority 100; oifname "m2" masquerade; }
			chain in { type nat hook prerouting priority -100; ip daddr 10.1.0.77 dnat to 10.2.0.2; }
		}
	NFT
	ip -n middle addr add 10.1.0.77/32 dev m1
	pings left 10.1.0.77
	flows large left=10.1.0.1 right=10.2.0.2 right:b0 $bytes
	at_least "second hops in their turn" 20 "$(way m2 tx_direct_later middle)"
	at_least "back, in their turn or at once" 20 "$(($(way m1 tx_direct_later middle) + $(way m1 tx_direct middle)))"
}

# The hook nearest to the device, and packets that netfilter itself makes in answer to one.
refused_at_the_hooks() {
	direct_chain router
	has rules <<-'NFT'
		table netdev t {
			chain in { type filter hook ingress device "m1" priority 0; udp dport 7 drop; }
		}
		table inet t {
			counter refused { }
			chain forward {
				type filter hook forward priority 0;
				tcp dport 9 counter name "refused" reject with tcp reset
				udp dport 9 counter name "refused" reject
			}
		}
	NFT
	/usr/bin/python3 -ES "$lab/topologies.py" refused left 10.2.0.2 9
	expect "refused: one of TCP, one of UDP" 2 "$(hits refused)"
	flows both left=10.1.0.1 right=10.2.0.2 $bytes $datagrams
}

# ---- tunnels ----

# What a tunnel's own device sends has two sections with bottom halves off, and takes the backlog. What a router sends
# through one on behalf of a task whose frame was delivered at once is what is looked at here.
# tunnel NETNS OWN OTHER OPTION...: x0, with an address of 10.7.0.0/24 that ends as OWN does.
tunnel() {
	local netns=$1 own=$2 other=$3
	shift 3
	ip -n "$netns" link add x0 type "$@" local "$own" remote "$other" &&
		ip -n "$netns" addr add 10.7.0."${own##*.}"/24 dev x0 && ip -n "$netns" link set x0 up
}

# tunneled TYPE OPTION...: from left in the clear, from the middle to right through the tunnel.
tunneled() {
	direct_chain router
	has tunnel middle 10.2.0.254 10.2.0.2 "$@"
	tunnel right 10.2.0.2 10.2.0.254 "$@"
	ip -n left route add 10.7.0.0/24 via 10.1.0.254
	ip -n right route replace 10.1.0.0/24 via 10.7.0.254
	flows both left=10.1.0.1 right=10.7.0.2 $bytes $datagrams
	at_least "second hops in their turn" 100 "$(way m2 tx_direct_later middle)"
}

# esp NETNS SOURCE TARGET DIRECTION NUMBER: what goes from one to the other is encrypted.
esp() {
	ip -n "$1" xfrm state add src "$2" dst "$3" proto esp spi "$5" mode transport \
		aead 'rfc4106(gcm(aes))' "0x000102030405060708090a0b0c0d0e0f1011121$5" 128 &&
		ip -n "$1" xfrm policy add src "$2" dst "$3" dir "$4" tmpl src "$2" dst "$3" proto esp mode transport
}

# By TCP: datagrams overtake each other there, through veth as well (some are encrypted by another thread, it seems).
ipsec() {
	direct_chain router
	has esp left 10.1.0.1 10.2.0.2 out 1
	esp left 10.2.0.2 10.1.0.1 in 2
	esp right 10.2.0.2 10.1.0.1 out 2
	esp right 10.1.0.1 10.2.0.2 in 1
	pings left 10.2.0.2
	flows large left=10.1.0.1 right=10.2.0.2 right:b0 $bytes
	at_least "second hops in their turn" 5 "$(way m2 tx_direct_later middle)"
	at_least "packets decrypted" 20 "$(ip -n right -s xfrm state | awk '/\(packets\)/ { n += $2 } END { print n }')"
}

# ---- devices over several pairs ----

# bond NETNS END: over END0 and END1, the first of which is used as long as it works.
bond() {
	ip -n "$1" link add bond0 type bond mode active-backup miimon 50
	ip -n "$1" addr flush dev "${2}0"
	ip -n "$1" link set "${2}0" down master bond0
	ip -n "$1" link set "${2}1" down master bond0
	ip -n "$1" link set bond0 up
}

uses() { ip netns exec "$1" grep -q "Currently Active Slave: $2" /proc/net/bonding/bond0; }

# outer - east = west: a task in outer sends by a pair of its own, and east forwards by the bond.
bonding() {
	modprobe -q bonding max_bonds=0 || skip "this kernel has no bonding"
	make_namespaces east west
	make_pair a1 b1
	make_pair c0 d0
	ip netns add outer
	ip link set a1 netns east
	ip link set b1 netns west
	ip link set c0 netns outer
	ip link set d0 netns east
	direct east:a0
	direct east:a1
	direct east:d0
	bond east a
	bond west b
	ip -n east addr add 10.9.0.1/24 dev bond0
	ip -n west addr add 10.9.0.2/24 dev bond0
	ip -n east addr add 10.8.0.1/24 dev d0
	ip -n outer addr add 10.8.0.2/24 dev c0
	ip -n east link set d0 up
	ip -n outer link set c0 up
	ip netns exec east sysctl -qw net.ipv4.ip_forward=1
	ip -n outer route add default via 10.8.0.1
	ip -n west route add default via 10.9.0.1
	wait_for 20 uses east a0
	wait_for 20 uses west b0
	flows both outer=10.8.0.2 west=10.9.0.2 $bytes $datagrams
	at_least "in their turn, through the first pair" 50 "$(way a0 tx_direct_later east)"
	# Both ends see it, so both turn to the second pair.
	ip -n east link set a0 carrier off
	wait_for 20 uses east a1
	wait_for 20 uses west b1
	flows both outer=10.8.0.2 west=10.9.0.2 $bytes $datagrams
	at_least "in their turn, through the second pair" 50 "$(way a1 tx_direct_later east)"
}

bridge_with_vlans() {
	direct_chain bridge
	ip -n middle link set br0 type bridge vlan_filtering 1 mcast_snooping 1
	bridge -n middle vlan add dev m1 vid 5
	bridge -n middle vlan add dev m2 vid 5
	ip -n left link add link a0 name v5 type vlan id 5
	ip -n right link add link b0 name v5 type vlan id 5
	ip -n left addr add 10.7.0.1/24 dev v5
	ip -n right addr add 10.7.0.2/24 dev v5
	ip -n left link set v5 up
	ip -n right link set v5 up
	flows both left=10.7.0.1 right=10.7.0.2 $bytes $datagrams
	flows both left=fd00:1::1 right=fd00:1::2 $bytes $datagrams
	at_least "second hops in their turn" 100 "$(way m2 tx_direct_later middle)"
}

macvlan() {
	direct_namespaces
	has ip -n east link add link a0 name x0 type macvlan mode bridge
	ip -n east addr add 10.9.0.3/24 dev x0
	ip -n east link set x0 up
	flows both east=10.9.0.3 west=10.9.0.2 $bytes $datagrams
	at_least "at once, into the macvlan" 50 "$(way b0 tx_direct west)"
}

# ---- tc and BPF ----

# patched COMMAND: the middle passes all frames on from one pair to the other by `COMMAND DEV OTHER`; no addresses
# there.
patched() {
	direct_chain bridge
	ip -n middle link set m1 nomaster
	ip -n middle link set m2 nomaster
	"$1" m1 m2
	"$1" m2 m1
	flows both left=10.1.0.1 right=10.1.0.2 $bytes $datagrams
	at_least "second hops in their turn" 100 "$(way m2 tx_direct_later middle)"
}

redirected() {
	tc -n middle qdisc add dev "$1" clsact
	tc -n middle filter add dev "$1" ingress matchall action mirred egress redirect dev "$2"
}

# By a qdisc with a lock of its own, which the frame's transmission holds.
queued() {
	redirected "$@"
	tc -n middle qdisc add dev "$1" root fq_codel
}

programs_look() {
	direct_namespaces
	load_programs
	local netns
	for netns in east:a0 west:b0; do
		tc -n ${netns%:*} qdisc add dev ${netns#*:} clsact
		tc -n ${netns%:*} filter add dev ${netns#*:} ingress bpf da object-pinned "$(program_of look)"
		tc -n ${netns%:*} filter add dev ${netns#*:} egress bpf da object-pinned "$(program_of look)"
	done
	flows both east=10.9.0.1 west=10.9.0.2 $bytes $datagrams
	at_least "at once" 50 "$(way a0 tx_direct east)"
}

# ---- both ends in one hand ----

one_socket_hears_itself() {
	quiet_pair a0 b0
	direct a0
	/usr/bin/python3 -ES "$lab/topologies.py" hears a0 b0
	at_least "at once" 20 "$(ethtool -S a0 | awk '$1 == "tx_direct:" { print $2 }')"
}

# splice from one end's socket to the other's and back: the sender holds both sockets, and its own acknowledgements
# come back while it sends.
one_task_passes_on() {
	direct_namespaces
	/usr/bin/python3 -ES "$lab/topologies.py" round east=10.9.0.1 west=10.9.0.2 $bytes
	at_least "at once" 20 "$(way a0 tx_direct east)"
}

# Three pairs in a ring of routers: five packets to an address that nobody has go round until their time to live is
# up, also past the one that sent them.
ring_of_routers() {
	local i next
	for i in 0 1 2; do
		ip netns add r$i
		ip netns exec r$i sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 \
			net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.all.accept_local=1
	done
	for i in 0 1 2; do
		next=$(((i + 1) % 3))
		make_pair o$i i$next
		direct o$i
		ip link set o$i netns r$i
		ip link set i$next netns r$next
		ip -n r$i addr add 10.0.$i.1/24 dev o$i
		ip -n r$next addr add 10.0.$i.2/24 dev i$next
		ip -n r$i link set o$i up
		ip -n r$next link set i$next up
		ip -n r$i route add default via 10.0.$i.2
	done
	ip netns exec r0 ping -n -q -c 5 -i 0.05 -W 1 -t 255 10.250.0.1 || true
	at_least "hops" 300 "$(count_in r0 o0)"
	# 64 in their turn, the rest of the way by the backlog.
	at_least "in their turn" 64 "$(way o1 tx_direct_later r1)"
	at_least "by the backlog" 64 "$(way o1 tx_direct_backlog r1)"
}

count_in() { ip netns exec "$1" cat "/sys/class/net/$2/statistics/tx_packets"; }

case_ "topologies: netfilter tracks connections across two pairs" where_direct connections_are_tracked
case_ "topologies: netfilter translates addresses" where_direct addresses_are_translated
case_ "topologies: netfilter refuses, and answers in the sender's context" where_direct refused_at_the_hooks
case_ "topologies: VXLAN between a router and what is behind it" where_direct tunneled vxlan id 7 dstport 4789
case_ "topologies: GRE between a router and what is behind it" where_direct tunneled gre
case_ "topologies: IPsec across a router" where_direct ipsec
case_ "topologies: bonding over two pairs, one of which is cut" where_direct bonding
case_ "topologies: a bridge with VLANs" where_direct bridge_with_vlans
case_ "topologies: macvlan" where_direct macvlan
case_ "topologies: tc passes frames on" where_direct patched redirected
case_ "topologies: tc passes frames on to a qdisc" where_direct patched queued
case_ "topologies: BPF programs of tc look at all" where_direct programs_look
case_ "topologies: a packet socket that hears what it sends" where_direct one_socket_hears_itself
case_ "topologies: a task that passes on between both ends" where_direct one_task_passes_on
case_ "topologies: a ring of routers" where_direct ring_of_routers
done_testing
