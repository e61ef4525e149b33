# SPDX-License-Identifier: GPL-2.0-only
"""A link kind with network namespaces of its own for creation.py: requests, and what both ends of its pair are."""
import atexit
import ctypes
import errno
import os
import socket
import struct
import subprocess
import tempfile

import lab
from links import attribute, attributes

RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, REQUEST_ACK, DUMP = 16, 17, 18, 0x5, 0x301
KIND, DATA, PEER = 1, 2, 1
IFLA_ADDRESS, IFLA_IFNAME, IFLA_LINK, IFLA_LINKINFO = 1, 3, 5, 18
# What names the kind, counts, or is made of what the end has been through.
STATS, STATS64, AF_SPEC = 7, 23, 26
NAMES = {4: "mtu", 13: "txqlen", 16: "operstate", 27: "group", 31: "tx queues", 32: "rx queues", 33: "carrier",
         35: "carrier changes", 37: "link-netnsid", 41: "gso size", 47: "carrier ups",
         48: "carrier downs", 50: "minmtu", 51: "maxmtu", 54: "permanent"}
CLONE_NEWNS, MS_PRIVATE_ALL = 0x20000, 0x44000
SPACES = ("one", "two", "three")
libc = ctypes.CDLL(None, use_errno=True)


def header(index, flags, change):
    return struct.pack("=BxHiII", 0, 0, index, flags, change)


class Kind:
    """Network namespaces KIND-one, -two and -three; requests come from the first of them."""

    def __init__(self, name):
        self.name = name
        self.sockets, self.pids, self.trees = {}, {}, {}
        libc.unshare(CLONE_NEWNS)
        libc.mount(b"none", b"/", None, MS_PRIVATE_ALL, None)
        for space in SPACES:
            netns = f"{name}-{space}"
            subprocess.run(["ip", "netns", "add", netns], check=True)
            tree = tempfile.mkdtemp()
            with lab.inside(netns):
                link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
                link.setsockopt(270, 10, 1)  # NETLINK_CAP_ACK
                link.setsockopt(270, 11, 1)  # NETLINK_EXT_ACK
                self.sockets[space] = link
                sleeper = subprocess.Popen(["sleep", "infinity"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                atexit.register(sleeper.kill)
                if libc.mount(b"sysfs", tree.encode(), b"sysfs", 0, None):
                    raise OSError(ctypes.get_errno(), "mount sysfs")
            self.pids[space], self.trees[space] = sleeper.pid, tree
        # So that both kinds find the same numbers: 11 to 13, each namespace as each of them knows it.
        for here in SPACES:
            for number, there in enumerate(SPACES, 11):
                subprocess.run(["ip", "-n", f"{name}-{here}", "netns", "set", f"{name}-{there}", str(number)],
                               check=True)

    def descriptor(self, space):
        """Of a namespace, which stays open: a request holds its number."""
        return os.open(f"/run/netns/{self.name}-{space}", os.O_RDONLY)

    def ask(self, kind, flags, message, space="one"):
        """Sends a request; the errno's name, or nothing, and the kernel's reason."""
        self.sockets[space].send(struct.pack("=IHHII", 16 + len(message), kind, flags, 1, 0) + message)
        reply = self.sockets[space].recv(65536)
        told, = struct.unpack_from("=H", reply, 6)
        error, length = struct.unpack_from("=iI", reply, 16)
        reason = b""
        if told & 0x200:  # NLM_F_ACK_TLVS
            reason = attributes(reply[36 if told & 0x100 else 20 + length:]).get(1, b"")
        name = "EOPNOTSUPP" if error == -95 else errno.errorcode[-error] if error else ""
        return name, reason.rstrip(bytes(1)).decode() if error else ""

    def links(self):
        """The kind's ends: namespace, header, attributes."""
        found = []
        for space, link in self.sockets.items():
            link.send(struct.pack("=IHHII", 32, RTM_GETLINK, DUMP, 1, 0) + header(0, 0, 0))
            done = False
            while not done:
                data = link.recv(1 << 17)
                while data:
                    size, kind = struct.unpack_from("=IH", data)
                    message, data = data[16:size], data[(size + 3) & ~3:]
                    done = done or kind == 3
                    if kind != RTM_NEWLINK:
                        continue
                    seen = attributes(message[16:])
                    if attributes(seen.get(IFLA_LINKINFO, b"")).get(KIND, b"").rstrip(b"\0") == self.name.encode():
                        found.append((space, struct.unpack_from("=BxHiII", message), seen))
        return found

    def clean(self):
        """Deletes the pairs; how many ends there were."""
        found = links = self.links()
        while links:
            space, (_, _, index, _, _), _ = links[0]
            answer = self.ask(RTM_DELLINK, REQUEST_ACK, header(index, 0, 0), space)
            if answer[0]:
                raise OSError(f"an end in {space} can't be deleted: {answer}")
            links = self.links()
        return len(found)

    def ends(self, indexes):
        """What the first end is and what its peer is, as texts by name; indexes are those that were asked for."""
        links = self.links()
        names = [seen[IFLA_IFNAME].rstrip(b"\0").decode() for _, _, seen in links]
        if len(links) != 2:
            return {"ends": " ".join(names)}, {}
        # The first is called x and something, or the peer is y and something. A number is given to the peer first.
        swapped = names[1].startswith("x") or names[0].startswith("y")
        if not any(name[0] in "xy" for name in names):
            swapped = names[0] < names[1]
        if swapped:
            links.reverse()
        (_, one, _), (_, other, _) = links
        return self.told(*links[0], other[2], indexes), self.told(*links[1], one[2], indexes)

    def told(self, space, head, seen, peers_index, indexes):
        _, hardware, index, flags, _ = head
        name = seen[IFLA_IFNAME].rstrip(b"\0").decode()
        generated = name.startswith(self.name)
        # What is there at random is no more than that.
        place = f"{self.trees[space]}/class/net/{name}/"
        origin = open(place + "addr_assign_type", encoding="ascii").read().strip()
        told = {"namespace": space, "name": "generated" if generated else name, "hardware": str(hardware),
                "index": str(index) if index in indexes else "free", "flags": hex(flags),
                "address": seen[IFLA_ADDRESS].hex(":") if origin == "3" else "random", "origin of the address": origin,
                "origin of the name": open(place + "name_assign_type", encoding="ascii").read().strip(),
                "queues": " ".join(sorted(os.listdir(place + "queues")))}
        link = struct.unpack("=I", seen.pop(IFLA_LINK, b"\0\0\0\0"))[0]
        told["link"] = "peer" if link == peers_index else str(link)
        for number in (IFLA_ADDRESS, IFLA_IFNAME, IFLA_LINKINFO, STATS, STATS64, AF_SPEC):
            seen.pop(number, None)
        for number, payload in seen.items():
            told[NAMES.get(number, f"attribute {number}")] = payload.hex()
        return told
