#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Topologies from a file: what `etunctl apply` makes and changes of it, and what `etunctl save` writes.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"
# shellcheck source=tests/guest/control-helpers.bash
. "$(dirname "$(readlink -f "$0")")/control-helpers.bash"
# shellcheck source=tests/guest/etunctl.bash
. "$(dirname "$(readlink -f "$0")")/etunctl.bash"

file=$tap_scratch/topology.json

# Two hosts on a switch, as in etun.conf(5).
two_hosts() {
	cat >"$file" <<-'END'
		{
		  "namespaces": ["red", "blue"],
		  "pairs": [
		    {"ends": [
		      {"name": "eth0", "netns": "red", "up": true, "addresses": ["192.0.2.1/24", "2001:db8::1/64"]},
		      {"name": "red0", "up": true}]},
		    {"ends": [
		      {"name": "eth0", "netns": "blue", "up": true, "mode": "napi",
		       "addresses": ["192.0.2.2/24", "2001:db8::2/64"]},
		      {"name": "blue0", "up": true}]}
		  ],
		  "bridges": [{"name": "switch0", "ports": ["red0", "blue0"]}]
		}
	END
	trap 'ip link del switch0 2>/dev/null || true' EXIT
}

# one_pair MEMBERS [MEMBERS]: a file with the pair a0, b0, whose ends have these members as well.
one_pair() {
	echo '{"pairs": [{"ends": [{"name": "a0"'"${1:+, $1}"'}, {"name": "b0"'"${2:+, $2}"'}]}]}' >"$file"
}

# Devices and addresses of all namespaces, but for what changes by itself when a carrier comes.
state() {
	local netns
	for netns in "" $(ip netns list | cut -d ' ' -f 1 | sort); do
		echo "${netns:-here}:"
		ip ${netns:+-n "$netns"} -o link | sed -E 's/NO-CARRIER,|,LOWER_UP//g; s/ (state|qlen|qdisc) [^ ]+//g'
		ip ${netns:+-n "$netns"} -o addr | sed -E '/ fe80:/d; s/ (tentative|dadfailed)//g'
	done
}

brings_it_about() {
	local said
	two_hosts
	said=$(etunctl apply "$file")
	expect "what was done" "+ namespace red
+ namespace blue
+ bridge switch0
+ pair red/eth0,red0
    red/eth0: up
    red0: up
+ red/eth0: address 192.0.2.1/24
+ red/eth0: address 2001:db8::1/64
+ pair blue/eth0,blue0
    blue/eth0: mode napi, up
    blue0: up
+ blue/eth0: address 192.0.2.2/24
+ blue/eth0: address 2001:db8::2/64
+ red0: port of switch0
+ blue0: port of switch0" "$said"
	expect "mode" napi "$(end_json eth0 blue mode)"
	wait_for 20 ip netns exec red ping -q -c 1 -W 1 192.0.2.2
	wait_for 20 ip netns exec red ping -q -c 1 -W 1 2001:db8::2
}

does_nothing_twice() {
	local before
	two_hosts
	etunctl apply "$file"
	before=$(state)
	expect "what is said" "nothing to do: all is as $file has it" "$(etunctl apply "$file")"
	expect "what is said by a dry run" "nothing to do: all is as $file has it" "$(etunctl apply "$file" --dry-run)"
	expect "what is said with prune" "nothing to do: all is as $file has it" "$(etunctl apply "$file" --prune)"
	expect "state" "$before" "$(state)"
}

dry_run() {
	local before said
	two_hosts
	make_pair x0 y0
	before=$(state)
	said=$(etunctl apply "$file" --dry-run --prune)
	expect "the first line" "- pair x0,y0" "$(head -n 1 <<<"$said")"
	expect_match "a pair" '^\+ pair red/eth0,red0$' "$said"
	expect "the last line" "dry run: 12 steps, none of them done" "$(tail -n 1 <<<"$said")"
	expect "state" "$before" "$(state)"
}

