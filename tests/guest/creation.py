# SPDX-License-Identifier: GPL-2.0-only
"""Sends one RTM_NEWLINK to kind veth and to kind etun; compares what the kernel answers and what both ends are then.

  creation.py GROUP...   a line for each difference that is not among those that are meant; ends with `N requests`
  creation.py --groups   the groups of attributes

Each attribute goes into each place of the request: `outer`, for the first end; `inner`, in the description of the peer;
`both`; `alone`, for the first end of a request that does not describe the peer; `bare`, the same with an
IFLA_INFO_DATA that is empty. Each kind has network namespaces of its own: what is sent comes from `one`; `two` and
`three` are others.
"""
import sys
import time

import creation_ends
from creation_ends import DATA, KIND, PEER, attribute, header
from creation_requests import GROUPS, IFNAME, LINKINFO, NESTED

RTM_NEWLINK = 16
REQUEST_ACK, CREATE_EXCL = 0x1 | 0x4, 0x400 | 0x200
PLACES = ("outer", "inner", "both", "alone", "bare")

# What is meant to differ: which request (group, value's name, place; None: any), what of it, and why. `answer` is the
# errno, `reason` the text, the others are what creation_ends.py tells of an end, `first` in front if of that alone.
MEANT = [
    (None, None, None, "minmtu", "an etun takes an MTU from 46 on, veth from 68 on"),
    (None, None, None, "carrier changes", "veth's carrier is on for a moment, and counts its going; an etun's is not"),
    (None, None, None, "carrier downs", "the same"),
    (None, None, None, "permanent", "an end keeps its first address as its permanent one, which veth does not have"),
    ("mtu", "46", None, "answer", "an etun takes an MTU from 46 on, veth from 68 on"),
    ("mtu", "67", None, "answer", "an etun takes an MTU from 46 on, veth from 68 on"),
    ("flags", "up", "inner", "answer", "veth can't have its peer made up (ENOTCONN); an etun can"),
    ("flags", "up", "both", "answer", "veth can't have its peer made up (ENOTCONN); an etun can"),
    ("index", None, "inner", "index", "veth takes the peer's index only where the first end's is given as well"),
    ("index", "taken", "inner", "answer", "veth takes the peer's index only where the first end's is given as well"),
    ("sizes", "41 524281", None, "first gso size", "6.1 lets veth's first end have more than the kernel can do"),
    ("sizes", "41 4294967295", None, "first gso size", "the same"),
    ("queues", None, None, "queues", "veth goes by the first end's numbers for both; an end of an etun uses its own"),
]

# Requests whose ends differed in the end.
differing = []


def meant(group, value, place, what, end="message"):
    request = group, value, place
    return any(aspect in (what, f"{end} {what}") and all(wanted in (None, seen) for wanted, seen in zip(case, request))
               for *case, aspect, _ in MEANT)


def body(kind, place, request):
    """The message behind its header: the first end's, then the peer's description."""
    outer = place != "inner"
    inner = place in ("inner", "both")
    # Where only one end is given an index, the other has 0, which is none.
    index, flags, change = request.header if outer else (0, 0, 0)
    own = {IFNAME: b"x0\0"}
    peers = {IFNAME: b"y0\0"}
    if outer:
        own.update(request.attributes(kind, 0))
    if inner:
        peers.update(request.attributes(kind, 1))
    info = attribute(KIND, kind.name.encode() + b"\0")
    if place == "bare":
        info += attribute(DATA | NESTED, b"")
    elif place != "alone":
        peer_header = header(*request.peers_header) if inner else header(0, 0, 0)
        described = peer_header + b"".join(attribute(*pair) for pair in peers.items() if pair[1] is not None)
        info += attribute(DATA | NESTED, attribute(PEER, described))
    attributes = b"".join(attribute(*pair) for pair in own.items() if pair[1] is not None)
    return header(index, flags, change) + attributes + attribute(LINKINFO | NESTED, info)


def told(kinds, group, request, place):
    """Differences between the kinds that are not meant, as texts."""
    answers = [kind.ask(RTM_NEWLINK, REQUEST_ACK | CREATE_EXCL, body(kind, place, request)) for kind in kinds]
    found = []
    for what, (veths, etuns) in zip(("answer", "reason"), zip(*answers)):
        # etun says why where veth says nothing.
        same = veths == etuns or what == "reason" and not veths
        if not same and not meant(group, request.name, place, what):
            found.append(f"{what}: veth {veths}, etun {etuns}")
    made = [not answer[0] for answer in answers]
    if all(made):
        found += ends_differ(kinds, group, request, place)
    for kind, is_made in zip(kinds, made):
        left = kind.clean()
        if is_made != (left == 2):
            found.append(f"{kind.name} left {left} ends")
    return [f"{group} {request.name}, {place}: {text}" for text in found]


def ends_differ(kinds, group, request, place):
    """Waits until both kinds tell the same, since the kernel works out some of it later; not for ever anew."""
    end = time.monotonic() + (30 if len(differing) < 3 else 0.3)
    while True:
        pairs = [kind.ends(request.indexes) for kind in kinds]
        found = []
        for end_name, veths, etuns in zip(("first", "peer"), *pairs):
            for what in sorted(veths.keys() | etuns.keys()):
                seen = veths.get(what, "-"), etuns.get(what, "-")
                if seen[0] != seen[1] and not meant(group, request.name, place, what, end_name):
                    found.append(f"{end_name} end, {what}: veth {seen[0]}, etun {seen[1]}")
        if not found:
            return found
        if time.monotonic() > end:
            differing.append(request)
            return found
        time.sleep(0.05)


def main(groups):
    kinds = [creation_ends.Kind("veth"), creation_ends.Kind("etun")]
    count = 0
    for group in groups:
        for request in GROUPS[group]():
            for place in PLACES:
                count += 1
                for line in told(kinds, group, request, place):
                    print(line, flush=True)
    print(f"{count} requests")


if __name__ == "__main__":
    if sys.argv[1:] == ["--groups"]:
        print(*GROUPS)
    else:
        main(sys.argv[1:])
