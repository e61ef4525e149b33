#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# How etunctl is told of ends and namespaces: names that can't be, other names, PIDs and paths, new names and places, and
# names that are taken by a device that goes.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"
# shellcheck source=tests/guest/control-helpers.bash
. "$(dirname "$(readlink -f "$0")")/control-helpers.bash"
# shellcheck source=tests/guest/etunctl.bash
. "$(dirname "$(readlink -f "$0")")/etunctl.bash"

# Of a name that can't be, the sentence that `apply` has for it, without its place in the file.
apply_says() {
	python3 -c 'import json, sys; print(json.dumps({"pairs": [{"ends": [{"name": n} for n in sys.argv[1:]]}]}))' "$@" |
		etunctl apply - --dry-run 2>&1 | sed -E 's/standard input: [^ ]*: //'
}

# add_refuses A B: as apply does, with status 2.
add_refuses() {
	local said status=0
	said=$(etunctl add "$1" "$2" 2>&1) || status=$?
	expect "status of add '$1' '$2'" 2 "$status" || return 1
	expect "what is said of '$1' '$2'" "$(apply_says "$1" "$2")" \
		"$(sed -E 's/^etunctl: add: /etunctl: /; s/in this command/in this file/' <<<"$said")" || return 1
	expect "devices" "" "$(devices)"
}

refuses_names() {
	local name
	for name in sixteenletters16 'a b' a/b a:b '' .. 'a%d'; do
		add_refuses "$name" b0 || return 1
	done
	add_refuses a0 ''
	add_refuses a0 a0
	expect_match "what apply says" "'sixteenletters16' is no name of a device" "$(apply_says sixteenletters16 b0)"
	# One namespace under two names is one.
	ip netns add red
	fails 2 "there is another 'red/a0' in this command" etunctl add a0 a0 --netns-a red --netns-b /run/netns/red
	fails 2 "there is another 'v0' in this command" etunctl add --count 2 --pattern 'v%d,v%d'
	fails 2 "there is another 'v10' in this command" etunctl add --count 11 --pattern 'v%d,v1%d'
	fails 2 "'v/0' is no name of a device" etunctl add --count 2 --pattern 'v/%d,w%d'
	fails 2 "'' is no name of a network namespace" etunctl add a0 b0 --netns-b ''
	fails 2 "'' is no name of a network namespace" etunctl show a0 --netns ''
	# Two namespaces may have devices of one name.
	etunctl add a0 a0 --netns-b red
	expect "here and in red" "a0 a0" "$(devices) $(devices_in red)"
	fails 2 "'a/b' is no name of a device" etunctl rename a0 a/b
	fails 2 "'a b' is no name of a device" etunctl move a0 --to red --name 'a b'
}

# A namespace without a name, and a process in it.
nameless() {
	in_background unshare --net sleep 600
	pid=${background[-1]}
	wait_for 20 has_left "$pid"
}
has_left() { [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }

takes_pids_and_paths() {
	local pid
	nameless
	etunctl add a0 b0 --netns-b "$pid"
	etunctl add a1 b1 --netns-b "/proc/$pid/ns/net"
	expect "devices here" "a0 a1" "$(devices | xargs -n 1 | sort | xargs)"
	expect "devices there" "b0 b1" "$(nsenter --net="/proc/$pid/ns/net" ip -br link show type etun | cut -d @ -f 1 | xargs)"
	expect_match "without it" '^`- index [0-9]+ in a namespace' "$(etunctl list)"
	expect "ends listed with it" "b0 $pid, b1 $pid" "$(etunctl list -n "$pid" --json |
		json "', '.join(e['name'] + ' ' + e['netns'] for p in j['pairs'] for e in p['ends'] if not e['here'])")"
	expect_match "the picture" "label=\"/proc/$pid/ns/net\"" "$(etunctl graph --netns "/proc/$pid/ns/net")"
	etunctl set b0 -n "$pid" --mtu 1400 --up
	expect_match "MTU" ' mtu 1400 ' "$(nsenter --net="/proc/$pid/ns/net" ip -o link show b0)"
	expect "show" "['/proc/$pid/ns/net']" "$(etunctl show b0 -n "/proc/$pid/ns/net" --json |
		json "[e['netns'] for e in j['pairs'][0]['ends'] if e['name'] == 'b0']")"
	expect_match "stats" "^pair [0-9]+ +a0 \\(here\\) +b0 $pid\$" "$(etunctl stats b0 -n "$pid")"
	etunctl del b1 -n "$pid"
	expect "devices, later" a0 "$(devices)"
	fails 3 "namespace 999999: there is no such network namespace .ENOENT.*remedy: .*a PID" etunctl show b0 -n 999999
	fails 3 "namespace /proc/999999/ns/net: .*ENOENT" etunctl add x0 y0 --netns-b /proc/999999/ns/net
	fails 1 "namespace /etc/passwd: the file is no network namespace .EINVAL" etunctl add x0 y0 --netns-b /etc/passwd
}

