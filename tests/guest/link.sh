#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What an end is as a network device: addresses, flags, carrier, MTU, ethtool, and its group in sysfs.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash

local_unicast='^.[26ae](:..){5}$'

random_addresses() {
	local i seen
	for i in 1 2 3 4; do
		make_pair "a$i" "b$i"
		expect_match "address of a$i" "$local_unicast" "$(address "a$i")"
		expect_match "address of b$i" "$local_unicast" "$(address "b$i")"
		expect "address of a$i is told to be random (NET_ADDR_RANDOM)" 1 "$(net_file "a$i" addr_assign_type)"
	done
	seen=$(cat /sys/class/net/[ab]?/address)
	rmmod etun
	modprobe etun
	make_pair a1 b1
	seen=$(cat /sys/class/net/[ab]1/address - <<<"$seen")
	expect "different addresses among 10" 10 "$(sort -u <<<"$seen" | wc -l)"
}

# ARPHRD_ETHER is 1; IFF_BROADCAST | IFF_MULTICAST is 0x1002, IFF_PROMISC 0x100, IFF_NOARP 0x80.
flags_of_an_end() {
	local dev
	make_pair a0 b0
	for dev in a0 b0; do
		expect "type of $dev" 1 "$(net_file $dev type)"
		expect "broadcast address of $dev" ff:ff:ff:ff:ff:ff "$(net_file $dev broadcast)"
		expect "flags of $dev" 0x1002 "$(net_file $dev flags)"
	done
}

not_promiscuous() {
	make_pair a0 b0
	up a0 b0
	expect "flags before tcpdump" 0x1003 "$(net_file a0 flags)"
	in_background tcpdump -i a0 -w /dev/null 2>/dev/null
	wait_for 20 grep -q 0x1103 /sys/class/net/a0/flags
	stop_background
	wait_for 10 grep -q 0x1003 /sys/class/net/a0/flags
	expect_match "promiscuity after tcpdump" "promiscuity 0 " "$(ip -d -o link show a0)"
}

queue_lengths() {
	make_pair a0 b0
	up a0 b0
	expect_match "qdisc of a0" "^qdisc noqueue 0: " "$(tc qdisc show dev a0)"
	expect_match "qdisc of b0" "^qdisc noqueue 0: " "$(tc qdisc show dev b0)"
	expect "tx_queue_len" 1000 "$(net_file a0 tx_queue_len)"
	tc qdisc add dev a0 root pfifo
	expect_match "a pfifo attached to a0" "^qdisc pfifo .* limit 1000p" "$(tc qdisc show dev a0)"
	tc qdisc del dev a0 root
	expect_match "qdisc of a0 afterwards" "^qdisc noqueue 0: " "$(tc qdisc show dev a0)"
}

carrier_while_both_up() {
	make_pair a0 b0
	expect_carriers_stay "both down" "off off"
	up a0
	expect_carriers_stay "a0 up" "off off"
	up b0
	expect_carriers "both up" "on on"
	wait_for 3 grep -qx up /sys/class/net/a0/operstate
	ip link set b0 down
	expect_carriers_stay "b0 down" "off off"
	wait_for 3 grep -qx lowerlayerdown /sys/class/net/a0/operstate
	up b0
	expect_carriers "both up again" "on on"
	ip link set a0 down
	expect_carriers_stay "a0 down" "off off"
}

# What a device that is down says in netlink alone, as the kernel's IFLA_CARRIER.
announced_without_carrier() {
	expect "answer, and each end with its carrier" "0 a0:0 b0:0" "$(ask announce "$newif" a0,b0)"
	expect "several pairs" "0 a1:0 b1:0 a2:0 b2:0" "$(ask announce "$newif" 'a1,b1 a2,b2')"
}

# A mark in the list of events splits it into before and after the second end came up.
no_carrier_before() {
	local seen before
	start_monitor
	make_pair a0 b0
	up a0
	ip link set a0 group 7
	up b0
	seen=$(stop_monitor)
	expect_match "first event of a0" "^[0-9]+: a0@b0: <BROADCAST,MULTICAST(,M-DOWN)?> .*state DOWN" "$(grep -m1 ': a0@' <<<"$seen")"
	expect_match "first event of b0" "^[0-9]+: b0@a0: <BROADCAST,MULTICAST(,M-DOWN)?> .*state DOWN" "$(grep -m1 ': b0@' <<<"$seen")"
	expect_match "event that a0 is up" ': a0@.*[<,]NO-CARRIER,.*UP' "$seen"
	before=$(sed '/group 7/q' <<<"$seen")
	expect "events with a carrier before b0 is up" "" "$(grep LOWER_UP <<<"$before" || true)"
	expect_match "event that b0 is up" ': b0@.*UP,LOWER_UP' "$seen"
}

