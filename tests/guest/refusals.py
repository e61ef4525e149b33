# SPDX-License-Identifier: GPL-2.0-only
"""Does one thing again and again, and each time a notifier refuses another event of one of the devices (probe/etun_fault.c).

  refusals.py WHAT    one of THINGS in operations.py; what has to hold after each is told in whole.py

Prints which refusals it came to.
"""
import collections
import itertools
import sys

import lab
import operations
import whole

EVENTS = ("register", "postinit", "preup", "changename", "pretypechange", "prechangeupper", "changeupper", "prechangemtu",
          "changemtu")


class Refused(whole.Probed):
    """Whether it came to that is in happened."""

    def __init__(self, device, event):
        self.device, self.event, self.happened = device, event, False

    def arm(self):
        self.tell(f"refuse {self.device} {self.event}")

    def disarm(self):
        self.happened |= self.told("refused") > 0
        super().disarm()


def main(what):
    subject = whole.Whole(what, ("EBUSY",))
    answers = collections.Counter()
    for device, event in itertools.product(operations.NAMES, EVENTS):
        fault = Refused(device, event)
        answer = subject.attempt(f"refusal of {event} of {device}", fault)
        if fault.happened:
            answers[f"{event} of {device}: {answer}"] += 1
    whole.report(what, "refusals", answers)
    if not answers:
        lab.fail("nobody was asked")


main(sys.argv[1])
