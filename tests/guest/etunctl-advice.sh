#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What etunctl says to who is new to it, or has lost his way: what is wrong with pairs, which setting holds, and what may
# have been meant.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"
# shellcheck source=tests/guest/control-helpers.bash
. "$(dirname "$(readlink -f "$0")")/control-helpers.bash"
# shellcheck source=tests/guest/lab.sh
. "$(dirname "$(readlink -f "$0")")/lab.sh"
# shellcheck source=tests/guest/etunctl.bash
. "$(dirname "$(readlink -f "$0")")/etunctl.bash"

objects=$here/../../build/bpf

# Of doctor, the lines about pairs, each with its remedy behind it.
about_pairs() {
	etunctl doctor | sed -E 's/ +/ /g' | awk '
		/^[a-z]+ pairs? / { printf "%s%s", between, $0; between = "|"; ours = 1; next }
		/^ -> / { if (ours) printf "%s", $0; next }
		{ ours = 0 }'
}

# do_remedy: what the first remedy of about_pairs has a reader type.
do_remedy() { eval "$(about_pairs | sed -E 's/^[^>]*-> //; s/[;|].*//')"; }

finds_nothing() {
	expect "without a pair" "ok pairs there are none" "$(about_pairs)"
	ip netns add blue
	etunctl add a0 b0 --up
	etunctl add a1 b1 --netns-b blue --mtu 9000 --up
	expect "with two that are well" "ok pairs 2, all of them well" "$(about_pairs)"
	fails 0 'ok +pairs +2, all of them well' etunctl doctor
}

finds_ends_down() {
	ip netns add blue
	etunctl add a0 b0 --netns-b blue
	expect_match "both" '^ok pairs 1, of which 0 are well\|note pair 1 both ends are down: a0 \(here\) and b0 blue -> etunctl set a0 --up --both$' \
		"$(about_pairs)"
	do_remedy
	expect "carrier" on "$(carrier a0)"
	ip -n blue link set b0 down
	expect_match "one" 'note pair 1 b0 blue is down, so there is no carrier -> etunctl set b0 --netns blue --up(\||$)' "$(about_pairs)"
	do_remedy
	expect "later" "ok pairs 1, all of them well" "$(about_pairs)"
}

finds_cuts() {
	ip netns add blue
	etunctl add a0 b0 --netns-b blue --up
	etunctl cut b0 -n blue
	expect_match "a cut" '\|note pair 1 cut: a0 \(here\) and b0 blue are up, and there is no carrier -> etunctl join a0(\||$)' "$(about_pairs)"
	expect_match "list" '^pair 1  carrier off, cut$' "$(etunctl list)"
	expect "JSON" True "$(etunctl list --json | json "j['pairs'][0]['cut']")"
	expect_match "show" '^carrier +off, cut +off, cut$' "$(etunctl show a0)"
	expect_match "graph" 'pair 1.nbacklog.ncut' "$(etunctl graph)"
	do_remedy
	expect "later" "ok pairs 1, all of them well" "$(about_pairs)"
	expect_match "list, later" '^pair 1  carrier on$' "$(etunctl list)"
	expect "JSON, later" False "$(etunctl list --json | json "j['pairs'][0]['cut']")"
	ip -n blue link set b0 protodown on
	expect_match "held down" '\|note pair 1 b0 blue is held down by a protocol .protodown. -> ip -n blue link set b0 protodown off(\||$)' "$(about_pairs)"
	expect_match "list" '^pair 1  carrier off$' "$(etunctl list)"
	do_remedy
	expect "at last" "ok pairs 1, all of them well" "$(about_pairs)"
}

# What was dropped while there was no carrier is over when there is one again. What a socket sends at a cut end its qdisc
# drops, so the probe hands the driver a frame.
forgets_what_is_over() {
	make_namespaces red blue
	wait_for 20 carries a0 red
	etunctl cut a0 -n red
	load_built etun_probe
	ip netns exec red sh -c "echo 'send a0 len=100 count=2' >$probe_parameters/run"
	expect_match "while it is cut" 'a0 red dropped 2 frames: tx_drop_no_carrier' "$(about_pairs)"
	etunctl join a0 -n red
	wait_for 20 carries a0 red
	expect "later" "ok pairs 1, all of them well" "$(about_pairs)"
}
carries() { [ "$(end_json "$1" "$2" carrier)" = True ]; }

# What can't be seen can't be told apart.
finds_no_carrier() {
	in_background unshare --net sleep 600
	etunctl add a0 b0 --up
	wait_for 20 moved b0 "${background[-1]}"
	expect_match "a peer that is not seen" 'note pair 1 a0 \(here\) is up and has no carrier: its peer, which can.t be seen from here, is down' \
		"$(about_pairs)"
}
moved() { [ "$(readlink "/proc/$2/ns/net")" != "$(readlink /proc/self/ns/net)" ] && ip link set "$1" netns "$2"; }