carrier_cut_by() { # DEVICE
	make_pair a0 b0
	up a0 b0
	expect_carriers "both up" "on on"
	ip link set dev "$1" carrier off
	expect_carriers_stay "$1 cut" "off off"
	ip link set dev "$1" carrier on
	expect_carriers "$1 joined" "on on"
	echo 0 >"/sys/class/net/$1/carrier"
	expect_carriers_stay "$1 cut by sysfs" "off off"
	echo 1 >"/sys/class/net/$1/carrier"
	expect_carriers "$1 joined by sysfs" "on on"
}

joined_peer_down() {
	make_pair a0 b0
	up a0
	ip link set dev a0 carrier off
	ip link set dev a0 carrier on
	expect_carriers_stay "a0 joined, b0 down" "off off"
	ip link set dev b0 carrier on
	expect_carriers_stay "b0 joined, b0 down" "off off"
	up b0
	expect_carriers "both up" "on on"
}

cut_outlives_down() {
	local dev
	make_pair a0 b0
	up a0 b0
	ip link set dev a0 carrier off
	for dev in a0 b0; do
		ip link set "$dev" down
		up "$dev"
		expect_carriers_stay "a0 cut, $dev down and up" "off off"
	done
	ip link set dev a0 carrier on
	expect_carriers "joined" "on on"
}

cut_at_both() {
	make_pair a0 b0
	up a0 b0
	ip link set dev a0 carrier off
	ip link set dev b0 carrier off
	ip link set dev a0 carrier on
	expect_carriers_stay "a0 joined, b0 cut" "off off"
	ip link set dev b0 carrier on
	expect_carriers "both joined" "on on"
}

# protodown WAY DEVICE on|off
protodown() {
	case $1 in
	ip) ip link set dev "$2" protodown "$3" ;;
	sysfs)
		[ "$3" = off ] && echo 0 >"/sys/class/net/$2/proto_down" || echo 1 >"/sys/class/net/$2/proto_down"
		# 7.x tells the driver nothing of this while the peer has no carrier; the next change does.
		[[ $3 = on || $(uname -r) = 6.* ]] || ip link set dev "$2" protodown off
		;;
	esac
}

protodown_cuts() { # WAY
	local dev
	make_pair a0 b0
	up a0 b0
	expect_carriers "both up" "on on"
	for dev in a0 b0; do
		protodown "$1" "$dev" on
		expect_carriers_stay "$dev protodown" "off off"
		protodown "$1" "$dev" off
		expect_carriers "$dev protodown no more" "on on"
	done
}

protodown_peer_down() { # WAY
	make_pair a0 b0
	up a0
	protodown "$1" a0 on
	protodown "$1" a0 off
	wait_for 5 carriers_are "off off"
	expect_carriers_stay "protodown lifted at a0, b0 down" "off off"
	expect_match "ip link show a0" "NO-CARRIER" "$(ip -o link show a0)"
}

protodown_and_cut() { # WAY
	make_pair a0 b0
	up a0 b0
	ip link set dev a0 carrier off
	protodown "$1" a0 on
	protodown "$1" a0 off
	wait_for 5 carriers_are "off off"
	expect_carriers_stay "a0 cut, its protodown lifted" "off off"
	ip link set dev a0 carrier on
	expect_carriers "joined" "on on"
	protodown "$1" b0 on
	ip link set dev a0 carrier on
	expect_carriers_stay "a0 joined, b0 protodown" "off off"
}

refused_mtu() { # MTU
	local seen
	seen=$(ip link set a0 mtu "$1" 2>&1) && { echo "MTU $1 was taken"; return 1; }
	expect_match "answer to MTU $1" "Invalid argument|less than device minimum|greater than device maximum" "$seen"
	expect "MTU after $1 was refused" 1500 "$(net_file a0 mtu)"
}

mtu_limits() {
	make_pair a0 b0
	expect "MTU" "1500 1500" "$(net_file a0 mtu) $(net_file b0 mtu)"
	refused_mtu 45
	refused_mtu 0
	refused_mtu 65536
	ip link set a0 mtu 46
	expect "least MTU" "46 1500" "$(net_file a0 mtu) $(net_file b0 mtu)"
	ip link set b0 mtu 65535
	expect "largest MTU" "46 65535" "$(net_file a0 mtu) $(net_file b0 mtu)"
}

