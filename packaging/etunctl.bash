# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Completion for etunctl: commands, their options, words, and the names of ends and namespaces.

_etunctl_commands='add del list show set rename move stats cut join apply save graph top doctor help'

_etunctl_options() {
	case $1 in
	add)
		echo --netns-a --netns-b --mac-a --mac-b --mtu --mtu-policy --queues --mode --peer-mode --ring --peer-ring \
			--wire --up --count --pattern --start
		;;
	del) echo --netns --count --pattern --start ;;
	set) echo --netns --mac --mtu --mtu-policy --mode --peer-mode --ring --peer-ring --wire \
			--peer-wire --up --down --both ;;
	rename) echo --netns ;;
	move) echo --netns --to --name --up ;;
	show) echo --netns --json ;;
	stats) echo --netns --json --all ;;
	cut | join) echo --netns ;;
	list) echo --netns --rates --json ;;
	doctor) echo --json ;;
	graph) echo --netns --format ;;
	help) echo "$_etunctl_commands" ;;
	top) echo --once --count ;;
	apply) echo --dry-run --prune ;;
	save) ;;
	*) echo "$_etunctl_commands" --version ;;
	esac
}

# The ends in a namespace, or here, by all of their names.
_etunctl_ends() {
	ip ${1:+-n "$1"} -o link show type etun 2>/dev/null | sed -E 's/^[0-9]+: ([^:@]+)/\nname \1\n/; s/altname ([^ \\]+)/\nname \1\n/g' |
		sed -n 's/^name //p'
}

_etunctl() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command="" netns="" files="" i words
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-n | --netns) netns=${COMP_WORDS[i + 1]} ;;
		-*) ;;
		*) [ -n "$command" ] || command=${COMP_WORDS[i]} ;;
		esac
	done
	case $before in
	--mode | --peer-mode) words='backlog napi direct' ;;
	--wire | --peer-wire)
		words='on off'
		# That of `add` is a switch by itself.
		[ "$command" != add ] || words="$(_etunctl_options add) --help"
		;;
	--mtu-policy) words='independent equal' ;;
	--format) words='dot svg' ;;
	-n | --netns | --netns-a | --netns-b | --to) words=$(ip netns list 2>/dev/null | cut -d ' ' -f 1) ;;
	--mac* | --mtu | --queues | --ring | --peer-ring | --count | --pattern | --start | --name) words='' ;;
	*)
		words="$(_etunctl_options "$command") --help"
		case $command in
		del | show | set | rename | move | stats | cut | join) words+=" $(_etunctl_ends "$netns")" ;;
		apply | save) files=yes ;;
		esac
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" ${files:+-f} -- "$word")
}

complete -F _etunctl etunctl
