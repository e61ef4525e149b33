# SPDX-License-Identifier: GPL-2.0-only
"""Frames of our own making sent at one end and looked for at the other.

  exchange A B COUNT LONGEST      random frames both ways; all arrive, byte for byte, in order, counted alike
  limit A B MTU                   B receives MTU + 22 bytes, A drops one more, whatever VLAN tags are among them
  gso A B SIZE WANTED             a TCP frame of segments with SIZE bytes of payload; WANTED delivered|dropped
  hammer A B COUNT                COUNT frames each way, two processes for each end: exact sums
  storm STOP PLACE...             sends from each place as fast as it can, while it is there, until STOP is a file
  same PCAP PCAP                  both captures hold the same frames of each sender (two processors may swap two)
"""
import os
import struct
import sys
import time

import lab

BATCH = 50


def lengths(count, longest):
    edges = [14, 15, 16, 59, 60, 61, 63, 64, 65, longest - 1, longest]
    return [edges[i] if i < len(edges) else 14 + (i * 7919) % (longest - 13) for i in range(count)]


def destinations(own):
    return [own, b"\xff" * 6, bytes.fromhex("3333000000fb"), bytes.fromhex("01005e0000fb"), bytes.fromhex("020000000001")]


def random_frames(sender, receiver, count, longest):
    targets = destinations(lab.address(receiver))
    source = lab.address(sender)
    for i, length in enumerate(lengths(count, longest)):
        header = targets[i % len(targets)] + source + struct.pack("!H", lab.ETH_P_EXPERIMENT)
        yield header + os.urandom(length - len(header))


def exchange(one, other, count, longest):
    places = (one, other)
    sockets = [lab.tap(place) for place in places]
    before = [lab.counters(place) for place in places]
    sent = [list(random_frames(*pair, int(count), int(longest))) for pair in (places, places[::-1])]
    for start in range(0, int(count), BATCH):
        for i in (0, 1):
            for frame in sent[i][start:start + BATCH]:
                sockets[i].send(frame)
        for i in (0, 1):
            batch = sent[i][start:start + BATCH]
            if lab.drain(sockets[1 - i], len(batch)) != batch:
                lab.fail(f"frames {start} to {start + BATCH} from {places[i]} arrived otherwise at {places[1 - i]}")
    for i in (0, 1):
        seen = lab.grown(places[i], before[i])
        out, into = sent[i], sent[1 - i]
        lab.check(f"counters of {places[i]}",
                  (len(out), sum(map(len, out)), len(into), sum(map(len, into)), 0, 0),
                  (seen["tx_packets"], seen["tx_bytes"], seen["rx_packets"], seen["rx_bytes"], seen["tx_dropped"],
                   seen["rx_dropped"]))


def attempt(one, other, frame, **options):
    """Sends a frame; returns what arrived, and by how much the counters grew."""
    sender, receiver = lab.tap(one, **options), lab.tap(other)
    before = lab.counters(one), lab.counters(other)
    sender.send(frame)
    got = lab.drain(receiver, 1, 0.3)
    return got, lab.grown(one, before[0]), lab.grown(other, before[1])


def expect_delivered(what, one, other, frame, **options):
    got, sender, receiver = attempt(one, other, frame, **options)
    lab.check(f"{what}: frames that arrived", 1, len(got))
    # The receiving stack takes a VLAN tag out of the frame.
    lab.check(f"{what}: end of the frame", frame[-20:], got[0][-20:])
    lab.check(f"{what}: sent, dropped, received", (1, 0, 1),
              (sender["tx_packets"], sender["tx_dropped"], receiver["rx_packets"]))


def expect_dropped(what, one, other, frame, **options):
    got, sender, receiver = attempt(one, other, frame, **options)
    lab.check(f"{what}: frames that arrived", 0, len(got))
    lab.check(f"{what}: sent, dropped, received, bytes received, dropped by the receiver", (0, 1, 0, 0, 0),
              (sender["tx_packets"], sender["tx_dropped"], receiver["rx_packets"], receiver["rx_bytes"],
               receiver["rx_dropped"]))


def limit(one, other, mtu):
    mtu = int(mtu)
    addresses = lab.address(other) + lab.address(one)
    plain = addresses + struct.pack("!H", lab.ETH_P_EXPERIMENT)
    tagged = addresses + struct.pack("!HHH", 0x8100, 5, lab.ETH_P_EXPERIMENT)
    twice = addresses + struct.pack("!HHHHH", 0x88A8, 7, 0x8100, 5, lab.ETH_P_EXPERIMENT)
    for options in ({}, {"QDISC_BYPASS": 1}):
        expect_delivered("MTU + 14", one, other, plain + os.urandom(mtu), **options)
        expect_delivered("MTU + 18, tagged", one, other, tagged + os.urandom(mtu), **options)
        expect_delivered("MTU + 22, tagged twice", one, other, twice + os.urandom(mtu), **options)
        expect_delivered("MTU + 22", one, other, plain + os.urandom(mtu + 8), **options)
        expect_dropped("MTU + 23", one, other, plain + os.urandom(mtu + 9), **options)
        expect_dropped("MTU + 23, tagged", one, other, tagged + os.urandom(mtu + 5), **options)
        expect_dropped("MTU + 23, tagged twice", one, other, twice + os.urandom(mtu + 1), **options)


