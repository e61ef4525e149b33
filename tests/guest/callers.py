# SPDX-License-Identifier: GPL-2.0-only
"""Frames that no stack of this machine made, sent at one place; what arrives at another is compared.

  bypass FROM AT COUNT            frames of a packet socket that goes past the qdisc arrive in order
  unfinished FROM VIA A B         datagrams from A whose sum is left to the device, sent at FROM to the station VIA, are
                                  read by a socket at B; endpoints as in flows.py
  segments FROM AT                a frame of several TCP segments arrives, in one or in several, as often as it is sent
  returned PLACE COUNT            frames sent there come back there
  tap DEVICE AT COUNT LONGEST     frames written to a tap device arrive at AT; none is looked for at `-`
"""
import fcntl
import itertools
import os
import select
import socket
import struct
import sys

import flows
import frames
import lab

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
NEEDS_CSUM = 1
BATCH = 50
BROADCAST = b"\xff" * 6


def numbered(source, count, longest):
    for number, length in enumerate(frames.lengths(count, longest)):
        frame = BROADCAST + source + struct.pack("!HI", lab.ETH_P_EXPERIMENT, number)
        yield frame + os.urandom(max(0, length - len(frame)))


def in_batches(send, receiver, sent):
    for start in range(0, len(sent), BATCH):
        batch = sent[start:start + BATCH]
        for frame in batch:
            send(frame)
        if receiver and lab.drain(receiver, len(batch), 20) != batch:
            lab.fail(f"of frames {start} to {start + len(batch)} not all arrived as they were sent")


def bypass(one, other, count):
    sent = list(numbered(lab.address(one), int(count), 1500))
    sender = lab.tap(one, lab.ETH_P_NOBODY, QDISC_BYPASS=1)
    in_batches(sender.send, lab.tap(other, lab.ETH_P_EXPERIMENT), sent)


def returned(place, count):
    sent = list(numbered(lab.address(place), int(count), 1000))
    in_batches(lab.tap(place, lab.ETH_P_NOBODY).send, lab.tap(place, lab.ETH_P_EXPERIMENT), sent)


def unfinished_datagram(source, destination, port, payload):
    """A UDP packet in whose sum only the addresses are, with the header by which a packet socket says so (virtio_net.h)."""
    source, destination = socket.inet_aton(source), socket.inet_aton(destination)
    length = 8 + len(payload)
    partial = 0xFFFF - lab.internet_sum(lab.pseudo(source, destination, 17, length))
    body = struct.pack("!HHHH", port, port, length, partial) + payload
    return struct.pack("<BBHHHH", NEEDS_CSUM, 0, 0, 0, 34, 6), lab.ipv4(source, destination, 17, body)


def unfinished(sender, via, one, other):
    receiver = flows.bound(other, socket.SOCK_DGRAM, 5000)
    receiver.settimeout(20)
    before = flows.udp_counters(flows.endpoint(other)[0])["InCsumErrors"]
    header = lab.address(via) + lab.address(sender) + b"\x08\x00"
    for past in (0, 1):
        raw = lab.tap(sender, VNET_HDR=1, QDISC_BYPASS=past)
        for length in (1, 2, 99, 1000, 1472):
            payload = os.urandom(length)
            virtio, packet = unfinished_datagram(flows.endpoint(one)[1], flows.endpoint(other)[1], 5000, payload)
            raw.send(virtio + header + packet)
            lab.check("datagram", payload, receiver.recv(1 << 16))
    lab.check("sums found wrong", 0, flows.udp_counters(flows.endpoint(other)[0])["InCsumErrors"] - before)


def tcp_payload(frame):
    """What a TCP packet over IPv4 carries; nothing of any other frame."""
    if frame[12:14] != b"\x08\x00" or frame[23] != 6:
        return b""
    start = 14 + 4 * (frame[14] & 15)
    return frame[start + 4 * (frame[start + 12] >> 4):14 + struct.unpack("!H", frame[16:18])[0]]


def segments(one, other):
    watcher = lab.tap(other)
    # Who names a protocol has the kernel look at no header; not each release then marks where it is.
    for past, protocol in itertools.product((0, 1), (lab.ETH_P_ALL, lab.ETH_P_IP)):
        virtio, frame = frames.tcp_frame(one, other, 1000, 5)
        lab.tap(one, protocol, VNET_HDR=1, QDISC_BYPASS=past).send(virtio + frame)
        arrived = b""
        while len(arrived) < 5000 and select.select([watcher], [], [], 20)[0]:
            arrived += tcp_payload(watcher.recv(1 << 17))
        lab.check("payload of five segments", tcp_payload(frame), arrived)


def tap(device, other, count, longest):
    descriptor = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TAP | IFF_NO_PI))
    receiver = None if other == "-" else lab.tap(other, lab.ETH_P_EXPERIMENT)
    in_batches(lambda frame: os.write(descriptor, frame), receiver, list(numbered(bytes(6), int(count), int(longest))))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