changes_what_is_named() {
	etunctl add a0 b0 --mode backlog --queues 2
	make_pair x0 y0
	ip addr add 192.0.2.9/24 dev a0
	one_pair '"mtu": 9000, "mode": "napi", "ring": 64, "mac": "02:00:00:00:00:07", "up": true, "queues": 1,
		"addresses": ["192.0.2.1/24"]' '"mode": "'$third_mode'", "up": true'
	expect "what was done" "~ a0: queues 2 -> 1
~ a0: mode backlog -> napi, ring 256 -> 64, mtu 1500 -> 9000, mac 02:00:00:00:00:07, down -> up
~ b0: mode backlog -> $third_mode, down -> up
+ a0: address 192.0.2.1/24" "$(etunctl apply "$file" | sed -E 's/mac [0-9a-f:]+ -> /mac /')"
	expect "a0" "napi 64 9000 02:00:00:00:00:07 True" "$(end_json a0 '' mode ring mtu address up)"
	expect "b0" "$third_mode 256 1500 True" "$(end_json b0 '' mode ring mtu up)"
	expect "queues in use" 1 "$(find /sys/class/net/a0/queues/ -name "rx-*" | wc -l)"
	expect "addresses" "192.0.2.9/24 192.0.2.1/24" "$(ip -4 -o addr show dev a0 | awk '{ print $4 }' | xargs)"
	expect "a pair that is not named" "x0 y0" "$(devices | xargs -n 1 | grep -E 'x0|y0' | sort | xargs)"
	expect "a second time" "nothing to do: all is as $file has it" "$(etunctl apply "$file")"
}

one_mtu() {
	etunctl add a0 b0
	ip link set b0 mtu 1300
	echo '{"pairs": [{"mtu_policy": "equal", "ends": [{"name": "a0"}, {"name": "b0", "mtu": 1400}]}]}' >"$file"
	etunctl apply "$file"
	expect "MTUs" "1400 1400" "$(net_file a0 mtu) $(net_file b0 mtu)"
	expect "a second time" "nothing to do: all is as $file has it" "$(etunctl apply "$file")"
	one_pair '"mtu": 1500' '"mtu": 1400'
	fails 7 'pairs\[0\]: the MTUs differ, but the MTU policy of this pair is equal.*remedy: ' etunctl apply "$file"
	expect "MTUs, later" "1400 1400" "$(net_file a0 mtu) $(net_file b0 mtu)"
}

# An end that goes down loses its IPv6 addresses, which the same run brings back.
keeps_addresses_of_ends_that_go_down() {
	etunctl add a0 b0 --up
	ip addr add 2001:db8::1/64 dev a0 nodad
	one_pair '"up": false, "addresses": ["2001:db8::1/64"]'
	etunctl apply "$file"
	expect_match "addresses" '2001:db8::1/64' "$(ip -6 -o addr show dev a0)"
	expect "a second time" "nothing to do: all is as $file has it" "$(etunctl apply "$file")"
	one_pair '"addresses": ["2001:db8::1/48"]'
	expect "another prefix" "- a0: address 2001:db8::1/64 | + a0: address 2001:db8::1/48" \
		"$(in_one_line etunctl apply "$file")"
	expect_match "addresses, later" '2001:db8::1/48' "$(ip -6 -o addr show dev a0)"
}

prunes() {
	make_pair a0 x0
	make_pair y0 z0
	ip link add eth9 type dummy
	trap 'ip link del eth9 || true' EXIT
	one_pair
	# a0 is in the way of the pair that is wanted.
	fails 7 "pairs\\[0\\].ends\\[0\\].name: 'a0' is there as an end of another pair.*remedy: .*--prune" etunctl apply "$file"
	expect "what was done" "- pair a0,x0 | - pair y0,z0 | + pair a0,b0" "$(in_one_line etunctl apply "$file" --prune)"
	expect "devices" "a0 b0" "$(devices | xargs -n 1 | sort | xargs)"
	expect "a device of another kind" eth9 "$(basename /sys/class/net/eth9)"
	exists eth9
}

