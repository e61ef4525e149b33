# SPDX-License-Identifier: GPL-2.0-only
"""Frames under pressure: what becomes of them when a ring is full or somebody changes the settings (settings.py).

  burst A B COUNT...                so many numbered frames from place A, several times; prints how many arrived at B,
                                    and whether in order
  waits A B FRAMES TRIES ENOUGH     prints the least time from the first of some frames to the last one's arrival, in
                                    ms; tries no more when it was less than ENOUGH
  upset A B COUNT [CHANGE...]       a burst, at once the change; whatever didn't arrive is counted, and all goes on
  udp A B ADDRESS exact|loose [CHANGE...]
                                    flows from A to ADDRESS at B while changes are made; after each one all go on
  tcp A B ADDRESS [CHANGE...]       the same for one connection, whose bytes all arrive
"""
import errno
import mmap
import os
import select
import signal
import socket
import struct
import sys
import time

import ethtool
import lab
import settings

FLOWS = 32
PATIENCE = 30  # seconds, for an emulated machine on a busy host


def header(one, other):
    return lab.address(other) + lab.address(one) + struct.pack("!H", lab.ETH_P_EXPERIMENT)


def frame(head, number):
    """One of 100 bytes that has a number."""
    return head + struct.pack("!I", number) + bytes(82)


def send_burst(one, other, count):
    """Sends numbered frames of 100 bytes; returns the socket that they arrive at."""
    receiver = lab.tap(other, lab.ETH_P_EXPERIMENT)
    sender = lab.tap(one, lab.ETH_P_NOBODY)
    head = header(one, other)
    for number in range(count):
        sender.send(frame(head, number))
    return receiver


def numbers(frames):
    return [struct.unpack_from("!I", frame, 14)[0] for frame in frames]


def arrived(receiver, count, quiet=0.5):
    """The numbers of the frames that arrive, until all have or for a while none has."""
    seen = []
    while len(seen) < count and select.select([receiver], [], [], quiet)[0]:
        try:
            seen += numbers([receiver.recv(1 << 16)])
        except OSError as error:
            # Once, when the device goes down.
            lab.check("error of a packet socket", errno.ENETDOWN, error.errno)
    return seen


def burst(one, other, *counts):
    for count in map(int, counts):
        seen = arrived(send_burst(one, other, count), count, 2)
        print(f"arrived {len(seen)} of {count}, {'in order' if seen == sorted(set(seen)) else 'not in order'}")


def waits(one, other, frames, tries, enough):
    receiver, sender = lab.tap(other, lab.ETH_P_EXPERIMENT), lab.tap(one, lab.ETH_P_NOBODY)
    head, least = header(one, other) + bytes(46), float("inf")
    for _ in range(int(tries)):
        begin = time.monotonic()
        for _ in range(int(frames)):
            sender.send(head)
        lab.check("frames that arrived", int(frames), len(lab.drain(receiver, int(frames), PATIENCE)))
        least = min(least, 1000 * (time.monotonic() - begin))
        if least < float(enough):
            break
    print(f"{least:.3f}")


def in_flight(place):
    return {name: value for name, value in ethtool.statistics(place).items() if name.endswith("_bql_inflight")}


def settled(*places):
    """Waits until the counters rest and nothing is under way; returns them."""
    end, before = time.monotonic() + PATIENCE, None
    while time.monotonic() < end:
        now = [lab.counters(place) for place in places]
        # Longer than the longest coalescing, and than a stall of an emulated processor is likely to be.
        time.sleep(0.15)
        if now == before:
            return now
        before = now
    return lab.fail(f"the counters of {places} don't come to rest: {before}")


