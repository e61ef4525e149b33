#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Random operations and random frames (docs/fuzzing.md). Without arguments the same few each time; tests/fuzz/guest has
# it do more:
#
#   fuzz.sh operations ARGUMENT...                    of fuzz-operations.py
#   fuzz.sh frames SEED COUNT SECONDS WAY...          see fuzz-frames.py
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
# A second try would hide what happens rarely.
export tap_tries=1
# shellcheck source-path=SCRIPTDIR source=lab.sh
source ./lab.sh

# fuzz PROGRAM ARGUMENT...: what it says is told.
fuzz() {
	local said
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	said=$(/usr/bin/python3 -ES "$lab/fuzz-$1.py" "${@:2}" 2>&1) || { echo "$said"; return 1; }
	remark "$said"
}

by_each_way() { # SEED COUNT SECONDS WAY...
	local way where
	for way in "${@:4}"; do
		where=()
		[ "$way" != direct ] || where=(where_direct)
		case_ "fuzz: frames that nobody should send, by $way" "${where[@]}" fuzz frames run "$way" "${@:1:3}"
	done
}

# The shortener is told of a failure that two lines cause together, or one alone, or all.
made_shorter() {
	/usr/bin/python3 -ES - "$lab" <<-'PYTHON'
		import sys
		sys.path.insert(0, sys.argv[1])
		import lab, minimise
		lines = list("abcdefghijklmnopqrstuvwxyz")
		lab.check("two of 26", ["c", "x"], minimise.shortest(lines, lambda some: "c" in some and "x" in some))
		lab.check("one of 26", ["z"], minimise.shortest(lines, lambda some: "z" in some))
		lab.check("all of 3", ["a", "b", "c"], minimise.shortest(lines[:3], lambda some: len(some) == 3))
		lab.check("none", lines, minimise.shortest(lines, lambda some: False))
	PYTHON
}

case ${1-} in
operations) case_ "fuzz: random operations leave every pair whole" fuzz "$@" ;;
frames) by_each_way "${@:2}" ;;
*)
	case_ "fuzz: what breaks something is made as short as it gets" made_shorter
	case_ "fuzz: random operations leave every pair whole" fuzz operations run 1 8 60
	by_each_way 1 400 60 backlog direct napi gro program fragments bridge
	# Where all takes long anyway.
	[ "$patience" = 1 ] || by_each_way 1 400 60 bridged returned
	;;
esac
done_testing
