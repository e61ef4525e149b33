#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Containers of podman over etun, by podman's CNI. Where podman is missing this is skipped, unless PODMAN_NEEDED is set.
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$(readlink -f "$0")")/tap.sh"
# shellcheck source=tests/guest/control-helpers.bash
. "$(dirname "$(readlink -f "$0")")/control-helpers.bash"
# shellcheck source=tests/guest/cni.bash
. "$(dirname "$(readlink -f "$0")")/cni.bash"

place=$tap_scratch/podman
export CONTAINERS_CONF=$place/containers.conf

# What a container is made of: one program.
make_lab() {
	local word
	for word in podman crun busybox; do
		command -v "$word" >/dev/null || { [ -z "${PODMAN_NEEDED-}" ] && skip "$word is missing"; return 1; }
	done
	fresh
	rm -rf "$place"
	mkdir -p "$place"/networks "$place"/red/{bin,dev,proc,sys,etc,tmp,run} "$place"/plugins
	cp "$(command -v busybox)" "$place/red/bin/busybox"
	for word in sh sleep ping nc sha256sum head cat ip mkfifo; do ln -s busybox "$place/red/bin/$word"; done
	cp -a "$place/red" "$place/blue"
	cat >"$CONTAINERS_CONF" <<-END
		[network]
		network_backend = "cni"
		cni_plugin_dirs = ["$(dirname "$plugin")", "/usr/lib/cni"]
		network_config_dir = "$place/networks"
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "none"
		runtime = "crun"
	END
	cat >"$place/networks/lab.conflist" <<-END
		{"cniVersion": "1.0.0", "name": "lab", "plugins": [$(network "$1")]}
	END
}

podman() { command podman --root "$place/root" --runroot "$place/run" --tmpdir "$place/tmp" --storage-driver vfs "$@"; }

# start NAME: a container that sleeps.
start() {
	podman run --detach --name "$1" --network lab --cgroups disabled --cap-add NET_RAW --log-driver none --no-hosts \
		--security-opt seccomp=unconfined --rootfs "$place/$1" sleep 1000
}

inside() { podman exec "$@"; }
address_of() { inside "$1" ip -4 -o addr show eth0 | grep -oE 'inet [0-9.]+' | cut -d ' ' -f 2; }

talk() {
	local blue sum
	make_lab "$1"
	trap 'podman rm --force --time 0 red blue' EXIT
	start red
	start blue
	blue=$(address_of blue)
	expect "kind of the device" etun "$(ethtool -i "$(devices | cut -d ' ' -f 1)" | sed -n 's/^driver: //p')"
	expect "ends on the host" 2 "$(devices | wc -w)"
	inside red ping -c 2 -W 5 "$blue"
	# Whoever has nothing more to say has its peer end early, so the receiver's input stays open.
	inside blue sh -c 'mkfifo /tmp/open; nc -l -p 5001 >/tmp/got <>/tmp/open' &
	wait_for 20 listens blue
	inside red sh -c "head -c 3000000 /dev/urandom >/tmp/sent; nc $blue 5001 </tmp/sent"
	wait $!
	sum=$(inside red sha256sum /tmp/sent | cut -d ' ' -f 1)
	expect "what arrived" "$sum" "$(inside blue sha256sum /tmp/got | cut -d ' ' -f 1)"
	trap - EXIT
	podman rm --force --time 0 red blue
	ip link del cni0 2>/dev/null || true
	expect_nothing_left
}

listens() { inside "$1" sh -c 'cat /proc/net/tcp /proc/net/tcp6' | grep -q ':1389 '; }

case_ "podman: two containers talk by the host" talk '"mode": "napi"'
case_ "podman: two containers talk by a bridge" talk '"bridge": "cni0", "isDefaultGateway": true'
done_testing
