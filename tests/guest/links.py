# SPDX-License-Identifier: GPL-2.0-only
"""Settings of a pair over rtnetlink, and what the kernel's netdev family (generic netlink) says about a device.

  set PLACE KEY=VALUE...    etun's own: mode (backlog, napi, direct), peer-mode, ring, peer-ring, wire, peer-wire; the core's: gso_ipv4_max_size,
                            gro_ipv4_max_size. Prints `0`, or the errno's name and the kernel's reason
  get PLACE KEY             one of the keys above, and maxmtu, tso_max_size
  napis PLACE               ids of the NAPI instances (6.8 and later)
  flush PLACE ID [NS]       how long GRO may hold frames of an instance back, which is set first when it is given (6.13 and later)
  queues PLACE              the lines `rx NUMBER NAPI` and `tx NUMBER NAPI`, 0 where there is no NAPI
  xdp-features PLACE        names in the kernel's order (6.3 and later)

The last four end with status 77 and the reason where the kernel can't tell.
"""
import errno
import os
import socket
import struct
import sys

import abi
import lab

RTM_NEWLINK, RTM_GETLINK = 16, 18
REQUEST, ACK, DUMP, NESTED = 1, 4, 0x300, 0x8000
IFLA_LINKINFO, INFO_KIND, INFO_DATA = 18, 1, 2
CORE = {"maxmtu": 51, "tso_max_size": 59, "gso_ipv4_max_size": 63, "gro_ipv4_max_size": 64}
OWN = {"mode": (abi.ETUN_INFO_MODE, "B"), "peer-mode": (abi.ETUN_INFO_PEER_MODE, "B"),
       "ring": (abi.ETUN_INFO_RING, "I"), "peer-ring": (abi.ETUN_INFO_PEER_RING, "I"),
       "wire": (abi.ETUN_INFO_WIRE, "B"), "peer-wire": (abi.ETUN_INFO_PEER_WIRE, "B")}
MODES = {word: number for number, word in enumerate(abi.words("ETUN_MODE_"))}
SOL_NETLINK, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 270, 10, 11
NETLINK_ROUTE, NETLINK_GENERIC, NLMSG_ERROR, NLMSG_DONE = 0, 16, 2, 3
GENL_CTRL, CTRL_GETFAMILY, CTRL_ID, CTRL_NAME = 16, 3, 1, 2
NETDEV_GET, NETDEV_QUEUE_GET, NETDEV_NAPI_GET, NETDEV_NAPI_SET = 1, 10, 11, 14
NAPI_ID, NAPI_FLUSH = 2, 6
XDP_FEATURES = "basic redirect ndo-xmit xsk-zerocopy hw-offload rx-sg ndo-xmit-sg".split()


def attribute(kind, payload):
    return struct.pack("=HH", len(payload) + 4, kind) + payload + bytes(-len(payload) % 4)


def attributes(data):
    """The attributes of a message, by number."""
    found, at = {}, 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        found[kind & 0x3FFF] = data[at + 4:at + size]
        at += (max(size, 4) + 3) & ~3
    return found


class Refused(Exception):
    """An errno and the kernel's reason."""

    def __init__(self, code, data):
        length, = struct.unpack_from("=I", data, 4)
        flags = self.flags
        reason = attributes(data[20 if flags & 0x100 else 4 + length:]).get(1, b"") if flags & 0x200 else b""
        name = "EOPNOTSUPP" if code == 95 else errno.errorcode.get(code, str(code))
        super().__init__(f"{name} {reason.rstrip(bytes(1)).decode()}".rstrip())
        self.code = code


