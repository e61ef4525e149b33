# SPDX-License-Identifier: GPL-2.0-only
"""What holds whatever was done to ends, for fuzz-operations.py and fuzz-frames.py. What does not hold is raised as Broken,
which says what was expected.
"""
import os
import re
import select
import socket
import struct
import time

import ethtool
import lab
import links
import load
import operations
import sequence

newlink = operations.newlink
IFF_UP = 1
GTSO = 0x1E
PATIENCE = 20  # seconds
GUEST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../guest/inside")


class Broken(Exception):
    pass


def equal(what, wanted, seen):
    if wanted != seen:
        raise Broken(f"{what}: expected {wanted}, saw {seen}")


# ---- the kernel ----


def forbidden():
    """The messages that the guest's runner takes for harm."""
    with open(GUEST, encoding="ascii") as file:
        text = file.read().split("forbidden_messages=(")[1].split("\n)")[0]
    return re.compile("|".join(re.findall(r"'(.*)'", text)))


class KernelLog:
    """What the kernel has said since this was made."""

    def __init__(self):
        self.pattern = forbidden()
        self.descriptor = os.open("/dev/kmsg", os.O_RDWR | os.O_NONBLOCK)
        os.lseek(self.descriptor, 0, os.SEEK_END)

    def say(self, text):
        os.write(self.descriptor, f"fuzz: {text}\n".encode())

    def healthy(self):
        bad = []
        while True:
            try:
                line = os.read(self.descriptor, 1 << 13).decode("utf-8", "replace").split(";", 1)[1].split("\n")[0]
            except BlockingIOError:
                break
            except BrokenPipeError:
                continue
            if self.pattern.search(line):
                bad.append(line)
        equal("the kernel's complaints", [], bad)


def none_left():
    """No end is there and nobody refers to the module."""
    end = time.monotonic() + PATIENCE
    while ends() or operations.references() != "0":
        if time.monotonic() > end:
            raise Broken(f"left: {[str(e) for e in ends()]}, references to the module: {operations.references()}")
        for an_end in ends():
            an_end.delete()
        time.sleep(0.005)


# ---- ends ----


class End:
    """What rtnetlink tells of an end."""

    def __init__(self, netns, message):
        found = newlink.attributes(message[16:])
        self.netns, self.told = netns, newlink.values(bytes(16) + message)
        self.index, flags = struct.unpack_from("=iI", message, 4)
        self.name, self.up = self.told["name"], bool(flags & IFF_UP)
        self.carrier = found[operations.IFLA_CARRIER][0]
        xdp = newlink.attributes(found.get(operations.IFLA_XDP, b""))
        self.program = xdp.get(operations.XDP_ATTACHED, b"\0")[0]
        self.place = f"{netns}:{self.name}"

    def __str__(self):
        return self.place

    def feature(self, command):
        return struct.unpack("=II", ethtool.call(self.place, struct.pack("=II", command, 0)))[1]

    def attribute(self, kind, payload):
        with lab.inside(self.netns):
            operations.message(newlink.RTM_NEWLINK, self.name, newlink.attribute(kind, payload))

    def delete(self):
        """It may have gone with its peer meanwhile."""
        try:
            with lab.inside(self.netns):
                operations.message(operations.RTM_DELLINK, self.name)
        except OSError:
            pass

    def counters(self):
        return lab.counters(self.place)


def is_end(message):
    info = newlink.attributes(newlink.attributes(message[16:]).get(newlink.IFLA_LINKINFO, b""))
    return info.get(newlink.IFLA_INFO_KIND, b"").rstrip(b"\0") == b"etun"


def ends():
    found = []
    for netns in sequence.PLACES.values():
        with lab.inside(netns):
            dump = links.ask(links.NETLINK_ROUTE, newlink.RTM_GETLINK, newlink.ifinfomsg(), links.DUMP)
        found += [End(netns, message) for message in dump if is_end(message)]
    return found


def pairs():
    """Every end has its peer: pairs of ends, by the pair's number."""
    found = {}
    for end in ends():
        found.setdefault(end.told["pair-id"], []).append(end)
    for number, members in found.items():
        equal(f"ends of pair {number}, which are {[str(end) for end in members]}", 2, len(members))
    return list(found.values())