# As `ip` has it, a name comes before a PID; and one namespace stays one, whatever it is called.
names_before_pids() {
	local pid
	nameless
	ip netns add "$pid"
	etunctl add a0 b0 --netns-b "$pid"
	expect "in the named one" b0 "$(devices_in "$pid")"
	etunctl add a1 b1 --netns-b "/run/netns/$pid"
	expect "by its path" "b0 b1" "$(devices_in "$pid")"
	expect "pairs" 2 "$(etunctl list -n "/run/netns/$pid" -n /proc/self/ns/net --json | json "len(j['pairs'])")"
	expect "its name" "['$pid']" "$(etunctl list -n "/run/netns/$pid" --json |
		json "sorted({e['netns'] for p in j['pairs'] for e in p['ends'] if not e['here']})")"
	etunctl show a0 -n /proc/self/ns/net
}

takes_other_names() {
	local long=a-name-that-is-longer-than-fifteen-letters
	ip netns add red
	etunctl add a0 b0 --netns-b red --up
	ip link property add dev a0 altname $long altname uplink
	ip -n red link property add dev b0 altname downlink
	expect_match "show" "^other names +$long uplink +downlink\$" "$(etunctl show $long)"
	expect "JSON" "['$long', 'uplink']" "$(etunctl show uplink --json | json "sorted(e for x in j['pairs'][0]['ends'] if x['here'] for e in x['alt_names'])")"
	etunctl set $long --mtu 1400
	expect "MTU" 1400 "$(net_file a0 mtu)"
	etunctl cut uplink
	expect "carrier" off "$(carrier a0)"
	etunctl join downlink -n red
	expect "carrier, later" on "$(carrier a0)"
	etunctl stats $long >"$tap_scratch/stats"
	# Linux 6.1 renames no device that is up.
	etunctl set a0 --down
	fails 1 'rename a0: .*EEXIST' etunctl rename a0 uplink
	etunctl set a0 --up
	echo '{"pairs": [{"ends": [{"name": "uplink", "mtu": 1300}, {"name": "b0", "netns": "red"}]}]}' >"$tap_scratch/file"
	etunctl apply "$tap_scratch/file"
	expect "MTU by apply" 1300 "$(net_file a0 mtu)"
	etunctl del downlink -n red
	expect "devices" "" "$(devices)"
}

# Where the kernel does not rename what is up, it is said how.
renames() {
	ip netns add red
	etunctl add a0 b0 --netns-b red
	etunctl rename a0 veth0
	expect "here" veth0 "$(devices)"
	etunctl rename b0 eth0 -n red
	expect "in red" eth0 "$(devices_in red)"
	make_pair x0 y0
	fails 1 'rename veth0: .*EEXIST.*remedy: choose another name' etunctl rename veth0 x0
	fails 3 'no end of a pair is called nobody' etunctl rename nobody somebody
	etunctl set veth0 --up
	if etunctl rename veth0 a0 2>"$tap_scratch/said"; then
		expect "here, later" "a0 x0 y0" "$(devices | xargs -n 1 | sort | xargs)"
	else
		expect_match "what is said" 'remedy: this kernel renames devices that are down alone: etunctl set veth0 --down' \
			"$(cat "$tap_scratch/said")"
		etunctl set veth0 --down
		etunctl rename veth0 a0
	fi
	exists a0
	etunctl set eth0 -n red --up
	if ! etunctl rename eth0 b0 -n /run/netns/red 2>"$tap_scratch/said"; then
		expect_match "what is said of red" 'etunctl set eth0 --netns /run/netns/red --down' "$(cat "$tap_scratch/said")"
		etunctl set eth0 --netns /run/netns/red --down
		etunctl rename eth0 b0 -n /run/netns/red
	fi
	expect "in red, later" b0 "$(devices_in red)"
}