finds_unequal_mtus_and_drops() {
	make_namespaces red blue
	etunctl set a0 -n red --mtu 1600
	expect_match "unequal MTUs" 'note pair 1 unequal MTUs: 1500 at b0 blue, 1600 at a0 red; .* -> etunctl set b0 --netns blue --mtu 1600 --both; ' \
		"$(about_pairs)"
	ip netns exec red ping -q -c 2 -i 0.2 -W 1 -s 1560 10.9.0.2 || true
	etunctl set a0 -n red --mtu 1500
	expect_match "drops" 'note pair 1 a0 red dropped ([2-9]|[1-9][0-9]+) frames: tx_drop_too_long, longer than .* -> the same MTU .*: etunctl set a0 --netns red --mtu BYTES --both; ' \
		"$(about_pairs)"
	expect "JSON" "['pair 1']" "$(etunctl doctor --json | json "[f['subject'] for f in j['findings'] if 'tx_drop_too_long' in f['what']]")"
}

# A program at an end limits the MTU of its peer; what doctor has a reader type has to be possible.
tells_mtu_that_both_can_have() {
	ip netns add "it's"
	etunctl add a0 b0 --netns-b "it's" --up
	ip link set dev a0 xdpdrv object "$objects/linear.bpf.o" section xdp program drop
	etunctl set a0 --mtu 9000
	expect_match "unequal MTUs" " -> etunctl set a0 --mtu [0-9]+ --both; " "$(about_pairs)"
	do_remedy
	expect "later" "ok pairs 1, all of them well" "$(about_pairs)"
	etunctl set b0 -n "it's" --down
	expect_match "a name that a shell would take apart" "etunctl set b0 --netns 'it'.{2,3}s' --up" "$(about_pairs)"
	do_remedy
	expect "at last" "ok pairs 1, all of them well" "$(about_pairs)"
}

sets_both() {
	ip netns add blue
	etunctl add a0 b0 --netns-b blue --mode backlog
	etunctl set b0 -n blue --both --up --mtu 1400 --mode napi --ring 32
	expect "a0" "napi 32 1400 True" "$(end_json a0 '' mode ring mtu up)"
	expect "b0" "napi 32 1400 True" "$(end_json b0 blue mode ring mtu up)"
	etunctl set a0 --both --down
	expect "both ends" "False False" "$(end_json a0 '' up) $(end_json b0 blue up)"
	etunctl set a0 --both --wire on
	expect "wires" "True True" "$(end_json a0 '' wire) $(end_json b0 blue wire)"
	etunctl set b0 -n blue --both --wire off
	expect "wires, later" "False False" "$(end_json a0 '' wire) $(end_json b0 blue wire)"
	# When the end refuses, the peer is as it was.
	fails 1 'set a0: .*EINVAL' etunctl set a0 --both --mtu 1300 --up --ring 1
	expect "a0, later" "32 1400 False" "$(end_json a0 '' ring mtu up)"
	expect "b0, later" "32 1400 False" "$(end_json b0 blue ring mtu up)"
	fails 2 'excludes' etunctl set a0 --both --mac 02:00:00:00:00:01
	fails 3 "set b0: its peer can't be seen from here" ip netns exec blue etunctl set b0 --both --up
}

# The kernel takes etun's own attributes and the address of a message before it refuses the MTU.
sets_all_or_nothing() {
	local before
	ip netns add blue
	etunctl add a0 b0 --netns-b blue --mode backlog --up
	ip -n blue link set dev b0 xdpdrv object "$objects/linear.bpf.o" section xdp program drop
	before=$(both_ends)
	fails 1 'set a0: .*EINVAL' etunctl set a0 --both --mode napi --ring 64 --wire on --mtu 9000
	expect "with --both" "$before" "$(both_ends)"
	fails 1 'set a0: .*EINVAL' etunctl set a0 --mode napi --peer-mode $third_mode --ring 64 --peer-ring 32 --wire on \
		--mac 02:00:00:00:00:77 --mtu 70000
	expect "of one end" "$before" "$(both_ends)"
	fails 1 'set b0: .*EINVAL' etunctl set b0 -n blue --peer-ring 32 --mtu 70000
	expect "from the other end" "$before" "$(both_ends)"
	# Taking the policy up gives the peer this end's MTU.
	etunctl set a0 --mtu 1400
	before=$(both_ends)
	fails 1 'set a0: .*EINVAL' etunctl set a0 --mtu-policy equal --mtu 70000
	expect "with a policy" "$before" "$(both_ends)"
}
both_ends() {
	etunctl show a0 --json | json "j['pairs'][0]['mtu_policy']"
	end_json a0 '' mode ring wire mtu up address
	end_json b0 blue mode ring wire mtu up address
}

