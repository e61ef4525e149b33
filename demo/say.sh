# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # what the tour reads, and what it sets
# How the tour speaks: titles, commands with their output, and what was verified. Source this file; it wants
# $scratch, a folder for files.
#
# Colours only on a terminal; FORCE_COLOR=1 asks for them elsewhere, NO_COLOR forbids them.

bold='' dim='' green='' red='' plain=''
if [ -z "${NO_COLOR-}" ] && { [ -t 1 ] || [ -n "${FORCE_COLOR-}" ]; }; then
	bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
fi

steps=0    # steps begun
verified=0 # check marks given
output=''  # what the last command printed

# step TITLE SENTENCE: begins a step.
step() {
	steps=$((steps + 1))
	printf '\n%s%d. %s%s\n   %s\n' "$bold" "$steps" "$1" "$plain" "$2"
}

# show COMMAND: prints the command line, runs it, prints what it says; it must succeed.
show() {
	show_any "$1" || wrong "'$1'" "exit status 0" "exit status $?"
}

# show_any COMMAND: as show, but returns the command's exit status.
show_any() {
	local status
	printf '   %s$ %s%s\n' "$bold" "$1" "$plain"
	(eval "$1") 2>&1 </dev/null | tee "$scratch/output" | sed -u "/^\$/d; s/^/   $dim/; s/\$/$plain/"
	status=${PIPESTATUS[0]}
	output=$(<"$scratch/output")
	return "$status"
}

# show_behind COMMAND: prints the command line and runs it in the background; its messages go to $scratch/behind.
show_behind() {
	printf '   %s$ %s &%s\n' "$bold" "$1" "$plain"
	eval "$1" >>"$scratch/behind" 2>&1 </dev/null &
}

# right WHAT: says what was verified.
right() {
	verified=$((verified + 1))
	printf '   %s✓ %s%s\n' "$green" "$1" "$plain"
}

# wrong WHAT EXPECTED SEEN: ends the tour.
wrong() {
	printf '   %s✗ %s%s\n     expected: %s\n     seen:     %s\n' "$red" "$1" "$plain" "$2" "${3:-nothing}" >&2
	exit 1
}

# equal WHAT EXPECTED SEEN
equal() {
	[ "$2" = "$3" ] || wrong "$1" "$2" "$3"
}

# has WHAT PATTERN SEEN: extended regular expression.
has() {
	grep -qE -- "$2" <<<"$3" || wrong "$1" "something that matches /$2/" "$3"
}

# await SECONDS COMMAND...: repeats the command until it succeeds; false when it never does.
await() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}
