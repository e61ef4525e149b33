#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The control files newif and delif: what they take, what they refuse, and that a request is carried out whole or not
# at all.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash

made_by_newif() {
	make_pair a0 b0
	expect "devices" "a0 b0" "$(devices)"
}

example_of_2007() {
	echo -n 'veth0,veth1' >/sys/module/etun/parameters/newif
	expect "devices after newif" "veth0 veth1" "$(devices)"
	echo -n 'veth0' >/sys/module/etun/parameters/delif
	expect "devices after delif" "" "$(devices)"
}

blanks_forgiven() {
	expect "newline after newif" 0 "$(write_errno "$newif" 'a0,b0\n')"
	expect "blanks after newif" 0 "$(write_errno "$newif" 'a1,b1 \t\v\f\r\n ')"
	expect "devices" "a0 b0 a1 b1" "$(devices)"
	expect "newline after delif" 0 "$(write_errno "$delif" 'a0\n')"
	expect "blanks after delif" 0 "$(write_errno "$delif" 'b1 \t\v\f\r\n ')"
	expect "devices" "" "$(devices)"
}

deleted_by_either() {
	make_pair a0 b0
	echo a0 >"$delif"
	expect "devices after delif of the first" "" "$(devices)"
	make_pair a0 b0
	echo b0 >"$delif"
	expect "devices after delif of the second" "" "$(devices)"
}

write_only() {
	local file
	for file in "$newif" "$delif"; do
		expect "mode and owner of $file" "200 0 0" "$(stat -c '%a %u %g' "$file")"
		expect "root opens $file for reading" EACCES \
			"$(python3 -ES -c "import errno,os
try: print('opened', os.open('$file', os.O_RDONLY))
except OSError as e: print(errno.errorcode[e.errno])")"
	done
}

# The message of bash for one write of its own, and not of the server's, which has all capabilities.
without_server() { # FILE TEXT
	local message
	message=$( { echo -n "$2" >"$1"; } 2>&1) && message=0
	echo "${message##*: }"
}

needs_net_admin() {
	make_pair a0 b0
	export -f without_server
	expect_match "capabilities left" "Current: =.*cap_net_admin-" "$(setpriv --bounding-set -net_admin capsh --print)"
	expect "newif without cap_net_admin" "Operation not permitted" \
		"$(setpriv --bounding-set -net_admin bash -c "without_server $newif x0,y0")"
	expect "delif without cap_net_admin" "Operation not permitted" "$(setpriv --bounding-set -net_admin bash -c "without_server $delif a0")"
	expect "devices" "a0 b0" "$(devices)"
	expect "lines in the log" 2 "$(dmesg | tail -n 2 | grep -c 'etun: .*CAP_NET_ADMIN over this network namespace')"
	expect "with all but cap_net_admin dropped" 0 \
		"$(setpriv --bounding-set -all,+net_admin bash -c "without_server $newif x0,y0")"
}

characters_refused() {
	local text
	for text in 'a-0,b0' 'a0,b_0' 'a.0,b0' 'a0,b/0' 'a0:1,b0' 'a0,b%d' 'a0,b0,c0' 'a*,b0'; do
		expect_refusal "$newif" "$text" EINVAL "1 to 15 ASCII letters and digits"
	done
}

letters_and_digits() {
	expect "all capitals" 0 "$(write_errno "$newif" ABCDEFGHIJKLMNO,PQRSTUVWXYZ)"
	expect "digits and letters" 0 "$(write_errno "$newif" 0123456789,abcdefghijklmno)"
	expect "one character each, pqrstuvwxyz" 0 "$(write_errno "$newif" '7,Z pqrstuvwxyz,9')"
	expect "devices" "ABCDEFGHIJKLMNO PQRSTUVWXYZ 0123456789 abcdefghijklmno 7 Z pqrstuvwxyz 9" "$(devices)"
}

taken_refused() {
	make_pair a0 b0
	expect_refusal "$newif" a0,c0 EEXIST "a device of this name exists"
	expect_refusal "$newif" c0,b0 EEXIST "a device of this name exists"
	expect_refusal "$newif" lo,c0 EEXIST "a device of this name exists"
}

unknown_refused() {
	make_pair a0 b0
	expect_refusal "$delif" nosuch ENODEV "no device of this name"
	expect_refusal "$delif" a00 ENODEV "no device of this name"
	expect_refusal "$delif" a ENODEV "no device of this name"
}

