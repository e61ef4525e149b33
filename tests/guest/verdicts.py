# SPDX-License-Identifier: GPL-2.0-only
"""Frames that meet the programs of bpf/act.h: what comes out is compared byte for byte, in order.

  arrive FROM AT COUNT LONGEST [head=N] [tail=N] [tag=VLAN]
                              COUNT frames sent at FROM arrive at AT as the program makes them; prints their bytes
                              before that. AT may be FROM: then they come back
  vanish FROM AT COUNT LONGEST   not one does
  churn FROM AT SECONDS       sends all that time; what FROM has sent and AT has received, dropped or given to a
                              program adds up in the end; prints how many were sent and how many received
  circle PLACE COUNT          one frame, sent there, is sent again and again: waits until the counter has grown
"""
import os
import struct
import sys
import time

import lab

BATCH = 40


def frame_of(number, length, tag):
    """A numbered frame for nobody in particular. Its bytes differ from frame to frame."""
    header = bytes.fromhex("020000000001" "020000000002") + struct.pack("!H", lab.ETH_P_EXPERIMENT)
    if tag:
        header = header[:12] + struct.pack("!HH", 0x8100, int(tag)) + header[12:]
    body = struct.pack("!I", number) + os.urandom(max(length - len(header) - 4, 0))
    return (header + body)[:max(length, len(header))]


def frames(count, longest, tag=0):
    edges = [60, 61, 14, 18, 64, longest - 1, longest]
    return [frame_of(i, edges[i] if i < len(edges) else 60 + i * 7919 % (longest - 59), tag) for i in range(count)]


def made_of(frame, head=0, tail=0, **_):
    """What a program with these knobs makes of a frame."""
    frame = bytes(range(-head)) + frame if head < 0 else frame[head:]
    return frame + bytes(tail) if tail > 0 else frame[:len(frame) + tail]


def parse(options):
    return {name: int(value) for name, value in (option.split("=") for option in options)}


def untagged(frame, tag):
    """The receiving stack takes a VLAN's tag out of the frame that a packet socket sees."""
    return frame[:12] + frame[16:] if tag else frame


def arrive(place, at, count, longest, *options):
    options = parse(options)
    tag = options.get("tag", 0)
    sender, receiver = lab.tap(place), lab.tap(at)
    sent = frames(int(count), int(longest), tag)
    if "head" in options or "tail" in options:
        # What is left must have a header.
        sent = [frame if len(frame) >= 60 else frame + os.urandom(46) for frame in sent]
    for start in range(0, len(sent), BATCH):
        batch = sent[start:start + BATCH]
        for frame in batch:
            sender.send(frame)
        wanted = [untagged(made_of(frame, **options), tag) for frame in batch]
        got = lab.drain(receiver, len(wanted))
        if got != wanted:
            first = next((i for i, pair in enumerate(zip(got, wanted)) if pair[0] != pair[1]), len(got))
            lab.fail(f"{len(got)} of {len(wanted)} frames arrived at {at}; number {start + first} is "
                     f"{describe(got, first)}, expected {describe(wanted, first)}")
    surplus = lab.drain(receiver, 1, 0.05)
    if surplus:
        lab.fail(f"one more frame arrived at {at}: {describe(surplus, 0)}")
    print(sum(map(len, sent)))


def describe(list_, index):
    return f"{len(list_[index])} bytes {list_[index][:40].hex()}" if index < len(list_) else "nothing"


def vanish(place, at, count, longest):
    sender, receiver = lab.tap(place), lab.tap(at)
    sent = frames(int(count), int(longest))
    for frame in sent:
        sender.send(frame)
    got = lab.drain(receiver, 1, 0.3)
    if got:
        lab.fail(f"a frame arrived at {at}: {describe(got, 0)}")
    print(sum(map(len, sent)))


def send_until(place, end):
    sock, frame = lab.tap(place, lab.ETH_P_NOBODY), frame_of(0, 100, 0)
    while time.monotonic() < end:
        for _ in range(20):
            try:
                sock.send(frame)
            except OSError:
                # No buffers, or a device that is down: the counters tell.
                time.sleep(0.001)
    os._exit(0)


def churn(place, at, seconds):
    """Two processors send; a watcher takes what arrives, so that nobody counts it as unwanted."""
    watcher = lab.tap(at, lab.ETH_P_EXPERIMENT)
    before, far = lab.counters(place), lab.counters(at)
    end = time.monotonic() + float(seconds)
    for processor in (0, 1):
        if not os.fork():
            os.sched_setaffinity(0, {processor % os.cpu_count()})
            send_until(place, end)
    for _ in (0, 1):
        lab.check("exit status of a sender", 0, os.wait()[1])
    time.sleep(0.2)
    sent, received = lab.grown(place, before), lab.grown(at, far)
    lab.check(f"{at}: received and dropped", sent["tx_packets"], received["rx_packets"] + received["rx_dropped"])
    lab.check(f"{at}: bytes received", 100 * received["rx_packets"], received["rx_bytes"])
    print(sent["tx_packets"], received["rx_packets"])
    del watcher


def circle(place, count):
    before = lab.counters(place)["tx_packets"]
    lab.tap(place).send(frame_of(0, 60, 0))
    end = time.monotonic() + 10
    while lab.counters(place)["tx_packets"] - before < int(count):
        if time.monotonic() > end:
            lab.fail(f"{lab.counters(place)['tx_packets'] - before} frames sent at {place}, {count} expected")
        time.sleep(0.05)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
