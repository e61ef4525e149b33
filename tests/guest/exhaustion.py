# SPDX-License-Identifier: GPL-2.0-only
"""Does one thing again and again, and each time another of the kernel's allocations on its way fails
(Documentation/fault-injection/fault-injection.rst, fail-nth).

  exhaustion.py WHAT MOST    WHAT is one of THINGS in operations.py; what has to hold after each is told in whole.py

A registration has hundreds of allocations, and the kernel that can make them fail is slow: so of more than MOST that many
are tried, unless MOST is `all`. Which ones is left to chance, but to the same chance each time. Of all, it goes on until
nothing fails any more. Prints how many there are, how many failed and what the answers were.
"""
import collections
import os
import random
import sys

import lab
import whole

# More than any of these allocates.
NEVER = 1000000
REFUSALS = ("ENOMEM", "ENOBUFS")
# Where the core has no memory for a new device's name in sysfs, it finds that the device has none, and says EINVAL.
NAMELESS = ("EINVAL",)
NEW = ("newif", "newif-two", "newlink", "newlink-far")


class Allocation(whole.Fault):
    """The nth allocation of a request fails; left is 0 when it came to that."""
    file = os.open("/proc/thread-self/fail-nth", os.O_RDWR)

    def __init__(self, nth):
        self.nth = nth
        self.left = nth

    def arm(self):
        os.pwrite(self.file, b"%d" % self.nth, 0)

    def disarm(self):
        self.left = int(os.pread(self.file, 32, 0).rstrip(b"\0\n"))
        os.pwrite(self.file, b"0", 0)


def points_of(subject):
    """How many allocations it makes."""
    fault = Allocation(NEVER)
    lab.check("answer without a failure", "done", subject.attempt("counting", fault))
    return NEVER - fault.left


class All:
    """1, 2, ... until nothing failed for a while: what is there already or not yet makes a few more or less each time."""
    PATIENCE = 8

    def __init__(self):
        self.idle = 0

    def __iter__(self):
        nth = 0
        while self.idle < self.PATIENCE:
            nth += 1
            yield nth

    def reached(self, yes):
        self.idle = 0 if yes else self.idle + 1


class Some:
    """A choice of so many, of as many points as there are."""

    def __init__(self, what, points, most):
        self.chosen = sorted(random.Random(what).sample(range(1, points + 1), min(points, most)))

    def __iter__(self):
        return iter(self.chosen)

    def reached(self, yes):
        pass


def main(what, most):
    subject = whole.Whole(what, REFUSALS + NAMELESS if what in NEW else REFUSALS)
    points = points_of(subject)
    answers = collections.Counter()
    tries = All() if most == "all" else Some(what, points, int(most))
    for nth in tries:
        fault = Allocation(nth)
        answer = subject.attempt(f"failure {nth} of {points}", fault)
        # What is there already need not be allocated again, so it can do with less than it took before.
        answers["not reached" if fault.left else answer] += 1
        tries.reached(not fault.left)
    whole.report(what, f"of {points} points", answers)
    if not set(answers) - {"not reached"}:
        lab.fail("nothing failed")


main(sys.argv[1], sys.argv[2])
