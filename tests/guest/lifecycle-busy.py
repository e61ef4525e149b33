#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Does one thing to the pair p0,q0 for ever, whether it exists or not; lifecycle.sh runs several at once.

lifecycle-busy.py VERB OUTPUT: OUTPUT gets lines `ERRNO COUNT` now and then; errno 0 stands for success.
"""
import array
import collections
import errno
import fcntl
import functools
import os
import socket
import struct
import sys
import time

PARAMETERS = "/sys/module/etun/parameters/"
SIOCETHTOOL, SIOCSIFNAME, GDRVINFO, GSTATS, GSSET_INFO = 0x8946, 0x8923, 0x3, 0x1D, 0x37
RTM_GETLINK, REQUEST_DUMP = 18, 0x1 | 0x300
# The debug kernel, which is the one with kmemleak, takes longer to open files.
LIFE = 0.5 if os.path.exists("/sys/kernel/debug/kmemleak") else 0.03  # seconds
packets = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)


def write(parameter, text):
    descriptor = os.open(PARAMETERS + parameter, os.O_WRONLY)
    try:
        os.write(descriptor, text)
    finally:
        os.close(descriptor)


def ethtool(device, command, size):
    buffer = array.array("B", struct.pack("=II", command, 0) + bytes(size))
    request = struct.pack("16sP", device, buffer.buffer_info()[0])
    fcntl.ioctl(packets, SIOCETHTOOL, request)


def read(device, file):
    with open(f"/sys/class/net/{device}/etun/{file}", encoding="ascii") as text:
        text.read()


def links():
    route.send(struct.pack("=IHHIIBxHiII", 32, RTM_GETLINK, REQUEST_DUMP, 1, 0, 0, 0, 0, 0, 0))
    found = False
    while True:
        reply = route.recv(65536)
        found = found or b"etun\0" in reply
        if struct.unpack_from("=H", reply, 4)[0] == 3:  # NLMSG_DONE
            break
    if not found:
        raise OSError(errno.ENODEV, "no etun end")


def rename():
    fcntl.ioctl(packets, SIOCSIFNAME, struct.pack("16s24s", b"q0", b"r0"))
    fcntl.ioctl(packets, SIOCSIFNAME, struct.pack("16s24s", b"r0", b"q0"))


VERBS = {
    # Now and then the pair lives long enough for all the others.
    "write": (lambda: write("newif", b"p0,q0"), lambda: write("delif", b"p0"),
              lambda: write("newif", b"p0,q0"), lambda: time.sleep(LIFE), lambda: write("delif", b"p0")),
    "delete": (lambda: write("delif", b"q0"),),
    # The kernel writes all counters, however many the request says that there is room for.
    "statistics": (lambda: ethtool(b"p0", GSTATS, 8192), lambda: ethtool(b"q0", GDRVINFO, 256)),
    # A step each, as a slow kernel may not get through all of them in the life of a pair.
    "group": tuple(functools.partial(read, device, file) for device in ("p0", "q0")
                   for file in ("peer_name", "peer_ifindex", "peer_netnsid", "pair_id")),
    "links": (links,),
    "rename": (rename,),
}


def main():
    verb, output = sys.argv[1:]
    seen = collections.Counter()
    while True:
        for step in VERBS[verb]:
            try:
                step()
                seen["0"] += 1
            except OSError as error:
                seen[errno.errorcode[error.errno]] += 1
                time.sleep(0.0005)
        if seen.total() % 8 < len(VERBS[verb]):
            with open(output + ".new", "w", encoding="ascii") as file:
                print(*(f"{name} {count}" for name, count in seen.items()), sep="\n", file=file)
            os.rename(output + ".new", output)


main()
