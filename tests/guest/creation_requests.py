# SPDX-License-Identifier: GPL-2.0-only
"""What creation.py sends: groups of requests, each an attribute or a field of the header with one value."""
import dataclasses
import struct
from typing import Callable

from creation_ends import attribute

ADDRESS, BROADCAST, IFNAME, MTU, MASTER, PROTINFO, TXQLEN, MAP = 1, 2, 3, 4, 10, 12, 13, 14
OPERSTATE, LINKMODE, LINKINFO = 16, 17, 18
NET_NS_PID, IFALIAS, AF_SPEC, GROUP, NET_NS_FD, NUM_TX_QUEUES, NUM_RX_QUEUES, CARRIER = 19, 20, 26, 27, 28, 31, 32, 33
LINK_NETNSID, PROTO_DOWN, GSO_MAX_SEGS, GSO_MAX_SIZE, XDP, TARGET_NETNSID, NEW_IFINDEX = 37, 39, 40, 41, 43, 46, 49
PROP_LIST, ALT_IFNAME, GRO_MAX_SIZE, GSO_IPV4_MAX_SIZE, GRO_IPV4_MAX_SIZE = 52, 53, 58, 63, 64
NESTED = 0x8000
UP, NOARP, PROMISC, ALLMULTI, MULTICAST = 0x1, 0x80, 0x100, 0x200, 0x1000


@dataclasses.dataclass
class Request:
    """One value in one place; `attributes` has them by number, of the kind, for the first end (0) or the peer (1)."""

    name: str
    attributes: Callable = lambda kind, end: {}
    header: tuple = (0, 0, 0)
    peers_header: tuple = (0, 0, 0)
    indexes: tuple = ()


def u32(value):
    return struct.pack("=I", value & 0xFFFFFFFF)


def each(number, values):
    """The attribute with each of the values: payloads by name."""
    return [Request(name, lambda kind, end, payload=payload: {number: payload}) for name, payload in values.items()]


def numbers(number, *values, size=4):
    return each(number, {str(value): u32(value)[:size] for value in values})


def ifname():
    values = ({"given": (b"x1\0", b"y1\0"), "longest": (b"x23456789012345\0", b"y23456789012345\0"),
               "pattern": (b"x%d\0", b"y%d\0"), "absent": (None, None),
               "the same": (b"x1\0", b"x1\0")} |
              {name: (text, text) for name, text in {
                  "empty": b"\0", "no bytes": b"", "too long": b"x234567890123456\0", "slash": b"x/1\0",
                  "dots": b"..\0", "two patterns": b"x%d%d\0", "blank": b"x 1\0", "lo": b"lo\0",
                  "all": b"all\0"}.items()})
    return [Request(name, lambda kind, end, texts=texts: {IFNAME: texts[end]})
            for name, texts in values.items()]


def address():
    good = bytes.fromhex("021122334455")
    return [request for number in (ADDRESS, BROADCAST) for request in each(number, {
        f"{number} given": good, f"{number} multicast": bytes.fromhex("010000000001"), f"{number} zero": bytes(6),
        f"{number} 5 bytes": good[:5], f"{number} 7 bytes": good + b"\0", f"{number} 32 bytes": bytes(32),
        f"{number} 33 bytes": bytes(33), f"{number} none": b""})]


def mtu():
    return numbers(MTU, 0, 45, 46, 67, 68, 1280, 1400, 9000, 65535, 65536, 0xFFFFFFFF)


def length():
    return (numbers(TXQLEN, 0, 77, 0x7FFFFFFF, 0xFFFFFFFF) + numbers(GROUP, 0, 5, 0xFFFFFFFF) +
            numbers(OPERSTATE, *range(8), size=1) + numbers(LINKMODE, 0, 1, 2, 255, size=1))


def queues():
    return [Request(f"{number} {request.name}", request.attributes) for number in (NUM_TX_QUEUES, NUM_RX_QUEUES)
            for request in numbers(number, 0, 1, 3, 64, 4097, 0xFFFFFFFF)]


def sizes():
    return [Request(f"{number} {request.name}", request.attributes)
            for number in (GSO_MAX_SIZE, GRO_MAX_SIZE, GSO_IPV4_MAX_SIZE, GRO_IPV4_MAX_SIZE, GSO_MAX_SEGS)
            for request in numbers(number, 0, 1000, 2000, 65535, 65536, 130000, 524280, 524281, 0xFFFFFFFF)]


