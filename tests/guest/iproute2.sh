#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The plugin of iproute2: `ip link add ... type etun ... peer ...`, `ip link set ... type etun ...`, `ip -d link show`.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"
# shellcheck source=tests/guest/control-helpers.bash
. "$(dirname "$(readlink -f "$0")")/control-helpers.bash"

IP_LIB_DIR=$(readlink -f "$here/../../build/plugin")
export IP_LIB_DIR

# info DEVICE [NETNS]: what the plugin prints behind the kind, and in front of what `ip` prints of any link.
info() {
	ip ${2:+-n "$2"} -d -o link show "$1" | sed -nE 's/.*\\ +etun (.*)/\1/p' | sed -E 's/ *(addrgenmode|numtxqueues) .*//'
}

# member DEVICE NAME [NETNS]: of linkinfo.info_data in JSON, as JSON.
member() {
	ip ${3:+-n "$3"} -d -j link show "$1" |
		python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)[0]["linkinfo"]["info_data"].get(sys.argv[1])))' "$2"
}

# queues DEVICE: how many to receive and to transmit.
queues() {
	find "/sys/class/net/$1/queues" -mindepth 1 -maxdepth 1 -printf '%f\n' | cut -d- -f1 | sort | uniq -c | xargs
}

help() {
	local said
	said=$(ip link help etun)
	expect_match "usage" '^Usage: ip link add .* type etun' "$said"
	for word in mode ring peer-mode peer-ring wire peer-wire mtu-policy peer; do
		expect_match "usage" "\\[ $word " "$said"
	done
	ends_with 1 'Usage: .* type etun' ip link add name x0 type etun help
	# It ends a command with words in front of it as well.
	ends_with 1 'Usage: .* type etun' ip link add name x0 type etun mode napi help
}

peer_name() {
	ip link add name x0 type etun peer name y0
	expect "peer of x0" y0 "$(end_attribute x0 peer_name)"
	ip link add x1 type etun peer y1
	expect "peer of x1" y1 "$(end_attribute x1 peer_name)"
	ip link add name x2 type etun peer
	expect "peer of x2" etun0 "$(end_attribute x2 peer_name)"
	ip link add type etun peer name y3
	expect "peer of y3" etun1 "$(end_attribute y3 peer_name)"
}

# The example in the README.
peer_in_namespace() {
	ip netns add blue
	ip link add veth0 type etun peer name veth1 netns blue
	expect "here, in blue" "veth0, veth1" "$(devices), $(devices_in blue)"
	ip -n blue addr add 192.0.2.2/24 dev veth1
	ip -n blue link set veth1 up
	ip addr add 192.0.2.1/24 dev veth0
	ip link set veth0 up
	ping -q -c 1 -W 5 192.0.2.2
	ip link del veth0
	expect "in blue, later" "" "$(devices_in blue)"
}

both_in_namespaces() {
	ip netns add red
	ip netns add blue
	ip link add name x0 netns red type etun peer name x0 netns blue
	expect "here, in red, in blue" ", x0, x0" "$(devices), $(devices_in red), $(devices_in blue)"
	# `ip -n` makes both ends there.
	ip -n red link add name x1 type etun peer name y1
	expect "in red" "x0 x1 y1" "$(devices_in red)"
}

# Everything comes with the one message, so nobody ever sees an end that is half set up.
all_at_once() {
	local seen
	start_monitor
	ip link add name x0 address 02:00:00:00:00:01 mtu 1400 txqueuelen 77 numtxqueues 3 numrxqueues 2 type etun \
		peer name y0 address 02:00:00:00:00:02 mtu 9000 txqueuelen 88 numtxqueues 2 numrxqueues 4
	seen=$(stop_monitor)
	expect "events" 2 "$(wc -l <<<"$seen")"
	expect_match "event of x0" '^[0-9]+: x0@y0: .* mtu 1400 .*02:00:00:00:00:01' "$seen"
	expect_match "event of y0" '^[0-9]+: y0(@[^:]*)?: .* mtu 9000 .*02:00:00:00:00:02' "$seen"
	expect "x0" "1400 77 2 rx 3 tx" "$(net_file x0 mtu) $(net_file x0 tx_queue_len) $(queues x0)"
	expect "y0" "9000 88 4 rx 2 tx" "$(net_file y0 mtu) $(net_file y0 tx_queue_len) $(queues y0)"
	# What was set by hand (3) udev does not replace.
	expect "origins of the addresses" "3 3" "$(net_file x0 addr_assign_type) $(net_file y0 addr_assign_type)"
	expect "permanent address of y0" "Permanent address: 02:00:00:00:00:02" "$(ethtool -P y0)"
}

