#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Serves control-helpers.bash, which would else start a Python for each write: a second each in an emulated guest.

A request is a line of `VERB` alone or `VERB FILE TEXT`, where TEXT has Python's escapes; the answer is one line:

write      errno's name or 0, of one write() of TEXT to FILE
refuse     the same, then `same` or what changed about the devices, then what the kernel log got meanwhile
announce   like write, then `NAME:CARRIER` of each link that is announced meanwhile
many       like write, but 100 times the same: how often each errno came
newlink    that is followed by the arguments of lifecycle-newlink.py: what that would print
inside     a namespace's name, then as for newlink: the same within that namespace
events     as newlink, but with what is told meanwhile: for each RTM_NEWLINK here or in a namespace whose name comes
           first, with a colon behind it (`east: name=a0 ...`), `NAME=KEY,KEY...` as lifecycle-newlink.py shows them, by /
devices    names of the etun ends in this network namespace, in the order of their indexes
"""
import collections
import errno
import functools
import importlib.util
import os
import socket
import struct
import sys

NET = "/sys/class/net/"


def read(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.read().strip()
    except OSError as error:
        return errno.errorcode[error.errno]


def snapshot():
    files = ("ifindex", "flags", "address", "mtu", "ifalias", "carrier", "carrier_changes", "operstate")
    return {name: [read(f"{NET}{name}/{file}") for file in files] for name in sorted(os.listdir(NET))}


def devices():
    ends = [name for name in os.listdir(NET) if os.path.isdir(f"{NET}{name}/etun")]
    return " ".join(sorted(ends, key=lambda name: int(read(f"{NET}{name}/ifindex"))))


def write(file, text):
    try:
        descriptor = os.open(file, os.O_WRONLY)
        try:
            os.write(descriptor, text)
        finally:
            os.close(descriptor)
    except OSError as error:
        return "EOPNOTSUPP" if error.errno == errno.EOPNOTSUPP else errno.errorcode[error.errno]
    return "0"


def refuse(file, text):
    log = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
    os.lseek(log, 0, os.SEEK_END)
    before = snapshot()
    result = write(file, text)
    after = snapshot()
    lines = []
    try:
        while True:
            lines.append(os.read(log, 8192).decode("ascii", "replace").split(";", 1)[1].split("\n")[0])
    except BlockingIOError:
        pass
    os.close(log)
    change = "same" if before == after else f"{before}->{after}".replace(" ", "")
    return f"{result} {change} {'|'.join(lines)}"


def many(file, text):
    return " ".join(f"{name}:{count}" for name, count in collections.Counter(write(file, text) for _ in range(100)).items())


def attributes(message):
    at = 32  # behind the nlmsghdr and the ifinfomsg
    while at + 4 <= len(message):
        size, kind = struct.unpack_from("=HH", message, at)
        yield kind, message[at + 4:at + size]
        at += (max(size, 4) + 3) & ~3


def announce(file, text):
    ifname, carrier = 3, 33
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as link:
        link.bind((0, 1))  # RTMGRP_LINK
        seen = [write(file, text)]
        try:
            while True:
                found = dict(attributes(link.recv(65536, socket.MSG_DONTWAIT)))
                seen.append(f"{found[ifname].rstrip(bytes(1)).decode()}:{found[carrier][0]}")
        except BlockingIOError:
            return " ".join(seen)


@functools.lru_cache
def load(name):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    spec = importlib.util.spec_from_file_location(name[:-3].replace("-", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def inside(netns):
    return load("lab.py").inside(netns)


def listener():
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    link.bind((0, 1))  # RTMGRP_LINK
    return link


def told(link, values):
    """What a listener has got, oldest first, of all devices but lo."""
    keys = ("address", "mtu", "txqueues", "rxqueues", "mode", "ring", "mtu-policy")
    try:
        while True:
            message = link.recv(65536, socket.MSG_DONTWAIT)
            seen = values(message)
            if seen["name"] != "lo":
                deleted = "" if struct.unpack_from("=H", message, 4)[0] == 16 else "deleted:"
                yield f"{deleted}{seen['name']}=" + ",".join(seen.get(key, "-") for key in keys)
    except BlockingIOError:
        pass


def events(module, words):
    links = [listener()]
    if words[0].endswith(":"):
        with inside(words.pop(0)[:-1]):
            links.append(listener())
    result = module.newlink(words)
    seen = [event for link in links for event in told(link, module.values)]
    for link in links:
        link.close()
    return " / ".join([result] + seen)


def newlink_verb(module, verb, words):
    if verb == "events":
        return events(module, words)
    if verb == "inside":
        with inside(words[0]):
            return module.newlink(words[1:])
    return module.newlink(words)


def main():
    sys.dont_write_bytecode = True
    module = load("lifecycle-newlink.py")
    requests, answers = open(sys.argv[1], encoding="latin-1"), open(sys.argv[2], "w", encoding="latin-1")
    for line in requests:
        verb, *arguments = line.rstrip("\n").split(" ", 2)
        if verb == "devices":
            answer = devices()
        elif verb in ("newlink", "inside", "events"):
            answer = newlink_verb(module, verb, " ".join(arguments).split())
        else:
            text = arguments[1].encode("latin-1").decode("unicode_escape").encode("latin-1")
            answer = {"write": write, "refuse": refuse, "announce": announce, "many": many}[verb](arguments[0], text)
        print(answer, file=answers, flush=True)


main()
