# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of frames as on a wire share: source tap.sh, lab.sh and programs.sh, then this file.

left=left=10.9.0.1
right=right=10.9.0.2

# wrong_sums NETNS: frames that TCP, UDP and SCTP found wrong there.
wrong_sums() {
	ip netns exec "$1" cat /proc/net/snmp /proc/net/sctp/snmp 2>/dev/null | awk '
		/^(Tcp|Udp):/ && !($1 in names) { names[$1] = $0; next }
		/^(Tcp|Udp):/ { split(names[$1], name); for (i = 2; i <= NF; i++) if (name[i] == "InCsumErrors") sum += $i }
		/^SctpChecksumErrors/ { sum += $2 }
		END { print sum + 0 }'
}

# end_in NETNS DEVICE ADDRESS: moves it there, and brings it up.
end_in() {
	[ -e "/run/netns/$1" ] || quiet_netns "$1"
	ip link set "$2" netns "$1"
	ip -n "$1" addr add "$3/24" dev "$2"
	ip -n "$1" link set "$2" up
}

# all_cross A B: TCP, UDP and, where there is SCTP, that too; nobody found a wrong sum.
all_cross() {
	local one=$1 other=$2
	flows both "$one" "$other" 300000 100
	if modprobe -q sctp; then
		flows sctp "$one" "$other" 50
	else
		remark "this kernel has no SCTP"
	fi
	expect "sums found wrong" "0 0" "$(wrong_sums "${one%%=*}") $(wrong_sums "${other%%=*}")"
}
