#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What of a pair's memory is charged to the control group of who makes it: docs/security.md says what is and what is not.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
source ./tap.sh
# shellcheck source-path=SCRIPTDIR source=control-helpers.bash
source ./control-helpers.bash

# control_group: sets $group to a new one that counts memory.
control_group() {
	local hierarchy=$tap_scratch/cgroup
	grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null && hierarchy=/sys/fs/cgroup
	mkdir -p "$hierarchy"
	[ -e "$hierarchy/cgroup.procs" ] || mount -t cgroup2 cgroup2 "$hierarchy"
	grep -qw memory "$hierarchy/cgroup.controllers" || skip "this kernel has no memory controller"
	echo +memory >"$hierarchy/cgroup.subtree_control"
	group=$hierarchy/etun-test-$RANDOM
	mkdir "$group"
}

# charging COMMAND...: run by a member of the group.
charging() { (echo $BASHPID >"$group/cgroup.procs" && exec "$@"); }

# charged [KEY]: bytes that the group has now, in all or of a kind; once what the processors hold back is settled.
charged() {
	if [ $# -gt 0 ]; then awk -v key="$1" '$1 == key { print $2 }' "$group/memory.stat"; else cat "$group/memory.current"; fi
}

# make_pairs COUNT: x0 y0, x1 y1 and so on; with an MTU at which IPv6 keeps nothing of its own for them.
make_pairs() {
	charging /usr/bin/python3 -ES - "$here" "$1" <<-'TEXT'
		import sys
		sys.path.insert(0, sys.argv[1])
		import lab
		request = lab.neighbour("lifecycle-newlink").newlink
		for i in range(int(sys.argv[2])):
		    answer = request([f"name=x{i}", "mtu=1000", f"peer.name=y{i}", "peer.mtu=1000"])
		    assert answer == "0", answer
	TEXT
}

counters_of_processors() {
	local before after pairs=80 least group
	control_group
	# Of each end there are at least ten numbers of 8 bytes for each processor.
	least=$((2 * pairs * 80 * $(nproc --all)))
	before=$(charged percpu)
	make_pairs $pairs
	after=$(charged percpu)
	remark "$((after - before)) bytes of $pairs pairs, for $(nproc --all) processors"
	[ $((after - before)) -ge $least ] || expect "per-CPU memory that is charged" "$least bytes at least" $((after - before))
	seq -f 'x%.0f' 0 $((pairs - 1)) | xargs >"$delif"
	wait_for 20 given_back "$before"
}
given_back() { [ "$(charged percpu)" -le "$1" ]; }

free_bytes() { awk '$1 == "MemFree:" { print $2 * 1024 }' /proc/meminfo; }

# As long as rings may be: what the machine has less is charged, but for a little.
rings() {
	local group before charged_before lost more queues=32
	control_group
	expect "answer" 0 "$(newlink name=a0 rxqueues=$queues txqueues=$queues mode=napi ring=32768 peer.name=b0 \
		peer.rxqueues=$queues peer.txqueues=$queues)"
	sync
	echo 3 >/proc/sys/vm/drop_caches
	charged_before=$(charged)
	before=$(free_bytes)
	charging bash -c 'exec 2>&1; ip link set a0 up; ip link set b0 up'
	lost=$((before - $(free_bytes)))
	more=$(($(charged) - charged_before))
	remark "the machine has $((lost >> 10)) kB less, $((more >> 10)) kB are charged"
	[ $more -ge $((2 * queues * 32768 * 8)) ] || expect "charged" "the rings' $((2 * queues * 256)) kB" "$((more >> 10)) kB"
	# 8 MB are what else goes on in the machine; the pools of 32 queues would be more, were they as long as the rings.
	[ $lost -le $((more + (8 << 20))) ] || expect "not charged" "8 MB at most" "$(((lost - more) >> 10)) kB"
}

case_ "memory: counters of each processor are charged to who makes a pair, and given back" counters_of_processors
case_ "memory: what rings take is charged to who has them made" rings
done_testing