foreign_refused() {
	modprobe dummy numdummies=0
	ip link add d0 type dummy
	ip link set d0 up
	expect_refusal "$delif" d0 EOPNOTSUPP "not an end of an etun pair"
	expect_refusal "$delif" lo EOPNOTSUPP "not an end of an etun pair"
	expect_match "d0" "[<,]UP[,>]" "$(ip -o link show d0)"
	ip link del d0
}

empty_refused() {
	expect_refusal "$newif" ' ' ENODATA "no name given"
	expect_refusal "$newif" '\n\t \n' ENODATA "no name given"
	expect_refusal "$delif" '\n' ENODATA "no name given"
	expect_refusal "$delif" '\x00abc' ENODATA "no name given"
	expect "a write of no byte to newif" 0 "$(write_errno "$newif" '')"
	expect "a write of no byte to delif" 0 "$(write_errno "$delif" '')"
	expect "devices" "" "$(devices)"
}

malformed_refused() {
	expect_refusal "$newif" a0 EBADMSG "written name0,name1"
	expect_refusal "$newif" 'a0 b0' EBADMSG "written name0,name1"
	expect_refusal "$newif" 'a0 ,b0' EBADMSG "written name0,name1"
	expect_refusal "$newif" 'a0, b0' EINVAL "1 to 15 ASCII letters and digits"
}

empty_name_refused() {
	expect_refusal "$newif" ,b0 EINVAL "newif ',b0': a new name is 1 to 15"
	expect_refusal "$newif" a0, EINVAL "newif 'a0,': a new name is 1 to 15"
	expect_refusal "$newif" , EINVAL "newif ',': a new name is 1 to 15"
}

latin_refused() {
	local byte
	# The letters among Latin-1, both ends of each range, and the two signs between them.
	for byte in '\xc0' '\xd6' '\xd7' '\xdf' '\xe0' '\xf6' '\xf7' '\xff' '\xaa'; do
		expect_refusal "$newif" "a$byte,b0" EINVAL "1 to 15 ASCII letters and digits"
	done
	expect_refusal "$newif" 'a0,\xc3\xa9' EINVAL "1 to 15 ASCII letters and digits"
}

long_names_refused() {
	local sixteen=a123456789abcdef
	expect_refusal "$newif" "$sixteen,b0" ENAMETOOLONG "at most 15 characters"
	expect_refusal "$newif" "a0,$sixteen" ENAMETOOLONG "at most 15 characters"
	expect_refusal "$delif" "$sixteen" ENAMETOOLONG "at most 15 characters"
	expect "fifteen are not too long" 0 "$(write_errno "$newif" "${sixteen%f},b23456789abcdef")"
	expect "devices" "a123456789abcde b23456789abcdef" "$(devices)"
	expect_refusal "$delif" "$sixteen" ENAMETOOLONG "at most 15 characters"
}

# The 2007 buffer had 16 bytes; these are all longer than that, and than the page that comes after.
overlong_refused() {
	local size text
	for size in 17 64 255 4000; do
		text=$(printf '%*s' "$size" '' | tr ' ' x)
		expect_refusal "$newif" "$text,b0" ENAMETOOLONG "at most 15 characters"
		expect_refusal "$newif" "a0,$text" ENAMETOOLONG "at most 15 characters"
		expect_refusal "$delif" "$text" ENAMETOOLONG "at most 15 characters"
	done
	expect "devices" "" "$(devices)"
}

page_refused() {
	local size text
	make_pair a0 b0
	for size in 4096 4097 5000 9000; do
		text=$(printf 'a0%*s' $((size - 2)) '' | tr ' ' '\t')
		expect_refusal "$delif" "${text//$'\t'/\\t}" EFBIG "at most 4095 bytes"
		text=c0,d0${text:5}
		expect_refusal "$newif" "${text//$'\t'/\\t}" EFBIG "at most 4095 bytes"
	done
	text=$(printf 'a0%*s' 4093 '')
	expect "4095 bytes" 0 "$(write_errno "$delif" "$text")"
	expect "devices" "" "$(devices)"
}

blanks_only_refused() {
	local size text
	for size in 1 2 15 16 4095; do
		text=$(printf '%*s' "$size" '')
		expect_refusal "$newif" "$text" ENODATA "no name given"
		expect_refusal "$delif" "$text" ENODATA "no name given"
	done
}

repeated_refused() {
	expect_refusal "$newif" a0,a0 ENOTUNIQ "given twice"
	expect_refusal "$newif" 'a0,b0 c0,a0' ENOTUNIQ "given twice"
	expect_refusal "$newif" 'a0,b0 b0,c0' ENOTUNIQ "given twice"
	make_pair a0 b0
	expect_refusal "$delif" 'a0 a0' ENOTUNIQ "given twice"
}