def balance(one, other, before, after):
    """Each frame that one end sent the other has received, or has counted as dropped."""
    grown = [{name: new[name] - old[name] for name in new} for old, new in zip(before, after)]
    for sender, receiver, place in ((0, 1, one), (1, 0, other)):
        lab.check(f"sent by {place}, and received or dropped by its peer", grown[sender]["tx_packets"],
                  grown[receiver]["rx_packets"] + grown[receiver]["rx_dropped"])
        left = {name: value for name, value in in_flight(place).items() if value}
        lab.check(f"bytes under way according to the queues of {place}", {}, left)
    return grown


def account(change, count, seen, grown):
    """What was sent before a change has arrived, in order, or was counted as dropped."""
    dropped = grown[0]["tx_dropped"], grown[1]["rx_dropped"]
    print(f"{change}: {len(seen)} of {count} arrived, dropped by the sender {dropped[0]}, by the receiver {dropped[1]}")
    if not change.startswith("~"):
        lab.check(f"lost and not counted, with {change}", 0, count - len(seen) - sum(dropped))
    if seen != sorted(set(seen)) and not change.startswith("?"):
        lab.fail(f"{change}: what arrived was not in order: {seen}")


def mended(one, other):
    """Waits until frames cross again; the kernel lets them through some time after the carrier is on."""
    end = time.monotonic() + PATIENCE
    while not arrived(send_burst(one, other, 1), 1, 0.1):
        if time.monotonic() > end:
            lab.fail("nothing crosses since the link was set up again")


def afterwards(one, other, change):
    """All goes on after a change."""
    if change.endswith(" link 0"):
        settings.make(change[:-1] + "1")
        mended(one, other)
    receiver = send_burst(one, other, 10)
    lab.check(f"frames afterwards, after {change}", list(range(10)), arrived(receiver, 10, PATIENCE))
    receiver.close()


def upset(one, other, count, *changes):
    count = int(count)
    for change in changes or ["none"]:
        before = settled(one, other)
        receiver = send_burst(one, other, count)
        if change != "none":
            settings.make(change)
        seen = arrived(receiver, count)
        grown = balance(one, other, before, settled(one, other))
        account(change, count, seen, grown)
        receiver.close()
        afterwards(one, other, change)


class Shared:
    """Numbers that processes share."""

    def __init__(self, count):
        self.words = memoryview(mmap.mmap(-1, 8 * count)).cast("Q")


def child(function, *arguments):
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    # It doesn't outlive the parent, nor hang for ever.
    lab._libc.prctl(1, signal.SIGKILL)
    signal.alarm(6 * PATIENCE)
    status = 1
    try:
        function(*arguments)
        status = 0
    finally:
        sys.stdout.flush()
        os._exit(status)


def send_datagrams(sockets, target, sent, last, stop):
    filling = bytes(400)
    while not stop[0]:
        for i, sock in enumerate(sockets):
            # A receiver that cannot follow would only fill its buffer.
            if sent[i] > last[i] + 100:
                time.sleep(0.0005)
            try:
                # Not connected: else a socket would keep the queue that it once chose.
                sock.sendto(struct.pack("!IQ", i, sent[i] + 1) + filling, target)
                sent[i] += 1
            except BlockingIOError:
                pass
            except OSError:
                time.sleep(0.001)


def receive_datagrams(sock, received, last, stop):
    while True:
        if not select.select([sock], [], [], 0.1)[0]:
            if stop[0] == 2:
                return
            continue
        flow, number = struct.unpack_from("!IQ", sock.recv(1 << 16))
        received[flow] += 1
        last[flow] = max(last[flow], number)


def goes_on(change, sent, last):
    """What is sent after a change arrives, in each flow."""
    marks, end = list(sent), time.monotonic() + PATIENCE
    while any(seen <= mark + 1 for seen, mark in zip(last, marks)):
        if time.monotonic() > end:
            lab.fail(f"after {change} flows stand still: sent {list(sent)}, when it was made {marks}, "
                     f"the last that arrived {list(last)}")
        time.sleep(0.01)