# A frame of a protocol that no stack answers (0x88b5, IEEE 802 local experiment), as short as Ethernet allows.
send_frame() {
	python3 -ES -c 'import socket,sys
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind((sys.argv[1], 0))
link.send(bytes.fromhex("ffffffffffff02000000000188b5") + bytes(46))' "$1"
}

small_mtu_without_ip() {
	make_pair a0 b0
	up a0 b0
	expect_carriers "both up" "on on"
	expect "IPv4 at 1500" yes "$([ -d /proc/sys/net/ipv4/conf/a0 ] && echo yes)"
	ip link set a0 mtu 68
	expect "IPv4 at 68" yes "$([ -d /proc/sys/net/ipv4/conf/a0 ] && echo yes)"
	expect "IPv6 at 68" no "$([ -d /proc/sys/net/ipv6/conf/a0 ] || echo no)"
	ip link set a0 mtu 67
	ip link set b0 mtu 46
	expect "IPv4 at 67" no "$([ -d /proc/sys/net/ipv4/conf/a0 ] || echo no)"
	expect "IPv4 at 46" no "$([ -d /proc/sys/net/ipv4/conf/b0 ] || echo no)"
	expect_carriers "MTU 67 and 46" "on on"
	local before
	before=$(net_file b0 statistics/rx_packets)
	send_frame a0
	expect "frames received at MTU 46" $((before + 1)) "$(net_file b0 statistics/rx_packets)"
	ip link set a0 mtu 1500
	expect "IPv4 at 1500 again" yes "$([ -d /proc/sys/net/ipv4/conf/a0 ] && echo yes)"
}

driver_and_version() {
	local a b c
	make_pair a0 b0
	make_pair c0 d0
	a=$(ethtool -i a0) b=$(ethtool -i b0) c=$(ethtool -i c0)
	expect "driver" "driver: etun" "$(grep ^driver: <<<"$a")"
	expect "version" "version: $(modinfo -F version etun)" "$(grep ^version: <<<"$a")"
	expect_match "version" '^version: [0-9]+\.[0-9]+\.[0-9]+$' "$(grep ^version: <<<"$a")"
	expect "bus-info of both ends" "$(grep ^bus-info: <<<"$a")" "$(grep ^bus-info: <<<"$b")"
	expect_match "bus-info" 'pair-[0-9]+$' "$(grep ^bus-info: <<<"$a")"
	[ "$(grep ^bus-info: <<<"$a")" != "$(grep ^bus-info: <<<"$c")" ] || { echo "two pairs with one bus-info"; return 1; }
}

expect_settings() { # WHEN SPEED DUPLEX LINK
	local seen
	seen=$(ethtool a0)
	expect "speed, $1" "$2" "$(sed -n 's/.*Speed: //p' <<<"$seen")" || return 1
	expect "duplex, $1" "$3" "$(sed -n 's/.*Duplex: //p' <<<"$seen")" || return 1
	expect "link, $1" "$4" "$(sed -n 's/.*Link detected: //p' <<<"$seen")"
}

speed_follows_carrier() {
	make_pair a0 b0
	expect_settings "both down" 'Unknown!' 'Unknown! (255)' no
	up a0
	expect_settings "peer down" 'Unknown!' 'Unknown! (255)' no
	up b0
	expect_settings "both up" 10000Mb/s Full yes
	ip link set dev b0 carrier off
	expect_settings "peer cut" 'Unknown!' 'Unknown! (255)' no
}

feature() { # DEVICE NAME
	ethtool -k "$1" | sed -n "s/^$2: //p"
}

switchable() { # OPTION NAME
	local state
	make_pair a0 b0
	for state in off on off on; do
		ethtool -K a0 "$1" "$state"
		expect "$2 of a0" "$state" "$(feature a0 "$2")"
	done
}

partner_ifindex() { ethtool -S "$1" | sed -n 's/^ *partner_ifindex: //p'; }

partner_statistic() {
	make_pair x0 y0
	make_pair a0 b0
	expect "partner_ifindex of a0" "$(ifindex b0)" "$(partner_ifindex a0)"
	expect "partner_ifindex of b0" "$(ifindex a0)" "$(partner_ifindex b0)"
}

permanent_address() {
	local was
	make_pair a0 b0
	was=$(address a0)
	expect "permanent address" "Permanent address: $was" "$(ethtool -P a0)"
	ip link set a0 address 02:00:00:00:00:55
	expect "address" 02:00:00:00:00:55 "$(address a0)"
	expect "permanent address, another set" "Permanent address: $was" "$(ethtool -P a0)"
}

