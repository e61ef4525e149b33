#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The user's tool: what its commands do, what they say when they can't, and with what exit status.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"
# shellcheck source=tests/guest/control-helpers.bash
. "$(dirname "$(readlink -f "$0")")/control-helpers.bash"
# shellcheck source=tests/guest/etunctl.bash
. "$(dirname "$(readlink -f "$0")")/etunctl.bash"

adds() {
	etunctl add a0 b0
	expect "devices" "a0 b0" "$(devices | xargs -n 1 | sort | xargs)"
	expect "peer of a0" b0 "$(end_attribute a0 peer_name)"
	expect "flags of a0" 0x1002 "$(net_file a0 flags)"
	etunctl add --up a1 b1
	expect "carriers of a1 and b1" "on on" "$(carriers a1 b1)"
}

adds_all_at_once() {
	local seen
	ip netns add red
	ip netns add blue
	start_monitor
	etunctl add a0 b0 --mac-a 02:00:00:00:00:01 --mac-b 02:00:00:00:00:02 --mtu 9000 --queues 2 --mode napi \
		--peer-mode $third_mode --ring 512 --peer-ring 64 --mtu-policy equal
	seen=$(stop_monitor)
	expect "events" 2 "$(wc -l <<<"$seen")"
	expect "addresses" "02:00:00:00:00:01 02:00:00:00:00:02" "$(address a0) $(address b0)"
	expect "MTUs" "9000 9000" "$(net_file a0 mtu) $(net_file b0 mtu)"
	expect "a0" "napi 512 2 2" "$(end_json a0 '' mode ring rx_queues tx_queues)"
	expect "b0" "$third_mode 64" "$(end_json b0 '' mode ring)"
	expect "policy" equal "$(etunctl show a0 --json | json "j['pairs'][0]['mtu_policy']")"
	etunctl add same same --netns-a red --netns-b blue --mode backlog
	expect "here, in red, in blue" "a0 b0, same, same" \
		"$(devices | xargs -n 1 | sort | xargs), $(devices_in red), $(devices_in blue)"
}

adds_many() {
	ip netns add blue
	etunctl add --count 20 --start 5 --pattern 'v%d,w%d' --netns-b blue
	expect "here, in blue" "20 20" "$(devices | wc -w) $(devices_in blue | wc -w)"
	expect "the first and the last" "w5 w24" "$(end_attribute v5 peer_name) $(end_attribute v24 peer_name)"
	etunctl del --count 19 --start 5 --pattern 'v%d'
	expect "here, later" v24 "$(devices)"
}

# In one write it takes about a thirtieth; one by one each waits for all processors.
deletes_at_once() {
	local at_once one_by_one
	etunctl add --count 50 --pattern 'v%d,w%d'
	one_by_one=$(milliseconds unshare --mount sh -c \
		"mount -o remount,bind,ro /sys && etunctl del --count 50 --pattern 'v%d'")
	expect "ends left with /sys read-only" "" "$(devices)"
	etunctl add --count 50 --pattern 'v%d,w%d'
	at_once=$(milliseconds etunctl del --count 50 --pattern 'v%d')
	expect "ends left" "" "$(devices)"
	remark "one by one $one_by_one ms, at once $at_once ms"
	times_tell || return 0
	expect "whether it is faster at once" yes "$([ "$at_once" -lt $((one_by_one / 2)) ] && echo yes)"
}

# The fifth name is taken.
adds_all_or_none() {
	make_pair w4 x0
	fails 1 'add v4 w4: a device of this name exists.*EEXIST.*remedy: ' etunctl add --count 10 --pattern 'v%d,w%d'
}

shows_progress_on_a_terminal() {
	local said
	said=$(script -qec "etunctl add --count 4 --pattern 'v%d,w%d'" /dev/null)
	expect_match "on a terminal" '\[#{40}\] 4/4' "$said"
	said=$(etunctl del --count 4 --pattern 'v%d' 2>&1)
	expect "without one" "" "$said"
}

