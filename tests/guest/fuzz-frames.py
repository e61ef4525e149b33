# SPDX-License-Identifier: GPL-2.0-only
"""Frames that nobody should send (malformed.py) from a0 to b0, which is in a namespace that answers and forwards.

  run WAY SEED FRAMES [SECONDS]   by one of WAYS; no new batch after so many seconds

After each batch the kernel is healthy, what a0 sent b0 has received or dropped, and the other way round, nothing is under
way, and a good frame crosses. In every other batch no header tells of segments, and each frame that was taken is sent or
dropped by a0.
"""
import atexit
import collections
import errno
import fcntl
import os
import random
import stat
import struct
import subprocess
import sys
import time

import ethtool
import invariants
import lab
import malformed
import operations
import sequence

BATCH = 200
TUNSETIFF, IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x400454CA, 2, 0x1000, 0x4000
HERE, THERE = ":a0", "east:b0"
MAX_BACKLOG = "/proc/sys/net/core/netdev_max_backlog"
# What b0 is told to do, and by what its program is.
WAYS = {
    "backlog": ("mode=backlog", None),
    "direct": ("mode=direct", None),
    "napi": ("mode=napi", None),
    "gro": ("mode=napi", None),
    "program": ("mode=backlog", "pass"),
    "fragments": ("mode=napi", "frags"),
    "bridge": ("mode=backlog", None),
    "bridged": ("mode=direct", None),
    "returned": ("mode=napi", "tx"),
}


def run_ip(*words):
    subprocess.run(["ip", *words], check=True)


class Bridge:
    """A tap device and a0 in one bridge: what is written to it goes out at a0."""

    def __init__(self):
        subprocess.run(["modprobe", "-a", "tun", "bridge"], check=True)
        if not os.path.exists("/dev/net/tun"):
            os.makedirs("/dev/net", exist_ok=True)
            os.mknod("/dev/net/tun", stat.S_IFCHR | 0o600, os.makedev(10, 200))
        self.file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.file, TUNSETIFF, struct.pack("=16sH22x", b"t0", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))
        run_ip("link", "add", "br0", "type", "bridge", "stp_state", "0", "forward_delay", "0")
        atexit.register(run_ip, "link", "del", "br0")
        for name in ("t0", "a0"):
            run_ip("link", "set", name, "master", "br0")
        for name in ("t0", "br0"):
            run_ip("link", "set", name, "up")

    def send(self, header, frame):
        os.write(self.file, header + frame)
        try:
            while True:
                os.read(self.file, 1 << 17)
        except BlockingIOError:
            pass


class Packet:
    """Packet sockets at a0, with and without a header, through and past the queueing layer."""

    def __init__(self):
        self.sockets = {(told, past): lab.tap(HERE, lab.ETH_P_NOBODY, VNET_HDR=told, QDISC_BYPASS=past)
                        for told in (0, 1) for past in (0, 1)}

    def send(self, header, frame):
        told = int(header != malformed.NO_HEADER)
        self.sockets[told, len(frame) & 1].send((header if told else b"") + frame)


def onwards():
    """b0 is in a bridge with c0, so that what comes to it goes on to d0, and frames to its own address up the stack."""
    operations.request("name=c0", "peer.name=d0", "peer.netns=/run/netns/east", "peer.flags=up", "mode=direct",
                       "peer-mode=direct")
    operations.move("c0", "east")
    run_ip("-n", "east", "link", "add", "br0", "type", "bridge", "stp_state", "0", "forward_delay", "0")
    for name in ("b0", "c0"):
        run_ip("-n", "east", "link", "set", name, "master", "br0", "up")
    run_ip("-n", "east", "link", "set", "br0", "up")


