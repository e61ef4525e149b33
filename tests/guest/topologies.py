# SPDX-License-Identifier: GPL-2.0-only
"""One task that holds what a frame leaves and what it arrives at.

  refused NETNS ADDRESS PORT   a connection is reset and a datagram refused, both at once
  hears A B                    one packet socket for all devices sends through A and hears each frame at B
  round ONE OTHER BYTES        bytes go from ONE to OTHER and back, passed on by splice(2); endpoints as in flows.py
"""
import errno
import os
import select
import socket
import struct
import sys
import threading
import zlib

import flows
import lab

PIPE = 1 << 16
MANY = 50


def refused(netns, address, port):
    with lab.inside(netns):
        stream, datagram = (socket.socket(socket.AF_INET, kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM))
    for sock in (stream, datagram):
        sock.settimeout(20)
    lab.check("answer to a connection", errno.ECONNREFUSED, stream.connect_ex((address, int(port))))
    datagram.connect((address, int(port)))
    datagram.send(b"nobody")
    try:
        datagram.recv(1)
        lab.fail("the datagram was not refused")
    except ConnectionRefusedError:
        pass


def hears(one, other):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(lab.ETH_P_EXPERIMENT))
    sock.setsockopt(lab.SOL_PACKET, lab.PACKET_IGNORE_OUTGOING, 1)
    heard = select.epoll()
    heard.register(sock, select.EPOLLIN)
    for number in range(MANY):
        frame = b"\xff" * 12 + struct.pack("!HQ", lab.ETH_P_EXPERIMENT, number) + bytes(50)
        sock.sendto(frame, (one, lab.ETH_P_EXPERIMENT))
        if not heard.poll(20):
            lab.fail(f"frame {number} was lost")
        data, where = sock.recvfrom(2048)
        lab.check("frame and device", (frame, other), (data, where[0]))


def pass_on(source, sink):
    """All that comes from a socket goes to another without being copied, until the first is at its end."""
    inlet, outlet = os.pipe()
    while count := os.splice(source.fileno(), outlet, PIPE):
        while count:
            count -= os.splice(inlet, sink.fileno(), count)
    sink.shutdown(socket.SHUT_WR)
    os.close(inlet)
    os.close(outlet)


def round_(one, other, size):
    there, echo = flows.connect(one, other)
    there.settimeout(60)
    echo.setblocking(True)
    data = os.urandom(int(size))
    helper = threading.Thread(target=pass_on, args=(echo, echo), daemon=True)
    helper.start()
    back = bytearray()
    for at in range(0, len(data), PIPE):
        piece = data[at:at + PIPE]
        there.sendall(piece)
        while len(back) < at + len(piece):
            back += there.recv(PIPE)
    there.shutdown(socket.SHUT_WR)
    lab.check("the end", b"", there.recv(1))
    lab.check("sum of what came back", zlib.crc32(data), zlib.crc32(bytes(back)))
    helper.join(60)


if __name__ == "__main__":
    {"refused": refused, "hears": hears, "round": round_}[sys.argv[1]](*sys.argv[2:])
