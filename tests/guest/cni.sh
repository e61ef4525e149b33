#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The CNI plugin, called as a container runtime does: each command, in real namespaces, with Debian's host-local.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"
# shellcheck source=tests/guest/control-helpers.bash
. "$(dirname "$(readlink -f "$0")")/control-helpers.bash"
# shellcheck source=tests/guest/cni.bash
. "$(dirname "$(readlink -f "$0")")/cni.bash"

tells_versions() {
	local said
	said=$(echo '{"cniVersion": "0.4.0"}' | cni VERSION '')
	expect "versions" "0.4.0 0.3.0 0.3.1 0.4.0 1.0.0 1.1.0" "$(of "$said" "' '.join([j['cniVersion'], *j['supportedVersions']])")"
	version=0.2.0
	container red
	refuses 1 "0\.2\.0.*cniVersion to one of 0\.3\.0" add red
	expect "version of an error" 1.1.0 "$(of "$(add red)" "j['cniVersion']")"
}

# Containers reach the host and, by it, each other.
by_the_host() {
	local result members='"mtu": 1400'
	fresh
	container red blue
	result=$(add red "$members")
	add blue "$members"
	expect "the result" "1.0.0 10.77.0.2/24 10.77.0.1 eth0 /run/netns/red" \
		"$(of "$result" "' '.join([j['cniVersion'], j['ips'][0]['address'], j['ips'][0]['gateway'], *(j['interfaces'][j['ips'][0]['interface']][m] for m in ('name', 'sandbox'))])")"
	expect "the host's end in the result" "$(host_end red) $(address "$(host_end red)")" \
		"$(of "$result" "' '.join(j['interfaces'][0][m] for m in ('name', 'mac'))")"
	expect "MTUs" "1400 1400" "$(net_file "$(host_end red)" mtu) $(ip netns exec red cat /sys/class/net/eth0/mtu)"
	expect "routes in the container" "10.77.0.0/24 via 10.77.0.1 dev eth0 proto static 10.77.0.1 dev eth0 proto static scope link" \
		"$(ip -n red route | xargs)"
	expect "the host's way back" "10.77.0.2 dev $(host_end red) proto static scope link" "$(ip route show 10.77.0.2 | xargs)"
	expect "routers heard by the host's end" 0 "$(cat "/proc/sys/net/ipv6/conf/$(host_end red)/accept_ra")"
	pings red 10.77.0.1
	pings red 10.77.0.3
	after CHECK red "$result" "$members"
	after DEL red "$result" "$members"
	add red
	network | cni DEL red
	network | cni DEL blue
	expect_nothing_left
}

by_a_bridge() {
	local result members='"bridge": "cni0", "isDefaultGateway": true, "hairpinMode": true' mac
	fresh
	container red blue
	result=$(add red "$members")
	mac=$(address cni0)
	add blue "$members"
	expect "interfaces" "cni0 $(host_end red) eth0" "$(of "$result" "' '.join(i['name'] for i in j['interfaces'])")"
	expect "whose address it is" 2 "$(of "$result" "j['ips'][0]['interface']")"
	expect "the bridge's address" "10.77.0.1/24" "$(ip -4 -o addr show cni0 | awk '{ print $4 }')"
	expect "default routes" "10.77.0.1 0.0.0.0/0" "$(ip -n red route show default | awk '{ print $3 }') $(of "$result" "j['routes'][0]['dst']")"
	expect "hairpin" 1 "$(cat "/sys/class/net/$(host_end red)/brport/hairpin_mode")"
	expect "the bridge keeps its own address" "$mac" "$(address cni0)"
	pings red 10.77.0.1
	pings red 10.77.0.3
	after CHECK red "$result" "$members"
	after DEL red "$result" "$members"
	network "$members" | cni DEL blue
	expect "ports" "" "$(ls /sys/class/net/cni0/brif)"
	ip link del cni0
	expect_nothing_left
}

