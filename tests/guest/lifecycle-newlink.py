#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends one RTM_NEWLINK of kind etun and prints `0`, or the errno's name and the kernel's reason.

Arguments: name= address= mtu= txqueues= rxqueues= netns= for the first end, the same with `peer.` before for the other,
whose description goes out as veth's does (ETUN_INFO_PEER: an ifinfomsg and attributes). netns is a path
(sent as a descriptor) or a process id; netns.number= is sent as a descriptor just as it is. peer.flags=up has the
peer made up. raw=HEX sends these bytes instead of the peer's description.

mode= peer-mode= ring= peer-ring= mtu-policy= peer-ifindex= peer-netnsid= pair-id= are etun's own attributes: numbers,
or backlog, napi, independent, equal; info=NAME:HEX or info=NUMBER:HEX is one with any bytes.

change=NAME: not a new pair, but a change of this end (all the other arguments as above).
show=NAME KEY...: no change, but the values of these attributes of the end, `-` for one that is not there; of its own,
and name address mtu txqueues rxqueues, rx_packets and the like.
"""
import errno
import os
import socket
import struct
import sys

import abi

RTM_NEWLINK, RTM_GETLINK, REQUEST_ACK, CREATE_EXCL = 16, 18, 0x1 | 0x4, 0x400 | 0x200
IFLA_ADDRESS, IFLA_IFNAME, IFLA_MTU, IFLA_LINKINFO, IFLA_NET_NS_PID, IFLA_NET_NS_FD = 1, 3, 4, 18, 19, 28
IFLA_STATS64, IFLA_NUM_TX_QUEUES, IFLA_NUM_RX_QUEUES = 23, 31, 32
STATISTICS = ("rx_packets", "tx_packets", "rx_bytes", "tx_bytes", "rx_errors", "tx_errors", "rx_dropped", "tx_dropped")
IFLA_INFO_KIND, IFLA_INFO_DATA = 1, 2
NESTED = 0x8000
SOL_NETLINK, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 270, 10, 11
NLM_F_CAPPED, NLM_F_ACK_TLVS, NLMSGERR_ATTR_MSG = 0x100, 0x200, 1

# etun's own attributes: number and layout.
INFO = {"mode": (abi.ETUN_INFO_MODE, "=B"), "peer-mode": (abi.ETUN_INFO_PEER_MODE, "=B"),
        "ring": (abi.ETUN_INFO_RING, "=I"), "peer-ring": (abi.ETUN_INFO_PEER_RING, "=I"),
        "mtu-policy": (abi.ETUN_INFO_MTU_POLICY, "=B"), "peer-ifindex": (abi.ETUN_INFO_PEER_IFINDEX, "=I"),
        "peer-netnsid": (abi.ETUN_INFO_PEER_NETNSID, "=i"), "pair-id": (abi.ETUN_INFO_PAIR_ID, "=Q"),
        "wire": (abi.ETUN_INFO_WIRE, "=B"), "peer-wire": (abi.ETUN_INFO_PEER_WIRE, "=B")}
MODES = abi.words("ETUN_MODE_")
WORDS = {"mode": MODES, "peer-mode": MODES, "mtu-policy": abi.words("ETUN_MTU_POLICY_")}


def attribute(kind, payload):
    return struct.pack("=HH", len(payload) + 4, kind) + payload + bytes(-len(payload) % 4)


def attributes(data):
    """The attributes in data: payload by number."""
    found, at = {}, 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        found[kind & 0x3FFF] = data[at + 4:at + size]
        at += (max(size, 4) + 3) & ~3
    return found


def ifinfomsg(flags=0):
    return struct.pack("=BxHiII", 0, 0, 0, flags, flags)


# A descriptor that stayed open would keep its namespace alive in the server that imports this.
descriptors = []


def descriptor_of(path):
    descriptors.append(os.open(path, os.O_RDONLY))
    return descriptors[-1]


def netns_attribute(where):
    if where.isdigit():
        return attribute(IFLA_NET_NS_PID, struct.pack("=I", int(where)))
    return attribute(IFLA_NET_NS_FD, struct.pack("=I", descriptor_of(where)))


def number(kind):
    return lambda text: attribute(kind, struct.pack("=I", int(text)))


ENCODERS = {
    "name": lambda text: attribute(IFLA_IFNAME, text.encode() + b"\0"),
    "address": lambda text: attribute(IFLA_ADDRESS, bytes.fromhex(text.replace(":", ""))),
    "mtu": number(IFLA_MTU),
    "txqueues": number(IFLA_NUM_TX_QUEUES),
    "rxqueues": number(IFLA_NUM_RX_QUEUES),
    "netns": netns_attribute,
    "netns.number": number(IFLA_NET_NS_FD),
}


def encode(options, prefix):
    names = [name for name in options if name.startswith(prefix) and name[len(prefix):] in ENCODERS]
    return b"".join(ENCODERS[name[len(prefix):]](options[name]) for name in names)


def own(options):
    """etun's own attributes."""
    encoded = b""
    for name, text in options.items():
        if name in INFO:
            kind, layout = INFO[name]
            words = WORDS.get(name, ())
            encoded += attribute(kind, struct.pack(layout, words.index(text) if text in words else int(text)))
        elif name == "info":
            kind, _, payload = text.partition(":")
            encoded += attribute(INFO[kind][0] if kind in INFO else int(kind), bytes.fromhex(payload))
    return encoded


