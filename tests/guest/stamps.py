# SPDX-License-Identifier: GPL-2.0-only
"""Sends numbered datagrams that ask for a timestamp, and prints how many were sent, arrived, and got one exactly once.

  stamps.py A B COUNT [THREAD]      endpoints as in flows.py

With the process id of a NAPI thread, the sender keeps that thread from running until it has sent everything: both are
bound to one processor, which the sender does not leave.
"""
import collections
import os
import select
import socket
import struct
import sys
import time

import flows
import lab

SO_TIMESTAMPING, IP_RECVERR, IPV6_RECVERR, MSG_ERRQUEUE = 37, 11, 25, 0x2000
# Of transmission, by software; reported; with a number, and without the frame.
WANTED = 1 << 1 | 1 << 4 | 1 << 7 | 1 << 11


def starve(thread):
    os.sched_setaffinity(int(thread), {0})
    os.sched_setaffinity(0, {0})
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))


def stamp_of(sock):
    """The number of a datagram that was stamped."""
    _, extra, _, _ = sock.recvmsg(1, 512, MSG_ERRQUEUE)
    number = when = None
    for level, kind, data in extra:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPING:
            when = struct.unpack_from("=qq", data)
        if (level, kind) in ((socket.IPPROTO_IP, IP_RECVERR), (socket.IPPROTO_IPV6, IPV6_RECVERR)):
            number, = struct.unpack_from("=I", data, 12)
    if number is None or abs(when[0] - time.time()) > 60:
        lab.fail(f"a report without number or with a strange time: {extra}")
    return number


def main(one, other, count, thread=""):
    count = int(count)
    receiver, sender = flows.bound(other, socket.SOCK_DGRAM), flows.bound(one, socket.SOCK_DGRAM)
    receiver.setsockopt(socket.SOL_SOCKET, lab.SO_RCVBUFFORCE, 8 << 20)
    sender.setsockopt(socket.SOL_SOCKET, lab.SO_SNDBUFFORCE, 8 << 20)
    sender.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING, WANTED)
    sender.connect(receiver.getsockname()[:2])
    if thread:
        starve(thread)
    for number in range(count):
        sender.send(struct.pack("!I", number) * 25)
    stamps, arrived = collections.Counter(), []
    events = select.poll()
    events.register(receiver, select.POLLIN)
    events.register(sender, select.POLLERR)
    end = time.monotonic() + 10
    # When all is there, a second report would come soon.
    while (ready := events.poll(200 if len(stamps) == len(arrived) == count else 2000)) and time.monotonic() < end:
        for descriptor, _ in ready:
            if descriptor == sender.fileno():
                stamps[stamp_of(sender)] += 1
            else:
                arrived.append(struct.unpack_from("!I", receiver.recv(2000))[0])
    if arrived != sorted(arrived):
        lab.fail(f"datagrams arrived out of order: {arrived}")
    print(count, len(arrived), sum(1 for number in range(count) if stamps[number] == 1))


if __name__ == "__main__":
    main(*sys.argv[1:])
