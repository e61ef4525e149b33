# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What the scripts about etunctl share; source tap.sh and control-helpers.bash first.

# control-helpers.bash has set it.
: "${here:?}"
PATH=$(readlink -f "$here/../../build/tools"):$PATH
command -v etunctl >/dev/null || { echo "Bail out! build it first: make tools"; exit 1; }

# json EXPRESSION: what the Python expression makes of the JSON on standard input, which it calls j.
json() {
	python3 -c 'import json, sys; j = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"
}

# end_json NAME NETNS MEMBER...: of that end, as `etunctl show --json` has it; NETNS is empty for here.
end_json() {
	etunctl show "$1" ${2:+--netns "$2"} --json |
		json "' '.join(str(e[m]) for e in j['pairs'][0]['ends'] if e['name'] == '$1' for m in '${*:3}'.split())"
}

# in_one_line COMMAND...: its lines with bars between.
in_one_line() {
	local said status=0
	said=$("$@" 2>&1) || status=$?
	echo "${said//$'\n'/ | }"
	return $status
}

# fails STATUS PATTERN COMMAND...: ends_with, where PATTERN may go over lines.
fails() { ends_with "$1" "$2" in_one_line "${@:3}"; }
