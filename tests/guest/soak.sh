#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Traffic by every delivery mode while settings change, and counters that balance (soak.py): soak.sh [SECONDS [SEED]].
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
# A second try would hide what happens rarely.
export tap_tries=1
. "$(dirname "$0")/lab.sh"

# soak SECONDS SEED: what it says is told.
soak() {
	local said
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	said=$(/usr/bin/python3 -ES "$lab/soak.py" run "$@" 2>&1) || { echo "$said"; return 1; }
	remark "$said"
}

case_ "soak: sent is received or dropped for a reason, in every mode, whatever changes" soak "${1-$((20 * patience))}" "${2-1}"
done_testing