moves() {
	local pid
	ip netns add red
	nameless
	etunctl add a0 b0 --up
	etunctl move b0 --to red
	expect "here, in red" "a0, b0" "$(devices), $(devices_in red)"
	expect "it is down" "False" "$(end_json b0 red up)"
	etunctl move b0 -n red --to "$pid" --name eth0 --up
	expect "carrier" on "$(carrier a0)"
	expect "in red, later" "" "$(devices_in red)"
	etunctl move eth0 -n "$pid" --to /proc/self/ns/net
	expect "here, later" "a0 eth0" "$(devices | xargs -n 1 | sort | xargs)"
	ip netns exec red ip link add a0 type dummy
	fails 1 'move a0: .*EEXIST' etunctl move a0 --to red
	# The kernel would move it, and then find the name taken.
	fails 1 'move a0: a device called lo exists in red .EEXIST' etunctl move a0 --to red --name lo
	expect "here all the same" "a0 eth0" "$(devices | xargs -n 1 | sort | xargs)"
	etunctl move a0 --to red --name a1
	expect "in red at last" a1 "$(devices_in red)"
	# Another name of it is taken there, of which the kernel tells.
	ip link property add dev eth0 altname uplink
	ip -n red link add uplink type dummy
	fails 1 'move eth0: .*(altname uplink|File exists).*EEXIST' etunctl move eth0 --to red --name a2
	ip link property del dev eth0 altname uplink
	fails 3 'namespace nowhere: .*ENOENT' etunctl move eth0 --to nowhere
	fails 2 'to' etunctl move eth0
}

# A pair goes with the namespace of an end, but the kernel destroys that in its own time: here last, behind one that has
# much to take away.
while_a_namesake_goes() {
	local i
	for i in {1..5}; do
		ip netns add red
		etunctl add a0 b0 --netns-b red
		ip netns add much
		ip -n much -batch - < <(printf 'link add dev d%s type dummy\n' {1..100})
		ip -batch - <<<$'netns del much\nnetns del red'
		"$@" || { echo "round $i"; return 1; }
		etunctl del a0
	done
}
add_again() { etunctl add a0 c0; }
rename_while_a_namesake_goes() { etunctl add d0 e0 && while_a_namesake_goes rename_again; }
apply_again() { etunctl apply - <<<'{"pairs": [{"ends": [{"name": "a0"}, {"name": "c0"}]}]}'; }
rename_again() { etunctl rename d0 a0 && etunctl rename a0 d0 && etunctl add a0 c0; }

waits_for_a_namesake() {
	local pid
	nameless
	etunctl add a0 b0 --netns-b "$pid"
	# Nobody can tell whether that one will stay: it is waited for.
	fails 1 'add a0 c0: a device of this name exists, and did not go while it was waited for .EEXIST.*remedy: .*waited for' \
		etunctl add a0 c0
	kill "$pid"
	etunctl add a0 c0
	expect "devices" "a0 c0" "$(devices | xargs -n 1 | sort | xargs)"
}

# One that stays is known by the name of its namespace, or because it is in no other one; that is said at once.
refuses_live_namesakes() {
	local took
	ip netns add red
	etunctl add a0 b0 --netns-b red
	ip link add d0 type dummy
	trap 'ip link del d0' EXIT
	fails 1 'add a0 c0: .*exists.*EEXIST' etunctl add a0 c0
	fails 1 'add x0 b0: .*exists.*EEXIST' etunctl add x0 b0 --netns-b red
	fails 1 'add d0 c0: .*exists.*EEXIST' etunctl add d0 c0
	expect "whether one was waited for" "" \
		"$(for name in a0 d0; do etunctl add $name c0 2>&1; done | grep 'waited for.*EEXIST')"
	took=$(milliseconds etunctl add a0 c0 2>/dev/null) || true
	remark "refused after $took ms"
}

case_ "etunctl: add refuses names as apply does, with status 2" refuses_names
case_ "etunctl: a namespace is given by a PID or a path" takes_pids_and_paths
case_ "etunctl: a name comes before a PID, and one namespace stays one" names_before_pids
case_ "etunctl: other names name an end" takes_other_names
case_ "etunctl: rename" renames
case_ "etunctl: move into another namespace" moves
case_ "etunctl: add while a namesake goes with its namespace" while_a_namesake_goes add_again
case_ "etunctl: apply while a namesake goes with its namespace" while_a_namesake_goes apply_again
case_ "etunctl: rename while a namesake goes with its namespace" rename_while_a_namesake_goes
case_ "etunctl: a namesake that may go is waited for" waits_for_a_namesake
case_ "etunctl: a namesake that stays is refused at once" refuses_live_namesakes
done_testing