deletes() {
	ip netns add blue
	etunctl add a0 b0
	etunctl add a1 b1 --netns-b blue
	etunctl add a2 b2
	# Both ends of one pair may be named.
	etunctl del a0 b0 a2
	expect "devices" a1 "$(devices)"
	fails 3 'no end of a pair is called b1 in this namespace.*remedy: .*--netns blue' etunctl del b1
	# None goes when one is unknown.
	fails 3 'no end of a pair is called nobody' etunctl del a1 nobody
	etunctl del b1 --netns blue
	expect "devices, later" "" "$(devices)"
}

lists() {
	local seen
	ip netns add blue
	expect "nothing to list" "" "$(etunctl list)"
	etunctl add a0 b0 --mode napi --up
	etunctl add a1 longername --netns-b blue --mac-b 02:00:00:00:00:09 --mode $third_mode
	seen=$(etunctl list)
	expect "lines" 6 "$(wc -l <<<"$seen")"
	expect_match "the pair that is up" '^pair [0-9]+  carrier on$' "$(sed -n 1p <<<"$seen")"
	expect_match "its end" '^\|- a0          \(here\)  up    [0-9a-f:]{17}  mtu 1500   napi$' "$(sed -n 2p <<<"$seen")"
	expect_match "the other pair" '^pair [0-9]+  carrier off$' "$(sed -n 4p <<<"$seen")"
	expect "the end in blue" '`- longername  blue    down  02:00:00:00:00:09  mtu 1500   '$third_mode "$(sed -n 6p <<<"$seen")"
	expect_match "drawn" '^└─ longername ' "$(LC_ALL=C.UTF-8 etunctl list)"
	expect "JSON" "[('a0', None, True, True), ('b0', None, True, True), ('a1', None, True, False), ('longername', 'blue', False, False)]" \
		"$(etunctl list --json | json "[(e['name'], e['netns'], e['here'], e['up']) for p in j['pairs'] for e in p['ends']]")"
	# From blue the same pairs are seen, as far as namespaces have names.
	expect "from blue" "[['longername']]" \
		"$(ip netns exec blue etunctl list --json | json "[[e['name'] for e in p['ends']] for p in j['pairs']]")"
	expect_match "an end that can't be seen" '^`- index [0-9]+ in a namespace' "$(ip netns exec blue etunctl list)"
}

sets() {
	etunctl add a0 b0 --mode backlog
	etunctl set a0 --mode napi --peer-mode $third_mode --ring 32 --peer-ring 16 --mtu 1400 --mac 02:00:00:00:00:07 --up
	expect "a0" "napi 32 1400 02:00:00:00:00:07 True" "$(end_json a0 '' mode ring mtu address up)"
	expect "b0" "$third_mode 16 1500 False" "$(end_json b0 '' mode ring mtu up)"
	etunctl set b0 --mtu-policy equal
	expect "MTUs" "1500 1500" "$(net_file a0 mtu) $(net_file b0 mtu)"
	etunctl set a0 --down
	expect "flags of a0" 0x1002 "$(net_file a0 flags)"
	etunctl set a0 --wire on
	expect "wires" "True False" "$(end_json a0 '' wire) $(end_json b0 '' wire)"
	etunctl set a0 --wire off --peer-wire on
	expect "wires" "False True" "$(end_json a0 '' wire) $(end_json b0 '' wire)"
	expect_match "shown" '^wire +off +on$' "$(etunctl show a0)"
	etunctl add c0 d0 --wire
	expect "wires" "True True" "$(end_json c0 '' wire) $(end_json d0 '' wire)"
	fails 2 'set: nothing to change' etunctl set a0
	fails 1 'set a0: .*a ring has 2 to 32768 slots.*EINVAL' etunctl set a0 --ring 1
}

shows() {
	local seen
	etunctl add a0 b0 --ring 128 --queues 2
	seen=$(etunctl show b0)
	expect_match "head" '^pair [0-9]+ +a0 \(here\) +b0 \(here\)$' "$(head -n 1 <<<"$seen")"
	expect_match "ring" '^ring +128 +128$' "$seen"
	expect_match "queues" '^rx queues +2 of 2 +2 of 2$' "$seen"
}

