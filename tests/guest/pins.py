# SPDX-License-Identifier: GPL-2.0-only
"""Maps of the BPF programs of bpf/act.h, by the files that pin them, and the counters of `ethtool -S`."""
import array
import ctypes
import fcntl
import os
import socket
import struct

import lab

BPF_MAP_LOOKUP_ELEM, BPF_MAP_UPDATE_ELEM, BPF_OBJ_GET = 1, 2, 7
SIOCETHTOOL, ETHTOOL_GSTRINGS, ETHTOOL_GSTATS, ETHTOOL_GSSET_INFO, ETH_SS_STATS = 0x8946, 0x1B, 0x1D, 0x37, 1
ROOT = "/run/etun-bpf/"
VERDICTS = {"aborted": 0, "drop": 1, "pass": 2, "tx": 3, "unknown": 77, "device": 100, "cpu": 101, "socket": 102}

_libc = ctypes.CDLL(None, use_errno=True)


def _bpf(command, attributes):
    result = _libc.syscall(lab.SYS_BPF, command, ctypes.create_string_buffer(attributes, 64), 64)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"bpf({command}): {os.strerror(ctypes.get_errno())}")
    return result


class Map:
    """A pinned map with 32 bit keys."""

    def __init__(self, name):
        path = ctypes.create_string_buffer((ROOT + name).encode())
        self.descriptor = _bpf(BPF_OBJ_GET, struct.pack("=Q", ctypes.addressof(path)))

    def _element(self, command, key, value):
        place = ctypes.create_string_buffer(struct.pack("=I", key), 4)
        _bpf(command, struct.pack("=I4xQQQ", self.descriptor, ctypes.addressof(place), ctypes.addressof(value), 0))

    def put(self, key, value):
        self._element(BPF_MAP_UPDATE_ELEM, key, ctypes.create_string_buffer(value, len(value)))

    def get(self, key, size):
        value = ctypes.create_string_buffer(size)
        self._element(BPF_MAP_LOOKUP_ELEM, key, value)
        return value.raw


class Program:
    """`linear` or `frags`: its knobs and what it tells."""

    def __init__(self, name):
        self.knobs, self.notes = Map(name + "/knobs"), Map(name + "/told")

    def turn(self, verdict, head=0, tail=0, meta=0):
        self.knobs.put(0, struct.pack("=iiii", head, tail, meta, VERDICTS[verdict]))
        self.notes.put(0, bytes(40))

    def told(self):
        return dict(zip(("runs", "bytes", "head", "tail", "meta"), struct.unpack("=QQqqq", self.notes.get(0, 40))))


def _ethtool(sock, device, request):
    """Hands a request to the device's ethtool operations; it is answered in place."""
    fcntl.ioctl(sock, SIOCETHTOOL, struct.pack("16sQ16x", device.encode(), request.buffer_info()[0]))
    return request.tobytes()


def statistics(place):
    """What `ethtool -S` shows of a place."""
    netns, device = lab.split(place)
    with lab.inside(netns):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with sock:
        size = struct.pack("=IIQI", ETHTOOL_GSSET_INFO, 0, 1 << ETH_SS_STATS, 0)
        count, = struct.unpack_from("=I", _ethtool(sock, device, array.array("B", size)), 16)
        names = struct.pack("=III", ETHTOOL_GSTRINGS, ETH_SS_STATS, count) + bytes(32 * count)
        names = _ethtool(sock, device, array.array("B", names))[12:]
        values = struct.pack("=II", ETHTOOL_GSTATS, count) + bytes(8 * count)
        values = _ethtool(sock, device, array.array("B", values))[8:]
    names = [names[32 * i:32 * i + 32].split(b"\0")[0].decode() for i in range(count)]
    return dict(zip(names, struct.unpack(f"={count}Q", values)))