def namespace():
    spaces = ("two", "three")
    return [
        Request("descriptor", lambda kind, end: {NET_NS_FD: u32(kind.descriptor(spaces[end]))}),
        Request("process", lambda kind, end: {NET_NS_PID: u32(kind.pids[spaces[end]])}),
        Request("number", lambda kind, end: {TARGET_NETNSID: u32(12 + end)}),
        Request("made in", lambda kind, end: {LINK_NETNSID: u32(12 + end)}),
        Request("made in, and moved",
                lambda kind, end: {LINK_NETNSID: u32(13 - end), NET_NS_FD: u32(kind.descriptor("two"))}),
        Request("its own", lambda kind, end: {NET_NS_FD: u32(kind.descriptor("one"))}),
        Request("two ways",
                lambda kind, end: {NET_NS_FD: u32(kind.descriptor("two")), NET_NS_PID: u32(kind.pids["three"])}),
        Request("no descriptor", lambda kind, end: {NET_NS_FD: u32(999)}),
        Request("no process", lambda kind, end: {NET_NS_PID: u32(4194303)}),
        Request("no number", lambda kind, end: {TARGET_NETNSID: u32(99)}),
        Request("made in none", lambda kind, end: {LINK_NETNSID: u32(99)}),
        Request("index there", lambda kind, end: {NEW_IFINDEX: u32(500 + end)}, indexes=(500, 501)),
    ]


def index():
    return [
        Request("given", header=(500, 0, 0), peers_header=(600, 0, 0), indexes=(500, 600)),
        Request("the same", header=(500, 0, 0), peers_header=(500, 0, 0), indexes=(500,)),
        Request("given in two namespaces", lambda kind, end: {NET_NS_FD: u32(kind.descriptor(("two", "three")[end]))},
                header=(500, 0, 0), peers_header=(500, 0, 0), indexes=(500,)),
        Request("taken", header=(500, 0, 0), peers_header=(1, 0, 0), indexes=(500, 1)),
        Request("the first's taken", header=(1, 0, 0), peers_header=(600, 0, 0), indexes=(1, 600)),
        Request("given, with a bad name", lambda kind, end: {IFNAME: (b"x1\0", b"all\0")[end]}, header=(500, 0, 0),
                indexes=(500,)),
        Request("negative", header=(-1, 0, 0), peers_header=(-1, 0, 0)),
        Request("the peer's negative", header=(500, 0, 0), peers_header=(-5, 0, 0), indexes=(500,)),
    ]


def flags():
    def both(name, bits, change):
        return Request(name, header=(0, bits, change), peers_header=(0, bits, change))
    return [both("up", UP, UP), both("none, all change", 0, 0xFFFFFFFF), both("noarp", NOARP, NOARP),
            both("promiscuous", PROMISC, PROMISC), both("all multicast", ALLMULTI, ALLMULTI),
            both("no multicast", 0, MULTICAST), both("without a mask", NOARP, 0)]


def others():
    """Attributes that have nothing to do with making a link, and those that need more than a number."""
    addrgen = attribute(10 | NESTED, attribute(8, b"\1"))
    known = {"master none": {MASTER: u32(0)}, "master unknown": {MASTER: u32(999)}, "map": {MAP: bytes(32)},
             "protinfo": {PROTINFO: b""}, "alias": {IFALIAS: b"alias"}, "no carrier": {CARRIER: b"\0"},
             "protodown": {PROTO_DOWN: b"\1"}, "address generation": {AF_SPEC | NESTED: addrgen},
             "unknown family": {AF_SPEC | NESTED: attribute(99 | NESTED, b"")},
             "other names": {PROP_LIST | NESTED: attribute(ALT_IFNAME, b"alternative\0")},
             "other name": {ALT_IFNAME: b"alternative\0"}, "no program": {XDP | NESTED: attribute(1, u32(-1))}}
    return [Request(name, lambda kind, end, found=found: dict(found)) for name, found in known.items()]


def every():
    """Each number there is, and some that are not yet, which no other group sends, as a number."""
    others_have = {ADDRESS, BROADCAST, IFNAME, MTU, MASTER, PROTINFO, TXQLEN, MAP, OPERSTATE, LINKMODE, LINKINFO,
                   NET_NS_PID, NET_NS_FD, GROUP, NUM_TX_QUEUES, NUM_RX_QUEUES, LINK_NETNSID, GSO_MAX_SEGS,
                   GSO_MAX_SIZE, TARGET_NETNSID, GRO_MAX_SIZE, GSO_IPV4_MAX_SIZE, GRO_IPV4_MAX_SIZE}
    return [request for number in range(1, 76) if number not in others_have
            for request in each(number, {f"{number} a number": u32(1)})]


GROUPS = {"ifname": ifname, "address": address, "mtu": mtu, "length": length, "queues": queues, "sizes": sizes,
          "namespace": namespace, "index": index, "flags": flags, "others": others, "every": every}
