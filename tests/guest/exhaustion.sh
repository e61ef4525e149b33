#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each allocation on the way of a request fails once: the request is refused as a whole or done as a whole. Needs a
# kernel with fault injection, which the debug kernel is. What leaks on the way out, kmemleak tells in the end.
#
#   exhaustion.sh [MOST [WHAT...]]    of each request at most so many allocations; 24 unless told, `all` is every one
#   exhaustion.sh --requests          tells all WHAT there are
requests=(newif newif-two delif newlink newlink-far change direct dellink up up-napi down channels ring coalesce gro
	tx-checksum rx-checksum attach detach mtu mtu-equal rename move enslave load unload)
if [ "${1-}" = --requests ]; then
	echo "${requests[@]}"
	exit
fi
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/whole.bash"
debug=/sys/kernel/debug
# What does not hold every time is what is looked for.
tap_tries=1

# Failures of all sizes and kinds, and no traces in the log.
prepare() {
	[ -e /proc/thread-self/fail-nth ] || skip "this kernel has no fault injection"
	mountpoint -q $debug || mount -t debugfs debugfs $debug
	echo N >$debug/failslab/ignore-gfp-wait
	echo 0 >$debug/failslab/verbose
	echo N >$debug/fail_page_alloc/ignore-gfp-wait
	echo 0 >$debug/fail_page_alloc/min-order
	echo 0 >$debug/fail_page_alloc/verbose
	# The core warns when it cannot give a device that moves its name again.
	# Else every other failure is one of kmemleak's notes, and in the end it gives up.
	case $1 in
	move) fault spare device_rename ;;
	*) fault spare kmemleak_alloc ;;
	esac
}

most=${1-24}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- "${requests[@]}"
wholly exhaustion "$most" "$@"
done_testing
