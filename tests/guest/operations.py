# SPDX-License-Identifier: GPL-2.0-only
"""What can be done to a pair, each with what has to be there before and what undoes it; and what can be seen of the ends
a0, b0, a1 and b1, wherever they are. For exhaustion.py and refusals.py, which make them fail.
"""
import ctypes
import errno
import fcntl
import os
import socket
import struct
import subprocess

import ethtool
import lab

newlink = lab.neighbour("lifecycle-newlink")

NEWIF, DELIF = (f"/sys/module/etun/parameters/{file}" for file in ("newif", "delif"))
RTM_DELLINK = 17
IFLA_MASTER, IFLA_CARRIER, IFLA_XDP, XDP_ATTACHED, XDP_FD = 10, 33, 43, 2, 1
PROG_LOAD, TYPE_XDP, XDP_PASS = 5, 6, 2
SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFMTU, SIOCSIFNAME, SIOCSIFHWADDR = 0x8913, 0x8914, 0x8922, 0x8923, 0x8924
IFF_UP = 1
# Those that whoever owns the device sets; the others follow the carrier, some later.
SETTABLE = 0x1 | 0x2 | 0x80 | 0x100 | 0x200 | 0x1000
GRXCSUM, SRXCSUM, GTXCSUM, STXCSUM, GGRO = 0x14, 0x15, 0x16, 0x17, 0x2B
KEYS = ("mtu", "txqueues", "rxqueues", "mode", "peer-mode", "ring", "peer-ring", "mtu-policy", "peer-netnsid")
NAMES, PLACES = ("a0", "b0", "c0", "a1", "b1"), ("", "far")

libc = ctypes.CDLL(None, use_errno=True)


def handed(call, *arguments):
    """Every request goes to the kernel through here, so that it can be made to fail there."""
    return call(*arguments)


def hand(call, *arguments):
    return handed(call, *arguments)


newlink.handed = ethtool.handed = hand


def system_call(number, *arguments):
    result = libc.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")
    return result


# ---- what can be seen ----


def link_of(name):
    """What rtnetlink tells of a device here, or None."""
    reply = newlink.ask(newlink.RTM_GETLINK, 1, newlink.ifinfomsg() + newlink.ENCODERS["name"](name))
    if struct.unpack_from("=H", reply, 4)[0] != newlink.RTM_NEWLINK:
        return None
    seen, found = newlink.values(reply), newlink.attributes(reply[32:])
    flags, = struct.unpack_from("=I", reply, 24)
    program = newlink.attributes(found.get(IFLA_XDP, b"")).get(XDP_ATTACHED, b"\0")[0]
    return [seen.get(key, "-") for key in KEYS] + [flags & SETTABLE, found[IFLA_CARRIER][0], program, IFLA_MASTER in found]


def asked(place, command, count):
    return struct.unpack(f"={count}I", ethtool.call(place, struct.pack(f"={count}I", command, *[0] * (count - 1))))[1:]


def state_of(netns, name):
    with lab.inside(netns):
        link = link_of(name)
    if link is None:
        return None
    place = f"{netns}:{name}"
    features = [asked(place, command, 2)[0] for command in (GRXCSUM, GTXCSUM, GGRO)]
    return place, *link, *asked(place, ethtool.GCHANNELS, 9)[4:6], *asked(place, ethtool.GCOALESCE, 23)[:2], *features


def references():
    try:
        with open("/sys/module/etun/refcnt", encoding="ascii") as count:
            return count.read().strip()
    except FileNotFoundError:
        return "not loaded"


def state():
    """The module's references, and all that is set at the ends that there are."""
    there = [netns for netns in PLACES if not netns or os.path.exists(f"/run/netns/{netns}")]
    found = (state_of(netns, name) for netns in there for name in NAMES)
    return references(), tuple(end for end in found if end)


