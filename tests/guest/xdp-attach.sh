#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# When an XDP program may be attached, what that does to the other end, and programs that come and go under traffic.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/programs.sh"

# refused REASON COMMAND...: it fails and says why.
refused() {
	local reason=$1 said
	shift
	! said=$("$@" 2>&1) || { echo "expected to be refused: $*"; return 1; }
	expect_match "reason why refused: $*" "$reason" "$said"
}

# native DEVICE: the name of the program in the driver, or nothing.
native() {
	ip -d link show dev "$1" | sed -nE 's/.*prog\/xdp id [0-9]+ name ([a-z]+) .*/\1/p'
}

# ---- length ----

long_frames_keep_linear_programs_out() {
	quiet_pair a0 b0
	ip link set a0 mtu 9000
	refused "Peer MTU is too large to set XDP" attach b0 linear
	expect "program of b0" "" "$(native b0)"
	expect "largest MTU of a0" 65535 "$(maximum a0)"
	verdicts arrive a0 b0 10 1514
	attach b0 frags
	expect "program of b0" frags "$(native b0)"
	# Its own MTU is no obstacle.
	attach a0 linear
}

linear_programs_keep_long_frames_out() {
	local largest
	quiet_pair a0 b0
	attach b0 linear
	largest=$(maximum a0)
	[ "$largest" -ge 1500 ] && [ "$largest" -lt 4096 ] || expect "largest MTU of a0" "1500 to 4095" "$largest"
	refused "greater than device maximum" ip link set a0 mtu $((largest + 1))
	ip link set a0 mtu "$largest"
	ip link set b0 mtu "$largest"
	verdicts arrive a0 b0 20 $((largest + 14)) verdict=pass -- arrive a0 a0 20 $((largest + 14)) verdict=tx
	expect "largest MTU of b0" 65535 "$(maximum b0)"
	detach b0
	expect "largest MTU of a0 without a program" 65535 "$(maximum a0)"
	ip link set a0 mtu 65535
}

# A program is followed by one that takes more, and by one that takes less.
length_follows_the_program() {
	local largest
	quiet_pair a0 b0
	attach b0 linear
	largest=$(maximum a0)
	ip -force link set dev b0 xdpdrv pinned "$(program_of frags)"
	expect "largest MTU of a0" 65535 "$(maximum a0)"
	ip link set a0 mtu 9000
	refused "Peer MTU is too large to set XDP" ip -force link set dev b0 xdpdrv pinned "$(program_of linear)"
	expect "program of b0" frags "$(native b0)"
	ip link set a0 mtu 1500
	ip -force link set dev b0 xdpdrv pinned "$(program_of linear)"
	expect "largest MTU of a0" "$largest" "$(maximum a0)"
	refused "greater than device maximum" ip link set a0 mtu 9000
}

# ---- what the other end offers ----

segmentation() {
	echo "$(offload "$1" tcp-segmentation-offload) $(offload "$1" tx-udp-segmentation)"
}

segmentation_rests() {
	quiet_pair a0 b0
	expect "segmentation of a0 before" "on on" "$(segmentation a0)"
	attach b0 linear
	expect "segmentation of a0 with a program at b0" "off off" "$(segmentation a0)"
	expect "segmentation of b0" "on on" "$(segmentation b0)"
	# Nor can it be asked for.
	ethtool -K a0 tso on >/dev/null 2>&1 || true
	expect "segmentation of a0 that was asked for" off "$(offload a0 tcp-segmentation-offload)"
	detach b0
	expect "segmentation of a0 after" "on on" "$(segmentation a0)"
	ethtool -K a0 tso off
	attach b0 linear
	detach b0
	expect "segmentation of a0, switched off by hand" off "$(offload a0 tcp-segmentation-offload)"
}

# ---- other programs ----

generic_and_native() {
	quiet_pair a0 b0
	attach b0 drop
	refused "can't be active at the same time" attach b0 pass xdpgeneric
	refused "already attached" attach b0 pass
	expect "program of b0" drop "$(native b0)"
	detach b0
	attach b0 drop xdpgeneric
	refused "can't be active at the same time" attach b0 pass
	verdicts vanish a0 b0 10 1514
	expect "frames that met a program in the driver" 0 "$(statistics b0 rx_queue_0_xdp_packets)"
	detach b0 xdpgeneric
	attach b0 pass
	verdicts arrive a0 b0 10 1514
}

queues_for_every_sender() {
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	make_pair a0 b0
	ethtool -L a0 rx 1 tx 2
	ethtool -L b0 rx 1 tx 1
	refused "rx queues not less than peer tx queues" attach b0 pass
	ethtool -L a0 tx 1
	attach b0 pass
	refused "" ethtool -L a0 tx 2
	expect "tx queues of a0" 1 "$(find /sys/class/net/a0/queues -name 'tx-*' | wc -l)"
	ethtool -L b0 rx 2
	ethtool -L a0 tx 2
	refused "" ethtool -L b0 rx 1
	ip link set a0 up
	ip link set b0 up
	verdicts arrive a0 b0 20 1514
	detach b0
	ethtool -L b0 rx 1
}

