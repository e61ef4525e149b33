#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each event that a notifier of the kernel may refuse is refused, for each end, and each allocation of memory for each
# processor fails: the request is refused as a whole or done as a whole.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/whole.bash"

prepare() {
	load_built etun_fault
}

wholly refusals "" newif newif-two newlink newlink-far up up-napi mtu mtu-equal rename move enslave
wholly shortage "" newif newif-two newlink newlink-far
done_testing
