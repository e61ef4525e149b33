# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# How the scripts about the CNI plugin call it as a runtime does; source tap.sh and control-helpers.bash first.

# control-helpers.bash and tap.sh have set them.
: "${here:?}" "${tap_scratch:?}"
plugin=$(readlink -f "$here/../../build/tools/cni/etun")
[ -x "$plugin" ] || { echo "Bail out! build it first: make cni"; exit 1; }
[ -x /usr/lib/cni/host-local ] || { echo "Bail out! install containernetworking-plugins first"; exit 1; }

calls=$tap_scratch/calls
leases=$tap_scratch/leases
host_local='{"type": "host-local", "dataDir": "'$leases'", "ranges": [[{"subnet": "10.77.0.0/24"}]]'
scripted='{"type": "scripted"}'
# What a network is, unless a case says something else: lab is its name.
version=1.0.0
lab=lab
ipam="$host_local}"

# fresh: no bridge, no lease, no note of an earlier case.
fresh() {
	ip link del cni0 2>/dev/null || true
	rm -rf "$leases" "$calls"
	touch "$calls"
}

# container NAME...: a network namespace for each.
container() {
	local one
	for one; do
		ip netns add "$one"
		ip -n "$one" link set lo up
	done
}

# network [MEMBERS]: a configuration, with MEMBERS beside name, version and IPAM.
network() {
	printf '{"cniVersion": "%s", "name": "%s", "type": "etun"%s%s}' "$version" "$lab" "${ipam:+, \"ipam\": $ipam}" \
		"${1:+, $1}"
}

# cni COMMAND CONTAINER [VARIABLE=VALUE...]: calls the plugin with the configuration on standard input. What it says of
# a failure is said twice, so that it is seen when the caller wants a result.
cni() {
	local command=$1 id=$2 said
	shift 2
	said=$(env -i PATH="$PATH" CNI_COMMAND="$command" CNI_CONTAINERID="$id" CNI_NETNS="/run/netns/$id" CNI_IFNAME=eth0 \
		CNI_PATH="$here/cni-plugins:/usr/lib/cni" IPAM_CALLS="$calls" "$@" "$plugin") ||
		{ echo "$said" >&2; echo "$said"; return 1; }
	echo "$said"
}

# add CONTAINER [MEMBERS [VARIABLE=VALUE...]]: ADD; prints the result.
add() { network "${2-}" | cni ADD "$1" "${@:3}"; }

# after COMMAND CONTAINER RESULT [MEMBERS [VARIABLE=VALUE...]]: what follows an ADD that gave RESULT.
after() { network "${4:+$4, }\"prevResult\": $3" | cni "$1" "$2" "${@:5}"; }

# of JSON EXPRESSION: what the Python expression makes of it, which it calls j.
of() { python3 -c 'import json, sys; j = json.loads(sys.argv[1]); print(eval(sys.argv[2]))' "$1" "$2"; }

# refuses CODE PATTERN COMMAND...: a call fails with that code, and says what matches.
refuses() {
	local code=$1 pattern=$2 said status=0
	shift 2
	said=$("$@" 2>/dev/null) || status=$?
	expect "status of '$*'" 1 $status || return 1
	expect "code of '$*', which said $said" "$code" "$(of "$said" "j['code']")" || return 1
	expect_match "what '$*' said" "$pattern" "$(of "$said" "j['msg'] + ' | ' + j.get('details', '')")"
}

# host_end CONTAINER [INTERFACE]: name of its end on the host, by its alias.
host_end() {
	ip -j link show | python3 -c '
import json, sys
print(*[link["ifname"] for link in json.load(sys.stdin) if link.get("ifalias", "").endswith(sys.argv[1])])' "$1 ${2-eth0}"
}

# leased: how many addresses are given.
leased() { find "$leases" -name '10.*' 2>/dev/null | wc -l; }

# expect_nothing_left: no end here, no bridge, no lease.
expect_nothing_left() {
	expect "ends on the host" "" "$(devices)" || return 1
	expect "bridges" "" "$(ip -o link show type bridge)" || return 1
	expect "leases" 0 "$(leased)"
}

pings() { ip netns exec "$1" ping -q -c 2 -i 0.2 -W 2 "$2"; }
