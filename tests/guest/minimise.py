# SPDX-License-Identifier: GPL-2.0-only
"""Makes a list that shows something shorter as long as it still shows it (Zeller and Hildebrandt, "Simplifying and
Isolating Failure-Inducing Input", 2002).
"""
import time

TRIES = 2  # what happens by chance may need another one
SECONDS = 120


def shortest(items, shows, seconds=SECONDS):
    """A sublist of items, in order, that shows it, or all of them; nothing new is tried after so many seconds."""
    end, pieces = time.monotonic() + seconds, 2

    def still(some):
        return time.monotonic() < end and any(shows(some) for _ in range(TRIES))

    while len(items) > 1:
        size = -(-len(items) // pieces)
        rests = (items[:at] + items[at + size:] for at in range(0, len(items), size))
        found = next((rest for rest in rests if rest and still(rest)), None)
        if found is not None:
            items, pieces = found, max(pieces - 1, 2)
        elif size == 1:
            break
        else:
            pieces = min(2 * pieces, len(items))
    return items