# Nothing of a pair is seen that is not as asked for: the first event about it has all.
in_one_message() {
	local seen end members='"bridge": "cni0", "mtu": 1600, "mac": "02:00:00:00:00:07"'
	fresh
	container red
	ip link add cni0 type bridge
	start_monitor
	add red "$members" >/dev/null
	seen=$(stop_monitor)
	end=$(host_end red)
	expect_match "the first event of the host's end" "^[0-9]+: $end@if[0-9]+: .*[<,]UP[,>].* mtu 1600 .*link/ether $(address "$end")" \
		"$(grep "$end" <<<"$seen" | head -n 1)"
	expect "what is seen of the container's end here" "" "$(grep eth0 <<<"$seen")"
	expect "bridge" cni0 "$(basename "$(readlink "/sys/class/net/$end/master")")"
	expect "addresses that udev leaves alone" "3 3" \
		"$(net_file "$end" addr_assign_type) $(ip netns exec red cat /sys/class/net/eth0/addr_assign_type)"
}

by_settings() {
	local members='"mac": "02:00:00:00:00:07", "queues": 3, "mode": "napi", "hostMode": "direct", "ring": 64'
	fresh
	container red blue green
	add red "$members"
	expect "the container's end" "02:00:00:00:00:07 napi" "$(ip netns exec red cat /sys/class/net/eth0/address /sys/class/net/eth0/etun/mode | xargs)"
	expect "queues" "3 3" "$(ip netns exec red ls /sys/class/net/eth0/queues | grep -c rx) $(find "/sys/class/net/$(host_end red)/queues/" -name 'tx-*' | wc -l)"
	expect "the host's end" direct "$(end_attribute "$(host_end red)" mode)"
	expect "ring" 64 "$(ip netns exec red ethtool -g eth0 | awk '/^RX:/ { seen = $2 } END { print seen }')"
	add blue "$members, \"runtimeConfig\": {\"mac\": \"02:00:00:00:00:08\"}" CNI_ARGS='IgnoreUnknown=1;MAC=02:00:00:00:00:09'
	expect "what the runtime was asked for" 02:00:00:00:00:08 "$(ip netns exec blue cat /sys/class/net/eth0/address)"
	add green "$members" CNI_ARGS='IgnoreUnknown=1;MAC=02:00:00:00:00:09'
	expect "by CNI_ARGS" 02:00:00:00:00:09 "$(ip netns exec green cat /sys/class/net/eth0/address)"
}

both_families() {
	local result
	fresh
	ipam='{"type": "host-local", "dataDir": "'$leases'", "ranges": [[{"subnet": "10.77.0.0/24"}], [{"subnet": "fd00:77::/64"}]],
		"routes": [{"dst": "::/0"}, {"dst": "0.0.0.0/0"}]}'
	container red blue
	result=$(add red)
	add blue
	pings red fd00:77::1
	pings red fd00:77::3
	pings red 10.77.0.3
	after CHECK red "$result"
	ip -n red -6 route del default
	refuses 101 'no route to ::/0' after CHECK red "$result"
}

# A container in two networks; the first one's default route stays.
in_two_networks() {
	local first second
	fresh
	container red
	ipam="$host_local"', "routes": [{"dst": "0.0.0.0/0"}]}'
	first=$(add red)
	lab=other
	second=$(ipam='{"type": "static", "addresses": [{"address": "10.78.0.2/24", "gateway": "10.78.0.1"}], "routes": [{"dst": "0.0.0.0/0"}]}'
		add red '' CNI_IFNAME=net1)
	expect "default route" "10.77.0.1" "$(ip -n red route show default | awk '{ print $3 }')"
	expect "ends" 2 "$(devices | wc -w)"
	pings red 10.78.0.1
	lab=lab
	after CHECK red "$first"
	after DEL red "$first"
	expect "the other one's end" "$(of "$second" "j['interfaces'][0]['name']")" "$(devices)"
}

of_older_versions() {
	local result
	fresh
	for version in 0.3.0 0.3.1 0.4.0; do
		container "red$version"
		result=$(add "red$version")
		expect "the result" "$version 4 None" \
			"$(of "$result" "' '.join([j['cniVersion'], j['ips'][0]['version'], str(j['interfaces'][0].get('mtu'))])")" || return 1
		case $version in
		0.4.0) after CHECK "red$version" "$result" ;;
		*) refuses 1 "CNI $version has no CHECK" after CHECK "red$version" "$result" ;;
		esac
		refuses 1 "has no GC" cni GC '' < <(network '"cni.dev/valid-attachments": []')
		refuses 1 "has no STATUS" cni STATUS '' < <(network)
		network | cni DEL "red$version"
	done
}

