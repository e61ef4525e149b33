# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the lints in bash share: results in TAP, and where things are.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=$root/build/lint
status=0
mkdir -p "$out"
cd "$root" || exit 1

# result STATUS NAME [DIAGNOSIS]: one line; a failure is remembered, and its diagnosis printed.
result() {
	if [ "$1" -eq 0 ]; then
		echo "ok - lint: $2"
		return
	fi
	echo "not ok - lint: $2"
	[ -z "${3-}" ] || printf '%s\n' "$3" | head -n 60 | sed 's/^/# /'
	status=1
}

# refused STATUS NAME [DIAGNOSIS]: the proof that a check can fail; STATUS is that of the check on something bad.
refused() {
	[ "$1" -ne 0 ]
	result $? "$2 (can fail)" "${3-accepted what it should refuse}"
}

# files PATTERN...: ours, tracked or to be, less what is deleted.
files() {
	local file
	git ls-files -co --exclude-standard -- "$@" | sort -u | while IFS= read -r file; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
}
