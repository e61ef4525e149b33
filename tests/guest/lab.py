# SPDX-License-Identifier: GPL-2.0-only
"""Sockets in namespaces, frames and counters for the tests of frames on their way.

A place is a device, `a0`, or one in a namespace, `left:a0`.
"""
import ctypes
import errno
import os
import select
import socket
import struct
import sys

# The numbers of system calls that Python has no name for are each processor's own: x86's, and the others' (arm64).
SYS_BPF, SYS_INIT_MODULE, SYS_DELETE_MODULE = (321, 175, 176) if os.uname().machine == "x86_64" else (280, 105, 106)
ETH_P_ALL = 3
SOL_PACKET = 263
ETH_P_IP = 0x0800
ETH_P_EXPERIMENT, ETH_P_NOBODY = 0x88B5, 0x88B6
PACKET_AUXDATA, PACKET_VNET_HDR, PACKET_QDISC_BYPASS, PACKET_IGNORE_OUTGOING = 8, 15, 20, 23
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33
SIOCGIFHWADDR = 0x8927
COUNTERS = ("rx_bytes", "rx_packets", "rx_errors", "rx_dropped", None, None, None, None,
            "tx_bytes", "tx_packets", "tx_errors", "tx_dropped")

_libc = ctypes.CDLL(None, use_errno=True)
_home = os.open("/proc/self/ns/net", os.O_RDONLY)


class inside:
    """with inside("left"): sockets made here belong to that namespace, for good."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        if self.name:
            descriptor = os.open("/run/netns/" + self.name, os.O_RDONLY)
            if _libc.setns(descriptor, 0):
                raise OSError(ctypes.get_errno(), "setns " + self.name)
            os.close(descriptor)

    def __exit__(self, *_):
        _libc.setns(_home, 0)


def neighbour(name):
    """One of the programs beside this file, whose name is not that of a module."""
    import importlib.util
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def split(place):
    netns, _, device = place.rpartition(":")
    return netns, device


def fail(text):
    print(text)
    sys.exit(1)


def check(what, wanted, seen):
    if wanted != seen:
        fail(f"{what}: expected {wanted}, saw {seen}")


def counters(place):
    netns, device = split(place)
    with inside(netns), open("/proc/thread-self/net/dev", encoding="ascii") as table:
        for line in table:
            name, _, numbers = line.partition(":")
            if name.strip() == device:
                return dict(zip(COUNTERS, map(int, numbers.split())))
    return fail(f"no device {place}")


def grown(place, before):
    now = counters(place)
    return {name: now[name] - before[name] for name in COUNTERS if name}


class Tap(socket.socket):
    """A packet socket. A sender is told when its frame was dropped (ENOBUFS); here it is the counters that are asked."""

    def send(self, data, *flags):
        try:
            return super().send(data, *flags)
        except OSError as error:
            if error.errno != errno.ENOBUFS:
                raise
            return len(data)


def tap(place, protocol=ETH_P_ALL, **options):
    """A packet socket that sends from a place and sees what arrives there."""
    netns, device = split(place)
    with inside(netns):
        sock = Tap(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    sock.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 8 << 20)
    sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    for option, value in options.items():
        sock.setsockopt(SOL_PACKET, globals()["PACKET_" + option], value)
    sock.bind((device, protocol))
    return sock


def drain(sock, count, seconds=2.0):
    """Up to count frames, each of which arrives within that time behind the one before."""
    got = []
    while len(got) < count and select.select([sock], [], [], seconds)[0]:
        got.append(sock.recv(1 << 17))
    return got


def address(place):
    netns, device = split(place)
    import fcntl
    with inside(netns), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        answer = fcntl.ioctl(sock, SIOCGIFHWADDR, struct.pack("16s24x", device.encode()))
    return answer[18:24]


def internet_sum(data):
    """The Internet checksum (RFC 1071) of data, 0 when data holds its own, right sum."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return 0xFFFF - total


def pseudo(source, destination, protocol, length):
    return source + destination + struct.pack("!BBH", 0, protocol, length)


def ipv4(source, destination, protocol, body):
    def header(total):
        return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, 0, 64, protocol, total, source, destination)
    return header(internet_sum(header(0))) + body


def udp(source, destination, port, payload, wrong=0):
    """An IPv4 packet with a UDP datagram whose sum is off by `wrong`."""
    source, destination = socket.inet_aton(source), socket.inet_aton(destination)
    length = 8 + len(payload)
    total = internet_sum(pseudo(source, destination, 17, length) + struct.pack("!HHHH", port, port, length, 0) + payload)
    body = struct.pack("!HHHH", port, port, length, (total + wrong) & 0xFFFF or 0xFFFF) + payload
    return ipv4(source, destination, 17, body)


def transport_is_right(frame):
    """True or False for the sum of a TCP or UDP packet over IPv4, None for any other frame."""
    if frame[12:14] != b"\x08\x00" or frame[23] not in (6, 17):
        return None
    body = frame[14 + 4 * (frame[14] & 15):14 + struct.unpack("!H", frame[16:18])[0]]
    return internet_sum(pseudo(frame[26:30], frame[30:34], frame[23], len(body)) + body) == 0
