# SPDX-License-Identifier: GPL-2.0-only
"""Frames that meet the programs of bpf/act.h: what comes out is compared byte for byte, in order, and counted.

Several commands, each but the last followed by `--`, run one after the other.

  arrive FROM AT COUNT LONGEST [OPTION...]
                      COUNT frames sent at FROM arrive at AT as the program makes them. AT may be FROM: they come back
  vanish FROM AT COUNT LONGEST [OPTION...]
                      not one does
  whole FROM AT COUNT frames arrive at AT with the first byte that `scribble` writes; a packet socket at FROM keeps what
                      was sent
  patterned AT COUNT  says `ready`, then waits for the COUNT frames that bpf/afxdp.cc sends
  churn FROM AT SECONDS [down]
                      two processors send all that time; each frame is sent or dropped by FROM, and what it sent is
                      received or dropped by AT; prints how many were sent, and received. `down`: a link that is down
                      may lose frames before FROM sees them
  circle PLACE COUNT  one frame, sent there, is sent again and again: waits until the counter has grown

Options: program=linear|frags and end=PLACE say which program is attached where (linear, b0); verdict=NAME head=N tail=N
meta=1 are its knobs, without verdict no program is expected; result=NUMBER is what the helper that changes the frame
returns, which then stays as it is; tag=VLAN sends tagged frames; shortest=BYTES sends none that is shorter.

Every frame is counted once, by the sender, by the program, by the end that the program is attached to, by the
receiver.
"""
import os
import struct
import sys
import time

import lab
import pins

BATCH = 40
OUTCOME = {"pass": None, "drop": "drops", "aborted": "drops", "unknown": "drops", "tx": "tx", "device": "redirect",
           "cpu": "redirect", "socket": "redirect"}


def frame_of(number, length, tag):
    """A numbered frame for nobody in particular. Its bytes differ from frame to frame."""
    header = bytes.fromhex("020000000001" "020000000002") + struct.pack("!H", lab.ETH_P_EXPERIMENT)
    if tag:
        header = header[:12] + struct.pack("!HH", 0x8100, tag) + header[12:]
    body = struct.pack("!I", number) + os.urandom(max(length - len(header) - 4, 0))
    return (header + body)[:max(length, len(header))]


def frames(count, longest, tag=0, shortest=14):
    edges = [60, 61, 14, 18, 64, longest - 1, longest]
    lengths = [edges[i] if i < len(edges) else 60 + i * 7919 % (longest - 59) for i in range(count)]
    return [frame_of(i, max(length, shortest), tag) for i, length in enumerate(lengths)]


def describe(frames_, index):
    return f"{len(frames_[index])} bytes {frames_[index][:40].hex()}" if index < len(frames_) else "nothing"


def compare(at, start, wanted, got):
    if got != wanted:
        first = next((i for i, pair in enumerate(zip(got, wanted)) if pair[0] != pair[1]), min(len(got), len(wanted)))
        lab.fail(f"{len(got)} of {len(wanted)} frames arrived at {at}; number {start + first} is "
                 f"{describe(got, first)}, expected {describe(wanted, first)}")


def size(frames_):
    return sum(map(len, frames_))


class Trial:
    """One command: the program is set up, frames are sent, everything is counted."""

    def __init__(self, place, at, count, longest, options):
        names = dict(option.split("=") for option in options)
        self.tag = int(names.pop("tag", 0))
        shortest = int(names.pop("shortest", 14))
        self.end, self.verdict = names.pop("end", "b0"), names.pop("verdict", None)
        self.result = int(names.pop("result", 0))
        name = names.pop("program", "linear")
        self.knobs = {key: int(value) for key, value in names.items()}
        self.program = pins.Program(name) if self.verdict else None
        self.place, self.at = place, at
        # What a program leaves, and what the stack leaves without the tag, must have a header.
        self.sent = frames(int(count), int(longest), self.tag, 60 if self.knobs or self.tag else shortest)
        self.made = [self.made_of(frame) for frame in self.sent]

    def made_of(self, frame):
        if self.result:
            return frame
        head, tail = self.knobs.get("head", 0), self.knobs.get("tail", 0)
        frame = bytes(range(-head)) + frame if head < 0 else frame[head:]
        return frame + bytes(tail) if tail > 0 else frame[:len(frame) + tail]

    def begin(self):
        if self.program:
            self.program.turn(self.verdict, **self.knobs)
        self.counters = {place: lab.counters(place) for place in {self.place, self.at, self.end}}
        self.statistics = pins.statistics(self.end)

    def count_program(self):
        told, grown = self.program.told(), pins.statistics(self.end)
        grown = {name: value - self.statistics.get(name, 0) for name, value in grown.items()}
        lab.check("frames and bytes that the program saw", (len(self.sent), size(self.sent)),
                  (told["runs"], told["bytes"]))
        for name in self.knobs:
            lab.check(f"result of the helper for {name}", self.result, told[name])
        wanted = {"xdp_packets": len(self.sent), "xdp_bytes": size(self.sent), "packets": len(self.sent),
                  "bytes": size(self.sent), "drops": 0, "xdp_drops": 0, "xdp_redirect": 0, "xdp_tx": 0,
                  "xdp_tx_errors": 0}
        if OUTCOME[self.verdict]:
            wanted["xdp_" + OUTCOME[self.verdict]] = len(self.sent)
        lab.check(f"counters of the receive queue of {self.end}", wanted,
                  {name: grown.get("rx_queue_0_" + name) for name in wanted})

    def count_sent(self, place, frames_):
        seen = lab.grown(place, self.counters[place])
        lab.check(f"sent at {place}: frames, bytes, dropped", (len(frames_), size(frames_), 0),
                  (seen["tx_packets"], seen["tx_bytes"], seen["tx_dropped"]))

    def count_received(self, place, frames_):
        seen = lab.grown(place, self.counters[place])
        lab.check(f"received at {place}: frames, bytes, dropped", (len(frames_), size(frames_), 0),
                  (seen["rx_packets"], seen["rx_bytes"], seen["rx_dropped"]))

    def count(self):
        self.count_sent(self.place, self.sent)
        if self.program:
            self.count_program()
            self.count_received(self.end, self.sent)
            self.count_sent(self.end, self.made if self.place == self.at else [])

    def arrive(self):
        sender, receiver = lab.tap(self.place), lab.tap(self.at)
        self.begin()
        for start in range(0, len(self.sent), BATCH):
            for frame in self.sent[start:start + BATCH]:
                sender.send(frame)
            # The receiving stack takes a VLAN's tag out of the frame that a packet socket sees.
            wanted = [frame[:12] + frame[16:] if self.tag else frame for frame in self.made[start:start + BATCH]]
            compare(self.at, start, wanted, lab.drain(receiver, len(wanted)))
        compare(self.at, 0, [], lab.drain(receiver, 1, 0.02))
        self.count()
        if self.at != self.end:
            self.count_received(self.at, self.made)

    def vanish(self):
        sender, receiver = lab.tap(self.place), lab.tap(self.at)
        self.begin()
        for frame in self.sent:
            sender.send(frame)
        compare(self.at, 0, [], lab.drain(receiver, 1, 0.2))
        self.count()


