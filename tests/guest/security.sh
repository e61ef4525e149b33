#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Who may do what: docs/security.md. What control, attributes and namespaces show already is not shown again.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
export tap_tries=1
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash
# shellcheck source-path=SCRIPTDIR source=lab.sh
source ./lab.sh

publish

# ---- who may change ----

# Every way to change a pair or to make one, one a line.
changes() {
	cat <<-'LIST'
	echo x0,y0 >/sys/module/etun/parameters/newif
	echo a0 >/sys/module/etun/parameters/delif
	cat /sys/module/etun/parameters/newif
	cat /sys/module/etun/parameters/delif
	echo napi >/sys/class/net/a0/etun/mode
	echo 2000 >/sys/class/net/a0/mtu
	echo 0 >/sys/class/net/a0/carrier
	echo 1 >/sys/class/net/a0/threaded
	ip link add type etun
	ip link add x0 type etun
	python3 -ES $public/lifecycle-newlink.py change=a0 mode=napi
	python3 -ES $public/lifecycle-newlink.py change=a0 peer-ring=512
	ip link set a0 down
	ip link set a0 mtu 2000
	ip link set a0 address 02:00:00:00:00:77
	ip link set dev a0 carrier off
	ip link set a0 protodown on
	ip link set a0 alias what
	ip link set a0 netns far
	ip link set b0 down
	ip link set b0 name c0
	ip link set b0 xdp off
	ip link del a0
	ip link del b0
	ethtool -K a0 gro on
	ethtool -K a0 rx off
	ethtool -L a0 rx 2 tx 2
	ethtool -G a0 rx 512
	ethtool -C a0 rx-usecs 50 rx-frames 8
	tc qdisc add dev a0 root pfifo
	LIST
}

# All that can be set at both ends.
settings_of_ends() {
	local device
	for device in a0 b0; do
		ip -d -o link show "$device"
		cat "/sys/class/net/$device/etun/mode" "/sys/class/net/$device/threaded"
		shown "$device" mode ring mtu-policy
		ethtool -k "$device"
		ethtool -l "$device"
		ethtool -g "$device"
		ethtool -c "$device"
		tc qdisc show dev "$device"
	done
	devices
}

# try_changes: each line that is read is tried; prints what was said.
try_changes() {
	local line
	while IFS= read -r line; do
		echo "$line => $(eval "$line" 2>&1 </dev/null | tail -n 1)"
	done
}
export -f try_changes

# refused_to COMMAND...: in whose place a shell runs; each change is refused for want of rights, and changes nothing.
refused_to() {
	local before said
	expect "answer" 0 "$(newlink name=a0 rxqueues=2 txqueues=2 peer.name=b0)"
	up a0
	ip netns add far
	before=$(settings_of_ends)
	said=$(changes | "$@" bash -c try_changes 2>&1)
	expect "number of answers" "$(changes | wc -l)" "$(grep -c ' => ' <<<"$said")"
	expect "what was not refused for want of rights" "" \
		"$(grep -vE ' => .*(EPERM|not permitted|[Pp]ermission denied)' <<<"$said")"
	expect "what is set" "$before" "$(settings_of_ends)"
	remark "$(wc -l <<<"$said") changes were refused"
}

refused_to_nobody() {
	refused_to as_nobody
	expect_match "rmmod" "not permitted" "$(as_nobody rmmod etun 2>&1)"
}
refused_to_root_of_a_user_namespace() { refused_to as_nobody unshare -Ur; }
refused_to_own_user_namespace() { refused_to unshare -Ur; }
refused_without_net_admin() { refused_to setpriv --bounding-set -net_admin; }

