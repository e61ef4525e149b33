# SPDX-License-Identifier: GPL-2.0-only
"""Random operations on ends (sequence.py) with frames on their way; after each sequence it is asked whether all that must
hold does (invariants.py). What breaks something is made shorter, and printed as a list that can be replayed.

  run SEED SEQUENCES LENGTH [SECONDS]   sequences from SEED, SEED + 1, ...; no new one after so many seconds
  replay FILE                           the lines of FILE as one sequence; # begins a remark
  list SEED LENGTH                      prints a sequence and does nothing
"""
import collections
import sys
import time

import ethtool
import frames
import invariants
import lab
import load
import minimise
import senders
import sequence

PROCESSORS = 2


class Traffic(senders.Senders):
    """Processes that send from every end there is, and ask it for its statistics."""

    def __init__(self):
        self.sent = load.Shared(PROCESSORS).words
        super().__init__(PROCESSORS)

    def turn(self, number, chance):
        try:
            ends = sequence.ends()
            if ends:
                netns, name = chance.choice(ends)
                place = f"{sequence.PLACES[netns]}:{name}"
                self.send(number, place, chance)
                if chance.random() < 0.2:
                    ethtool.statistics(place)
        except OSError:
            # It went meanwhile, or is down.
            pass
        # Operations are what is to be tried, so most of the time is theirs.
        time.sleep(0.005)

    def send(self, number, place, chance):
        large = chance.random() < 0.2
        with lab.tap(place, lab.ETH_P_NOBODY, VNET_HDR=int(large)) as sock:
            for _ in range(8):
                small = b"\xff" * 12 + b"\x88\xb5" + bytes(chance.randrange(1486))
                sock.send(b"".join(frames.tcp_frame(place, place, 1000, 3)) if large else small)
                self.sent[number] += 1


class Ground:
    """Where sequences are tried, one after the other."""

    def __init__(self):
        self.log, self.answers, self.operations = invariants.KernelLog(), collections.Counter(), 0
        self.read_module()
        for place in ("east", "west"):
            sequence.begin_namespace(place)
        self.ears = {}
        self.traffic = Traffic()

    @staticmethod
    def read_module():
        with open(sequence.operations.module_file(), "rb") as file:
            sequence.operations.Module.image = file.read()

    def listen(self, *places):
        for place in places:
            self.ears[place] = invariants.ear(sequence.PLACES[place])

    def do(self, line):
        if line.startswith("endns"):
            # A socket keeps its namespace alive.
            self.ears.pop(line.split()[1]).close()
        answer = sequence.carry_out(line)
        if line.startswith("endns"):
            self.listen(line.split()[1])
        self.answers[answer] += 1
        self.operations += 1

    def judge(self):
        self.log.healthy()
        invariants.consistent()
        self.traffic.rest()
        # Two that send back what they get would never come to rest.
        invariants.without_programs()
        invariants.consistent()
        invariants.balanced()
        invariants.mended()
        invariants.balanced()
        invariants.none_left()
        self.log.healthy()

    def attempt(self, lines):
        """What the sequence breaks, or None."""
        self.listen(*sequence.PLACES)
        self.traffic.go_on()
        try:
            for line in lines:
                self.do(line)
            self.judge()
        except (invariants.Broken, OSError, SystemExit) as broken:
            return f"{type(broken).__name__}: {broken}"
        finally:
            self.traffic.rest()
            self.clean()
        return None

    def clean(self):
        for sock in self.ears.values():
            sock.close()
        self.ears.clear()
        for end in invariants.ends():
            end.delete()

    def report(self, lines, broken, name):
        print(f"{name} broke something: {broken}")
        shorter = minimise.shortest(lines, lambda some: self.attempt(some) is not None)
        again = self.attempt(shorter) if len(shorter) < len(lines) else None
        print(f"in short, {len(shorter)} of {len(lines)} operations ({again or 'which did not do it again'}):")
        print("\n".join(shorter))
        sys.exit(1)

    def tell(self, sequences):
        refused = {name: count for name, count in self.answers.most_common() if name != "done"}
        print(f"{sequences} sequences, {self.operations} operations, of which {self.answers['done']} were done, "
              f"{sum(self.traffic.sent)} frames sent meanwhile; refused: "
              f"{', '.join(f'{name} {count}' for name, count in refused.items()) or 'none'}")


def run(seed, sequences, length, seconds="1000000000"):
    ground, seed, done, end = Ground(), int(seed), 0, time.monotonic() + float(seconds)
    while done < int(sequences) and (not done or time.monotonic() < end):
        # For who reads the log of a kernel that did not live on.
        ground.log.say(f"seed {seed + done}")
        lines = sequence.made_from(seed + done, int(length))
        if broken := ground.attempt(lines):
            ground.report(lines, broken, f"seed {seed + done}")
        done += 1
    ground.traffic.stop()
    ground.tell(done)


def replay(path):
    with open(path, encoding="ascii") as file:
        lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    ground = Ground()
    if broken := ground.attempt(lines):
        ground.report(lines, broken, path)
    ground.traffic.stop()
    ground.tell(1)


def list_(seed, length):
    print("\n".join(sequence.made_from(int(seed), int(length))))


if __name__ == "__main__":
    {"run": run, "replay": replay, "list": list_}[sys.argv[1]](*sys.argv[2:])