# The probe unregisters the other end, as another module might.
peer_is_gone() {
	quiet_pair a0 b0
	attach b0 drop
	load_built etun_probe
	echo unregister a0 >"$probe_parameters/run"
	[ ! -e /sys/class/net/a0 ]
	expect "program of b0" drop "$(native b0)"
	detach b0
	refused "Cannot set XDP when peer is detached" attach b0 pass
	expect "program of b0" "" "$(native b0)"
	expect_match "answer to another mode" '^ENODEV .*the peer is gone' "$(links set b0 mode=napi)"
}

features_of_xdp() {
	quiet_pair a0 b0
	needs_kernel 6.3 "list of XDP features"
	expect "XDP features" "basic redirect ndo-xmit rx-sg ndo-xmit-sg" "$(links xdp-features a0)"
	attach b0 linear
	expect "XDP features with a program at the other end" "basic redirect ndo-xmit rx-sg ndo-xmit-sg" \
		"$(links xdp-features a0)"
	detach b0
	# An end that cannot have a program itself is a target of redirects all the same.
	ethtool -L a0 tx 2
	expect "XDP features with fewer rx queues than the peer has tx queues" "ndo-xmit ndo-xmit-sg" "$(links xdp-features b0)"
	ethtool -L b0 rx 2
	expect "XDP features with as many" "basic redirect ndo-xmit rx-sg ndo-xmit-sg" "$(links xdp-features b0)"
}

# ---- up and down, near and far ----

attached_while_down() {
	quiet_pair a0 b0
	ip link set b0 down
	attach b0 drop
	ip link set b0 up
	verdicts vanish a0 b0 10 1514
	ip link set b0 down
	ip link set b0 up
	verdicts vanish a0 b0 10 1514
	expect "dropped by the program" 20 "$(statistics b0 rx_queue_0_xdp_drops)"
	ip link set b0 down
	detach b0
	ip link set b0 up
	verdicts arrive a0 b0 10 1514
}

moved_to_another_namespace() {
	quiet_pair a0 b0
	attach b0 linear
	quiet_netns right
	ip link set b0 netns right
	ip -n right link set b0 up
	verdicts arrive a0 right:b0 20 1514 verdict=pass end=right:b0 -- arrive a0 a0 20 1514 verdict=tx end=right:b0
	ip netns del right
	wait_for 10 gone a0
}

gone() { [ ! -e "/sys/class/net/$1" ]; }

# The pair goes, and the module after it, with a program at work.
removed_with_its_program() {
	quiet_pair a0 b0
	quiet_pair c0 d0
	attach b0 linear
	attach d0 linear
	aim linear c0
	put linear/knobs 0 0 0 0 100
	frames storm "$tap_scratch/stop" a0 &
	wait_for 10 sent_some c0
	ip link del c0
	rmmod etun
	touch "$tap_scratch/stop"
	wait
	rm "$tap_scratch/stop"
}

sent_some() { [ "$(count_of "$1" tx_packets)" -ge 100 ]; }

# ---- under traffic ----

tcp_and_udp_through_programs() {
	make_namespaces left right
	ip -n left link set dev a0 xdpdrv pinned "$(program_of pass)"
	ip -n right link set dev b0 xdpdrv pinned "$(program_of pass)"
	flows both left=10.9.0.1 right=10.9.0.2 500000 200
	flows both left=fd00:9::1 right=fd00:9::2 300000 100
	pings left 10.9.0.2
}

attached_under_traffic() {
	local sent received
	quiet_pair a0 b0
	alternate "attach b0 pass" "detach b0"
	churn a0 b0 1.5
	rest
	[ "$received" -gt $((sent / 2)) ] || expect "frames received of $sent" "more than half" "$received"
}

replace_with() { ip -force link set dev b0 xdpdrv pinned "$(program_of "$1")"; }

# A program that follows another lets no frame pass between them.
replaced_under_traffic() {
	local sent received
	quiet_pair a0 b0
	attach b0 drop
	put linear/knobs 0 0 0 0 1
	alternate "replace_with linear" "replace_with drop"
	churn a0 b0 1.5
	rest
	expect "frames received by the device" "$sent" "$received"
	expect "frames that met a program" "$sent" "$(statistics b0 rx_queue_0_xdp_packets)"
}

