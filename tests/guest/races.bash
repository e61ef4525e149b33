# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of races share: source tap.sh and lab.sh, then this file. What each case proves besides what it says is
# that the machine lives: the runner looks at the kernel's log, and unloads the module, at the end.

tap_tries=1
# Grace periods as they are, for they are what a race is about.
echo 0 >/sys/kernel/rcu_expedited
background_processes=()
calm=/dev/null # the file that ends what goes on until it is there

# background COMMAND...: runs until stop_background or the end of the case, and is not heard.
background() {
	trap end_case EXIT
	"$@" >/dev/null 2>&1 &
	background_processes+=($!)
}

stop_background() {
	kill -9 "${background_processes[@]}" 2>/dev/null || true
	wait "${background_processes[@]}" 2>/dev/null || true
	background_processes=()
}

end_case() {
	touch "$calm"
	stop_background
}

# begin_load: from now on until the file `calm` is there, or the case ends, something goes on.
begin_load() {
	# shellcheck disable=SC2154 # tap.sh makes it.
	calm=$tap_scratch/calm.$BASHPID
	trap end_case EXIT
}

absent() {
	! ip link show "$1"
}

nothing_is_left() {
	local name
	for name in "$@"; do wait_for 10 absent "$name" >/dev/null 2>&1; done
	expect "devices that are left" "" "$(ip -d -o link | grep -E '\\ +etun ' | cut -d: -f2)"
	expect "references to the module" 0 "$(cat /sys/module/etun/refcnt)"
}

flowing() { [ "$(count_of "$1" tx_packets)" -gt 100 ]; }
