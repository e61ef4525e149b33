# SPDX-License-Identifier: GPL-2.0-only
"""ethtool's ioctl (linux/ethtool.h) from within a test, where starting the program would take too long.

A place is a device, or NETNS:DEVICE, as in lab.py.
"""
import ctypes
import fcntl
import socket
import struct

import lab

SIOCETHTOOL = 0x8946
GCOALESCE, SCOALESCE, GRINGPARAM, SRINGPARAM, GSTRINGS, GSTATS = 0x0E, 0x0F, 0x10, 0x11, 0x1B, 0x1D
SGRO, GSSET_INFO, GCHANNELS, SCHANNELS = 0x2C, 0x37, 0x3C, 0x3D
ETH_SS_STATS = 1

# How a request is handed to the kernel: exhaustion.py and refusals.py make it fail there.
handed = lambda call, *arguments: call(*arguments)


def call(place, data):
    """data as the kernel leaves it."""
    netns, device = lab.split(place)
    buffer = ctypes.create_string_buffer(bytes(data), len(data))
    with lab.inside(netns), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        handed(fcntl.ioctl, sock, SIOCETHTOOL, struct.pack("=16sQ16x", device.encode(), ctypes.addressof(buffer)))
    return buffer.raw


def change(place, get, set_, count, **numbers):
    """A structure of `count` 32-bit numbers; `numbers` are those to be changed, as n3=17."""
    words = list(struct.unpack(f"={count}I", call(place, struct.pack(f"={count}I", get, *[0] * (count - 1)))))
    words[0] = set_
    for name, value in numbers.items():
        words[int(name[1:])] = value
    call(place, struct.pack(f"={count}I", *words))


def set_ring(place, slots):
    change(place, GRINGPARAM, SRINGPARAM, 9, n5=slots)


def set_channels(place, rx, tx):
    change(place, GCHANNELS, SCHANNELS, 9, n5=rx, n6=tx)


def set_coalesce(place, usecs, frames):
    change(place, GCOALESCE, SCOALESCE, 23, n1=usecs, n2=frames)


def set_gro(place, on):
    call(place, struct.pack("=II", SGRO, on))


def statistics(place):
    """Everything that ethtool -S shows, by name."""
    mask = 1 << ETH_SS_STATS
    count, = struct.unpack_from("=I", call(place, struct.pack("=IIQI", GSSET_INFO, 0, mask, 0)), 16)
    strings = call(place, struct.pack("=III", GSTRINGS, ETH_SS_STATS, count) + bytes(32 * count))[12:]
    values = struct.unpack(f"={count}Q", call(place, struct.pack("=II", GSTATS, count) + bytes(8 * count))[8:])
    names = (strings[32 * i:32 * i + 32].rstrip(b"\0").decode() for i in range(count))
    return dict(zip(names, values))