counts() {
	local seen
	make_namespaces red blue
	ip netns exec red ping -q -c 3 -i 0.2 10.9.0.2
	seen=$(ip netns exec red etunctl stats a0 --json | json "[e['traffic']['tx_packets'] >= 3 for e in j['pairs'][0]['ends']]")
	expect "both ends sent" "[True, True]" "$seen"
	# What is longer than the receiver takes is dropped, and told by its cause.
	etunctl set a0 --netns red --mtu 1600
	ip netns exec red ping -q -c 2 -i 0.2 -W 1 -s 1560 10.9.0.2 || true
	# The end in blue is the first.
	seen=$(etunctl stats a0 --netns red)
	expect_match "the cause" '^tx_drop_too_long +0 +[1-9][0-9]*$' "$seen"
	expect "causes without drops" "" "$(grep tx_drop_header <<<"$seen")"
	expect_match "a long name" '^rx_queue_0_xdp_tx_errors +0 +0$' "$(etunctl stats a0 --netns red --all)"
	expect_match "all causes" '^tx_drop_header +0 +0$' "$(etunctl stats a0 --netns red --all)"
	expect "counters in JSON" True \
		"$(etunctl stats a0 --netns red --json | json "j['pairs'][0]['ends'][1]['counters']['tx_drop_too_long'] > 0")"
}

cuts_and_joins() {
	local said
	ip netns add blue
	etunctl add a0 b0 --netns-b blue --up
	expect "carrier at first" on "$(carrier a0)"
	etunctl cut a0
	expect "cut" "off False" "$(carrier a0) $(end_json b0 blue carrier)"
	etunctl cut b0 --netns blue
	etunctl join a0
	expect "joined at both ends" "on True" "$(carrier a0) $(end_json b0 blue carrier)"
	etunctl cut a0
	ip -n blue link set b0 down
	said=$(etunctl join a0 2>&1)
	expect_match "no carrier yet, and why" 'there is no carrier: down: b0 blue$' "$said"
}

refuses_words() {
	fails 2 'Usage: etunctl ' etunctl
	fails 2 "there is no command 'wat'" etunctl wat
	fails 2 'two names are needed' etunctl add a0
	fails 2 'fast' etunctl add a0 b0 --mode fast
	fails 2 'no address like' etunctl add a0 b0 --mac-a 02:00
	fails 2 'numbered beyond' etunctl add --count 2 --start 4294967295 --pattern 'v%d,w%d'
	fails 2 'needs one %d in each name' etunctl add --count 2 --pattern v,w
	fails 2 'has no comma' etunctl add --count 2 --pattern v%d
	fails 2 "makes 'averylongname100'" etunctl add --count 2 --start 100 --pattern averylongname%d,w%d
	fails 2 'mtu' etunctl add a0 b0 --mtu many
}

tells_refusals() {
	make_pair a0 b0
	fails 1 'add x0 b0: a device of this name exists.*EEXIST.*remedy: choose another name' etunctl add x0 b0
	fails 1 'the MTU of an etun end is 46 to 65535 bytes .EINVAL' etunctl add x0 y0 --mtu 45
	fails 1 'not a unicast Ethernet address .EADDRNOTAVAIL' etunctl add x0 y0 --mac-b 01:00:00:00:00:01
	fails 3 'namespace nowhere: .*ENOENT.*remedy: .*ip netns' etunctl add x0 y0 --netns-b nowhere
	fails 3 'no end of a pair is called lo ' etunctl del lo
}

without_privilege() {
	make_pair a0 b0
	fails 4 'add x0 y0: .*EPERM.*remedy: run it as root' as_nobody etunctl add x0 y0
	fails 4 'cut a0: .*EPERM' as_nobody etunctl cut a0
	expect "nobody's list" 3 "$(as_nobody etunctl list | wc -l)"
	ip netns add blue
	expect_match "namespaces that nobody may enter" "namespace blue can't be entered" "$(as_nobody etunctl list 2>&1 >/dev/null)"
}

without_module() {
	rmmod etun
	fails 5 'the module is not loaded.*remedy: modprobe etun.*make install' etunctl list
	fails 5 'the module is not loaded' etunctl del a0
	fails 0 'note +module +installed, but not loaded.*modprobe etun' etunctl doctor
	# What needs it loads it.
	etunctl add a0 b0
	expect "devices" "a0 b0" "$(devices | xargs -n 1 | sort | xargs)"
}

