# SPDX-License-Identifier: GPL-2.0-only
"""What sockets are told of frames that an end drops or receives.

  burst ONE OTHER                   a datagram and the first segment of a connection leave ONE's qdisc, a plug, as one burst;
                                    the datagram arrives
  told ONE OTHER SIZE [bypass]      prints what a UDP socket that asks for errors (IP_RECVERR), one that does not, and a
                                    packet socket (around the qdisc, with `bypass`) are told of a frame with so many bytes of
                                    payload: 0 or an errno's name
  napi ONE OTHER                    prints the number of the NAPI instance that brought a datagram (SO_INCOMING_NAPI_ID), 0 for
                                    none
  polls ONE OTHER                   receives datagrams by polling the device itself (SO_BUSY_POLL)
  stops_polling ONE OTHER           a socket that polls stops with frames in the ring, at the moment when NAPI would have run;
                                    they arrive
  held ONE OTHER COUNT SECONDS COMMAND...
                                    sends first segments of TCP data that GRO holds for others to join, runs the command, and
                                    prints how many have arrived then, each within so many seconds
  spread ONE OTHER FLOWS            sends one datagram for each of so many flows

ONE and OTHER are written NAMESPACE:DEVICE=ADDRESS.
"""
import errno
import os
import select
import socket
import struct
import subprocess
import sys
import time

import lab
import load
import pins

IP_RECVERR, SO_BUSY_POLL, SO_INCOMING_NAPI_ID, SO_PREFER_BUSY_POLL, SO_BUSY_POLL_BUDGET = 11, 46, 56, 69, 70


def place(text):
    """("NAMESPACE:DEVICE", address)"""
    return tuple(text.split("="))


def udp(at, port=0):
    where, address = place(at)
    with lab.inside(lab.split(where)[0]):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((address, port))
        return sock


def plug(at, word):
    netns, device = lab.split(place(at)[0])
    subprocess.run(["tc", "-n", netns, "qdisc", "change", "dev", device, "root", "plug", word], check=True)


def burst(one, other):
    receiver, sender = udp(other), udp(one)
    receiver.settimeout(load.PATIENCE)
    # What leaves at once is as much as the byte limit lets through, which grows with what has.
    for _ in range(50):
        plug(one, "block")
        for _ in range(20):
            sender.sendto(bytes(1000), receiver.getsockname())
        plug(one, "release_indefinite")
        lab.check("datagrams of a burst", [1000] * 20, [len(receiver.recv(2000)) for _ in range(20)])
        if pins.statistics(place(one)[0])["tx_queue_0_bql_limit"] > 3000:
            break
    else:
        lab.fail("the byte limit does not grow")
    plug(one, "block")
    with lab.inside(lab.split(place(one)[0])[0]):
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    connection.setblocking(False)
    sender.sendto(b"first", receiver.getsockname())
    lab.check("answer to connect()", errno.EINPROGRESS, connection.connect_ex((place(other)[1], 9)))
    plug(one, "release_indefinite")
    try:
        lab.check("datagram", b"first", receiver.recv(100))
    except TimeoutError:
        lab.fail("the datagram has not arrived")


def answer(send, *arguments):
    try:
        send(*arguments)
        return "0"
    except OSError as error:
        return errno.errorcode[error.errno]


def told(one, other, size, bypass=""):
    payload, answers = bytes(int(size)), []
    for wanted in (1, 0):
        sender = udp(one)
        sender.setsockopt(socket.IPPROTO_IP, IP_RECVERR, wanted)
        answers.append(answer(sender.sendto, payload, (place(other)[1], 9)))
    tap = lab.tap(place(one)[0], lab.ETH_P_NOBODY, QDISC_BYPASS=1 if bypass else 0)
    head = lab.address(place(other)[0]) + lab.address(place(one)[0]) + b"\x88\xb5"
    answers.append(answer(super(lab.Tap, tap).send, head + payload))
    print(*answers)