def tcp_frame(one, other, size, segments):
    """A TCP frame to be cut into segments, with the header by which a packet socket says so (virtio_net.h)."""
    source, destination = bytes([10, 9, 0, 1]), bytes([10, 9, 0, 2])
    payload = os.urandom(size * segments)
    unfinished = 0xFFFF - lab.internet_sum(lab.pseudo(source, destination, 6, 20 + len(payload)))
    header = struct.pack("!HHIIBBHHH", 1, 2, 3, 4, 5 << 4, 0x10, 1000, unfinished, 0)
    frame = lab.address(other) + lab.address(one) + b"\x08\x00" + lab.ipv4(source, destination, 6, header + payload)
    needs_csum, gso_tcpv4 = 1, 1
    return struct.pack("<BBHHHH", needs_csum, gso_tcpv4, 54, size, 34, 16), frame


def gso(one, other, size, wanted):
    virtio, frame = tcp_frame(one, other, int(size), 5)
    # With the virtio header in front, only the end of the frame is compared.
    report = {"delivered": expect_delivered, "dropped": expect_dropped}[wanted]
    report(f"GSO frame of 5 times {size}", one, other, virtio + frame, VNET_HDR=1)


def hammer(one, other, count):
    places, count = (one, other), int(count)
    # Frames that nobody takes count as dropped by the receiver, so somebody does.
    watchers = [lab.tap(place) for place in places]
    before = [lab.counters(place) for place in places]
    for i in range(4):
        if not os.fork():
            place = places[i // 2]
            os.sched_setaffinity(0, {i % os.cpu_count()})
            sock = lab.tap(place, QDISC_BYPASS=i % 2)
            frame = lab.address(places[1 - i // 2]) + lab.address(place) + b"\x88\xb5" + bytes(46)
            for _ in range(count // 2):
                sock.send(frame)
            os._exit(0)
    for _ in range(4):
        lab.check("exit status of a sender", 0, os.wait()[1])
    seen = [lab.grown(place, earlier) for place, earlier in zip(places, before)]
    for i in (0, 1):
        out, into = seen[i], seen[1 - i]
        lab.check(f"{places[i]}: sent, their bytes, dropped", (count, 60 * count, 0),
                  (out["tx_packets"], out["tx_bytes"], out["tx_dropped"]))
        lab.check(f"{places[1 - i]}: received or dropped by the backlog", count, into["rx_packets"] + into["rx_dropped"])
        lab.check(f"{places[1 - i]}: bytes", 60 * into["rx_packets"], into["rx_bytes"])
    del watchers


def blow(place, stop):
    """Sends from a place until told to stop; returns how many frames were taken.

    Not around the queueing layer: a packet socket that does that while its device is unregistered divides by the
    number of queues, then 0 (packet_pick_tx_queue() of 6.12, whatever the device).
    """
    sent, frame = 0, b"\xff" * 12 + b"\x88\xb5" + bytes(86)
    while not os.path.exists(stop):
        try:
            with lab.tap(place, lab.ETH_P_NOBODY) as sock:
                while not os.path.exists(stop):
                    for _ in range(64):
                        sock.send(frame)
                        sent += 1
        except OSError:
            time.sleep(0.001)
    return sent


def storm(stop, *places):
    for place in places:
        for processor in (0, 1):
            if not os.fork():
                os.sched_setaffinity(0, {processor % os.cpu_count()})
                os._exit(0 if blow(place, stop) else 1)
    for _ in range(2 * len(places)):
        lab.check("exit status of a sender (1: it sent nothing)", 0, os.wait()[1])


def captured(path):
    """Frames of a capture file by sender: lists in order."""
    with open(path, "rb") as file:
        data = file.read()
    lab.check(f"{path}: magic number", True, data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"))
    senders, at = {}, 24
    while at + 16 <= len(data):
        kept = struct.unpack_from("<I", data, at + 8)[0]
        frame = data[at + 16:at + 16 + kept]
        senders.setdefault(frame[6:12], []).append(frame)
        at += 16 + kept
    return senders


def same(one, other):
    first, second = captured(one), captured(other)
    lab.check("senders in both captures", 2, len(first))
    for sender, frames in first.items():
        if len(frames) < 20:
            lab.fail(f"only {len(frames)} frames of {sender.hex(':')}")
        others = second.get(sender, [])
        if sorted(frames) != sorted(others):
            odd = [frame for frame in frames if frame not in others] or [frame for frame in others if frame not in frames]
            lab.fail(f"the captures hold {len(frames)} and {len(others)} frames of {sender.hex(':')}; only one holds "
                     f"{[(len(frame), frame[:74].hex()) for frame in odd[:2]]}")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
