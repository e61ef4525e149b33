# SPDX-License-Identifier: GPL-2.0-only
"""lifecycle-newlink.py by a socket that somebody else opened, in a user and a network namespace of his own."""
import ctypes
import os
import socket
import struct
import sys

import lab

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
newlink = lab.neighbour("lifecycle-newlink")
here, there = socket.socketpair()
if os.fork() == 0:
    here.close()
    if ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET):
        os._exit(1)
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    for option in (newlink.NETLINK_CAP_ACK, newlink.NETLINK_EXT_ACK):
        link.setsockopt(newlink.SOL_NETLINK, option, 1)
    socket.send_fds(there, [b"socket"], [link.fileno()])
    # Until the other has asked.
    there.recv(1)
    os._exit(0)
there.close()
_, descriptors, _, _ = socket.recv_fds(here, 16, 1)
strangers = socket.socket(fileno=descriptors[0])


def ask(kind, flags, body):
    strangers.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body)
    return strangers.recv(65536)


newlink.ask = ask
print(newlink.newlink(sys.argv[1:]))
