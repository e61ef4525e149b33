#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What listeners to rtnetlink are told of ends while a command runs.

  announced.py PLACE... -- COMMAND...   listens in the namespace of each place (`east:a0`, or `a0` for this one), runs
                                        COMMAND, and prints for each place a line: the place, and what the last message
                                        about the device of this name showed: KEY=VALUE...; or `nothing`. The status is
                                        that of COMMAND
  announced.py PLACE...                 the same lines for what a dump shows now

Keys: mode peer-mode ring peer-ring mtu-policy peer-ifindex peer-netnsid, and of the core link and link-netnsid, maxmtu.
"""
import os
import socket
import struct
import subprocess
import sys

import lab
import links

RTMGRP_LINK = 1
IFLA_IFNAME, IFLA_LINK, IFLA_GROUP, IFLA_LINK_NETNSID, IFLA_MAX_MTU = 3, 5, 27, 37, 51
OWN = {"mode": 2, "peer-mode": 3, "ring": 4, "peer-ring": 5, "mtu-policy": 6, "peer-ifindex": 7, "peer-netnsid": 8}
CORE = {"link": IFLA_LINK, "link-netnsid": IFLA_LINK_NETNSID, "maxmtu": IFLA_MAX_MTU}


def listener(netns):
    with lab.inside(netns):
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, links.NETLINK_ROUTE)
    sock.setsockopt(socket.SOL_SOCKET, lab.SO_RCVBUFFORCE, 8 << 20)
    sock.settimeout(60)
    sock.bind((0, RTMGRP_LINK))
    return sock


def number(data):
    return str(int.from_bytes(data, sys.byteorder, signed=True)) if data is not None else "-"


def shown(found):
    """What the attributes of a link show."""
    own = links.attributes(links.attributes(found.get(links.IFLA_LINKINFO, b"")).get(links.INFO_DATA, b""))
    values = [f"{key}={number(own.get(kind))}" for key, kind in OWN.items()]
    return " ".join(values + [f"{key}={number(found.get(kind))}" for key, kind in CORE.items()])


def mark(netns):
    """Changes lo's group in that namespace, where lo is up; who hears of it has got everything before."""
    group = int.from_bytes(os.urandom(3), "little") + 1
    with lab.inside(netns):
        body = struct.pack("=BxHiII", 0, 0, 1, 0, 0) + links.attribute(IFLA_GROUP, struct.pack("=I", group))
        links.ask(links.NETLINK_ROUTE, links.RTM_NEWLINK, body)
    return group


def told(sock, netns, device):
    """What the last message about the device shows, up to the mark."""
    last, end = "nothing", mark(netns)
    while True:
        data = sock.recv(1 << 17)
        while data:
            size, kind = struct.unpack_from("=IH", data)
            message, data = data[16:size], data[(size + 3) & ~3:]
            if kind != links.RTM_NEWLINK:
                continue
            found = links.attributes(message[16:])
            name = found.get(IFLA_IFNAME, b"").rstrip(b"\0").decode()
            if name == "lo" and int.from_bytes(found.get(IFLA_GROUP, b""), sys.byteorder) == end:
                return last
            if name == device:
                last = shown(found)


def main(arguments):
    if "--" not in arguments:
        for place in arguments:
            print(place, shown(links.attributes(links.link_request(place, b"", links.RTM_GETLINK)[0][16:])))
        return 0
    at = arguments.index("--")
    places = [(place, *lab.split(place)) for place in arguments[:at]]
    socks = [listener(netns) for _, netns, _ in places]
    status = subprocess.run(arguments[at + 1:], check=False, stdout=sys.stderr).returncode
    for (place, netns, device), sock in zip(places, socks):
        print(place, told(sock, netns, device))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