sysfs_group() {
	local file
	make_pair a0 b0
	expect "files" "mode pair_id peer_ifindex peer_mode peer_name peer_netnsid wire" "$(find /sys/class/net/a0/etun/ -type f -printf '%f\n' | sort | xargs)"
	expect "mode of the file mode" 644 "$(stat -c %a /sys/class/net/a0/etun/mode)"
	for file in /sys/class/net/a0/etun/p*; do
		expect "mode of $file" 444 "$(stat -c %a "$file")"
		expect_match "writing $file" "Permission denied|Input/output error" "$( { echo 1 >"$file"; } 2>&1)"
	done
	expect "folder of power management" "" "$(find /sys/class/net/a0/ -maxdepth 1 -name power)"
	expect "peers by name" "b0 a0" "$(end_attribute a0 peer_name) $(end_attribute b0 peer_name)"
	expect "peer of a0 by index" "$(ifindex b0)" "$(end_attribute a0 peer_ifindex)"
	expect "peer of b0 by index" "$(ifindex a0)" "$(end_attribute b0 peer_ifindex)"
	expect "namespace of the peer" -1 "$(end_attribute a0 peer_netnsid)"
	ip link set b0 name far-end.1
	expect "peer's new name" far-end.1 "$(end_attribute a0 peer_name)"
}

pair_ids() {
	local ids
	echo "a0,b0 a1,b1 a2,b2" >"$newif"
	expect "pair_id of both ends" "$(end_attribute a1 pair_id)" "$(end_attribute b1 pair_id)"
	echo a1 >"$delif"
	make_pair a3 b3
	ids=$(cat /sys/class/net/*/etun/pair_id)
	expect_match "pair_id" '^[1-9][0-9]*$' "$(end_attribute a3 pair_id)"
	expect "different ids at 6 ends" 3 "$(sort -u <<<"$ids" | wc -l)"
}

# up_alone END: the operational state of an end whose peer is down (RFC 2863: lowerLayerDown).
up_alone() {
	ip link set "$1" up
	wait_for 5 grep -qx lowerlayerdown "/sys/class/net/$1/operstate" ||
		{ echo "$1 is $(cat "/sys/class/net/$1/operstate")"; return 1; }
	ip link set "$1" down
}

alike_from_the_start() {
	make_pair a0 b0
	up_alone a0
	up_alone b0
	ip link add c0 type etun
	up_alone c0
	up_alone etun0
}

case_ "promise: Ethernet with random, locally administered unicast addresses" random_addresses
case_ "promise: broadcast and multicast, Ethernet" flags_of_an_end
case_ "defect 26: not promiscuous, neither before tcpdump nor after" not_promiscuous
case_ "defect 27: no queue, and one attached later takes 1000 packets" queue_lengths
case_ "promise: carrier at both ends only while both are up" carrier_while_both_up
case_ "defect 31: a pair is announced without a carrier" announced_without_carrier
case_ "etun: both ends of a fresh pair have the same operational state" alike_from_the_start
case_ "defect 31: no event shows a carrier before both ends are up" no_carrier_before
case_ "etun: carrier off at the first end cuts both" carrier_cut_by a0
case_ "etun: carrier off at the second end cuts both" carrier_cut_by b0
case_ "etun: carrier on does not turn it on while the peer is down" joined_peer_down
case_ "etun: a cut stays through down and up of either end" cut_outlives_down
case_ "etun: cut at both ends, both must be joined" cut_at_both
for way in ip sysfs; do
	case_ "etun: protodown by $way cuts both ends" protodown_cuts $way
	case_ "etun: protodown lifted by $way leaves the carrier off while the peer is down" protodown_peer_down $way
	case_ "etun: protodown by $way and carrier off are kept apart" protodown_and_cut $way
done
case_ "promise: MTU from 46 to 65535, EINVAL beyond" mtu_limits
case_ "promise: at an MTU below 68 IPv4 leaves and frames still cross" small_mtu_without_ip
case_ "promise, defect 33: ethtool tells driver, version and the pair as bus" driver_and_version
case_ "promise, defect 33: 10000 Mb/s full duplex with carrier, unknown without" speed_follows_carrier
case_ "promise: receive checksum switchable" switchable rx rx-checksumming
case_ "promise: transmit checksum switchable" switchable tx tx-checksumming
case_ "promise: scatter-gather switchable" switchable sg scatter-gather
case_ "promise: the statistic partner_ifindex is the other end's index" partner_statistic
case_ "defect 33: the permanent address is there and stays" permanent_address
case_ "etun: the group in sysfs tells the peer, which nobody can write" sysfs_group
case_ "etun: pair_id is the same at both ends and unique" pair_ids
done_testing
