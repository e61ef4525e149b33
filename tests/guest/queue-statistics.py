# SPDX-License-Identifier: GPL-2.0-only
"""Prints what the generic netlink family `netdev` counts for a device, as Documentation/netlink/specs/netdev.yaml says.

  IFINDEX    first `device NAME=VALUE ...`, then a line `rx 0 NAME=VALUE ...` or `tx 0 ...` for each queue
"""
import socket
import struct
import sys

GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 16, 3, 1, 2
NLM_F_REQUEST, NLM_F_DUMP, NLMSG_ERROR, NLMSG_DONE = 1, 0x300, 2, 3
QSTATS_GET, IFINDEX, QUEUE_TYPE, QUEUE_ID, SCOPE, SCOPE_QUEUE = 12, 1, 2, 3, 4, 1
NAMES = {8: "rx_packets", 9: "rx_bytes", 10: "tx_packets", 11: "tx_bytes"}


def attribute(kind, payload):
    return struct.pack("=HH", len(payload) + 4, kind) + payload + bytes(-len(payload) % 4)


def attributes(data):
    found, at = {}, 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        found[kind & 0x3FFF] = data[at + 4:at + size]
        at += (max(size, 4) + 3) & ~3
    return found


def number(payload):
    return int.from_bytes(payload, sys.byteorder)


def ask(link, family, command, body, flags):
    """All answers to a request: dictionaries of attributes."""
    link.send(struct.pack("=IHHIIBBH", 20 + len(body), family, NLM_F_REQUEST | flags, 1, 0, command, 1, 0) + body)
    while True:
        data = link.recv(1 << 16)
        while data:
            length, kind = struct.unpack_from("=IH", data)
            if kind == NLMSG_ERROR:
                sys.exit(f"errno {-struct.unpack_from('=i', data, 16)[0]}")
            if kind == NLMSG_DONE:
                return
            yield attributes(data[20:length])
            data = data[(length + 3) & ~3:]
        if not flags & NLM_F_DUMP:
            return


def values(found):
    return " ".join(f"{name}={number(found[kind])}" for kind, name in NAMES.items() if kind in found)


def main():
    ifindex = attribute(IFINDEX, struct.pack("=I", int(sys.argv[1])))
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16) as link:
        family, = ask(link, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, attribute(CTRL_ATTR_FAMILY_NAME, b"netdev\0"), 0)
        family = number(family[CTRL_ATTR_FAMILY_ID])
        for found in ask(link, family, QSTATS_GET, ifindex, NLM_F_DUMP):
            print("device", values(found))
        scope = attribute(SCOPE, struct.pack("=I", SCOPE_QUEUE))
        for found in ask(link, family, QSTATS_GET, ifindex + scope, NLM_F_DUMP):
            print(("rx", "tx")[number(found[QUEUE_TYPE])], number(found[QUEUE_ID]), values(found))


main()
