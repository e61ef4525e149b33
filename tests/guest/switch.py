# SPDX-License-Identifier: GPL-2.0-only
"""A switch in user space, as those of Mininet and Open vSwitch's userspace datapath are: packet sockets, and bytes alone.

  switch.py A B SECONDS     frames that arrive at place A leave at B, and the other way round; says `ready`
"""
import select
import sys
import time

import lab


def main(one, other, seconds):
    sockets = [lab.tap(place) for place in (one, other)]
    ways = dict(zip(sockets, sockets[::-1]))
    end = time.monotonic() + float(seconds)
    print("ready", flush=True)
    while time.monotonic() < end:
        for source in select.select(sockets, [], [], 0.2)[0]:
            frame = source.recv(1 << 17)
            try:
                ways[source].send(frame)
            except OSError:
                # Longer than the device takes.
                pass


if __name__ == "__main__":
    main(*sys.argv[1:])