readable_by_nobody() {
	local command said
	make_pair a0 b0
	up a0 b0
	while IFS= read -r command; do
		said=$(as_nobody bash -c "$command" 2>&1) || expect "status of '$command'" 0 "not 0: $said"
		[ -n "$said" ] || expect "answer to '$command'" "some" ""
		expect "answer to '$command'" "$(bash -c "$command" 2>&1)" "$said"
	done <<-'LIST'
		cat /sys/class/net/a0/etun/peer_name
		cat /sys/class/net/a0/etun/peer_ifindex
		cat /sys/class/net/a0/etun/peer_netnsid
		cat /sys/class/net/a0/etun/pair_id
		cat /sys/class/net/a0/etun/mode
		cat /sys/class/net/a0/etun/peer_mode
		ip -d -o link show a0
		ethtool -i a0
		ethtool -S a0
		ethtool -k a0
		ethtool -g a0
		ethtool -l a0
		ethtool -c a0
		python3 -ES $public/lifecycle-newlink.py show=a0 mode ring mtu-policy peer-ifindex peer-netnsid pair-id
	LIST
}

# ---- files ----

# files_of FOLDER...: mode, owner, group and path of each file in it.
files_of() { find "$@" -type f -printf '%m %U %G %P\n' | sort; }

# All that there are, so that a new one has to be listed here.
files_and_their_modes() {
	make_pair a0 b0
	expect "control files" "200 0 0 delif
200 0 0 newif" "$(files_of /sys/module/etun/parameters)"
	expect "files of an end" "444 0 0 pair_id
444 0 0 peer_ifindex
444 0 0 peer_mode
444 0 0 peer_name
444 0 0 peer_netnsid
444 0 0 wire
644 0 0 mode" "$(files_of /sys/class/net/a0/etun)"
	# But for where programs.sh keeps its programs.
	expect "files of the same names elsewhere" "" \
		"$(find /dev /proc/sys /sys/kernel/debug /run -xdev -iname '*etun*' ! -path /run/etun-bpf 2>/dev/null)"
}

