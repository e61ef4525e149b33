# SPDX-License-Identifier: GPL-2.0-only
"""An end moves between network namespaces: what was sent before does not come out where it went.

  phases A B MOVES      numbered frames from A while B, which starts here, moves to and fro between the namespaces east
                        and west; each frame says which number of moves it was sent after
  held A B COUNT        COUNT frames lie in B's ring, its NAPI thread gets no processor, and B moves into east
"""
import select
import socket
import struct
import sys
import time

import invariants
import lab
import load
import operations
import starve

FRAMES = 60
HEAD = b"\xff" * 6 + bytes.fromhex("020000000009") + struct.pack("!H", lab.ETH_P_EXPERIMENT)


def frame(phase):
    return HEAD + struct.pack("!I", phase) + bytes(60)


def phases_of(sock):
    """The phases of all frames that have arrived, and how many there were of each."""
    found = {}
    while select.select([sock], [], [], 0)[0]:
        data = sock.recv(1 << 12)
        if data[12:14] == HEAD[12:14]:
            phase, = struct.unpack_from("!I", data, 14)
            found[phase] = found.get(phase, 0) + 1
    return found


def ear(netns):
    """Hears what arrives at every device of a namespace, also those that come later."""
    sock = invariants.ear(netns)
    sock.setsockopt(lab.SOL_PACKET, lab.PACKET_IGNORE_OUTGOING, 1)
    sock.setsockopt(socket.SOL_SOCKET, lab.SO_RCVBUFFORCE, 16 << 20)
    return sock


def move(name, place, to):
    with lab.inside(place):
        operations.move(name, to)
    with lab.inside(to):
        operations.link(name, True)


def send(one, phase, count=FRAMES):
    with lab.tap(one, lab.ETH_P_NOBODY) as sock:
        for _ in range(count):
            sock.send(frame(phase))


def phases(one, other, moves):
    places = ["", *("east" if i % 2 == 0 else "west" for i in range(int(moves)))]
    ears = {place: ear(place) for place in set(places)}
    heard = 0
    for phase, place in enumerate(places):
        if phase:
            # Frames of the phase before may still be on their way.
            send(one, phase - 1)
            move(other, places[phase - 1], place)
        send(one, phase)
        while not (found := phases_of(ears[place])).get(phase):
            send(one, phase, 1)
            time.sleep(0.01)
        for where, sock in ears.items():
            seen = found if where == place else phases_of(sock)
            wrong = {number: count for number, count in seen.items() if places[number] != where}
            lab.check(f"frames in '{where}' that were sent while the end was elsewhere, by phase", {}, wrong)
            heard += sum(seen.values())
    print(f"{heard} frames in {len(places)} places of the end")


def held(one, other, count):
    here, there = ear(""), ear("east")
    before = load.settled(one)[0]
    with starve.Starved(other) as receiver:
        send(one, 0, int(count))
        time.sleep(0.1)
        lab.check("frames that arrived meanwhile", {}, phases_of(here))
        pid = load.child(move, other, "", "east")
        # A slow kernel has a long way until it waits for the thread.
        time.sleep(2)
        receiver.feed()
        load.end_of([pid])
    time.sleep(0.3)
    kept = phases_of(here).get(0, 0)
    lab.check("frames that followed it", {}, phases_of(there))
    sent = load.settled(one)[0]["tx_packets"] - before["tx_packets"]
    if kept >= sent:
        lab.fail(f"all {kept} frames had arrived before the end moved, so nothing was tried")
    now = lab.counters(f"east:{other}")
    lab.check("frames sent, and received or dropped", sent, now["rx_packets"] + now["rx_dropped"])
    send(one, 1, 3)
    time.sleep(0.3)
    lab.check("frames since", {1: 3}, phases_of(there))
    print(f"{sent} frames in the ring, {kept} arrived before the end moved")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
