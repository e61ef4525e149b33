# SPDX-License-Identifier: GPL-2.0-only
"""Sequences of operations on ends, one operation a line, for fuzz-operations.py: made from a seed, and carried out.

The ends are called a0, b0, a1, b1 and c0, and an operation finds an end wherever it is. A place is `here`, `east` or
`west`. Bytes that are not printable stand as in an address of the web (%00).

  newif PLACE TEXT, delif PLACE TEXT           one write to the control file
  newlink PLACE KEY=VALUE..., change END ...   see the head of lifecycle-newlink.py
  dellink END; move END PLACE; rename END NAME; link|carrier|protodown END 0|1; mtu END BYTES; address END HEX
  channels END RX TX; ring END SLOTS; coalesce END USECS FRAMES; gro|rx|tx|sg|tso END 0|1; ethtool END HEX
  xdp END pass|drop|tx|frags|off; qdisc END pfifo|fq_codel|off; mode|threaded END VALUE (by sysfs, here only)
  endns PLACE                                  the namespace ends, and another one of the name begins
  reload                                       the module is unloaded and loaded
"""
import errno
import os
import random
import socket
import struct
import subprocess
import urllib.parse

import abi
import ethtool
import lab
import operations

newlink = operations.newlink
PLACES = {"here": "", "east": "east", "west": "west"}
NAMES = ("a0", "b0", "a1", "b1", "c0")
IFLA_PROTO_DOWN, IFLA_ADDRESS = 39, 1
RTM_NEWQDISC, RTM_DELQDISC, TCA_KIND, TC_H_ROOT = 36, 37, 1, 0xFFFFFFFF
EDGES = (0, 1, 2, 45, 46, 67, 68, 1280, 1500, 3498, 3499, 9000, 32768, 32769, 65535, 65536, (1 << 31) - 1, (1 << 32) - 1)
FEATURES = {"gro": 0x2C, "rx": 0x15, "tx": 0x17, "sg": 0x19, "tso": 0x1F}
PROGRAMS = {"drop": (1, 0), "pass": (2, 0), "tx": (3, 0), "frags": (2, 1 << 5)}


# ---- made from a seed ----


def _bits(chance):
    return str(chance.getrandbits(1))


def _name(chance):
    return chance.choice(("a0", "b0") * 4 + ("a1", "b1") * 2 + ("c0",))


def _place(chance):
    return chance.choice(("here", "here", "east", "west"))


def _odd(chance, usual):
    """One of the usual values, and now and then an edge or anything."""
    return str(chance.choice(usual) if chance.random() < 0.8 else chance.choice(EDGES + (chance.getrandbits(32),)))


def _junk(chance, longest=24):
    return bytes(chance.choice(b"ab01,, \n\t\0%/.-\xc3\xff") for _ in range(chance.randrange(longest)))


def _own(chance):
    """etun's own attributes, most of them right."""
    found = []
    for key in ("mode", "peer-mode"):
        if chance.random() < 0.4:
            found.append(f"{key}={chance.choice(('backlog', 'napi', 'napi', 'direct', '3'))}")
    for key in ("ring", "peer-ring"):
        if chance.random() < 0.3:
            found.append(f"{key}={_odd(chance, (2, 3, 16, 64, 256, 512))}")
    if chance.random() < 0.2:
        found.append(f"mtu-policy={chance.choice(('independent', 'equal', 'equal', '2'))}")
    if chance.random() < 0.05:
        found.append(f"info={chance.randrange(abi.ETUN_INFO_COUNT + 1)}:{chance.randbytes(chance.randrange(12)).hex()}")
    return found


def _newlink(chance):
    number = chance.choice((0, 0, 1))
    found = ["newlink", _place(chance), f"name=a{number}", f"peer.name=b{number}", *_own(chance)]
    for key in ("txqueues", "rxqueues", "peer.txqueues", "peer.rxqueues"):
        if chance.random() < 0.3:
            found.append(f"{key}={chance.randrange(1, 5)}")
    for key in ("mtu", "peer.mtu"):
        if chance.random() < 0.2:
            found.append(f"{key}={_odd(chance, (1500, 1400, 2000, 9000))}")
    if chance.random() < 0.4:
        found.append(f"peer.netns=/run/netns/{chance.choice(('east', 'west'))}")
    if chance.random() < 0.5:
        found.append("peer.flags=up")
    if chance.random() < 0.05:
        found.append(f"raw={chance.randbytes(chance.randrange(60)).hex()}")
    return found


