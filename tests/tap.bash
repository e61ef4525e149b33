# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What tests on the host share that number their results; end_of_tests comes last.

count=0
failed=0

# result STATUS NAME [LOG]: one TAP line, and the end of the log when it failed.
result() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
		return
	fi
	echo "not ok $count - $2"
	failed=1
	[ ! -s "${3-}" ] || tail -n 40 "$3" | sed 's/^/# /'
}

# end_of_tests: the plan; its status, which is to be the script's, is 1 when one failed.
end_of_tests() {
	echo "1..$count"
	return $failed
}