behind_another_plugin() {
	local result previous='{"interfaces": [{"name": "lo0", "sandbox": "/run/netns/red"}], "ips": [{"address": "192.0.2.1/32", "interface": 0}]}'
	fresh
	container red
	result=$(add red "\"prevResult\": $previous")
	expect "interfaces" "lo0 $(host_end red) eth0" "$(of "$result" "' '.join(i['name'] for i in j['interfaces'])")"
	expect "whose addresses they are" "0 2" "$(of "$result" "' '.join(str(i['interface']) for i in j['ips'])")"
	after CHECK red "$result"
}

deletes_what_is_left() {
	local result end
	fresh
	container red
	network | cni DEL red
	result=$(add red)
	end=$(host_end red)
	ip netns del red
	wait_for 5 absent "$end"
	network | cni DEL red
	expect_nothing_left
	# Without a namespace in the call the end goes all the same.
	container red
	add red
	network | cni DEL red CNI_NETNS=
	expect_nothing_left
	expect "devices in the container" "lo" "$(ip -n red -o link | sed -E 's/^[0-9]+: ([^:@]+).*/\1/' | xargs)"
	# An end that was removed by hand; a namespace's file without its mount.
	add red
	ip link del "$(host_end red)"
	: >"$tap_scratch/lost"
	network | cni DEL red CNI_NETNS="$tap_scratch/lost"
	after DEL red "$result"
	expect_nothing_left
}

# The runtime lost a container, and makes it anew under the same name: the host's end goes with the old one's namespace.
adds_while_the_last_one_goes() {
	local i
	fresh
	ipam=
	for ((i = 0; i < 10; i++)); do
		container red
		add red >/dev/null || { echo "round $i"; return 1; }
		ip netns del red
	done
	# One that stays is refused: in another namespace the container's name is free.
	container red blue
	add red >/dev/null
	refuses 100 "there is a device $(host_end red) on the host already.*waited for" \
		add red '' CNI_NETNS=/run/netns/blue
}

sees_what_changed() {
	local result end members='"bridge": "cni0", "isGateway": true'
	fresh
	ipam="$host_local"', "routes": [{"dst": "192.0.2.0/24"}]}'
	container red
	result=$(add red "$members")
	end=$(host_end red)
	after CHECK red "$result" "$members"
	ip link set "$end" nomaster
	refuses 101 "$end is no port of cni0" after CHECK red "$result" "$members"
	ip link set "$end" master cni0
	ip addr del 10.77.0.1/24 dev cni0
	refuses 101 "cni0 does not have the address 10.77.0.1/24" after CHECK red "$result" "$members"
	ip addr add 10.77.0.1/24 dev cni0
	ip -n red route del 192.0.2.0/24
	refuses 101 "no route to 192.0.2.0/24" after CHECK red "$result" "$members"
	ip -n red route add 192.0.2.0/24 via 10.77.0.1
	ip -n red link set eth0 address 02:00:00:00:00:99
	refuses 101 "eth0 has the address 02:00:00:00:00:99, not" after CHECK red "$result" "$members"
	ip -n red link set eth0 address "$(of "$result" "j['interfaces'][2]['mac']")"
	after CHECK red "$result" "$members"
	ip link set "$end" down
	refuses 101 "$end on the host is down" after CHECK red "$result" "$members"
	ip link set "$end" up
	ip -n red addr del 10.77.0.2/24 dev eth0
	refuses 101 "eth0 does not have the address 10.77.0.2/24" after CHECK red "$result" "$members"
	ip -n red link del eth0
	refuses 101 "no device eth0 in the container" after CHECK red "$result" "$members"
	refuses 7 "'prevResult' is missing" cni CHECK red < <(network "$members")
	rm -rf "$leases"
	refuses 999 'host-local: .*find address' after CHECK red "$result" "$members"
}