def _newif(chance):
    text = chance.choice((b"a0,b0", b"a1,b1", b"a0,b0 a1,b1", b"a0,a0", b"c0,b1\n", _junk(chance)))
    return "newif", _place(chance), urllib.parse.quote(text)


def _delif(chance):
    text = chance.choice((_name(chance).encode(), b"a0 a1", b"a0 b0", _junk(chance)))
    return "delif", _place(chance), urllib.parse.quote(text)


def _ethtool(chance):
    data = struct.pack("=I", chance.randrange(1, 0x53)) + chance.randbytes(chance.randrange(60))
    return "ethtool", _name(chance), data.hex()


# How often, and what comes out.
MAKERS = (
    (12, _newlink),
    (6, _newif),
    (1, _delif),
    (1, lambda c: ("dellink", _name(c))),
    (12, lambda c: ("link", _name(c), c.choice("0111"))),
    (8, lambda c: ("change", _name(c), *_own(c))),
    (8, lambda c: ("move", _name(c), _place(c))),
    (3, lambda c: ("rename", _name(c), c.choice(NAMES))),
    (4, lambda c: (c.choice(("carrier", "protodown")), _name(c), c.choice("011"))),
    (5, lambda c: ("mtu", _name(c), _odd(c, (1500, 1500, 1400, 2000, 3498, 9000)))),
    (1, lambda c: ("address", _name(c), c.choice(("020000000001", "010000000001", "000000000000", "0200000000")))),
    (6, lambda c: ("channels", _name(c), str(c.randrange(5)), str(c.randrange(5)))),
    (6, lambda c: ("ring", _name(c), _odd(c, (2, 3, 16, 64, 256, 1024)))),
    (4, lambda c: ("coalesce", _name(c), _odd(c, (0, 0, 50, 1000, 10000)), _odd(c, (0, 0, 1, 8, 32)))),
    (6, lambda c: (c.choice(tuple(FEATURES)), _name(c), _bits(c))),
    (8, lambda c: ("xdp", _name(c), c.choice(("pass", "drop", "tx", "frags", "off", "off")))),
    (4, lambda c: ("qdisc", _name(c), c.choice(("pfifo", "fq_codel", "off")))),
    (4, lambda c: ("mode", _name(c), urllib.parse.quote(c.choice((b"napi", b"direct", b"backlog\n", _junk(c)))))),
    (2, lambda c: ("threaded", _name(c), _bits(c))),
    (3, _ethtool),
    (0.3, lambda c: ("endns", c.choice(("east", "west")))),
    (0.2, lambda c: ("reload",)),
)


def made_from(seed, length):
    """The lines of a sequence, always the same for a seed and a length. The first makes a pair, the next set it up."""
    chance = random.Random(seed)
    weights, makers = zip(*MAKERS)
    first = [_newlink(chance) if _bits(chance) == "1" else ("newif", _place(chance), "a0,b0")]
    first += [("link", "a0", "1"), ("link", "b0", "1")]
    return [" ".join(words) for words in first + [maker(chance) for maker in chance.choices(makers, weights, k=length)]]


# ---- carried out ----


def ends():
    """(place, name) of each end that there is, by the names of NAMES or of the kernel's making."""
    found = []
    for place, netns in PLACES.items():
        with lab.inside(netns):
            names = [name for _, name in socket.if_nameindex()]
        found += [(place, name) for name in names if name[:1] in "abc" or name.startswith("etun")]
    return found


def where(end):
    """The namespace that an end of this name is in; ENODEV where there is none."""
    for netns in PLACES.values():
        # To ask for one name that there is not makes the kernel start modprobe.
        with lab.inside(netns):
            if any(name == end for _, name in socket.if_nameindex()):
                return netns
    raise OSError(errno.ENODEV, end)


def at(end):
    return f"{where(end)}:{end}"


def within(netns, call, *arguments):
    with lab.inside(netns):
        return call(*arguments)


def attribute_of(end, kind, payload):
    within(where(end), operations.message, newlink.RTM_NEWLINK, end, newlink.attribute(kind, payload))


def program(name):
    """The descriptor of a program that does nothing else than to return."""
    verdict, flags = PROGRAMS[name]
    code = struct.pack("=BBhi", 0xB7, 0, 0, verdict) + struct.pack("=BBhi", 0x95, 0, 0, 0)
    code, licence = operations.ctypes.create_string_buffer(code), operations.ctypes.create_string_buffer(b"GPL")
    address = operations.ctypes.addressof
    attributes = struct.pack("=IIQQ20xI", operations.TYPE_XDP, 2, address(code), address(licence), flags)
    buffer = operations.ctypes.create_string_buffer(attributes, 120)
    return operations.system_call(lab.SYS_BPF, operations.PROG_LOAD, buffer, 120)