where_it_may_not_load() {
	rmmod etun
	echo 'install etun /bin/false' >/etc/modprobe.d/no-etun.conf
	trap 'rm -f /etc/modprobe.d/no-etun.conf' EXIT
	fails 5 'the module is not loaded.*doctor' etunctl add a0 b0
	fails 6 'problem +modprobe.d +a file in modprobe.d keeps' etunctl doctor
}

examines() {
	local seen
	seen=$(etunctl doctor)
	expect_match "module" '^ok +module +loaded, version ' "$seen"
	expect_match "kernel" '^(ok|note) +kernel +[0-9]' "$seen"
	expect_match "plugin" '^note +iproute2 .*plugin' "$seen"
	expect "JSON" "['ok']" "$(etunctl doctor --json | json "[f['health'] for f in j['findings'] if f['subject'] == 'module']")"
	expect_match "plugin that is there" '^ok +iproute2 ' "$(IP_LIB_DIR=$here/../../build/plugin etunctl doctor)"
}

# Whatever a command takes stands in the manual page and is completed.
documented() {
	local root=$here/../.. command option completed page
	page=$(sed -E 's/Fl Fl /--/g; s/ , / /g' "$root/docs/etunctl.8")
	# shellcheck source=packaging/etunctl.bash
	. "$root/packaging/etunctl.bash"
	for command in add del list show set rename move stats cut join apply save graph top doctor help; do
		expect_match "the manual page" "^\\.It Cm $command\$" "$page" || return 1
		for option in $(etunctl "$command" --help | grep -oE '^  (-[a-z],)?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
			COMP_WORDS=(etunctl "$command" "$option") COMP_CWORD=2
			_etunctl
			completed=" ${COMPREPLY[*]} "
			expect_match "completion of '$command $option'" " $option " "$completed" || return 1
			[ "$option" = --help ] || expect_match "the manual page" "^\\.It .*$option( |\$)" "$page" || return 1
		done
	done
	make_pair a0 b0
	COMP_WORDS=(etunctl cut a) COMP_CWORD=2
	_etunctl
	expect "completion of an end" a0 "${COMPREPLY[*]}"
}

# What the device shows stands in its manual page; counters of queues by what is behind their number.
device_documented() {
	local page word
	page=$(grep -oE '[^ ,]+' "$here/../../docs/etun.4")
	make_pair a0 b0
	for word in $(ethtool -S a0 | sed -nE 's/^ +([a-z0-9_]+): .*/\1/p' | sed -E 's/^[rt]x_queue_[0-9]+_//' | sort -u) \
		$(ls /sys/class/net/a0/etun) newif delif rx-usecs; do
		expect_match "the manual page" "^(.*/|[rt]x_queue_N_)?$word\$" "$page" || return 1
	done
	for word in $(IP_LIB_DIR=$here/../../build/plugin ip -d -o link show a0 | grep -oE 'etun mode.*pair-id' |
		grep -oE '[a-z]+-[a-z]+|mode|ring' | grep -v etun); do
		expect_match "the manual page" "^$word\$" "$page" || return 1
	done
}

case_ "etunctl: add makes a pair" adds
case_ "etunctl: add with all options sends one message" adds_all_at_once
case_ "etunctl: add and del by a pattern" adds_many
case_ "etunctl: del of many at once, and one by one where /sys is read-only" deletes_at_once
case_ "etunctl: add makes all pairs or none" adds_all_or_none
case_ "etunctl: a progress bar on a terminal alone" shows_progress_on_a_terminal
case_ "etunctl: del" deletes
case_ "etunctl: list, in text and JSON, across namespaces" lists
case_ "etunctl: set changes what is named" sets
case_ "etunctl: show" shows
case_ "etunctl: stats, with drops by cause" counts
case_ "etunctl: cut and join" cuts_and_joins
case_ "etunctl: words that make no sense have status 2" refuses_words
case_ "etunctl: refusals are told with errno and remedy" tells_refusals
case_ "etunctl: without privilege" without_privilege
case_ "etunctl: without the module" without_module
case_ "etunctl: where the module may not be loaded" where_it_may_not_load
case_ "etunctl: doctor" examines
case_ "etunctl: manual page and completion know all options" documented
case_ "etun(4) has what the device shows" device_documented
done_testing
