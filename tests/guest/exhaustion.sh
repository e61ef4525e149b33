#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each allocation on the way of a request fails once: the request is refused as a whole or done as a whole. Needs a kernel
# with fault injection, which the debug kernel is. What leaks on the way out, kmemleak tells in the end.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
debug=/sys/kernel/debug

# Failures of all sizes and kinds, and no traces in the log.
prepare() {
	[ -e /proc/thread-self/fail-nth ] || skip "this kernel has no fault injection"
	mountpoint -q $debug || mount -t debugfs debugfs $debug
	echo N >$debug/failslab/ignore-gfp-wait
	echo 0 >$debug/failslab/verbose
	echo N >$debug/fail_page_alloc/ignore-gfp-wait
	echo 0 >$debug/fail_page_alloc/min-order
	echo 0 >$debug/fail_page_alloc/verbose
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
}

# exhausted WHAT: see exhaustion.py.
exhausted() {
	prepare
	/usr/bin/python3 -ES "$lab/exhaustion.py" "$1"
}

case_ "exhaustion: a pair by newif, wholly or not at all" exhausted newif
case_ "exhaustion: a pair by rtnetlink in mode napi" exhausted newlink
case_ "exhaustion: a pair is destroyed" exhausted delif
case_ "exhaustion: mode napi" exhausted mode
case_ "exhaustion: another ring" exhausted ring
case_ "exhaustion: more channels" exhausted channels
case_ "exhaustion: GRO" exhausted gro
case_ "exhaustion: an XDP program" exhausted program
case_ "exhaustion: up" exhausted up
done_testing
