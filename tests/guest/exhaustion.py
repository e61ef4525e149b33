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


def chosen(what, points, most):
    if most == "all":
        # A few more than were counted, as what is there already or not yet makes a difference.
        return range(1, points + 9)
    return sorted(random.Random(what).sample(range(1, points + 1), min(points, int(most))))


def main(what, most):
    subject = whole.Whole(what, REFUSALS + NAMELESS if what in NEW else REFUSALS)
    points = points_of(subject)
    answers = collections.Counter()
    for nth in chosen(what, points, most):
        fault = Allocation(nth)
        answer = subject.attempt(f"failure {nth} of {points}", fault)
        # What is there already need not be allocated again, so it can do with less than it took before.
        answers["not reached" if fault.left else answer] += 1
    whole.report(what, f"of {points} points", answers)
    if most == "all" and not fault.left:
        lab.fail(f"failure {nth} was not the last one")
    if not set(answers) - {"not reached"}:
        lab.fail("nothing failed")


main(sys.argv[1], sys.argv[2])