# What is written describes what is there, and makes it anew.
round_trip() {
	local saved=$tap_scratch/saved.json before
	two_hosts
	etunctl apply "$file"
	etunctl add c0 d0 --netns-a red --netns-b blue --mtu 1400 --mtu-policy equal --ring 32 --mode $third_mode --queues 2
	ip addr add 198.51.100.1/24 dev switch0
	etunctl save "$saved"
	expect "what it is equal to" "nothing to do: all is as $saved has it" "$(etunctl apply "$saved" --prune)"
	expect "on standard output" "$(cat "$saved")" "$(etunctl save)"
	expect "on standard input" "nothing to do: all is as standard input has it" "$(etunctl apply - <"$saved")"
	expect "link-local addresses of the kernel's" "" "$(grep fe80 "$saved")"
	before=$(c0_and_d0)
	etunctl del red0 blue0
	etunctl del c0 --netns red
	ip link del switch0
	ip netns del red
	ip netns del blue
	wait_for 10 is_empty
	etunctl apply "$saved"
	expect "c0 and d0" "$before" "$(c0_and_d0)"
	expect "what is saved then" "$(cat "$saved")" "$(etunctl save)"
}

c0_and_d0() {
	end_json c0 red address mtu mode ring rx_queues up
	end_json d0 blue address mtu mode ring rx_queues up
}
is_empty() { [ -z "$(devices)" ] && [ -z "$(ip netns list)" ]; }

# The second pair can't be made: what was done before stays and is told, and the next run does the rest.
fails_in_the_middle() {
	local said status=0
	cat >"$file" <<-'END'
		{"namespaces": ["red"], "pairs": [
		  {"ends": [{"name": "a0"}, {"name": "b0", "netns": "red", "up": true}]},
		  {"ends": [{"name": "a1", "queues": 60000}, {"name": "b1"}]},
		  {"ends": [{"name": "a2"}, {"name": "b2"}]}]}
	END
	said=$(etunctl apply "$file" 2>&1) || status=$?
	expect "status" 1 "$status"
	expect "what was done" "+ namespace red|+ pair a0,red/b0|    red/b0: up" "$(grep -v etunctl: <<<"$said" | paste -sd '|')"
	expect_match "what was not" '^etunctl: apply: \+ pair a1,b1: .*\(E[A-Z]+\); 2 of 4 steps were done before it, and stay$' "$said"
	expect_match "what to do" '^etunctl: remedy: .*then apply again: it does what is left$' "$said"
	expect "devices" "a0" "$(devices)"
	sed -i 's/"queues": 60000/"queues": 2/' "$file"
	expect "the rest" "+ pair a1,b1 |     a1: queues 2 | + pair a2,b2" "$(in_one_line etunctl apply "$file")"
}

# An interrupt ends it between two steps; the next run does the rest.
interrupted() {
	local said=$tap_scratch/said pid status=0
	python3 -c 'import json; print(json.dumps({"pairs": [{"ends": [{"name": f"v{i}"}, {"name": f"w{i}"}]} for i in range(500)]}))' \
		>"$file"
	etunctl apply "$file" >"$said" 2>&1 &
	pid=$!
	wait_for 20 grep -q '^+ pair v3,w3$' "$said"
	kill -INT "$pid"
	wait "$pid" || status=$?
	expect "status" 1 "$status"
	expect_match "what is said" \
		"^etunctl: apply: interrupted; $(grep -c '^+' "$said") of 500 steps were done, and stay$" "$(cat "$said")"
	expect "pairs" "$(grep -c '^+' "$said")" "$(($(devices | wc -w) / 2))"
	etunctl apply "$file" >"$said"
	expect "the last step" "+ pair v499,w499" "$(tail -n 1 "$said")"
	expect "pairs, later" 500 "$(($(devices | wc -w) / 2))"
}

