# SPDX-License-Identifier: GPL-2.0-only
"""Frames that nobody should send, from a source of chance, for fuzz-frames.py: each a header by which a packet socket or
a tun device is told of checksums and segments (virtio_net.h), and the bytes.
"""
import struct

import lab

SOURCE, DESTINATION = bytes([10, 9, 0, 1]), bytes([10, 9, 0, 2])
SOURCE6, DESTINATION6 = bytes.fromhex("fd000009" + "00" * 11 + "01"), bytes.fromhex("fd000009" + "00" * 11 + "02")
TAGS = (0x8100, 0x88A8, 0x9100)
TRANSPORTS = (1, 4, 6, 6, 17, 17, 41, 47, 50, 58, 132)
# Hop-by-hop, routing, fragment, destination options.
EXTENSIONS = (0, 43, 44, 60)
NO_HEADER = bytes(10)


def _edge(chance, *likely):
    return chance.choice(likely + (0, 1, 7, 8, 0xFFFF, chance.getrandbits(16)))


def _ports(chance, protocol):
    if protocol == 6:
        offset = chance.choice((5, 5, 5, 0, 4, 15))
        return struct.pack("!HHIIBBHHH", 1, 2, chance.getrandbits(32), 4, offset << 4, chance.getrandbits(8), 1000,
                           chance.getrandbits(16), 0)
    if protocol == 17:
        return struct.pack("!HHHH", chance.choice((1, 53, 4789, 6081)), chance.choice((9, 4789, 6081, 500)),
                           _edge(chance, 8, 40, 1480), chance.getrandbits(16))
    return chance.randbytes(chance.randrange(24))


def _ipv4(chance, payload):
    protocol = chance.choice(TRANSPORTS)
    body = _ports(chance, protocol) + payload
    version = chance.choice((0x45, 0x45, 0x45, 0x46, 0x4F, 0x40, 0x65))
    fragment = chance.choice((0, 0, 0x4000, 0x2000, 0x2001, 0x1FFF, chance.getrandbits(16)))
    length = _edge(chance, *[20 + len(body)] * 8) & 0xFFFF
    target = chance.choice((DESTINATION, DESTINATION, bytes([10, 99, 0, 1]), chance.randbytes(4)))
    number = chance.randrange(4)

    def header(total):
        return struct.pack("!BBHHHBBH4s4s", version, 0, length, number, fragment, 64, protocol, total, SOURCE, target)
    total = lab.internet_sum(header(0)) if chance.random() < 0.9 else 0x1234
    return 0x0800, header(total) + body


def _ipv6(chance, payload):
    body, following = _ports(chance, 17) + payload, chance.choice(TRANSPORTS)
    for _ in range(chance.choice((0, 0, 1, 2, 8))):
        kind = chance.choice(EXTENSIONS)
        body = struct.pack("!BB", following, chance.choice((0, 0, 1, 255))) + chance.randbytes(6) + body
        following = kind
    length = _edge(chance, *[len(body)] * 8) & 0xFFFF
    return 0x86DD, struct.pack("!IHBB", 6 << 28, length, following, 64) + SOURCE6 + DESTINATION6 + body


def _arp(chance, payload):
    return 0x0806, struct.pack("!HHBBH", 1, 0x0800, _edge(chance, 6) & 255, _edge(chance, 4) & 255, 1) + payload[:40]


def _other(chance, payload):
    """MPLS, PPPoE, LLDP, an 802.3 length, or anything."""
    return chance.choice((0x8847, 0x8864, 0x88CC, 0x88B5, 46, 1500, 0x05DC, chance.getrandbits(16))), payload


def _size(chance):
    edges = (0, 1, 20, 46, 100, 1480, 1490, 1500, 1501, 1504, 1505, 2900, 40000, 65000)
    return chance.choice(edges + (chance.randrange(1500), chance.randrange(9000)))


def _frame(chance, target):
    kind, packet = chance.choice((_ipv4, _ipv4, _ipv6, _arp, _other))(chance, chance.randbytes(_size(chance)))
    head = chance.choice((target, target, b"\xff" * 6, bytes.fromhex("01005e000001"), chance.randbytes(6)))
    head += bytes.fromhex("020000000009")
    for _ in range(chance.choice((0, 0, 0, 1, 2, 5))):
        head += struct.pack("!HH", chance.choice(TAGS), chance.getrandbits(16))
    return head + struct.pack("!H", kind) + packet


def _damaged(chance, frame):
    data = bytearray(frame)
    for _ in range(chance.choice((0, 0, 1, 4))):
        data[chance.randrange(len(data))] = chance.getrandbits(8)
    if chance.random() < 0.15:
        del data[chance.randrange(len(data) + 1):]
    return bytes(data)


def _told(chance, length):
    """Checksum and segments: right for such a frame, beyond its end, or anything."""
    if chance.random() < 0.3:
        return NO_HEADER
    flags = chance.choice((0, 1, 1, 1, 2, 3, chance.getrandbits(8)))
    # None, TCP over IPv4, UDP, TCP over IPv6, UDP segments; ECN is the bit 0x80.
    kind = chance.choice((0, 0, 1, 1, 3, 4, 5, 0x81, chance.getrandbits(8)))
    # Most of what is wrong the socket refuses; this it takes, and the driver has to cope with.
    if length >= 60 and chance.random() < 0.6:
        start = chance.choice((14, 34, 34, 34, 54))
        offset = chance.choice((4, 6, 16)) if length > start + 18 else 4
        kind, header = chance.choice((0, 1, 1, 4, 4, 5, 0x81)), chance.choice((0, 34, 42, 54, length))
        return struct.pack("<BBHHHH", 1, kind, header,
                           chance.choice((1, 8, 536, 1448, 3000, 65535)), start, offset)
    near = (14, 34, 54, length - 1, length, length + 1)
    return struct.pack("<BBHHHH", flags, kind, _edge(chance, 54, 42, 74) & 0xFFFF, _edge(chance, 536, 1000, 1448),
                       max(chance.choice(near), 0) & 0xFFFF, _edge(chance, 16, 6, 2, max(length - 34, 0) & 0xFFFF))


KINDS = ("runts", "giants", "nested VLANs", "with a checksum to fill in", "with segments")


def kinds_of(header, frame):
    """Which of KINDS a frame is; a giant is longer than the receiver takes of frames without segments."""
    flags, kind = header[0] & 1, header[1] & 0x7F
    tags = [struct.unpack_from("!H", frame, at)[0] in TAGS for at in (12, 16) if len(frame) >= at + 2]
    is_so = len(frame) < 60, len(frame) > 1518, tags == [True, True], flags, kind
    return [name for name, so in zip(KINDS, is_so) if so]


def made_from(chance, target):
    """(header, frame) for one that is addressed to target, more often than not."""
    frame = _damaged(chance, _frame(chance, target))
    return _told(chance, len(frame)), frame