def napi(one, other):
    receiver, sender = udp(other), udp(one)
    receiver.settimeout(load.PATIENCE)
    sender.sendto(b"text", receiver.getsockname())
    receiver.recv(100)
    print(receiver.getsockopt(socket.SOL_SOCKET, SO_INCOMING_NAPI_ID))


def polls(one, other):
    receiver, sender = udp(other), udp(one)
    receiver.settimeout(load.PATIENCE)
    sender.sendto(b"learn the instance", receiver.getsockname())
    receiver.recv(100)
    # What waits in poll(2), as a socket with Python's own timeout does, does not poll the device.
    receiver.settimeout(None)
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", load.PATIENCE, 0))
    receiver.setsockopt(socket.SOL_SOCKET, SO_BUSY_POLL, 1000000)
    pid = os.fork()
    if not pid:
        for number in range(20):
            time.sleep(0.02)
            sender.sendto(struct.pack("!I", number), receiver.getsockname())
        os._exit(0)
    seen = [struct.unpack("!I", receiver.recv(100))[0] for _ in range(20)]
    os.waitpid(pid, 0)
    lab.check("datagrams", list(range(20)), seen)


def gro_setting(at, name, value):
    netns, device = lab.split(place(at)[0])
    subprocess.run(["ip", "netns", "exec", netns, "sh", "-c", f"echo {value} >/sys/class/net/{device}/{name}"], check=True)


def stops_polling(one, other):
    receiver, sender = udp(other), udp(one)
    receiver.settimeout(load.PATIENCE)
    # Once NAPI has run it is put off for so long, for sockets to poll meanwhile (Documentation/networking/napi.rst).
    gro_setting(other, "napi_defer_hard_irqs", 100)
    gro_setting(other, "gro_flush_timeout", 5 * 10**9)
    sender.sendto(b"learn the instance", receiver.getsockname())
    receiver.recv(100)
    for number in range(30):
        sender.sendto(bytes([number]), receiver.getsockname())
    # The kernel sets its timer when a socket stops, then polls once more: now it expires in that poll.
    gro_setting(other, "gro_flush_timeout", 1)
    receiver.settimeout(None)
    receiver.setsockopt(socket.SOL_SOCKET, SO_PREFER_BUSY_POLL, 1)
    receiver.setsockopt(socket.SOL_SOCKET, SO_BUSY_POLL_BUDGET, 1)
    receiver.setsockopt(socket.SOL_SOCKET, SO_BUSY_POLL, 1000)
    seen = [receiver.recv(100)[0]]
    receiver.setsockopt(socket.SOL_SOCKET, SO_BUSY_POLL, 0)
    receiver.settimeout(load.PATIENCE)
    try:
        seen += [receiver.recv(100)[0] for _ in range(29)]
    except TimeoutError:
        pass
    lab.check("datagrams", list(range(30)), seen)


def segment(one, other, port):
    source, target = (bytes(map(int, place(end)[1].split("."))) for end in (one, other))
    head = struct.pack("!HHIIBBHHH", port, 9, 1, 1, 5 << 4, 0x10, 1000, 0, 0)
    body = head + bytes(200)
    total = lab.internet_sum(lab.pseudo(source, target, 6, len(body)) + body)
    body = body[:16] + struct.pack("!H", total) + body[18:]
    return (lab.address(place(other)[0]) + lab.address(place(one)[0]) + b"\x08\x00" +
            lab.ipv4(source, target, 6, body))


def held(one, other, count, seconds, *command):
    count = int(count)
    watcher = lab.tap(place(other)[0], 0x0800)
    sender = lab.tap(place(one)[0], lab.ETH_P_NOBODY)
    for port in range(count):
        sender.send(segment(one, other, 20000 + port))
    subprocess.run(command, check=True)
    seen = 0
    while seen < count and select.select([watcher], [], [], float(seconds))[0]:
        try:
            watcher.recv(2000)
            seen += 1
        except OSError as error:
            # Once, when the device goes down.
            lab.check("error of a packet socket", errno.ENETDOWN, error.errno)
    print(seen)


def spread(one, other, flows):
    for _ in range(int(flows)):
        udp(one).sendto(b"text", (place(other)[1], 9))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
