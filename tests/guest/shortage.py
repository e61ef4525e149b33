# SPDX-License-Identifier: GPL-2.0-only
"""Does one thing again and again, and each time another of its allocations of memory for each processor fails, which the
kernel's own fault injection does not know (probe/etun_fault.c).

  shortage.py WHAT    one of THINGS in operations.py; what has to hold after each is told in whole.py

Prints how many there are, and what the answers were.
"""
import collections
import sys

import lab
import whole

# All ways lead through one of these, the first since Linux 6.10.
ALLOCATORS = ("pcpu_alloc_noprof", "pcpu_alloc")
# A notifier of the core's that answers NOTIFY_BAD for want of memory is told of as EPERM (notifier_to_errno()).
REFUSALS = ("ENOMEM", "ENOBUFS", "EPERM")
MOST = 200  # more than any of these makes


def allocator():
    with open("/proc/kallsyms", encoding="ascii") as symbols:
        known = {line.split()[2] for line in symbols}
    return next(name for name in ALLOCATORS if name in known)


class Shortage(whole.Probed):
    """All but one of the allocations succeed; left is 0 when it came to that one."""
    name = allocator()

    def __init__(self, spared):
        self.spared, self.left = spared, 1

    def arm(self):
        self.tell(f"null {self.name} 1 {self.spared}")

    def disarm(self):
        self.left = self.told("left")
        super().disarm()


def main(what):
    subject = whole.Whole(what, REFUSALS)
    answers = collections.Counter()
    for spared in range(MOST):
        fault = Shortage(spared)
        answer = subject.attempt(f"failure of allocation {spared + 1} for each processor", fault)
        if fault.left:
            break
        answers[answer] += 1
    else:
        lab.fail(f"it makes more than {MOST} allocations for each processor, or the same one fails each time")
    whole.report(what, "allocations for each processor", answers)
    if not answers:
        lab.fail("it made none")


main(sys.argv[1])