fails_whole() {
	local before
	fresh
	container red
	# The interface is there already: the lease of whoever has it stays.
	add red '"bridge": "cni0"'
	before="$(devices) $(leased)"
	refuses 100 'a device eth0 in the container already' add red '"bridge": "cni0"'
	expect "ends and leases" "$before" "$(devices) $(leased)"
	network | cni DEL red
	ip link del cni0
	expect_nothing_left
	# A route that can't be made comes last: bridge, pair and lease go back.
	ipam="$host_local"', "routes": [{"dst": "0.0.0.0/0", "gw": "192.0.2.9"}]}'
	refuses 100 'eth0: route to 0.0.0.0/0: .*(ENETUNREACH|EINVAL)' add red '"bridge": "cni0", "isGateway": true'
	expect_nothing_left
	# The kernel refuses the pair.
	ipam="$host_local}"
	refuses 100 'the pair of ec[0-9a-v]{13} and eth0: .*EINVAL' add red '"bridge": "cni0", "queues": 65000'
	expect_nothing_left
	# No address is left.
	ipam='{"type": "host-local", "dataDir": "'$leases'", "ranges": [[{"subnet": "10.77.0.0/30"}]]}'
	container blue
	add red
	before=$(devices)
	refuses 999 'host-local: .*no IP addresses available' add blue
	expect "ends" "$before" "$(devices)"
	network | cni DEL red
	expect_nothing_left
}

refuses_nonsense() {
	fresh
	container red
	refuses 4 "CNI_COMMAND is 'WHAT'" cni WHAT red
	refuses 4 "CNI_CONTAINERID is '.red', CNI_IFNAME is 'a/b', CNI_NETNS is ''" add .red '' CNI_IFNAME=a/b CNI_NETNS=
	refuses 3 'no network namespace at /run/netns/green' add green
	refuses 4 "CNI_NETNS is '/proc/self/ns/net', which is the host's" add red '' CNI_NETNS=/proc/self/ns/net
	refuses 6 'is no JSON' cni ADD red < <(echo '{')
	refuses 2 'there is no field vlan, which is 7' add red '"vlan": 7'
	refuses 2 'ipMasq is true.*nftables' add red '"ipMasq": true'
	refuses 7 'isGateway, .* about a bridge' add red '"isGateway": true'
	refuses 7 "mode: 'fast' is none.*backlog, napi, direct" add red '"mode": "fast"'
	refuses 7 'mtu: a whole number.*46 to 65535' add red '"mtu": 45'
	refuses 7 'lo is no bridge' add red '"bridge": "lo"'
	ipam='{"type": "nowhere"}'
	refuses 102 "no plugin 'nowhere' in CNI_PATH.*containernetworking-plugins" add red
	expect_nothing_left
}

collects_garbage() {
	local staying answer='IPAM_ANSWER={}'
	fresh
	version=1.1.0 ipam=$scripted
	container red blue green
	add red '' "$answer"
	add red '' "$answer" CNI_IFNAME=net1
	add blue '' "$answer"
	(lab=other && add green '' "$answer")
	make_pair ecveth0 b0
	: >"$calls"
	refuses 7 'valid-attachments. is missing' cni GC '' < <(network)
	expect "ends before" 6 "$(devices | wc -w)"
	staying=$(printf '%s\n' b0 ecveth0 "$(host_end red)" "$(host_end green)" | sort | xargs)
	network '"cni.dev/valid-attachments": [{"containerID": "red", "ifname": "eth0"}]' | cni GC ''
	expect "ends after" "$staying" "$(devices | xargs -n 1 | sort | xargs)"
	expect "what was called" GC "$(cut -d ' ' -f 1 "$calls")"
	# One that could not be told is told of, and the rest done.
	refuses 123 'scripted: as told' cni GC '' IPAM_FAILS=GC < <(network '"cni.dev/valid-attachments": null')
	expect "ends at last" 3 "$(devices | wc -w)"
}