def ask(protocol, kind, body, flags=ACK):
    """Sends a request; returns the messages of the answer."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol) as link:
        link.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
        link.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        link.send(struct.pack("=IHHII", 16 + len(body), kind, REQUEST | flags, 1, 0) + body)
        found = []
        while True:
            data = link.recv(1 << 17)
            while data:
                size, kind, told = struct.unpack_from("=IHH", data)
                payload, data = data[16:size], data[(size + 3) & ~3:]
                if kind == NLMSG_ERROR and struct.unpack_from("=i", payload)[0]:
                    Refused.flags = told
                    raise Refused(-struct.unpack_from("=i", payload)[0], payload)
                if kind in (NLMSG_ERROR, NLMSG_DONE):
                    return found
                found.append(payload)


def index_of(place):
    netns, device = lab.split(place)
    with lab.inside(netns), open(os.devnull, encoding="ascii"):
        return socket.if_nametoindex(device)


def link_request(place, body, kind, **options):
    netns, _ = lab.split(place)
    index = index_of(place)
    with lab.inside(netns):
        return ask(NETLINK_ROUTE, kind, struct.pack("=BxHiII", 0, 0, index, 0, 0) + body, **options)


def encode(key, value):
    if key in CORE:
        return attribute(CORE[key], struct.pack("=I", int(value)))
    number, code = OWN[key]
    return attribute(number, struct.pack("=" + code, MODES[value] if value in MODES else int(value)))


def set_(place, *settings):
    pairs = [setting.split("=") for setting in settings]
    body = b"".join(encode(*pair) for pair in pairs if pair[0] in CORE)
    own = b"".join(encode(*pair) for pair in pairs if pair[0] in OWN)
    if own:
        info = attribute(INFO_KIND, b"etun\0") + attribute(INFO_DATA | NESTED, own)
        body += attribute(IFLA_LINKINFO | NESTED, info)
    try:
        link_request(place, body, RTM_NEWLINK)
        print(0)
    except Refused as refused:
        print(refused)


def get(place, key):
    found = attributes(link_request(place, b"", RTM_GETLINK)[0][16:])
    if key in CORE:
        print(*struct.unpack("=I", found[CORE[key]]))
        return
    number, code = OWN[key]
    data = attributes(attributes(found[IFLA_LINKINFO]).get(INFO_DATA, b""))
    value, = struct.unpack("=" + code, data[number])
    print(next(name for name in MODES if MODES[name] == value) if "mode" in key else value)


def netdev(command, body, flags):
    """What the netdev family answers."""
    name = struct.pack("=BBH", CTRL_GETFAMILY, 1, 0) + attribute(CTRL_NAME, b"netdev\0")
    try:
        family, = struct.unpack("=H", attributes(ask(NETLINK_GENERIC, GENL_CTRL, name)[0][4:])[CTRL_ID])
        answers = ask(NETLINK_GENERIC, family, struct.pack("=BBH", command, 1, 0) + body, flags)
    except Refused as refused:
        if refused.code in (errno.ENOENT, errno.EOPNOTSUPP):
            print("this kernel's netdev family can't tell")
            sys.exit(77)
        raise
    return [attributes(answer[4:]) for answer in answers]


def about(place, command, number, flags):
    netns, _ = lab.split(place)
    index = struct.pack("=I", index_of(place))
    with lab.inside(netns):
        return netdev(command, attribute(number, index), flags)


def number_of(found, kind):
    return int.from_bytes(found.get(kind, b""), sys.byteorder)


def napis(place):
    print(*sorted(number_of(napi, 2) for napi in about(place, NETDEV_NAPI_GET, 1, DUMP)))


def flush(place, number, wanted=""):
    one = attribute(NAPI_ID, struct.pack("=I", int(number)))
    with lab.inside(lab.split(place)[0]):
        if wanted:
            netdev(NETDEV_NAPI_SET, one + attribute(NAPI_FLUSH, struct.pack("=I", int(wanted))), ACK)
        print(number_of(netdev(NETDEV_NAPI_GET, one, ACK)[0], NAPI_FLUSH))


def queues(place):
    lines = [(("rx", "tx")[number_of(queue, 3)], number_of(queue, 1), number_of(queue, 4))
             for queue in about(place, NETDEV_QUEUE_GET, 2, DUMP)]
    for line in sorted(lines):
        print(*line)


def xdp_features(place):
    bits = number_of(about(place, NETDEV_GET, 1, ACK)[0], 3)
    print(*(name for bit, name in enumerate(XDP_FEATURES) if bits & 1 << bit))


if __name__ == "__main__":
    command = {"set": set_, "get": get, "napis": napis, "flush": flush, "queues": queues,
               "xdp-features": xdp_features}[sys.argv[1]]
    command(*sys.argv[2:])
