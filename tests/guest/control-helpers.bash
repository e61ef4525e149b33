# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What the scripts about control and settings share; source tap.sh first.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# tap.sh has made it.
: "${tap_scratch:?}" "${newif:?}" "${delif:?}"
events=$tap_scratch/events

# The server of control-writer.py; it ends with the last of this script's processes.
mkfifo "$tap_scratch/requests" "$tap_scratch/answers"
(python3 -ES "$here/control-writer.py" "$tap_scratch/requests" "$tap_scratch/answers" &)
exec {requests}>"$tap_scratch/requests" {answers}<"$tap_scratch/answers"

ask() {
	local answer
	printf '%s\n' "$*" >&"$requests"
	IFS= read -r -u "$answers" answer
	echo "$answer"
}

# write_errno FILE TEXT: prints the name of the errno that one write() of TEXT gives, or 0. Escapes in TEXT are expanded.
write_errno() { ask write "$1" "$2"; }

# expect_refusal FILE TEXT ERRNO RULE: the write fails with ERRNO, the log gains one line that has RULE, and the list of
# devices stays as it was.
expect_refusal() {
	local seen change log
	read -r seen change log <<<"$(ask refuse "$1" "$2")"
	expect "errno of writing '$2'" "$3" "$seen" || return 1
	expect "devices after writing '$2'" same "$change" || return 1
	expect_match "log after writing '$2'" "etun: [^|]*$4[^|]*$" "$log"
}

# publish: lifecycle-newlink.py and what it reads in $public, since nobody may not enter the folder of somebody's working
# copy.
publish() {
	public=$(mktemp -d)
	cp "$here/lifecycle-newlink.py" "$here/abi.py" "$here/../../src/uapi/etun.h" "$public/"
	chmod -R a+rX "$public"
	export public
}

# newlink [KEY=VALUE...]: one RTM_NEWLINK of kind etun; prints 0 or the errno's name and the kernel's reason.
newlink() { ask newlink "$*"; }

# change DEVICE KEY=VALUE...: one RTM_NEWLINK that changes an end; prints the same. change_in NETNS ...: of
# that namespace.
change() { ask newlink "change=$*"; }
change_in() { ask inside "$1 change=${*:2}"; }

# shown DEVICE KEY...: what rtnetlink tells about an end (see lifecycle-newlink.py). shown_in NETNS ...: of that
# namespace.
shown() { ask newlink "show=$*"; }
shown_in() { ask inside "$1 show=${*:2}"; }

# in_background COMMAND...: ends with the case.
background=()
in_background() {
	"$@" &
	background+=($!)
	trap 'stop_background' EXIT
}

stop_background() {
	[ ${#background[@]} -eq 0 ] && return 0
	kill "${background[@]}" 2>/dev/null || true
	wait "${background[@]}" 2>/dev/null || true
	background=()
}

# The events between start_monitor and stop_monitor are all there: a mark on lo shows that ip listens already,
# and another that it has got everything before.
start_monitor() {
	in_background ip -o monitor link >"$events" 2>&1
	wait_for 20 monitor_shows $((1000 + RANDOM))
}

monitor_shows() {
	ip link set lo group "$1"
	sleep 0.02
	grep -q "group $1 " "$events"
}

# Prints what happened to all devices but lo.
stop_monitor() {
	wait_for 20 monitor_shows $((100000 + RANDOM))
	stop_background
	ip link set lo group default
	grep -vE '^(Deleted )?1: lo:' "$events" || true
}

# devices: the names of all etun ends in one line, by index; devices_in NETNS: of those there, by name.
devices() { ask devices; }
devices_in() {
	ip -n "$1" -d -o link | grep -E '\\ +etun( |$)' | sed -E 's/^[0-9]+: ([^:@]+).*/\1/' | sort | xargs
}

# exists DEVICE; absent is its contrary.
exists() { [ -e "/sys/class/net/$1" ]; }
absent() { ! exists "$1"; }

# net_file DEVICE FILE: of /sys/class/net.
net_file() { (read -r value <"/sys/class/net/$1/$2" && echo "$value"); }
address() { net_file "$1" address; }

# carrier DEVICE: on or off; off for a device that is down, where the file can't be read.
carrier() {
	local value=0
	{ read -r value <"/sys/class/net/$1/carrier"; } 2>/dev/null || value=0
	if [ "$value" = 1 ]; then echo on; else echo off; fi
}

# carriers A B: on or off for both.
carriers() { echo "$(carrier "$1") $(carrier "$2")"; }
expect_carriers() { # WHAT WANTED
	wait_for 3 carriers_are "$2" || expect "$1: carriers of a0 and b0" "$2" "$(carriers a0 b0)"
}
carriers_are() { [ "$(carriers a0 b0)" = "$1" ]; }
# Like it, but what must not come gets time to come.
expect_carriers_stay() {
	expect_carriers "$1" "$2"
	sleep 0.15
	expect "$1: carriers of a0 and b0, later" "$2" "$(carriers a0 b0)"
}

up() {
	local dev
	for dev; do ip link set "$dev" up; done
}

# end_attribute DEVICE NAME [NETNS]: a file of the group in sysfs.
end_attribute() {
	if [ -n "${3-}" ]; then
		ip netns exec "$3" cat "/sys/class/net/$1/etun/$2"
	else
		cat "/sys/class/net/$1/etun/$2"
	fi
}

ifindex() { net_file "$1" ifindex; }
ifindex_in() { ip -n "$1" -o link show dev "$2" | cut -d: -f1; }

# log_length, and what the kernel has said since: nothing that a broken kernel says.
log_length() { dmesg | wc -l; }
expect_healthy_since() {
	local bad
	bad=$(dmesg | tail -n +$(($1 + 1)) | grep -E 'WARNING:|BUG:|Oops|RIP:|Call Trace|refcount|waiting for .* to become free' || true)
	expect "the kernel's complaints" "" "$bad"
}


# as_nobody COMMAND...: without privileges. Debian's kernel lets everybody make user namespaces.
nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
as_nobody() { "${nobody[@]}" "$@"; }

# milliseconds COMMAND...: how long it took.
milliseconds() {
	local begin=${EPOCHREALTIME/./}
	"$@"
	echo $(((${EPOCHREALTIME/./} - begin) / 1000))
}

# ends_with STATUS PATTERN COMMAND...: COMMAND ends with STATUS, a line that it says matches PATTERN, and no device comes
# or goes.
ends_with() {
	local wanted=$1 pattern=$2 status=0 said before
	shift 2
	before=$(devices)
	said=$("$@" 2>&1) || status=$?
	expect "status of '$*'" "$wanted" "$status" || return 1
	expect_match "answer to '$*'" "$pattern" "$said" || return 1
	expect "devices after '$*'" "$before" "$(devices)"
}

# pair_names PREFIX N: `PREFIXa1,PREFIXb1 ...`; first_names: the first of each.
pair_names() { seq -f "${1}a%.0f" "$2" | sed -E 's/(.*)a([0-9]+)$/\1a\2,\1b\2/' | xargs; }
first_names() { seq -f "${1}a%.0f" "$2" | xargs; }