def arrive(place, at, count, longest, *options):
    Trial(place, at, count, longest, options).arrive()


def vanish(place, at, count, longest, *options):
    Trial(place, at, count, longest, options).vanish()


def patterned(at, count):
    """The frames that bpf/afxdp.cc sends."""
    receiver = lab.tap(at)
    print("ready", flush=True)
    header = bytes.fromhex("020000000001" "020000000002") + struct.pack("!H", lab.ETH_P_EXPERIMENT)
    sizes = [60 + number * 97 % 1455 for number in range(int(count))]
    wanted = [header + bytes((number * 7 + i) & 255 for i in range(14, length)) for number, length in enumerate(sizes)]
    compare(at, 0, wanted, lab.drain(receiver, len(wanted), 20))
    print("all arrived")


def whole(place, at, count):
    sender, keeper, receiver = lab.tap(place), lab.tap(place, IGNORE_OUTGOING=0), lab.tap(at)
    sent = frames(int(count), 1000)
    for frame in sent:
        sender.send(frame)
    compare(at, 0, [b"\xee" + frame[1:] for frame in sent], lab.drain(receiver, len(sent)))
    compare(place, 0, sent, lab.drain(keeper, len(sent)))


def send_until(place, end, report):
    sock, frame, taken = lab.tap(place, lab.ETH_P_NOBODY), frame_of(0, 100, 0), 0
    while time.monotonic() < end:
        for _ in range(20):
            try:
                sock.send(frame)
                taken += 1
            except OSError:
                # No buffers, or a device that is down.
                time.sleep(0.001)
    os.write(report, struct.pack("=Q", taken))
    os._exit(0)


def churn(place, at, seconds, down=""):
    # Frames that nobody takes count as dropped by the receiver, so somebody does.
    watcher = lab.tap(at, lab.ETH_P_EXPERIMENT)
    before, far = lab.counters(place), lab.counters(at)
    end = time.monotonic() + float(seconds)
    reports, report = os.pipe()
    for processor in (0, 1):
        if not os.fork():
            os.sched_setaffinity(0, {processor % os.cpu_count()})
            send_until(place, end, report)
    for _ in (0, 1):
        lab.check("exit status of a sender", 0, os.wait()[1])
    time.sleep(0.2)
    taken = sum(struct.unpack("=QQ", os.read(reports, 16)))
    sent, received = lab.grown(place, before), lab.grown(at, far)
    if not down:
        lab.check(f"{place}: sent and dropped", taken, sent["tx_packets"] + sent["tx_dropped"])
    lab.check(f"{at}: received and dropped", sent["tx_packets"], received["rx_packets"] + received["rx_dropped"])
    lab.check(f"{at}: bytes received", 100 * received["rx_packets"], received["rx_bytes"])
    print(sent["tx_packets"], received["rx_packets"])
    watcher.close()


def circle(place, count):
    before = lab.counters(place)["tx_packets"]
    lab.tap(place).send(frame_of(0, 60, 0))
    end = time.monotonic() + 10
    while lab.counters(place)["tx_packets"] - before < int(count):
        if time.monotonic() > end:
            lab.fail(f"{lab.counters(place)['tx_packets'] - before} frames sent at {place}, {count} expected")
        time.sleep(0.05)


if __name__ == "__main__":
    words = sys.argv[1:]
    while words and words[0]:
        here = words.index("--") if "--" in words else len(words)
        command, words = words[:here], words[here + 1:]
        try:
            globals()[command[0]](*command[1:])
        except SystemExit:
            print("that was:", *command)
            raise
