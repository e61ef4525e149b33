# SPDX-License-Identifier: GPL-2.0-only
"""Changes of ends, lines of sequence.py, by several processes at once while others send; for races-load.sh.

  make SECONDS ENOUGH PAUSE LINE... [-- PAUSE LINE...]...
            a process for each group of lines, on the processors in turn, carries them out one after the other with a
            pause behind each, over and over; for so long, and for longer if some kind of change was not carried out
            ENOUGH times by then. In the end each group is carried out alone, so that all is as its last lines leave it.
            Prints how often each kind was carried out
  balance   both ends of each pair tell the same of each other, and what one has sent the other has received or dropped
"""
import sys
import time

import ethtool
import invariants
import lab
import load
import senders
import sequence

LONGER = 60  # seconds


class Changes(senders.Senders):
    def __init__(self, groups):
        self.groups = groups
        self.kinds = sorted({line.split()[0] for _, *lines in groups for line in lines})
        self.done, self.refused = ([load.Shared(len(self.kinds)).words for _ in groups] for _ in range(2))
        super().__init__(len(groups))

    def turn(self, number, chance):
        self.carry_out(number, float(self.groups[number][0]))

    def carry_out(self, number, pause):
        for line in self.groups[number][1:]:
            counted = self.done if sequence.carry_out(line) == "done" else self.refused
            counted[number][self.kinds.index(line.split()[0])] += 1
            time.sleep(pause)

    def restore(self):
        # An end of two groups may have had another name, or place, just when it was to come back: the first time around
        # all have their names again, the second time their places.
        for number in (*range(len(self.groups)), *range(len(self.groups))):
            self.carry_out(number, 0)

    def sums(self, counted):
        return dict(zip(self.kinds, map(sum, zip(*counted))))


def groups_of(words):
    groups = [[]]
    for word in words:
        if word == "--":
            groups.append([])
        else:
            groups[-1].append(word)
    return groups


def make(seconds, enough, *words):
    changes, begin = Changes(groups_of(words)), time.monotonic()
    time.sleep(float(seconds))
    while min(changes.sums(changes.done).values()) < int(enough) and time.monotonic() < begin + float(seconds) + LONGER:
        time.sleep(0.1)
    changes.stop()
    done, refused = changes.sums(changes.done), changes.sums(changes.refused)
    changes.restore()
    print(f"{time.monotonic() - begin:.0f} s: " +
          ", ".join(f"{kind} {done[kind]} (refused {refused[kind]})" for kind in changes.kinds))
    lab.check(f"kinds of changes that were carried out less than {enough} times", [],
              [kind for kind in changes.kinds if done[kind] < int(enough)])


def dropped_unreceived(place):
    """A frame out of a ring has been received. If then there is no room for it, as in the full ring of an AF_XDP socket
    that a program redirects it to, it counts as dropped besides."""
    return invariants.dropped(place) - ethtool.statistics(place)["rx_drop_no_memory"]


def balance():
    try:
        invariants.consistent()
        invariants.balanced(dropped_unreceived)
    except invariants.Broken as broken:
        lab.fail(broken)


if __name__ == "__main__":
    {"make": make, "balance": balance}[sys.argv[1]](*sys.argv[2:])
