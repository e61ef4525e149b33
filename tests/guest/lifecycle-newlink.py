#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends one RTM_NEWLINK of kind etun and prints `0`, or the errno's name and the kernel's reason.

Arguments: name= address= mtu= netns= for the first end, the same with `peer.` before for the other, whose
description goes out as veth's does (attribute 1 of IFLA_INFO_DATA: an ifinfomsg and attributes). netns is a path
(sent as a descriptor) or a process id; netns.number= is sent as a descriptor just as it is. peer.flags=up has the
peer made up. raw=HEX sends these bytes instead of the peer's description.
"""
import errno
import os
import socket
import struct
import sys

RTM_NEWLINK, REQUEST_ACK_CREATE_EXCL = 16, 0x1 | 0x4 | 0x400 | 0x200
IFLA_ADDRESS, IFLA_IFNAME, IFLA_MTU, IFLA_LINKINFO, IFLA_NET_NS_PID, IFLA_NET_NS_FD = 1, 3, 4, 18, 19, 28
IFLA_INFO_KIND, IFLA_INFO_DATA, INFO_PEER = 1, 2, 1
NESTED = 0x8000
SOL_NETLINK, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 270, 10, 11
NLM_F_CAPPED, NLM_F_ACK_TLVS, NLMSGERR_ATTR_MSG = 0x100, 0x200, 1


def attribute(kind, payload):
    return struct.pack("=HH", len(payload) + 4, kind) + payload + bytes(-len(payload) % 4)


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


ENCODERS = {
    "name": lambda text: attribute(IFLA_IFNAME, text.encode() + b"\0"),
    "address": lambda text: attribute(IFLA_ADDRESS, bytes.fromhex(text.replace(":", ""))),
    "mtu": lambda text: attribute(IFLA_MTU, struct.pack("=I", int(text))),
    "netns": netns_attribute,
    "netns.number": lambda text: attribute(IFLA_NET_NS_FD, struct.pack("=I", int(text))),
}


def encode(options, prefix):
    names = [name for name in options if name.startswith(prefix) and name[len(prefix):] in ENCODERS]
    return b"".join(ENCODERS[name[len(prefix):]](options[name]) for name in names)


def link_info(options):
    kind = attribute(IFLA_INFO_KIND, b"etun\0")
    if "raw" in options:
        peer = bytes.fromhex(options["raw"])
    elif any(name.startswith("peer.") for name in options):
        peer = ifinfomsg(1 if options.get("peer.flags") == "up" else 0) + encode(options, "peer.")
    else:
        return kind
    return kind + attribute(IFLA_INFO_DATA | NESTED, attribute(INFO_PEER, peer))


def answer(reply):
    flags, = struct.unpack_from("=H", reply, 6)
    error, length = struct.unpack_from("=iI", reply, 16)
    if error == 0:
        return "0"
    reason, at = "", 36 if flags & NLM_F_CAPPED else 20 + length
    while flags & NLM_F_ACK_TLVS and at + 4 <= len(reply):
        size, kind = struct.unpack_from("=HH", reply, at)
        if kind == NLMSGERR_ATTR_MSG:
            reason = reply[at + 4:at + size].rstrip(b"\0").decode()
        at += (max(size, 4) + 3) & ~3
    name = "EOPNOTSUPP" if error == -95 else errno.errorcode[-error]
    return f"{name} {reason}".rstrip()


def newlink(arguments):
    options = dict(argument.split("=", 1) for argument in arguments)
    known = {prefix + name for prefix in ("", "peer.") for name in ENCODERS} | {"peer.flags", "raw"}
    if not options.keys() <= known:
        return f"unknown: {options.keys() - known}"
    body = ifinfomsg() + encode(options, "") + attribute(IFLA_LINKINFO | NESTED, link_info(options))
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as link:
        link.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
        link.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        link.send(struct.pack("=IHHII", 16 + len(body), RTM_NEWLINK, REQUEST_ACK_CREATE_EXCL, 1, 0) + body)
        reply = answer(link.recv(65536))
    while descriptors:
        os.close(descriptors.pop())
    return reply


if __name__ == "__main__":
    print(newlink(sys.argv[1:]))