def frame_crosses(seen):
    """A frame from the first end arrives at the second, if the state just seen says that they are joined."""
    carrier = 1 + len(KEYS) + 1
    ends = {end[0].rpartition(":")[2]: end for end in seen[1]}
    first, second = ends.get("a0") or ends.get("c0"), ends.get("b0")
    if not first or not second or not first[carrier]:
        return
    with lab.tap(second[0], lab.ETH_P_EXPERIMENT) as taker, lab.tap(first[0], lab.ETH_P_NOBODY) as giver:
        giver.send(b"\xff" * 12 + struct.pack("!H", lab.ETH_P_EXPERIMENT) + bytes(46))
        lab.check("frames that crossed", 1, len(lab.drain(taker, 1, 20)))


# ---- what is done ----


def write(file, text):
    descriptor = os.open(file, os.O_WRONLY)
    try:
        hand(os.write, descriptor, text.encode())
    finally:
        os.close(descriptor)


def acknowledged(word):
    if word != "0":
        raise OSError(getattr(errno, word), word)


def request(*arguments):
    acknowledged(newlink.newlink(list(arguments)).split(" ")[0])


def message(kind, name, attributes=b""):
    body = newlink.ifinfomsg() + newlink.ENCODERS["name"](name) + attributes
    acknowledged(newlink.answer(newlink.ask(kind, newlink.REQUEST_ACK, body)).split(" ")[0])


def control(command, name, payload, size):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        hand(fcntl.ioctl, sock, command, struct.pack(f"=16s{size}s{24 - size}x", name.encode(), payload))


def link(name, up):
    control(SIOCSIFFLAGS, name, struct.pack("=h", 0x1002 | IFF_UP if up else 0x1002), 2)


def mtu(name, bytes_):
    control(SIOCSIFMTU, name, struct.pack("=i", bytes_), 4)


def rename(name, new):
    control(SIOCSIFNAME, name, new.encode(), 16)


def move(name, netns):
    descriptor = os.open(f"/run/netns/{netns}" if netns else "/proc/1/ns/net", os.O_RDONLY)
    try:
        message(newlink.RTM_NEWLINK, name, newlink.attribute(newlink.IFLA_NET_NS_FD, struct.pack("=I", descriptor)))
    finally:
        os.close(descriptor)


def move_back():
    with lab.inside("far"):
        move("b0", "")
    link("b0", True)


def enslave(name, master):
    """Into a bridge, or out of it."""
    index = socket.if_nametoindex(master) if master else 0
    message(newlink.RTM_NEWLINK, name, newlink.attribute(IFLA_MASTER, struct.pack("=I", index)))


def set_program(name, descriptor):
    xdp = newlink.attribute(XDP_FD, struct.pack("=i", descriptor))
    message(newlink.RTM_NEWLINK, name, newlink.attribute(IFLA_XDP | newlink.NESTED, xdp))


def attach():
    """A program that passes all."""
    code = struct.pack("=BBhi", 0xB7, 0, 0, XDP_PASS) + struct.pack("=BBhi", 0x95, 0, 0, 0)
    code, licence = ctypes.create_string_buffer(code), ctypes.create_string_buffer(b"GPL")
    attributes = ctypes.create_string_buffer(
        struct.pack("=IIQQ", TYPE_XDP, 2, ctypes.addressof(code), ctypes.addressof(licence)), 120)
    descriptor = system_call(lab.SYS_BPF, PROG_LOAD, attributes, 120)
    try:
        set_program("a0", descriptor)
    finally:
        os.close(descriptor)


def setting(command):
    return lambda on: ethtool.call("a0", struct.pack("=II", command, on))


set_tx_checksum, set_rx_checksum = setting(STXCSUM), setting(SRXCSUM)


def module_file():
    return subprocess.run(["modinfo", "-n", "etun"], check=True, capture_output=True, text=True).stdout.strip()


class Module:
    """Its file from memory, so that what fails is not the file system."""
    image = None

    @classmethod
    def load(cls):
        if cls.image is None:
            with open(module_file(), "rb") as file:
                cls.image = file.read()
        hand(system_call, lab.SYS_INIT_MODULE, cls.image, len(cls.image), b"")

    @staticmethod
    def unload():
        hand(system_call, lab.SYS_DELETE_MODULE, b"etun", os.O_NONBLOCK)