def while_going_on(changes, sent, last):
    goes_on("the start", sent, last)
    for change in changes:
        settings.make(change)
        # A cable that is cut lets nothing through; what follows mends it.
        if not change.endswith((" link 0", " carrier 0")):
            goes_on(change, sent, last)


def end_of(pids):
    for pid in pids:
        lab.check("status of a process", 0, os.waitpid(pid, 0)[1])


def sockets_of(one, other, address, kind):
    with lab.inside(lab.split(other)[0]):
        server = socket.socket(socket.AF_INET, kind)
    server.bind((address, 0))
    clients = []
    with lab.inside(lab.split(one)[0]):
        for _ in range(FLOWS if kind == socket.SOCK_DGRAM else 1):
            clients.append(socket.socket(socket.AF_INET, kind))
    return server, clients


def udp_counters(netns):
    with lab.inside(netns), open("/proc/thread-self/net/snmp", encoding="ascii") as table:
        names, values = [line.split()[1:] for line in table if line.startswith("Udp:")]
    return dict(zip(names, map(int, values)))


def udp(one, other, address, how, *changes):
    netns = lab.split(other)[0]
    server, clients = sockets_of(one, other, address, socket.SOCK_DGRAM)
    server.setsockopt(socket.SOL_SOCKET, lab.SO_RCVBUFFORCE, 8 << 20)
    for sock in clients:
        sock.bind(("", 0))
        sock.setblocking(False)
    sent, received, last, stop = (Shared(n).words for n in (FLOWS, FLOWS, FLOWS, 1))
    before, errors = settled(one, other), udp_counters(netns)
    target = server.getsockname()
    pids = [child(send_datagrams, clients, target, sent, last, stop),
            child(receive_datagrams, server, received, last, stop)]
    while_going_on(changes, sent, last)
    stop[0] = 1
    end_of(pids[:1])
    after = settled(one, other)
    stop[0] = 2
    end_of(pids[1:])
    grown = balance(one, other, before, after)
    now = udp_counters(netns)
    lab.check("datagrams with a wrong sum", 0, now["InCsumErrors"] - errors["InCsumErrors"])
    full = now["RcvbufErrors"] - errors["RcvbufErrors"]
    lost = sum(sent) - sum(received)
    print(f"{sum(sent)} datagrams, {lost} lost; dropped by the sender {grown[0]['tx_dropped']}, by the receiver "
          f"{grown[1]['rx_dropped']}, by a full socket {full}")
    if how == "exact":
        lab.check("datagrams lost, and counted as dropped", lost,
                  grown[0]["tx_dropped"] + grown[1]["rx_dropped"] + full)


BLOCK = os.urandom(1 << 16) * 2


def send_stream(sock, sent, _last, stop):
    while not stop[0]:
        at = sent[0] % (1 << 16)
        if select.select([], [sock], [], 0.1)[1]:
            sent[0] += sock.send(BLOCK[at:at + (1 << 16)])
    sock.shutdown(socket.SHUT_WR)


def receive_stream(sock, received, wrong):
    while data := sock.recv(1 << 16):
        at = received[0] % (1 << 16)
        wrong[0] += data != BLOCK[at:at + len(data)]
        received[0] += len(data)


def tcp(one, other, address, *changes):
    server, (client,) = sockets_of(one, other, address, socket.SOCK_STREAM)
    server.listen(1)
    before = settled(one, other)
    client.settimeout(PATIENCE)
    client.connect(server.getsockname())
    accepted = server.accept()[0]
    client.setblocking(False)
    sent, received, wrong, stop = (Shared(1).words for _ in range(4))
    pids = [child(send_stream, client, sent, received, stop), child(receive_stream, accepted, received, wrong)]
    client.close()
    while_going_on(changes, sent, received)
    stop[0] = 1
    end_of(pids)
    lab.check("bytes that arrived, and pieces that arrived changed", (sent[0], 0), (received[0], wrong[0]))
    accepted.close()
    balance(one, other, before, settled(one, other))
    print(f"{sent[0]} bytes")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
