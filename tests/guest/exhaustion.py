# SPDX-License-Identifier: GPL-2.0-only
"""Does one thing again and again, and each time another of the kernel's allocations on its way fails
(Documentation/fault-injection/fault-injection.rst, fail-nth), until there is none left that did not.

  exhaustion.py WHAT

After each, all is as it was, or all is done; what says that it is done, is; and a frame still crosses a pair that is
there. Then it is undone for the next one. Prints how many failed and what the answers were.

newif      a pair a0, b0 by newif                    newlink    the same by rtnetlink, in mode napi, both up
delif      destroyed by delif                        mode       from backlog to napi, and peer
ring       from 256 to 512 slots                     channels   from 1 to 2 at both ends' receivers
gro        switched on in mode backlog               program    an XDP program attached, in mode backlog
up         from down to up, in mode napi
"""
import collections
import ctypes
import errno
import fcntl
import importlib.util
import os
import socket
import struct
import sys

import ethtool
import lab

NEWIF, DELIF = (f"/sys/module/etun/parameters/{file}" for file in ("newif", "delif"))
IFLA_XDP, XDP_ATTACHED, XDP_FD = 43, 2, 1
SYS_BPF, PROG_LOAD, TYPE_XDP, XDP_PASS = 321, 5, 6, 2
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
GGRO = 0x2B
KEYS = ("mtu", "mode", "peer-mode", "ring", "peer-ring")
# More than any of these allocates; one that never gets there without a failure would go on for ever.
MOST = 2000

nth = os.open("/proc/thread-self/fail-nth", os.O_RDWR)
failure = 0  # which allocation fails; 0: none


def failing(call, *arguments):
    """Calls; meanwhile the kernel's allocations of this task count down to the one that fails."""
    os.pwrite(nth, b"%d" % failure, 0)
    try:
        return call(*arguments)
    finally:
        Failing.left = int(os.pread(nth, 32, 0).rstrip(b"\0\n"))
        os.pwrite(nth, b"0", 0)


class Failing:
    """What was left of the count after the last call: 0 when the failure has happened."""
    left = 0