def pair(*arguments):
    request("name=a0", "peer.name=b0", *arguments)


def pair_up(*arguments):
    pair(*arguments)
    link("a0", True)
    link("b0", True)


def remove(*names):
    """What is there of these ends' pairs."""
    there = [name for name in names or ("a0",) if link_of(name)]
    if there:
        write(DELIF, " ".join(there))


def nothing():
    pass


def napi(*arguments):
    return lambda: pair_up("mode=napi", *arguments)


def one_channel():
    pair_up("mode=napi", "rxqueues=2")
    ethtool.set_channels("a0", 1, 1)


def loaded_pair():
    Module.load()
    pair_up()


# The old ioctl for one feature says yes, whatever becomes of the wish.
SILENT = ("gro", "tx-checksum", "rx-checksum")

# Before the first; the thing; what undoes it.
THINGS = {
    "newif": (nothing, lambda: write(NEWIF, "a0,b0"), remove),
    "newif-two": (nothing, lambda: write(NEWIF, "a0,b0 a1,b1"), lambda: remove("a0", "a1")),
    "delif": (pair_up, lambda: write(DELIF, "b0"), pair_up),
    "newlink": (nothing, lambda: pair("mode=napi", "peer-mode=napi", "peer.flags=up", "peer.rxqueues=2"), remove),
    "newlink-far": (nothing, lambda: pair("peer.netns=/run/netns/far", "peer.flags=up"), remove),
    "change": (pair_up, lambda: request("change=a0", "mode=napi", "peer-mode=napi", "ring=512"),
               lambda: request("change=a0", "mode=backlog", "peer-mode=backlog", "ring=256")),
    "direct": (pair_up, lambda: request("change=a0", "mode=direct"), lambda: request("change=a0", "mode=backlog")),
    "dellink": (pair_up, lambda: message(RTM_DELLINK, "a0"), pair_up),
    "up": (lambda: pair("peer.flags=up"), lambda: link("a0", True), lambda: link("a0", False)),
    "up-napi": (lambda: pair("mode=napi", "peer.flags=up"), lambda: link("a0", True), lambda: link("a0", False)),
    "down": (napi(), lambda: link("a0", False), lambda: link("a0", True)),
    "channels": (one_channel, lambda: ethtool.set_channels("a0", 2, 1), lambda: ethtool.set_channels("a0", 1, 1)),
    "ring": (napi(), lambda: ethtool.set_ring("a0", 512), lambda: ethtool.set_ring("a0", 256)),
    "coalesce": (napi(), lambda: ethtool.set_coalesce("a0", 50, 16), lambda: ethtool.set_coalesce("a0", 0, 0)),
    "gro": (pair_up, lambda: ethtool.set_gro("a0", 1), lambda: ethtool.set_gro("a0", 0)),
    "tx-checksum": (pair_up, lambda: set_tx_checksum(0), lambda: set_tx_checksum(1)),
    "rx-checksum": (pair_up, lambda: set_rx_checksum(0), lambda: set_rx_checksum(1)),
    "attach": (pair_up, attach, lambda: set_program("a0", -1)),
    "detach": (lambda: (pair_up(), attach()), lambda: set_program("a0", -1), attach),
    "mtu": (pair_up, lambda: mtu("a0", 9000), lambda: mtu("a0", 1500)),
    "mtu-equal": (lambda: pair_up("mtu-policy=equal"), lambda: mtu("a0", 9000), lambda: mtu("a0", 1500)),
    # Up, an end is renamed from 6.2 on only.
    "rename": (lambda: pair("peer.flags=up"), lambda: rename("a0", "c0"), lambda: rename("c0", "a0")),
    "move": (pair_up, lambda: move("b0", "far"), move_back),
    "enslave": (pair_up, lambda: enslave("a0", "br0"), lambda: enslave("a0", "")),
    "load": (Module.unload, Module.load, Module.unload),
    "unload": (pair_up, Module.unload, loaded_pair),
}
