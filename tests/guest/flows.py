# SPDX-License-Identifier: GPL-2.0-only
"""TCP and UDP between namespaces; whatever is lost, changed or out of order is a failure.

An endpoint is NETNS=ADDRESS.
  both A B BYTES DATAGRAMS [PAYLOAD]   TCP both ways at once, then numbered UDP both ways
  during A B SECONDS                   TCP and UDP both ways, for that time
  finished A B PLACE                   from A to B; at PLACE, where B's frames arrive, each sum is right and final
  wrong_sum FROM VIA A B               a datagram from place FROM to the station VIA with a wrong sum does not reach
                                       B, is counted as wrong, and the same with a right sum does
  large A B PLACE [BYTES]              prints the longest frame that arrives at PLACE during TCP from A to B
  joined A B PLACE [listen]            prints the longest frame that arrives at PLACE and how many datagrams a socket at B
                                       reads, if there is one, when A sends 20 datagrams of 1000 bytes with one call
  squeeze A B                          prints how many datagrams A's small send buffer holds
  sctp A B COUNT                       COUNT messages each way over an SCTP association
"""
import os
import select
import socket
import struct
import sys
import time
import zlib

import lab

WINDOW = 20


def endpoint(text):
    netns, _, address = text.partition("=")
    return netns, address, socket.AF_INET6 if ":" in address else socket.AF_INET