MIRRORED = (("mode", "peer-mode"), ("ring", "peer-ring"))


def same_story(one, other):
    """Both ends tell the same of each other."""
    equal(f"peer of {one}", str(other.index), one.told["peer-ifindex"])
    equal(f"{one} knows its peer {other} here", one.netns == other.netns, one.told["peer-netnsid"] == "-1")
    for own, peers in MIRRORED:
        equal(f"{own} of {other} as {one} tells it", other.told[own], one.told[peers])
    equal(f"MTU policy of {one}", other.told["mtu-policy"], one.told["mtu-policy"])
    if one.told["mtu-policy"] == "equal":
        equal(f"MTU of {one}, with the policy equal", other.told["mtu"], one.told["mtu"])
    # One that is down is not asked: there the kernel turns it on when proto_down is lifted, and tells nobody.
    if one.up and one.carrier != (other.up and other.carrier):
        raise Broken(f"carrier of {one}, which is up: {one.carrier}; {other}: up {other.up}, carrier {other.carrier}")
    if one.program and other.feature(GTSO):
        raise Broken(f"{one} has a program, and {other} leaves segmentation to it")
    if not one.feature(operations.GRXCSUM) and other.feature(operations.GTXCSUM):
        raise Broken(f"{one} verifies checksums, and {other} leaves them to it")


def consistent():
    for one, other in pairs():
        same_story(one, other)
        same_story(other, one)


# ---- frames ----


def settled(places):
    """The counters, as soon as they rest."""
    end, before = time.monotonic() + PATIENCE, None
    while time.monotonic() < end:
        now = [lab.counters(place) for place in places]
        if now == before:
            return now
        before = now
        # Longer than the longest coalescing.
        time.sleep(0.05)
    raise Broken(f"the counters of {places} do not come to rest: {before}")


def dropped(place):
    """By the driver, and by the kernel, which wants room in the backlog, a device that is up, and somebody who takes it."""
    return lab.counters(place)["rx_dropped"]


def dropped_by_driver(place):
    return sum(value for name, value in ethtool.statistics(place).items() if name.startswith("rx_drop_"))


def balanced(drops=dropped):
    """What one end has sent the other has received, or has counted as dropped; nothing is under way."""
    for one, other in pairs():
        counts = settled([one.place, other.place])
        for sender, receiver in ((0, 1), (1, 0)):
            places = (one.place, other.place)
            equal(f"sent by {places[sender]}, and received or dropped by its peer", counts[sender]["tx_packets"],
                  counts[receiver]["rx_packets"] + drops(places[receiver]))
            equal(f"bytes under way from {places[sender]}", [],
                  [value for value in load.in_flight(places[sender]).values() if value])


def without_programs():
    for end in ends():
        if end.program:
            with lab.inside(end.netns):
                operations.set_program(end.name, -1)


def mended():
    """Each pair can be brought up, and then frames cross it both ways."""
    for end in ends():
        end.attribute(sequence.IFLA_PROTO_DOWN, b"\0")
        end.attribute(operations.IFLA_CARRIER, b"\1")
        with lab.inside(end.netns):
            operations.link(end.name, True)
    for one, other in pairs():
        equal(f"carrier of {one} and {other}, both up and mended", (1, 1), (one.carrier, other.carrier))
        crosses(one.place, other.place)
        crosses(other.place, one.place)


def crosses(place, peer):
    """Frames cross; the first may be too early for a link that has just come up. All are listened to, as a bridge takes
    its ports' frames before who asks for a protocol.
    """
    frame = b"\xff" * 12 + struct.pack("!H", lab.ETH_P_EXPERIMENT) + os.urandom(16)
    end = time.monotonic() + PATIENCE
    with lab.tap(peer) as taker, lab.tap(place, lab.ETH_P_NOBODY) as giver:
        while time.monotonic() < end:
            giver.send(frame)
            while select.select([taker], [], [], 0.05)[0]:
                if taker.recv(1 << 16)[:len(frame)] == frame:
                    return
    raise Broken(f"no frame from {place} arrives at {peer}")


def ear(netns):
    """Somebody who takes every frame there: what nobody takes the kernel counts as dropped by the receiver as well."""
    with lab.inside(netns):
        return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(lab.ETH_P_ALL))
