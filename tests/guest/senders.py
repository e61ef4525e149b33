# SPDX-License-Identifier: GPL-2.0-only
"""Processes that send while something else is tried, and rest while it is asked what became of the frames."""
import os
import random
import signal
import time

import load

RUN, REST, STOP = 0, 1, 2


class Senders:
    """One process on each of some processors. Those derived from it say what one turn of a process is."""

    def __init__(self, processors, seed=0, wish=RUN):
        self.seed = seed
        self.wish, self.resting = load.Shared(1).words, load.Shared(processors).words
        self.wish[0] = wish
        self.pids = [load.child(self.flow, number) for number in range(processors)]

    def flow(self, number):
        signal.alarm(0)
        os.sched_setaffinity(0, {number % os.cpu_count()})
        chance = random.Random(self.seed + number)
        self.begin()
        while self.wish[0] != STOP:
            self.resting[number] = self.wish[0] == REST
            if self.resting[number]:
                time.sleep(0.005)
            else:
                self.turn(number, chance)

    def begin(self):
        """What each process does first."""

    def turn(self, number, chance):
        """Sends something; number is that of the process."""
        raise NotImplementedError

    def rest(self):
        self.wish[0] = REST
        while not all(self.resting):
            time.sleep(0.001)

    def go_on(self):
        self.wish[0] = RUN

    def stop(self):
        self.wish[0] = STOP
        load.end_of(self.pids)