tells_status() {
	fresh
	version=1.1.0 ipam=$scripted
	network | cni STATUS ''
	expect "what was called" STATUS "$(cut -d ' ' -f 1 "$calls")"
	refuses 123 'as told' cni STATUS '' IPAM_FAILS=STATUS < <(network)
	refuses 2 'no field vlan' cni STATUS '' < <(network '"vlan": 7')
	rmmod etun
	network | cni STATUS ''
	rmmod etun
	echo 'install etun /bin/false' >/etc/modprobe.d/no-etun.conf
	trap 'rm -f /etc/modprobe.d/no-etun.conf' EXIT
	refuses 50 'the module is not loaded' cni STATUS '' < <(network)
	container red
	refuses 100 'the module is not loaded' add red '' 'IPAM_ANSWER={}'
	expect "what was called" "ADD DEL" "$(tail -n 2 "$calls" | cut -d ' ' -f 1 | xargs)"
}

calls_ipam() {
	local result
	fresh
	version=1.1.0 ipam=$scripted
	container red
	result=$(add red '' 'IPAM_ANSWER={"cniVersion": "1.1.0", "ips": [{"address": "10.77.0.9/24"}], "routes": [{"dst": "192.0.2.0/24", "mtu": 1300, "priority": 7}], "dns": {"nameservers": ["192.0.2.53"]}}')
	expect "the result" "1.1.0 [1500, 1500] 192.0.2.53 10.77.0.1" \
		"$(of "$result" "' '.join([j['cniVersion'], str([i['mtu'] for i in j['interfaces']]), j['dns']['nameservers'][0], j['ips'][0]['gateway']])")"
	expect "the route" "192.0.2.0/24 via 10.77.0.1 proto static metric 7 mtu 1300" "$(ip -n red route show 192.0.2.0/24 dev eth0 | xargs)"
	after CHECK red "$result"
	after DEL red "$result"
	expect "what was called" "ADD CHECK DEL" "$(cut -d ' ' -f 1 "$calls" | xargs)"
	expect_nothing_left
	refuses 123 'as told . by the test' add red '' IPAM_FAILS=ADD
	refuses 6 "scripted.: ips.0.: 'x' is no IP address" add red '' 'IPAM_ANSWER={"ips": [{"address": "x"}]}'
	refuses 6 "scripted. answered is no JSON" add red '' 'IPAM_ANSWER=x'
	expect "what was called then" "ADD DEL ADD DEL ADD DEL" "$(tail -n 6 "$calls" | cut -d ' ' -f 1 | xargs)"
	expect_nothing_left
	# The pair goes although IPAM fails.
	result=$(add red '' 'IPAM_ANSWER={}')
	refuses 123 'as told' after DEL red "$result" '' IPAM_FAILS=DEL
	expect_nothing_left
}

# One bridge, an address for each.
at_once() {
	local i members='"bridge": "cni0", "isGateway": true'
	fresh
	for i in 1 2 3 4 5 6; do container "c$i"; done
	for i in 1 2 3 4 5 6; do add "c$i" "$members" >"$tap_scratch/result$i" & done
	wait
	expect "ports" 6 "$(find /sys/class/net/cni0/brif/ -mindepth 1 | wc -l)"
	expect "leases" 6 "$(leased)"
	pings c1 10.77.0.1
	for i in 1 2 3 4 5 6; do network "$members" | cni DEL "c$i"; done
	ip link del cni0
	expect_nothing_left
}

case_ "cni: VERSION, and a version that is not spoken" tells_versions
case_ "cni: two containers by the host, from ADD to DEL" by_the_host
case_ "cni: two containers by a bridge, from ADD to DEL" by_a_bridge
case_ "cni: a pair appears complete, in one message" in_one_message
case_ "cni: MAC, queues, modes and rings as configured" by_settings
case_ "cni: IPv4 and IPv6" both_families
case_ "cni: a container in two networks" in_two_networks
case_ "cni: older versions of the specification" of_older_versions
case_ "cni: behind another plugin" behind_another_plugin
case_ "cni: DEL of what is gone" deletes_what_is_left
case_ "cni: ADD while the last one goes with its namespace" adds_while_the_last_one_goes
case_ "cni: CHECK sees what changed" sees_what_changed
case_ "cni: an ADD that fails leaves nothing" fails_whole
case_ "cni: what makes no sense is refused" refuses_nonsense
case_ "cni: GC takes what is not valid, of its own network" collects_garbage
case_ "cni: STATUS" tells_status
case_ "cni: IPAM is called for each command" calls_ipam
case_ "cni: several ADDs at once" at_once
done_testing