all_at_once_elsewhere() {
	ip netns add blue
	ip link add name x0 numtxqueues 2 numrxqueues 2 type etun \
		peer name y0 netns blue address 02:00:00:00:00:02 mtu 9000 numtxqueues 4 numrxqueues 3 up
	expect_match "y0" 'y0@.*[<,]UP[,>].* mtu 9000 .*02:00:00:00:00:02.* numtxqueues 4 numrxqueues 3 ' \
		"$(ip -n blue -d -o link show y0)"
	ip -n blue link set y0 netns "$$"
	expect "queues of y0" "3 rx 4 tx" "$(queues y0)"
	expect "flags of x0" 0x1002 "$(net_file x0 flags)"
}

many_in_a_batch() {
	local i
	for i in {0..9}; do echo "link add name x$i type etun mode backlog peer name y$i"; done >"$tap_scratch/batch"
	ip -batch "$tap_scratch/batch"
	expect "devices" 20 "$(devices | wc -w)"
	expect "peer of y9" x9 "$(end_attribute y9 peer_name)"
}

bad_words() {
	ends_with 1 '^Error: etun: unknown word "wat"; ' ip link add name x0 type etun wat
	ends_with 1 '^Error: etun: unknown word "napi"; ' ip link add name x0 type etun mode napi napi
	ends_with 1 '^Error: etun: unknown delivery mode "fast"; ' ip link add name x0 type etun mode fast
	ends_with 1 '^Error: etun: unknown delivery mode ""; ' ip link add name x0 type etun peer-mode ''
	ends_with 1 '^Error: etun: unknown MTU policy "same"; ' ip link add name x0 type etun mtu-policy same peer name y0
	ends_with 1 '^Error: etun: not a number of slots: "many"\.$' ip link add name x0 type etun ring many
	ends_with 1 '^Error: etun: not a number of slots: "256k"\.$' ip link add name x0 type etun peer-ring 256k
	ends_with 1 '^Error: etun: not a number of slots: "-1"\.$' ip link add name x0 type etun ring -1
	ends_with 1 '^Error: etun: not a number of slots: "4294967296"\.$' ip link add name x0 type etun ring 4294967296
	ends_with 1 '^Error: etun: "ring" is given twice\.$' ip link add name x0 type etun ring 4 ring 4
	ends_with 1 '^Error: etun: "mode" needs a value behind it\.$' ip link add name x0 type etun ring 4 mode
	ends_with 1 '^Error: etun: the peer is of the same type; ' ip link add name x0 type etun peer name y0 type etun
	# What is behind `peer` is parsed by `ip` itself.
	ends_with 255 '"wat" is ' ip link add name x0 type etun peer y0 wat
	ends_with 255 'Invalid .netns. value' ip link add name x0 type etun peer name y0 netns nowhere
}

own_words_behind_peer() {
	local goes='is a word of etun.s own, which goes before `peer`'
	ends_with 1 "^Error: etun: \"mode\" $goes; the peer's is \"peer-mode\"\\.\$" \
		ip link add name x0 type etun peer name y0 mode napi
	ends_with 1 "^Error: etun: \"ring\" $goes; the peer's is \"peer-ring\"\\.\$" ip link add name x0 type etun peer y0 ring 64
	ends_with 1 "^Error: etun: \"peer-mode\" $goes\\.\$" ip link add name x0 type etun peer name y0 mtu 9000 peer-mode direct up
	ends_with 1 "^Error: etun: \"peer-ring\" $goes\\.\$" ip link add name x0 type etun mode napi peer peer-ring 64
	ends_with 1 "^Error: etun: \"mtu-policy\" $goes\\.\$" ip link add name x0 type etun peer name y0 mtu-policy equal
	# The other way about: link options behind `type`.
	ends_with 1 '^Error: etun: unknown word "mtu"; .*link options go before `type`\.$' ip link add name x0 type etun mtu 9000
	# What is called so, and the link option of this name.
	ip link add name mode type etun peer name ring mtu 9000
	expect "peer of mode" ring "$(end_attribute mode peer_name)"
	ip link add name x0 type etun peer y0 mode dormant
	expect "mode of the link" 1 "$(net_file y0 link_mode)"
}