# As with any device's folder, the owner is root of the namespace that the end is in.
files_follow_the_end() {
	local pid wanted
	make_pair a0 b0
	in_background "${nobody[@]}" unshare -Urn sleep 1000
	pid=${background[-1]}
	wait_for 10 own_namespace "$pid"
	ip link set a0 netns "$pid"
	wanted="444 65534 65534 pair_id
444 65534 65534 peer_ifindex
444 65534 65534 peer_mode
444 65534 65534 peer_name
444 65534 65534 peer_netnsid
444 65534 65534 wire
644 65534 65534 mode"
	# Seen from outside, through a sysfs of that network namespace.
	expect "files of an end that somebody was given" "$wanted" \
		"$(nsenter -t "$pid" -n unshare -m sh -c 'mount -t sysfs sysfs /sys &&
			find /sys/class/net/a0/etun/ -type f -printf "%m %U %G %P\n" | sort')"
	nsenter -t "$pid" -n ip link set a0 netns 1
	expect "owners of the files of one that came back" "0 0" \
		"$(find /sys/class/net/a0/etun/ -type f -printf '%U %G\n' | sort -u)"
}
own_namespace() { [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }

# ---- one end each ----

# given_away: a0 goes to a network namespace that somebody's user namespace owns, b0 stays. as_owner COMMAND...
given_away() {
	expect "answer" 0 "$(newlink name=a0 peer.name=b0 "$@")"
	in_background "${nobody[@]}" unshare -Urn sleep 1000
	owner=${background[-1]}
	wait_for 10 own_namespace "$owner"
	ip link set a0 netns "$owner"
	as_owner ip link set a0 up
	up b0
	wait_for 5 test "$(carrier b0)" = on
}
as_owner() { as_nobody nsenter -t "$owner" -U -n --preserve-credentials "$@"; }

owner_of_one_end() {
	local owner before
	given_away
	before=$(ip -d -o link show b0)
	expect_match "moving it into a foreign namespace" "not permitted" "$(as_owner ip link set a0 netns 1 2>&1)"
	expect_match "a pair half in a foreign namespace" "not permitted|EPERM" \
		"$(as_owner python3 -ES "$public/lifecycle-newlink.py" name=x0 peer.name=y0 peer.netns=1 2>&1)"
	expect_match "reaching for the other by its name" "Cannot find|does not exist" \
		"$(as_owner ip link set b0 mtu 1000 2>&1)"
	expect "settings of the other end" "$before" "$(ip -d -o link show b0)"
	# It is one cable: whoever holds one end can pull it, and what he does not want to take the other does not send.
	as_owner ip link set a0 down
	wait_for 5 test "$(carrier b0)" = off
	as_owner ip link set a0 up
	as_owner ethtool -K a0 rx off
	expect_match "checksums of the other end" 'tx-checksumming: off' "$(ethtool -k b0)"
	as_owner ip link del a0
	wait_for 5 absent b0
}

owner_of_one_end_with_equal_mtus() {
	local owner
	given_away mtu-policy=equal
	as_owner ip link set a0 mtu 1234
	expect "MTU of the other end" 1234 "$(net_file b0 mtu)"
	expect_match "lifting the policy" '^EPERM' \
		"$(as_owner python3 -ES "$public/lifecycle-newlink.py" change=a0 mtu-policy=independent)"
}

# ---- loading ----

loaded() { [ -d /sys/module/etun ]; }
not_loaded() { ! loaded; }
link_by_nobody() { as_nobody "$@" ip link add type etun 2>&1; }

loaded_on_demand() {
	rmmod etun
	expect_match "as nobody" "not permitted" "$(link_by_nobody)"
	expect_match "as root of a user namespace, not of the network namespace" "not permitted" \
		"$(link_by_nobody unshare -Ur)"
	not_loaded
	expect "as root of both" "" "$(link_by_nobody unshare -Urn)"
	loaded
}

# by_modprobe_d LINE: a file in modprobe.d, until the case ends. The guest's files are gone with it.
by_modprobe_d() {
	echo "$1" >/etc/modprobe.d/security-test.conf
	trap 'rm -f /etc/modprobe.d/security-test.conf; stop_background' EXIT
	rmmod etun
}

forbidden_by_blacklist() {
	by_modprobe_d "blacklist etun"
	expect_match "link" "Unknown device type|not supported" "$(link_by_nobody unshare -Urn)"
	not_loaded
	expect_match "link, by root" "Unknown device type|not supported" "$(ip link add type etun 2>&1)"
	not_loaded
	modprobe etun
	loaded
}

forbidden_by_install() {
	by_modprobe_d "install etun /bin/false"
	expect_match "link" "Unknown device type|not supported" "$(link_by_nobody unshare -Urn)"
	expect_match "modprobe by root" "Error running install command" "$(modprobe etun 2>&1)"
	not_loaded
}

forbidden_by_user_namespaces() {
	local name value
	rmmod etun
	for name in kernel.unprivileged_userns_clone user.max_user_namespaces; do
		value=$(sysctl -n $name)
		sysctl -qw $name=0
		expect_match "link with $name=0" "[Nn]o space|not permitted" "$(link_by_nobody unshare -Urn)"
		sysctl -qw "$name=$value"
		not_loaded
	done
	expect "link with the old values" "" "$(link_by_nobody unshare -Urn)"
}

# ---- the kernel's log ----

# Each line that the driver writes is provoked once.
log_holds_no_address() {
	local lines text file
	dmesg -C
	rmmod etun
	modprobe etun
	make_pair a0 b0
	for text in '' ' ' a 'a,b,c' 'a0,c0' 'x,x' "$(printf 'n%.0s' {1..20}),b" '\xff,b' lo '%p,%px'; do
		for file in "$newif" "$delif" /sys/class/net/a0/etun/mode; do write_errno "$file" "$text"; done
	done
	setpriv --bounding-set -net_admin \
		bash -c "echo x,y >$newif; echo a0 >$delif; echo napi >/sys/class/net/a0/etun/mode" || true
	modprobe -r etun
	modprobe etun newif=x0,y0 || true
	modprobe etun
	lines=$(dmesg | grep -E '(etun|a0): ')
	[ "$(wc -l <<<"$lines")" -ge 20 ] || expect "lines of the driver" "20 or more" "$lines"
	expect "addresses among them" "" "$(grep -iE '\b(0x)?[0-9a-f]{12,16}\b|\(ptrval\)|\(null\)' <<<"$lines")"
	remark "$(wc -l <<<"$lines") lines"
}

# Root of a user namespace may write into its ends' files: what it says there is to leave room for others.
log_is_not_flooded_from_a_user_namespace() {
	local lines
	sysctl -qw net.core.message_cost=5
	dmesg -C
	as_nobody unshare -Urnm sh -c 'mount -t sysfs sysfs /sys && ip link add x0 type etun && cd /sys/class/net/x0/etun &&
		for i in $(seq 200); do echo nonsense >mode; done' 2>/dev/null || true
	lines=$(dmesg | grep -c "x0: mode 'nonsense")
	expect "number of lines ($lines) from 1 to 30" yes "$([ "$lines" -ge 1 ] && [ "$lines" -le 30 ] && echo yes)"
}

# ---- frames ----

# moves COMMAND...: see the head of moves.py; what it says is told.
moves() {
	local said
	said=$(/usr/bin/python3 -ES "$lab/moves.py" "$@" 2>&1) || { echo "$said"; return 1; }
	remark "$said"
}

nothing_follows() { # SETTING...: of the end that moves
	quiet_netns east
	quiet_netns west
	quiet_pair a0 b0
	[ $# -eq 0 ] || expect "answer to $*" 0 "$(change b0 "$@")"
	moves phases a0 b0 20
}

nothing_follows_with_a_program() {
	quiet_netns east
	quiet_netns west
	quiet_pair a0 b0
	ip link set b0 xdpdrv object "$here/../../build/bpf/linear.bpf.o" section xdp program pass
	moves phases a0 b0 20
}

nothing_held_follows() {
	quiet_netns east
	quiet_pair a0 b0
	expect "answer" 0 "$(change b0 mode=napi)"
	moves held a0 b0 200
}

case_ "security: each file of the driver, its mode and its owner" files_and_their_modes
case_ "security: the files of an end belong to root of its network namespace" files_follow_the_end
case_ "security: everybody may look at an end" readable_by_nobody
case_ "security: an unprivileged user changes nothing" refused_to_nobody
case_ "security: root of an unprivileged user namespace changes nothing outside" refused_to_root_of_a_user_namespace
case_ "security: root in a user namespace of its own changes nothing outside" refused_to_own_user_namespace
case_ "security: root without CAP_NET_ADMIN changes nothing" refused_without_net_admin
case_ "security: who owns one end may cut and end the pair, and has no other say over the other end" owner_of_one_end
case_ "security: with the MTU policy equal who owns one end sets the MTU of both" owner_of_one_end_with_equal_mtus
case_ "security: a link by root of a user namespace loads the module, by others it does not" loaded_on_demand
case_ "security: blacklist in modprobe.d forbids loading on demand" forbidden_by_blacklist
case_ "security: install in modprobe.d forbids loading by name, too" forbidden_by_install
case_ "security: without user namespaces nobody but root loads the module" forbidden_by_user_namespaces
case_ "security: no line of the driver in the log holds an address" log_holds_no_address
case_ "security: a user namespace does not flood the log" log_is_not_flooded_from_a_user_namespace
case_ "security: no frame follows an end into another namespace, by the backlog" nothing_follows
case_ "security: no frame follows an end into another namespace, by NAPI" nothing_follows mode=napi
case_ "security: no frame follows an end into another namespace, at once" where_direct nothing_follows mode=direct
case_ "security: no frame follows an end into another namespace, past a program" nothing_follows_with_a_program
case_ "security: frames held in a ring do not follow an end into another namespace" nothing_held_follows
rm -rf "$public"
done_testing
