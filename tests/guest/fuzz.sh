#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Random operations and random frames, as many as fit into some seconds, always the same. tests/fuzz/guest runs any number.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
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

# The shortener is told of a failure that two lines cause together, or one of two others alone.
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

case_ "fuzz: what breaks something is made as short as it gets" made_shorter
case_ "fuzz: random operations leave every pair whole" fuzz operations run 1 "${sequences:-8}" "${length:-60}"
for way in backlog direct napi gro program fragments bridge; do
	case_ "fuzz: frames that nobody should send, by $way" fuzz frames run "$way" 1 "${frames:-400}"
done
done_testing