# The kernel's sysctl directories of these names are no devices': register_netdevice() says EINVAL.
reserved_refused() {
	local text
	for text in all,b0 a0,default 'a0,b0 c0,all' 'default,all'; do
		expect_refusal "$newif" "$text" EINVAL "the kernel refused to register the device"
	done
	make_pair a0 b0
	expect "devices" "a0 b0" "$(devices)"
}

refused_unheard() { # TEXT ERRNO
	local seen
	make_pair x0 y0
	start_monitor
	seen=$(write_errno "$newif" "$1")
	expect "events" "" "$(stop_monitor)"
	expect "errno" "$2" "$seen"
	expect "devices" "x0 y0" "$(devices)"
}

made_and_announced() {
	local seen
	start_monitor
	echo 'a0,b0 a1,b1' >"$newif"
	echo 'a0 a1' >"$delif"
	seen=$(stop_monitor | sed -E 's/^(Deleted )?[0-9]+: ([^:@]+).*/\1\2/' | sort | uniq -c | xargs)
	expect "events" "1 Deleted a0 1 Deleted a1 1 Deleted b0 1 Deleted b1 1 a0 1 a1 1 b0 1 b1" "$seen"
}

several_made() {
	expect "errno" 0 "$(write_errno "$newif" '  a0,b0 a1,b1\na2,b2\t\ta3,b3\n')"
	expect "devices" "a0 b0 a1 b1 a2 b2 a3 b3" "$(devices)"
	expect "peer of b2" a2 "$(end_attribute b2 peer_name)"
}

all_or_none() { # TEXT ERRNO RULE
	make_pair x0 y0
	expect_refusal "$newif" "$1" "$2" "$3"
	expect "devices" "x0 y0" "$(devices)"
}

several_deleted() {
	echo "a0,b0 a1,b1 a2,b2" >"$newif"
	expect_refusal "$delif" 'a0 nosuch' ENODEV "no device of this name"
	expect_refusal "$delif" 'a0 lo' EOPNOTSUPP "not an end of an etun pair"
	expect "errno" 0 "$(write_errno "$delif" 'b0\na2')"
	expect "devices" "a1 b1" "$(devices)"
}

both_ends_deleted() {
	echo "a0,b0 a1,b1" >"$newif"
	expect "errno" 0 "$(write_errno "$delif" 'a0 b0 b1 a1')"
	expect "devices" "" "$(devices)"
}

alternative_names() {
	make_pair a0 b0
	ip link property add dev a0 altname uplink
	expect_refusal "$newif" uplink,c0 EEXIST "a device of this name exists"
	expect "delif by both names of one end" 0 "$(write_errno "$delif" 'uplink a0')"
	expect "devices" "" "$(devices)"
}

two_hundred() {
	local made deleted
	made=$(milliseconds write_errno "$newif" "$(pair_names h 200)")
	expect "errno and time of newif" "0 ${made#0?}" "$(xargs <<<"$made")"
	expect "number of ends" 400 "$(devices | wc -w)"
	deleted=$(milliseconds write_errno "$delif" "$(first_names h 200)")
	expect "errno and time of delif" "0 ${deleted#0?}" "$(xargs <<<"$deleted")"
	expect "devices" "" "$(devices)"
	echo "200 pairs: made in ${made#0?} ms, deleted in ${deleted#0?} ms" >"$tap_scratch/times"
}

one_by_one() {
	local name
	for name in $(first_names o 50); do echo "$name" >"$delif"; done
}

one_write_is_quicker() {
	local each all
	pair_names o 50 >"$newif"
	each=$(milliseconds one_by_one)
	pair_names o 50 >"$newif"
	# Not within milliseconds(): its own processes would be counted.
	all=$(first_names o 50)
	all=$(milliseconds eval "echo '$all' >$delif")
	expect "devices" "" "$(devices)"
	echo "50 pairs: deleted one by one in $each ms, by one write in $all ms" >"$tap_scratch/times"
	times_tell || return 0
	expect "one write at least 3 times quicker ($each ms, $all ms)" yes "$([ "$each" -ge $((3 * all)) ] && echo yes)"
}