def load_newlink():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lifecycle-newlink.py")
    spec = importlib.util.spec_from_file_location("newlink", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ask(kind, flags, body):
    """As the one of lifecycle-newlink.py; only the sending, which is when rtnetlink acts, is within failing()."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as link:
        link.setsockopt(270, 10, 1)
        link.setsockopt(270, 11, 1)
        failing(link.send, struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body)
        return link.recv(65536, socket.MSG_DONTWAIT)


def call(place, data):
    """As the one of ethtool.py."""
    buffer = ctypes.create_string_buffer(bytes(data), len(data))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("=16sQ16x", place.encode(), ctypes.addressof(buffer))
        failing(fcntl.ioctl, sock, ethtool.SIOCETHTOOL, request)
    return buffer.raw


newlink = load_newlink()
quiet_ask, newlink.ask = newlink.ask, ask
quiet_call, ethtool.call = ethtool.call, call


def quietly(function, *arguments):
    """Without failures."""
    global failure
    kept, failure = failure, 0
    try:
        return function(*arguments)
    finally:
        failure = kept


# ---- what can be seen ----


def program_on(name):
    reply = quiet_ask(newlink.RTM_GETLINK, 1, newlink.ifinfomsg() + newlink.ENCODERS["name"](name))
    xdp = newlink.attributes(newlink.attributes(reply[32:]).get(IFLA_XDP, b""))
    return xdp.get(XDP_ATTACHED, b"\0")[0]


def read(name, file):
    try:
        with open(f"/sys/class/net/{name}/{file}", encoding="ascii") as text:
            return text.read().strip()
    except OSError as error:
        return errno.errorcode[error.errno]


def state_of(name):
    channels = struct.unpack("=9I", quiet_call(name, struct.pack("=9I", ethtool.GCHANNELS, *[0] * 8)))[5:7]
    gro = struct.unpack("=II", quiet_call(name, struct.pack("=II", GGRO, 0)))[1]
    return (name, newlink.show(name, KEYS), read(name, "flags"), read(name, "carrier"), channels, gro, program_on(name))


def ends():
    return sorted(name for name in os.listdir("/sys/class/net") if os.path.isdir(f"/sys/class/net/{name}/etun"))


def state():
    return tuple(state_of(name) for name in ends())


def crosses():
    """A frame from a0 arrives at b0, if they are there and joined."""
    if ends() != ["a0", "b0"] or read("a0", "carrier") != "1":
        return
    with lab.tap("b0", lab.ETH_P_EXPERIMENT) as taker, lab.tap("a0", lab.ETH_P_NOBODY) as giver:
        giver.send(b"\xff" * 12 + struct.pack("!H", lab.ETH_P_EXPERIMENT) + bytes(46))
        lab.check("frames that crossed", 1, len(lab.drain(taker, 1, 10)))


# ---- what is done ----


def write(file, text):
    descriptor = os.open(file, os.O_WRONLY)
    try:
        failing(os.write, descriptor, text.encode())
    finally:
        os.close(descriptor)


def request(*arguments):
    reply = newlink.newlink(list(arguments)).split(" ")[0]
    if reply != "0":
        raise OSError(getattr(errno, reply), reply)


def link(name, up):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        flags, = struct.unpack_from("=h", fcntl.ioctl(sock, SIOCGIFFLAGS, struct.pack("=16s24x", name.encode())), 16)
        flags = flags | IFF_UP if up else flags & ~IFF_UP
        failing(fcntl.ioctl, sock, SIOCSIFFLAGS, struct.pack("=16sh22x", name.encode(), flags))


def load_program():
    """A descriptor of a program that passes all."""
    code = struct.pack("=BBhi", 0xB7, 0, 0, XDP_PASS) + struct.pack("=BBhi", 0x95, 0, 0, 0)
    code, licence = ctypes.create_string_buffer(code), ctypes.create_string_buffer(b"GPL")
    attributes = ctypes.create_string_buffer(
        struct.pack("=IIQQ", TYPE_XDP, 2, ctypes.addressof(code), ctypes.addressof(licence)), 120)
    descriptor = ctypes.CDLL(None, use_errno=True).syscall(SYS_BPF, PROG_LOAD, attributes, 120)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "BPF_PROG_LOAD")
    return descriptor


def set_program(name, descriptor):
    xdp = newlink.attribute(XDP_FD, struct.pack("=i", descriptor))
    body = newlink.ifinfomsg() + newlink.ENCODERS["name"](name) + newlink.attribute(IFLA_XDP | newlink.NESTED, xdp)
    reply = newlink.answer(ask(newlink.RTM_NEWLINK, newlink.REQUEST_ACK, body)).split(" ")[0]
    if reply != "0":
        raise OSError(getattr(errno, reply), reply)


def pair(*arguments):
    request("name=a0", "peer.name=b0", *arguments)


def pair_up(*arguments):
    pair(*arguments)
    link("a0", True)
    link("b0", True)


def remove():
    if ends():
        write(DELIF, "a0")


def channels(count):
    ethtool.set_channels("a0", count, 1)


# Before the first; the thing; what undoes it.
THINGS = {
    "newif": (lambda: None, lambda: write(NEWIF, "a0,b0"), remove),
    "newlink": (lambda: None, lambda: pair("mode=napi", "peer-mode=napi", "peer.flags=up", "peer.rxqueues=2"), remove),
    "delif": (pair_up, remove, pair_up),
    "mode": (pair_up, lambda: request("change=a0", "mode=napi", "peer-mode=napi"),
             lambda: request("change=a0", "mode=backlog", "peer-mode=backlog")),
    "ring": (lambda: pair_up("mode=napi"), lambda: ethtool.set_ring("a0", 512), lambda: ethtool.set_ring("a0", 256)),
    "channels": (lambda: pair_up("mode=napi", "rxqueues=2"), lambda: channels(2), lambda: channels(1)),
    "gro": (pair_up, lambda: ethtool.set_gro("a0", 1), lambda: ethtool.set_gro("a0", 0)),
    "program": (pair_up, None, lambda: set_program("a0", -1)),
    "up": (lambda: pair("mode=napi", "peer.flags=up"), lambda: link("a0", True), lambda: link("a0", False)),
}


def attempt(thing):
    """The errno's name, or `done`."""
    try:
        thing()
        return "done"
    except OSError as error:
        return errno.errorcode[error.errno]


def main(what):
    global failure
    before_all, thing, undo = THINGS[what]
    if what == "program":
        descriptor = load_program()
        thing = lambda: set_program("a0", descriptor)
    before_all()
    undone = state()
    thing()
    done = state()
    if done == undone:
        lab.fail(f"{what} changed nothing")
    undo()
    lab.check("state after the first time", undone, state())
    answers = collections.Counter()
    for failure in range(1, MOST):
        answer = attempt(thing)
        left = Failing.left
        seen = state()
        if seen not in (undone, done):
            lab.fail(f"failure {failure}, answer {answer}: {seen} is neither {undone} nor {done}")
        if answer == "done" and seen != done:
            lab.fail(f"failure {failure} was concealed: {seen}")
        if answer not in ("done", "ENOMEM", "ENOBUFS"):
            lab.fail(f"failure {failure}: {answer}")
        quietly(crosses)
        if seen == done:
            quietly(undo)
        lab.check(f"state after failure {failure} was undone", undone, state())
        if left:
            lab.check("answer without a failure", "done", answer)
            break
        answers[answer] += 1
    else:
        lab.fail(f"more than {MOST} allocations")
    failure = 0
    print(f"{sum(answers.values())} failures:", *(f"{name} {count}" for name, count in sorted(answers.items())))
    if not sum(answers.values()):
        lab.fail("nothing failed")


main(sys.argv[1])