refused_by_the_driver() {
	make_pair a0 b0
	ends_with 2 'Error: a device of this name exists' ip link add name x0 type etun peer name b0
	ends_with 2 'Error: not a unicast Ethernet address' \
		ip link add name x0 type etun peer name y0 address 01:00:00:00:00:01
	ends_with 2 'Error: the MTU of an etun end is 46 to 65535' ip link add name x0 type etun peer name y0 mtu 45
	ends_with 2 'Error: .*a ring has 2 to 32768 slots' ip link add name x0 type etun ring 1
	ends_with 2 'Error: .*a ring has 2 to 32768 slots' ip link add name x0 type etun peer-ring 32769 peer name y0
	ends_with 2 'Error: .*a ring has 2 to 32768 slots' ip link set a0 type etun ring 0
	ends_with 1 'Error: etun: the peer is given at creation only\.$' ip link set a0 type etun peer name c0
	expect "peer of a0" b0 "$(end_attribute a0 peer_name)"
}

loads_the_module() {
	rmmod etun
	ip link add name x0 type etun mode backlog peer name y0
	expect "devices" "x0 y0" "$(devices | xargs -n 1 | sort | xargs)"
}

default_values() {
	ip link add name x0 type etun peer name y0
	local rest='mtu-policy independent wire off peer-ifindex %d peer-netnsid -1 peer-mode backlog pair-id %d'
	# shellcheck disable=SC2059 # one text for both ends
	expect "x0" "mode backlog ring 256 $(printf "$rest" "$(ifindex y0)" "$(end_attribute x0 pair_id)")" "$(info x0)"
	# shellcheck disable=SC2059 # one text for both ends
	expect "y0" "mode backlog ring 256 $(printf "$rest" "$(ifindex x0)" "$(end_attribute x0 pair_id)")" "$(info y0)"
}

given_values() {
	ip link add name x0 type etun mode napi ring 512 mtu-policy equal peer name y0
	expect_match "x0" '^mode napi ring 512 mtu-policy equal ' "$(info x0)"
	expect_match "y0, as it is not told otherwise" '^mode napi ring 512 mtu-policy equal ' "$(info y0)"
	ip link add name x1 type etun peer-ring 64 mode napi peer-mode backlog ring 2 peer name y1
	expect_match "x1" '^mode napi ring 2 mtu-policy independent ' "$(info x1)"
	expect_match "y1" '^mode backlog ring 64 mtu-policy independent ' "$(info y1)"
	ip link add name x3 type etun wire on peer name y3
	expect_match "x3" ' mtu-policy independent wire on ' "$(info x3)"
	expect_match "y3, as it is not told otherwise" ' wire on ' "$(info y3)"
	ip link set x3 type etun peer-wire off
	expect "x3 and y3 later, in sysfs and in JSON" 'on off "on" "off"' \
		"$(end_attribute x3 wire) $(end_attribute y3 wire) $(member x3 wire) $(member y3 wire)"
	ip link add name x2 type etun peer-mode napi
	expect_match "x2" '^mode backlog ring 256 ' "$(info x2)"
	expect_match "its peer" '^mode napi ring 256 ' "$(info "$(end_attribute x2 peer_name)")"
}

as_json() {
	ip netns add blue
	ip link add name x0 type etun mode napi ring 32768 mtu-policy equal peer name y0 netns blue
	expect "kind" '"etun"' "$(ip -d -j link show x0 | python3 -c \
		'import json, sys; print(json.dumps(json.load(sys.stdin)[0]["linkinfo"]["info_kind"]))')"
	expect "x0" '"napi" 32768 "equal"' "$(member x0 mode) $(member x0 ring) $(member x0 mtu_policy)"
	expect "peer of x0" "$(ifindex_in blue y0)" "$(member x0 peer_ifindex)"
	expect "number of blue" "$(end_attribute x0 peer_netnsid)" "$(member x0 peer_netnsid)"
	expect "pair" "$(end_attribute x0 pair_id)" "$(member x0 pair_id)"
	expect "peer of y0, seen from blue" "$(ifindex x0)" "$(member y0 peer_ifindex blue)"
	expect "pair, seen from blue" "$(member x0 pair_id)" "$(member y0 pair_id blue)"
	ip link add name x1 type etun peer name y1
	expect "number of the same namespace" -1 "$(member x1 peer_netnsid)"
	# The text of pretty JSON is JSON as well.
	ip -p -d -j link show x0 | python3 -m json.tool >/dev/null
}

# Only what is named changes.
set_values() {
	ip link add name x0 type etun mode backlog ring 128 peer name y0
	ip link set x0 type etun mode napi
	expect_match "x0, mode set" '^mode napi ring 128 mtu-policy independent ' "$(info x0)"
	expect_match "y0, mode set" '^mode backlog ring 128 mtu-policy independent ' "$(info y0)"
	ip link set x0 type etun peer-mode napi peer-ring 64
	expect_match "x0, peer set" '^mode napi ring 128 ' "$(info x0)"
	expect_match "y0, peer set" '^mode napi ring 64 ' "$(info y0)"
	ip link set y0 type etun ring 2 mode backlog peer-mode backlog
	expect_match "x0, set from y0" '^mode backlog ring 128 ' "$(info x0)"
	expect_match "y0, set from y0" '^mode backlog ring 2 ' "$(info y0)"
	# Other things can be set by the same command.
	ip link set x0 mtu 1400 up type etun ring 32
	expect_match "x0, all in one" '^mode backlog ring 32 ' "$(info x0)"
	expect "MTU and flags" "1400 0x1003" "$(net_file x0 mtu) $(net_file x0 flags)"
}