def bound(where, kind, port=0):
    netns, address, family = endpoint(where)
    with lab.inside(netns):
        sock = socket.socket(family, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    return sock


def connect(one, other):
    """A TCP connection: its two sockets."""
    listener = bound(other, socket.SOCK_STREAM)
    listener.listen(1)
    client = bound(one, socket.SOCK_STREAM)
    client.settimeout(10)
    client.connect(listener.getsockname()[:2])
    server = listener.accept()[0]
    for sock in (client, server):
        sock.setblocking(False)
    return client, server


class Stream:
    """One direction of a connection, with sums of what went in and what came out."""
    block = os.urandom(1 << 16)

    def __init__(self, source, sink, size):
        self.source, self.sink, self.left = source, sink, size
        self.sent = self.received = self.sent_sum = self.received_sum = 0

    def send(self):
        piece = self.block[self.sent % 1000:][:self.left]
        done = self.source.send(piece)
        self.sent_sum = zlib.crc32(piece[:done], self.sent_sum)
        self.sent += done
        self.left -= done

    def receive(self):
        data = self.sink.recv(1 << 18)
        self.received_sum = zlib.crc32(data, self.received_sum)
        self.received += len(data)

    def arrived(self):
        return not self.left and self.received == self.sent

    def verify(self):
        lab.check("bytes and sum that arrived by TCP", (self.sent, self.sent_sum), (self.received, self.received_sum))


def turn(streams):
    """Moves what can be moved; False when nothing could for 10 seconds."""
    readers = {s.sink: s for s in streams if not s.arrived()}
    writers = {s.source: s for s in streams if s.left}
    readable, writable, _ = select.select(readers, writers, [], 10)
    for sock in readable:
        readers[sock].receive()
    for sock in writable:
        writers[sock].send()
    return bool(readable or writable)


def both_streams(one, other, size):
    client, server = connect(one, other)
    return [Stream(client, server, size), Stream(server, client, size)]


def tcp(one, other, size):
    streams = both_streams(one, other, size)
    while not all(s.arrived() for s in streams):
        if not turn(streams):
            lab.fail(f"TCP stopped after {[s.received for s in streams]} of {size} bytes")
    for stream in streams:
        stream.verify()


class Datagrams:
    """Numbered datagrams both ways; never more on the way than a receive buffer holds."""

    def __init__(self, one, other):
        self.sockets = [bound(where, socket.SOCK_DGRAM) for where in (one, other)]
        for sock, peer in zip(self.sockets, self.sockets[::-1]):
            sock.connect(peer.getsockname()[:2])
            sock.setsockopt(socket.SOL_SOCKET, lab.SO_RCVBUFFORCE, 8 << 20)
            sock.settimeout(2)
        self.next = 0

    def exchange(self, count, size):
        numbers = range(self.next, self.next + count)
        self.next += count
        for number in numbers:
            for sock in self.sockets:
                sock.send(struct.pack("!Q", number) * (size // 8))
        for sock in self.sockets:
            for number in numbers:
                try:
                    data = sock.recv(1 << 16)
                except TimeoutError:
                    lab.fail(f"datagram {number} was lost")
                if data != struct.pack("!Q", number) * (size // 8):
                    lab.fail(f"instead of datagram {number} came one of {len(data)} bytes, {data[:8].hex()}")


def both(one, other, size, datagrams, payload=512):
    tcp(one, other, int(size))
    flow = Datagrams(one, other)
    for _ in range(0, int(datagrams), WINDOW):
        flow.exchange(WINDOW, int(payload))


def during(one, other, seconds):
    end = time.monotonic() + float(seconds)
    flow, streams = Datagrams(one, other), both_streams(one, other, 1 << 40)
    while time.monotonic() < end:
        flow.exchange(WINDOW, 512)
        if not turn(streams):
            lab.fail("TCP stopped")
    for stream in streams:
        stream.left = 0
    while not all(s.arrived() for s in streams) and turn(streams):
        pass
    for stream in streams:
        stream.verify()
    print(f"{flow.next} datagrams and {[s.received for s in streams]} bytes")


def finished(one, other, place):
    unfinished = 8
    netns, device = lab.split(place)
    with lab.inside(netns):
        watcher = lab.tap(place, AUXDATA=1)
    both(one, other, 100000, WINDOW)
    sender = socket.inet_aton(endpoint(one)[1])
    frames = wrong = 0
    while select.select([watcher], [], [], 0.2)[0]:
        frame, extra, _, _ = watcher.recvmsg(1 << 17, 256)
        right = lab.transport_is_right(frame)
        if right is None or frame[26:30] != sender:
            continue
        status = struct.unpack_from("I", extra[0][2])[0]
        frames += 1
        wrong += not right or bool(status & unfinished)
    if frames < WINDOW or wrong:
        lab.fail(f"{wrong} of {frames} frames had a wrong or unfinished sum")


def udp_counters(netns):
    with lab.inside(netns), open("/proc/thread-self/net/snmp", encoding="ascii") as table:
        names, values = [line.split()[1:] for line in table if line.startswith("Udp:")]
    return dict(zip(names, map(int, values)))


def wrong_sum(sender, via, one, other):
    netns, target, _ = endpoint(other)
    receiver = bound(other, socket.SOCK_DGRAM, 5000)
    receiver.settimeout(2)
    raw = lab.tap(sender)
    before = udp_counters(netns)["InCsumErrors"]
    header = lab.address(via) + lab.address(sender) + b"\x08\x00"
    for wrong, text in ((1, b"wrong sum" * 5), (0, b"right sum" * 5)):
        raw.send(header + lab.udp(endpoint(one)[1], target, 5000, text, wrong))
    lab.check("the first datagram delivered", b"right sum" * 5, receiver.recv(1 << 16))
    lab.check("sums found wrong", 1, udp_counters(netns)["InCsumErrors"] - before)


def large(one, other, place, size=1000000):
    watcher = lab.tap(place)
    # What is written at once can be sent at once.
    Stream.block = Stream.block * 4
    tcp(one, other, int(size))
    longest = 0
    while select.select([watcher], [], [], 0.2)[0]:
        longest = max(longest, len(watcher.recv(1 << 20)))
    print(longest)


def joined(one, other, place, listen=""):
    udp_segment = 103
    watcher, sender = lab.tap(place), bound(one, socket.SOCK_DGRAM)
    receiver = bound(other if listen else one, socket.SOCK_DGRAM)
    receiver.settimeout(0.3)
    sender.setsockopt(socket.IPPROTO_UDP, udp_segment, 1000)
    sender.sendto(bytes(20000), (endpoint(other)[1], receiver.getsockname()[1]))
    longest = count = 0
    while select.select([watcher], [], [], 0.3)[0]:
        longest = max(longest, len(watcher.recv(1 << 17)))
    try:
        while True:
            lab.check("length of a datagram", 1000, len(receiver.recv(1 << 16)))
            count += 1
    except TimeoutError:
        print(longest, count)


def squeeze(one, other):
    sock = bound(one, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    sock.setblocking(False)
    sent = 0
    try:
        while sent < 500:
            sock.sendto(bytes(500), (endpoint(other)[1], 9))
            sent += 1
    except BlockingIOError:
        pass
    print(sent, flush=True)
    # Until the frames are let go.
    writable = bool(select.select([], [sock], [], 5)[1]) if sent < 500 else False
    print("writable again" if writable else "still full")


def sctp(one, other, count):
    """Sums of SCTP are a CRC; a wrong one is as good as a lost packet, and the association does not come to be."""
    sockets = []
    for where in (other, one):
        netns, address, family = endpoint(where)
        with lab.inside(netns):
            sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_SCTP)
        sock.settimeout(10)
        sock.bind((address, 0))
        sockets.append(sock)
    listener, client = sockets
    listener.listen(1)
    client.connect(listener.getsockname()[:2])
    server = listener.accept()[0]
    server.settimeout(10)
    for number in range(int(count)):
        for source, sink in ((client, server), (server, client)):
            message = struct.pack("!Q", number) * (1 + number % 120)
            source.send(message)
            lab.check("SCTP message", message, sink.recv(1 << 16))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
