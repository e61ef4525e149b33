# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For what stands in front of `ip` in PATH, perhaps several of them; source it.

# next_ip FOLDER: prints the path of the first `ip` behind FOLDER in PATH. Selftests call `ip` often, and a process takes
# long to start on an emulated processor: so none is started for it.
next_ip() {
	local folder behind=''
	local -a folders
	IFS=: read -ra folders <<<"$PATH"
	for folder in "${folders[@]}"; do
		[ ! "$folder" -ef "$1" ] || { behind=yes; continue; }
		[ -z "$behind" ] || [ ! -x "$folder/ip" ] || { echo "$folder/ip"; return; }
	done
	echo "ip: there is no other in PATH" >&2
	exit 127
}