def xdp(end, which):
    netns = where(end)
    descriptor = -1 if which == "off" else program(which)
    try:
        within(netns, operations.set_program, end, descriptor)
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def qdisc(end, kind):
    with lab.inside(where(end)):
        index = socket.if_nametoindex(end)
        message, flags = (RTM_DELQDISC, 0) if kind == "off" else (RTM_NEWQDISC, 0x400 | 0x100)
        body = struct.pack("=BxxxiIII", 0, index, 0, TC_H_ROOT, 0)
        if kind != "off":
            body += newlink.attribute(TCA_KIND, kind.encode() + b"\0")
        operations.acknowledged(newlink.answer(newlink.ask(message, newlink.REQUEST_ACK | flags, body)).split(" ")[0])


def ethtool_bytes(end, data):
    # Large, as the kernel writes back as much as it likes to.
    ethtool.call(at(end), bytes.fromhex(data) + bytes(1 << 16))


def file_of(end, name, text):
    if where(end):
        raise OSError(errno.ENODEV, "not here")
    operations.write(f"/sys/class/net/{end}/{name}", text.decode("latin-1"))


def control(file, place, text):
    with lab.inside(PLACES[place]):
        descriptor = os.open(file, os.O_WRONLY)
        try:
            os.write(descriptor, urllib.parse.unquote_to_bytes(text))
        finally:
            os.close(descriptor)


def end_namespace(place):
    subprocess.run(["ip", "netns", "del", place], check=True)
    begin_namespace(place)


def begin_namespace(place):
    """One whose stack sends nothing by itself."""
    subprocess.run(["ip", "netns", "add", place], check=True)
    with lab.inside(place), open("/proc/thread-self/net/dev", encoding="ascii"):
        for which in ("all", "default"):
            with open(f"/proc/sys/net/ipv6/conf/{which}/disable_ipv6", "w", encoding="ascii") as file:
                file.write("1")


def reload():
    operations.Module.unload()
    operations.Module.load()


def flag(kind):
    return lambda end, on: attribute_of(end, kind, struct.pack("=B", int(on)))


def feature(command):
    return lambda end, on: ethtool.call(at(end), struct.pack("=II", command, int(on)))


VERBS = {
    "newif": lambda place, text: control(operations.NEWIF, place, text),
    "delif": lambda place, text: control(operations.DELIF, place, text),
    "newlink": lambda place, *words: within(PLACES[place], operations.request, *words),
    "change": lambda end, *words: within(where(end), operations.request, f"change={end}", *words),
    "dellink": lambda end: within(where(end), operations.message, operations.RTM_DELLINK, end),
    "move": lambda end, place: within(where(end), operations.move, end, PLACES[place]),
    "rename": lambda end, new: within(where(end), operations.rename, end, new),
    "link": lambda end, up: within(where(end), operations.link, end, int(up)),
    "carrier": flag(operations.IFLA_CARRIER),
    "protodown": flag(IFLA_PROTO_DOWN),
    "mtu": lambda end, size: attribute_of(end, newlink.IFLA_MTU, struct.pack("=I", int(size))),
    "address": lambda end, text: attribute_of(end, IFLA_ADDRESS, bytes.fromhex(text)),
    "channels": lambda end, rx, tx: ethtool.set_channels(at(end), int(rx), int(tx)),
    "ring": lambda end, slots: ethtool.set_ring(at(end), int(slots)),
    "coalesce": lambda end, usecs, frames: ethtool.set_coalesce(at(end), int(usecs), int(frames)),
    "xdp": xdp,
    "qdisc": qdisc,
    "mode": lambda end, text: file_of(end, "etun/mode", urllib.parse.unquote_to_bytes(text)),
    "threaded": lambda end, on: file_of(end, "threaded", on.encode()),
    "ethtool": ethtool_bytes,
    "endns": end_namespace,
    "reload": reload,
    **{name: feature(command) for name, command in FEATURES.items()},
}


def carry_out(line):
    """The errno's name with which the kernel refuses an operation, or `done`."""
    verb, *words = line.split(" ")
    try:
        VERBS[verb](*words)
        return "done"
    except OSError as error:
        # Names that acknowledged() passes on are none of the system's.
        return errno.errorcode.get(error.errno, str(error.errno))
