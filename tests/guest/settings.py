# SPDX-License-Identifier: GPL-2.0-only
"""Changes of a device's settings while frames are on their way.

A change is a text `PLACE WHAT VALUE...`:
  b0 ring 8, b0 channels 2 1 (rx tx), b0 coalesce 10000 0 (usecs frames), b0 gro 1     as ethtool -G -L -C -K
  b0 mode napi, b0 mtu 9000                                                            as ip link set ... type etun
  b0 link 0, b0 carrier 0, b0 threaded 1                                               down, off, on
  right:a0 run tc qdisc replace dev a0 root pfifo                                      a command, in that namespace
In front of it, ~ says that it empties a qdisc, in which case nobody counts what is lost; ? that it leaves frames in a
ring which those after them do not enter, and so may overtake.
"""
import fcntl
import os
import socket
import struct

import ethtool
import lab

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1

# What is imported where it is needed takes long to import, and most tests do without.


def _newlink(arguments):
    import importlib.util
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lifecycle-newlink.py")
    spec = importlib.util.spec_from_file_location("newlink", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.newlink(arguments)


def _link(place, up):
    netns, device = lab.split(place)
    with lab.inside(netns), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        name = device.encode()
        flags, = struct.unpack_from("=h", fcntl.ioctl(sock, SIOCGIFFLAGS, struct.pack("=16s24x", name)), 16)
        flags = flags | IFF_UP if up else flags & ~IFF_UP
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("=16sh22x", name, flags))


def _attribute(place, name, value):
    netns, device = lab.split(place)
    with lab.inside(netns):
        reply = _newlink([f"change={device}", f"{name}={value}"])
    lab.check(f"answer to {name} {value} for {place}", "0", reply)


def _run(place, *command):
    import subprocess
    netns, _ = lab.split(place)
    done = subprocess.run((["ip", "netns", "exec", netns] if netns else []) + list(command), check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lab.check(f"status of {' '.join(command)} ({done.stdout.strip()})", 0, done.returncode)


def _file(place, name, value):
    _, device = lab.split(place)
    _run(place, "sh", "-c", f"echo {value} >/sys/class/net/{device}/{name}")


CHANGES = {
    "ring": lambda place, slots: ethtool.set_ring(place, int(slots)),
    "channels": lambda place, rx, tx: ethtool.set_channels(place, int(rx), int(tx)),
    "coalesce": lambda place, usecs, frames: ethtool.set_coalesce(place, int(usecs), int(frames)),
    "gro": lambda place, on: ethtool.set_gro(place, int(on)),
    "mode": lambda place, mode: _attribute(place, "mode", mode),
    "mtu": lambda place, mtu: _attribute(place, "mtu", mtu),
    "link": lambda place, up: _link(place, int(up)),
    "carrier": lambda place, on: _file(place, "carrier", on),
    "threaded": lambda place, on: _file(place, "threaded", on),
    "run": _run,
}


def make(text):
    """Makes a change; a failure ends the program."""
    place, what, *values = text.lstrip("~?").split()
    try:
        CHANGES[what](place, *values)
    except OSError as error:
        lab.fail(f"{text}: {error}")