set_mtu_policy() {
	ip link add name x0 mtu 1400 type etun peer name y0 mtu 9000
	ip link set x0 type etun mtu-policy equal
	expect "MTUs" "1400 1400" "$(net_file x0 mtu) $(net_file y0 mtu)"
	expect_match "y0" ' mtu-policy equal ' "$(info y0)"
	ip link set y0 mtu 2000
	expect "MTUs, later" "2000 2000" "$(net_file x0 mtu) $(net_file y0 mtu)"
	ip link set y0 type etun mtu-policy independent
	ip link set y0 mtu 1500
	expect "MTUs, independent" "2000 1500" "$(net_file x0 mtu) $(net_file y0 mtu)"
}

without_plugin() {
	ip link add name x0 type etun mode napi peer name y0
	local IP_LIB_DIR=/nowhere
	expect_match "x0" '\\ +etun ' "$(ip -d -o link show x0)"
	ends_with 1 'Garbage instead of arguments "peer' ip link add name x1 type etun peer name y1
	ip link add name x1 type etun
}

# What is installed here lands in the guest's own layer over the host's files.
installed_where_ip_looks() {
	command -v g++ >/dev/null || skip "there is no compiler in this guest"
	unset IP_LIB_DIR
	make -s -C "$here/../.." install-plugin
	expect "its manual page" ip-link-etun.8 "$(cd /usr/local/share/man/man8 && ls ip-link-etun.8)"
	ip link add name x0 type etun peer name y0
	expect_match "usage" '^Usage: ip link add .* type etun' "$(ip link help etun)"
	make -s -C "$here/../.." uninstall-plugin
	[ ! -e /usr/local/share/man/man8/ip-link-etun.8 ] || { echo "its manual page is still there"; return 1; }
	ends_with 1 'Garbage instead of arguments "peer' ip link add name x1 type etun peer name y1
}

# What the kernel's own tests are run with.
veth_becomes_etun() {
	local IP_LIB_DIR=$IP_LIB_DIR/shim
	ip netns add blue
	ip link add name x0 mtu 1400 numrxqueues 2 up type veth peer name y0 mtu 9000 netns blue
	expect "here, in blue" "x0, y0" "$(devices), $(devices_in blue)"
	expect "flags and MTU of x0" "0x1003 1400" "$(net_file x0 flags) $(net_file x0 mtu)"
	expect_match "y0" ' mtu 9000 ' "$(ip -n blue -o link show y0)"
	expect_match "x0" '^mode backlog ' "$(info x0)"
	ends_with 1 '^Error: veth: unknown word "wat"; ' ip link add name x1 type veth wat
	ip link del x0
}

[ -f "$IP_LIB_DIR/link_etun.so" ] || { echo "Bail out! build it first: src/iproute2/build --shim"; exit 1; }
case_ "iproute2: ip link help etun" help
case_ "iproute2: the peer is given a name" peer_name
case_ "iproute2: the peer is made in another namespace, as in the README" peer_in_namespace
case_ "iproute2: both ends are made in other namespaces" both_in_namespaces
case_ "iproute2: addresses, MTUs and queues of both ends come with the one message" all_at_once
case_ "iproute2: the same in another namespace" all_at_once_elsewhere
case_ "iproute2: pairs made by ip -batch" many_in_a_batch
case_ "iproute2: bad words are refused with a reason" bad_words
case_ "iproute2: etun's own words behind peer are told where they go" own_words_behind_peer
case_ "iproute2: what the driver refuses is told" refused_by_the_driver
case_ "iproute2: the module is loaded" loads_the_module
case_ "iproute2: ip -d link show, nothing given" default_values
case_ "iproute2: modes, rings and MTU policy at creation" given_values
case_ "iproute2: ip -d -j link show" as_json
case_ "iproute2: ip link set changes what is named" set_values
case_ "iproute2: ip link set mtu-policy" set_mtu_policy
case_ "iproute2: without the plugin ip shows an etun and can't name a peer" without_plugin
case_ "iproute2: make install-plugin puts it where ip looks" installed_where_ip_looks
case_ "iproute2: link_veth.so makes an etun of \`type veth peer\`" veth_becomes_etun
done_testing