refuses_files() {
	make_pair a0 b0
	fails 1 "/usr: the file can't be read .EISDIR.*remedy: " etunctl apply /usr
	fails 3 "nofile: the file can't be read .ENOENT.*remedy: .etunctl save" etunctl apply nofile
	echo '{"pairs": [' >"$file"
	fails 7 'topology.json: this is no JSON: parse error at line 2.*remedy: ' etunctl apply "$file"
	one_pair '"mtu": 45'
	fails 7 'topology.json: pairs\[0\].ends\[0\].mtu: a whole number is needed here, not 45.*remedy: it may be 46 to 65535' \
		etunctl apply "$file"
	one_pair '"color": "red"'
	fails 7 'pairs\[0\].ends\[0\].color: there is no such member.*remedy: there are: name, ' etunctl apply "$file"
	one_pair '"netns": "nowhere"'
	fails 7 "pairs\\[0\\].ends\\[0\\].netns: there is no network namespace 'nowhere'.*remedy: .*namespaces" etunctl apply "$file"
	fails 2 'FILE' etunctl apply
	fails 3 "/nofolder/file: the file can't be written .ENOENT" etunctl save /nofolder/file
	full_disks
}

# What cannot be written is said, and the file from before stays.
full_disks() {
	local disk=$tap_scratch/disk command
	mkdir -p "$disk"
	mount -t tmpfs -o size=8k tmpfs "$disk"
	etunctl save "$disk/lab.json"
	chmod 640 "$disk/lab.json"
	head -c 4096 /dev/zero >"$disk/other"
	cp "$disk/lab.json" "$tap_scratch/before.json"
	fails 1 "lab.json: the file can't be written .ENOSPC" etunctl save "$disk/lab.json"
	expect "the file" "$(cat "$tap_scratch/before.json")" "$(cat "$disk/lab.json")"
	expect "what is on the disk" "lab.json other" "$(cd "$disk" && echo *)"
	rm "$disk/other"
	ln -s lab.json "$disk/link.json"
	etunctl save "$disk/link.json"
	expect "what the link leads to, its mode" "lab.json 640" "$(readlink "$disk/link.json") $(stat -c %a "$disk/lab.json")"
	expect "into a pipe" "$(cat "$disk/lab.json")" "$(etunctl save /dev/stdout | cat)"
	umount "$disk"
	for command in save list "doctor --json" graph; do
		# shellcheck disable=SC2086 # words of a command
		fails 1 "standard output can't be written: No space left on device" to_a_full_disk $command
	done
}
to_a_full_disk() { etunctl "$@" >/dev/full; }

without_privilege() {
	make_pair a0 b0
	one_pair '"mtu": 1400'
	chmod a+rx "$tap_scratch"
	expect "a dry run" "~ a0: mtu 1500 -> 1400 | dry run: 1 steps, none of them done" \
		"$(in_one_line as_nobody etunctl apply "$file" --dry-run)"
	fails 4 'apply: ~ a0: mtu 1500 -> 1400: .*EPERM.*0 of 1 steps.*remedy: run it as root' as_nobody etunctl apply "$file"
	ip netns add blue
	one_pair '"netns": "blue"'
	fails 4 "pairs\\[0\\].ends\\[0\\].netns: namespace blue: .*EPERM" as_nobody etunctl apply "$file"
}

without_module() {
	rmmod etun
	fails 5 'the module is not loaded' etunctl save
	one_pair
	expect "a dry run" "+ pair a0,b0 | dry run: 1 steps, none of them done" "$(in_one_line etunctl apply "$file" --dry-run)"
	etunctl apply "$file"
	expect "devices" "a0 b0" "$(devices | xargs -n 1 | sort | xargs)"
}

case_ "apply brings about what a file describes, and it carries traffic" brings_it_about
case_ "apply changes nothing the second time" does_nothing_twice
case_ "apply --dry-run shows the difference and changes nothing" dry_run
case_ "apply changes what is named, and leaves the rest" changes_what_is_named
case_ "apply: one MTU for both ends under the policy equal" one_mtu
case_ "apply: IPv6 addresses of an end that goes down, and other prefixes" keeps_addresses_of_ends_that_go_down
case_ "apply --prune destroys pairs that the file does not name" prunes
case_ "save writes what apply finds equal, and makes anew" round_trip
case_ "apply: a failure in the middle says what was done" fails_in_the_middle
case_ "apply: an interrupt ends it between two steps" interrupted
case_ "apply refuses what makes no sense, and says where" refuses_files
case_ "apply without privilege" without_privilege
case_ "apply and save without the module" without_module
done_testing