tells_which_mtu() {
	local said
	ip netns add blue
	etunctl add a0 b0 --netns-b blue
	etunctl set b0 -n blue --mtu 9000
	said=$(etunctl set a0 --mtu-policy equal 2>&1)
	expect "what is said" "etunctl: set a0: the MTU is 1500 at both ends now; b0 blue had 9000" "$said"
	expect_match "show" '^mtu policy +equal, 1500 at both  +equal, 1500 at both$' "$(etunctl show a0)"
	expect "a second time" "" "$(etunctl set a0 --mtu-policy equal 2>&1)"
	etunctl set b0 -n blue --mtu-policy independent
	etunctl set b0 -n blue --mtu 1400
	said=$(etunctl set b0 -n blue --mtu-policy equal 2>&1)
	expect "from the other end" "etunctl: set b0: the MTU is 1400 at both ends now; a0 (here) had 1500" "$said"
	etunctl set a0 --mtu-policy independent
	etunctl set a0 --mtu 1300
	echo '{"pairs": [{"mtu_policy": "equal", "ends": [{"name": "a0"}, {"name": "b0", "netns": "blue"}]}]}' >"$tap_scratch/file"
	expect "apply" "~ pair a0,blue/b0: mtu-policy independent -> equal, mtu 1300 at both" "$(etunctl apply "$tap_scratch/file")"
	expect "MTUs" "1300 1300" "$(end_json a0 '' mtu) $(end_json b0 blue mtu)"
}

tells_queues() {
	ip link add a0 numrxqueues 4 numtxqueues 8 type etun
	ethtool -L a0 rx 3 tx 2
	expect_match "rx queues" '^rx queues +3 of 4 ' "$(etunctl show a0)"
	expect_match "tx queues" '^tx queues +2 of 8 ' "$(etunctl show a0)"
	expect "JSON" "4 8 3 2" "$(end_json a0 '' rx_queues tx_queues rx_queues_in_use tx_queues_in_use)"
}

helps() {
	local command status=0
	etunctl >"$tap_scratch/out" 2>"$tap_scratch/said" || status=$?
	expect "status of etunctl alone" 2 "$status"
	expect "on standard output" "" "$(cat "$tap_scratch/out")"
	for command in add del set rename move cut join apply save list doctor show stats graph top help; do
		expect_match "the list" "^  $command +[a-z]" "$(cat "$tap_scratch/said")" || return 1
	done
	expect "help" "$(etunctl --help)" "$(etunctl help)"
	expect "help add" "$(etunctl add --help)" "$(etunctl help add)"
	fails 2 "there is no command 'ad'.*remedy: did you mean add. " etunctl help ad
	fails 2 "there is no command 'wat'.*remedy: etunctl --help$" etunctl wat
	fails 2 "there is no command 'delete'.*remedy: did you mean del. etunctl --help lists all" etunctl delete a0
	fails 2 "there is no command 'lsit'.*remedy: did you mean list." etunctl lsit
	fails 2 'add: there is no option --netns .*remedy: did you mean --netns-a or --netns-b. etunctl add --help lists all' \
		etunctl add a0 b0 --netns blue
	fails 2 'add: there is no option --nettns-b .*remedy: did you mean --netns-b. etunctl add --help' etunctl add a0 b0 --nettns-b=blue
	# What else is missing then comes of it.
	fails 2 'cut: there is no option --namespace .*remedy: .*etunctl cut --help' etunctl cut --namespace
	fails 2 'there is no option --verson .*did you mean --version' etunctl --verson
	fails 2 "cut: NAME is required.*remedy: etunctl cut --help" etunctl cut
}

case_ "etunctl: doctor has nothing to say of pairs that are well" finds_nothing
case_ "etunctl: doctor tells ends that are down, and its remedy helps" finds_ends_down
case_ "etunctl: a cut is told by doctor, list, show and graph" finds_cuts
case_ "etunctl: doctor tells drops for want of a carrier while there is none" forgets_what_is_over
case_ "etunctl: doctor tells an end without a carrier whose peer is not seen" finds_no_carrier
case_ "etunctl: doctor tells unequal MTUs, and drops by cause" finds_unequal_mtus_and_drops
case_ "etunctl: doctor proposes an MTU that both ends can have, in words for a shell" tells_mtu_that_both_can_have
case_ "etunctl: set changes both ends, or none" sets_both
case_ "etunctl: set that is refused leaves both ends as they were" sets_all_or_nothing
case_ "etunctl: which MTU the policy equal makes that of both" tells_which_mtu
case_ "etunctl: show tells queues in use beside room" tells_queues
case_ "etunctl: commands, help, and what may have been meant" helps
done_testing