streams_survive() {
	make_namespaces left right
	alternate "ip -n right link set dev b0 xdpdrv pinned $(program_of pass)" "ip -n right link set dev b0 xdpdrv off"
	flows both left=10.9.0.1 right=10.9.0.2 1500000 0
	rest
}

# Both programs send every frame back: it runs to and fro until one of them goes.
to_and_fro() {
	local before
	quiet_pair a0 b0
	attach a0 linear
	attach b0 linear
	put linear/knobs 0 0 0 0 3
	verdicts circle a0 2000
	detach b0
	wait_for 5 rests a0
	before=$(count_of a0 tx_packets)
	sleep 0.2
	expect "frames sent after the program went" "$before" "$(count_of a0 tx_packets)"
	verdicts arrive a0 b0 10 1514
}

rests() {
	local before
	before=$(count_of "$1" tx_packets)
	sleep 0.1
	[ "$before" = "$(count_of "$1" tx_packets)" ]
}

# ---- what the driver knows about a frame ----

# answers NAME: of bpf/metadata.bpf.c.
answers() {
	bpftool -j map lookup pinned "$pins/bound/answers" key 0 0 0 0 | /usr/bin/python3 -ESc "
import json, sys
value = json.load(sys.stdin)['formatted']['value']
print(*(value[name] for name in sys.argv[1:]))" "$@"
}

metadata_of_frames() {
	local hash type result
	needs_kernel 6.8 "metadata of VLANs for XDP"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no type information"
	make_namespaces left right
	ip -n right link set b0 netns 1
	ip link set b0 up
	rm -rf "${pins:?}/bound"
	mkdir -p "$pins/bound"
	"$objects/bound" "$objects/metadata.bpf.o" metadata b0 "$pins/bound"
	ip -n left neigh add 10.9.0.2 dev a0 lladdr "$(cat /sys/class/net/b0/address)"
	udp_from_left 10.9.0.2
	read -r hash type result < <(answers hash hash_type hash_result)
	expect "result of rx_hash" 0 "$result"
	[ "$hash" -ne 0 ] || expect "hash" "not 0" "$hash"
	expect "hash over ports (XDP_RSS_L4)" 8 $((type & 8))
	expect "result of rx_vlan_tag for an untagged frame (ENODATA)" -61 "$(answers vlan_result)"
	expect_match "result of rx_timestamp (0 or ENODATA)" '^(0|-61)$' "$(answers timestamp_result)"
	ip -n left link add link a0 name a0.5 type vlan id 5
	ip -n left addr add 10.5.0.1/24 dev a0.5
	ip -n left link set a0.5 up
	ip -n left neigh add 10.5.0.2 dev a0.5 lladdr "$(cat /sys/class/net/b0/address)"
	udp_from_left 10.5.0.2
	# It was not taken off: it lies in the frame, where the program sees it, and whoever gets the frame next.
	expect "tagged frames, and the result of rx_vlan_tag (ENODATA)" "1 -61" "$(answers tagged vlan_result)"
	read -r hash type result < <(answers hash hash_type hash_result)
	expect "result of rx_hash for a tagged frame" 0 "$result"
	expect "hash over ports (XDP_RSS_L4) of a tagged frame" 8 $((type & 8))
	expect "frames that met the program" 2 "$(answers frames)"
}

udp_from_left() {
	ip netns exec left bash -c "echo -n metadata >/dev/udp/$1/9"
}

load_programs || exit 1
case_ "xdp: a linear program is refused where the peer sends longer frames" long_frames_keep_linear_programs_out
case_ "xdp: a linear program lowers the peer's largest MTU until it goes" linear_programs_keep_long_frames_out
case_ "xdp: the peer's largest MTU follows from program to program" length_follows_the_program
case_ "xdp: the peer's segmentation offload rests while a program is attached" segmentation_rests
case_ "xdp: native and generic programs exclude each other" generic_and_native
case_ "xdp: a program needs as many rx queues as the peer has tx queues" queues_for_every_sender
case_ "xdp: an end whose peer is gone takes no program, and no other mode" peer_is_gone
case_ "xdp: features are told" features_of_xdp
case_ "xdp: programs attached while down work when up" attached_while_down
case_ "xdp: a program moves with its end to another namespace" moved_to_another_namespace
case_ "xdp: pairs go while their programs redirect" removed_with_its_program
case_ "xdp: TCP and UDP lose nothing through programs at both ends" tcp_and_udp_through_programs
case_ "xdp: programs come and go under traffic; every frame is accounted for" attached_under_traffic
case_ "xdp: a program that replaces another misses no frame" replaced_under_traffic
case_ "xdp: TCP survives programs that come and go" streams_survive
case_ "xdp: a frame sent to and fro by two programs stops when one goes" to_and_fro
case_ "xdp: programs learn the hash from the driver, and find VLAN tags in the frame" metadata_of_frames
done_testing