hostile_bytes() {
	local raw seen
	expect_refusal "$newif" 'a\x1b[2J\x07\x08\x7f\x9b\x01,b0' EINVAL "1 to 15 ASCII letters and digits"
	expect_refusal "$delif" '\x1b]0;title\x07%s%n' ENODEV "no device of this name"
	# dmesg(1) makes bytes harmless by itself; the kernel's buffer does not.
	raw=$(python3 -ES -c 'import ctypes,sys
buffer = ctypes.create_string_buffer(1 << 22)
size = ctypes.CDLL(None).klogctl(3, buffer, len(buffer))
lines = [l for l in buffer.raw[:size].split(b"\n") if b"etun: " in l][-2:]
print(len(lines), sorted({b for l in lines for b in l if b < 32 or 127 <= b < 160}), lines)')
	expect_match "lines and their control bytes" '^2 \[\] ' "$raw"
	seen=$(dmesg | tail -n 2)
	expect_match "escape of the log" 'newif .a\\+(e|x1b|033)\[2J' "$seen"
	expect_match "per cent signs" 'title.*%s%n.: no device' "$seen"
}

long_input_cut() {
	local before line
	before=$(log_length)
	expect "errno" ENAMETOOLONG "$(write_errno "$delif" "$(printf '%*s' 3000 '' | tr ' ' x)")"
	line=$(dmesg | tail -n +$((before + 1)))
	expect_match "log" "delif 'x{64}': " "$line"
}

rate_limited() {
	local before lines
	sysctl -qw net.core.message_cost=5
	before=$(log_length)
	expect "100 writes" ENODEV:100 "$(ask many "$delif" nosuch)"
	lines=$(dmesg | tail -n +$((before + 1)) | grep -c "etun: delif 'nosuch'")
	expect "number of lines ($lines) from 1 to 30" yes "$([ "$lines" -ge 1 ] && [ "$lines" -le 30 ] && echo yes)"
}

case_ "promise: newif makes the pair name0,name1" made_by_newif
case_ "promise: the example of 2007 works as it stands" example_of_2007
case_ "promise: white space after a request is forgiven" blanks_forgiven
case_ "promise: delif takes either name" deleted_by_either
case_ "promise: the control files are write-only, mode 0200" write_only
case_ "promise: without CAP_NET_ADMIN a write gives EPERM" needs_net_admin
case_ "promise: a new name of other than letters and digits gives EINVAL" characters_refused
case_ "promise: all ASCII letters and digits are taken" letters_and_digits
case_ "promise: a taken name gives EEXIST" taken_refused
case_ "promise: an unknown name gives ENODEV" unknown_refused
case_ "defect 4: delif of a foreign device gives EOPNOTSUPP and leaves it up" foreign_refused
case_ "defect 1: names longer than the buffer are refused" overlong_refused
case_ "defect 2: blanks alone give ENODATA" blanks_only_refused
case_ "defect 2: an empty or blank request names nothing" empty_refused
case_ "defect 28: a name of 16 characters is refused, not cut" long_names_refused
case_ "defect 29: an empty name is refused" empty_name_refused
case_ "defect 29: letters of Latin-1 are refused" latin_refused
case_ "defect 30: a,a is refused without an event" refused_unheard a0,a0 ENOTUNIQ
case_ "defect 30: a pair whose second name is taken is refused without an event" refused_unheard a0,y0 EEXIST
case_ "defect 30: a batch whose second pair is taken is refused without an event" refused_unheard 'a0,b0 x0,c0' EEXIST
case_ "defect 30: a batch that the kernel refuses half way leaves no event" refused_unheard 'a0,b0 c0,all' EINVAL
case_ "etun: each end is announced once and its end too" made_and_announced
case_ "etun: a pair without a comma gives EBADMSG" malformed_refused
case_ "etun: a name given twice gives ENOTUNIQ" repeated_refused
case_ "etun: a write of 4096 bytes or more gives EFBIG" page_refused
case_ "etun: what the kernel refuses to register gives the kernel's errno" reserved_refused
case_ "etun: one write makes several pairs" several_made
case_ "etun: several pairs or none, a taken name last" all_or_none 'a0,b0 a1,b1 a2,y0' EEXIST "device of this name"
case_ "etun: several pairs or none, a bad name last" all_or_none 'a0,b0 a1,b-1' EINVAL "ASCII letters and digits"
case_ "etun: several pairs or none, a malformed pair last" all_or_none 'a0,b0 a1' EBADMSG "written name0,name1"
case_ "etun: one write deletes several pairs or none" several_deleted
case_ "etun: both ends of a pair may stand in one delif write" both_ends_deleted
case_ "etun: an alternative name is a name" alternative_names
case_ "etun: 200 pairs in one write" two_hundred
sed 's/^/# /' "$tap_scratch/times"
case_ "etun: deleting 50 pairs by one write is at least 3 times quicker" one_write_is_quicker
sed 's/^/# /' "$tap_scratch/times"
case_ "etun: hostile bytes are escaped in the log" hostile_bytes
case_ "etun: the log repeats at most 64 bytes of a request" long_input_cut
case_ "etun: refusals do not flood the log" rate_limited
done_testing