def prepare(way):
    setting, program = WAYS[way]
    for place in ("east", "west"):
        sequence.begin_namespace(place)
    # Longer frames than b0 takes are for the driver to refuse, up to what a program at b0 allows.
    operations.pair("mtu=3000", "peer.netns=/run/netns/east", "mode=backlog", "peer-" + setting)
    for place in ("", "east"):
        with lab.inside(place):
            operations.link("b0" if place else "a0", True)
    run_ip("-n", "east", "addr", "add", "10.9.0.2/24", "dev", "b0")
    run_ip("-n", "east", "route", "add", "default", "via", "10.9.0.1")
    run_ip("-n", "east", "neigh", "replace", "10.9.0.1", "lladdr", "02:00:00:00:00:09", "dev", "b0")
    with lab.inside("east"):
        operations.write("/proc/sys/net/ipv4/ip_forward", "1")
    # What the kernel counts as dropped by a receiver are then frames that nobody wanted, which were received.
    with open(MAX_BACKLOG, encoding="ascii") as file:
        atexit.register(operations.write, MAX_BACKLOG, file.read())
    operations.write(MAX_BACKLOG, "100000")
    if way == "bridged":
        onwards()
    if program:
        sequence.xdp("b0", program)
    if way == "gro":
        ethtool.set_gro(THERE, 1)


class Ground:
    def __init__(self, way, seed):
        prepare(way)
        self.chance, self.way = random.Random(seed), way
        self.log, self.answers = invariants.KernelLog(), collections.Counter()
        self.log.say(f"{way}, seed {seed}")
        self.ears = [invariants.ear(place) for place in ("", "east")]
        self.road = Bridge() if way == "bridge" else Packet()
        self.target = lab.address(THERE)
        self.kinds = collections.Counter()

    def settings(self):
        """Another mixture of offloads for each batch."""
        for end in (HERE, THERE):
            for name in ("rx", "tx", "sg", "tso"):
                ethtool.call(end, struct.pack("=II", sequence.FEATURES[name], self.chance.random() < 0.7))

    def batch(self, plain):
        self.settings()
        before, taken = lab.counters(HERE), 0
        for _ in range(BATCH):
            header, frame = malformed.made_from(self.chance, self.target)
            try:
                self.road.send(malformed.NO_HEADER if plain else header, frame)
                taken += 1
                self.kinds.update(malformed.kinds_of(malformed.NO_HEADER if plain else header, frame))
            except OSError as error:
                self.answers[errno.errorcode[error.errno]] += 1
        self.answers["taken"] += taken
        invariants.balanced(invariants.dropped_by_driver)
        if plain and self.way not in ("bridge", "returned"):
            grown = lab.grown(HERE, before)
            # What b0 forwards comes to a0, and has no way on from there.
            invariants.equal("frames taken, and sent or dropped by a0", taken,
                             grown["tx_packets"] + grown["tx_dropped"])
        self.crosses()
        invariants.consistent()
        self.log.healthy()

    def crosses(self):
        """What sends all back lets nothing cross."""
        if self.way == "returned":
            sequence.xdp("b0", "off")
        invariants.crosses(HERE, THERE)
        invariants.crosses(THERE, HERE)
        if self.way == "returned":
            sequence.xdp("b0", "tx")


def run(way, seed, count, seconds="1000000000"):
    ground, batches, end = Ground(way, int(seed)), 0, time.monotonic() + float(seconds)
    while batches * BATCH < int(count) and (not batches or time.monotonic() < end):
        try:
            ground.batch(batches % 2 == 0)
        except invariants.Broken as broken:
            lab.fail(f"{way}, seed {seed}, frames {batches * BATCH} to {batches * BATCH + BATCH}: {broken}")
        batches += 1
    here, there = lab.counters(HERE), lab.counters(THERE)
    taken = ground.answers.pop("taken")
    refused = ", ".join(f"{name} {number}" for name, number in ground.answers.most_common())
    kinds = ", ".join(f"{name} {ground.kinds[name]}" for name in malformed.KINDS)
    print(f"{batches * BATCH} frames, {taken} taken ({kinds}); a0 sent {here['tx_packets']} and dropped {here['tx_dropped']}, "
          f"of what b0 received nobody there wanted {there['rx_dropped']}; not taken by the socket: {refused or 'none'}")


if __name__ == "__main__":
    {"run": run}[sys.argv[1]](*sys.argv[2:])