def link_info(options):
    kind, data = attribute(IFLA_INFO_KIND, b"etun\0"), own(options)
    if "raw" in options:
        data = attribute(abi.ETUN_INFO_PEER, bytes.fromhex(options["raw"])) + data
    elif any(name.startswith("peer.") for name in options):
        peer = ifinfomsg(1 if options.get("peer.flags") == "up" else 0) + encode(options, "peer.")
        data = attribute(abi.ETUN_INFO_PEER, peer) + data
    return kind + attribute(IFLA_INFO_DATA | NESTED, data) if data else kind


def answer(reply):
    flags, = struct.unpack_from("=H", reply, 6)
    error, length = struct.unpack_from("=iI", reply, 16)
    if error == 0:
        return "0"
    reason = b""
    if flags & NLM_F_ACK_TLVS:
        reason = attributes(reply[36 if flags & NLM_F_CAPPED else 20 + length:]).get(NLMSGERR_ATTR_MSG, b"")
    name = "EOPNOTSUPP" if error == -95 else errno.errorcode[-error]
    return f"{name} {reason.rstrip(bytes(1)).decode()}".rstrip()


# How a request is handed to the kernel, which acts on it meanwhile: exhaustion.py and refusals.py make it fail there.
handed = lambda call, *arguments: call(*arguments)


def ask(kind, flags, body):
    """The kernel's first answer to a message."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as link:
        link.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
        link.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        handed(link.send, struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body)
        return link.recv(65536)


def values(message):
    """What an RTM_NEWLINK tells about an end: texts by the names of the arguments."""
    found = attributes(message[32:])
    info = attributes(found.get(IFLA_LINKINFO, b""))
    seen = {"name": found[IFLA_IFNAME].rstrip(b"\0").decode(), "address": found[IFLA_ADDRESS].hex(":")}
    for name, kind in (("mtu", IFLA_MTU), ("txqueues", IFLA_NUM_TX_QUEUES), ("rxqueues", IFLA_NUM_RX_QUEUES)):
        seen[name] = str(struct.unpack("=I", found[kind])[0])
    seen.update(zip(STATISTICS, map(str, struct.unpack_from("=8Q", found[IFLA_STATS64]))))
    data = attributes(info.get(IFLA_INFO_DATA, b""))
    for name, (kind, layout) in INFO.items():
        if len(data.get(kind, b"")) == struct.calcsize(layout):
            value, = struct.unpack(layout, data[kind])
            words = WORDS.get(name, ())
            seen[name] = words[value] if 0 <= value < len(words) else str(value)
        elif kind in data:
            seen[name] = f"{len(data[kind])}-bytes"
    return seen


def show(name, keys):
    reply = ask(RTM_GETLINK, 0x1, ifinfomsg() + attribute(IFLA_IFNAME, name.encode() + b"\0"))
    if struct.unpack_from("=H", reply, 4)[0] != RTM_NEWLINK:
        return answer(reply)
    seen = values(reply)
    return " ".join(seen.get(key, "-") for key in keys)


def newlink(arguments):
    if arguments and arguments[0].startswith("show="):
        return show(arguments[0][len("show="):], arguments[1:])
    options = dict(argument.split("=", 1) for argument in arguments)
    known = {prefix + name for prefix in ("", "peer.") for name in ENCODERS} | {"peer.flags", "raw", "info", "change"}
    if not options.keys() <= known | INFO.keys():
        return f"unknown: {options.keys() - known}"
    flags = REQUEST_ACK if "change" in options else REQUEST_ACK | CREATE_EXCL
    body = ifinfomsg() + encode(options, "") + attribute(IFLA_LINKINFO | NESTED, link_info(options))
    if "change" in options:
        # The name stands for the index, that of the header being 0.
        body += ENCODERS["name"](options["change"])
    reply = answer(ask(RTM_NEWLINK, flags, body))
    while descriptors:
        os.close(descriptors.pop())
    return reply


if __name__ == "__main__":
    print(newlink(sys.argv[1:]))
