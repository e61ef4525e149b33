# SPDX-License-Identifier: GPL-2.0-only
"""A receiver that is too slow: the NAPI threads of an end get no processor while frames come.

  holds A B COUNT                a burst from A; prints, while nothing is received, how many frames crossed, were
                                 dropped, and are held back, and then how many arrived, and whether in order
  told A B COUNT                 prints of how many frames of a burst the sender is told that they were dropped
  changed A B COUNT CHANGE...    each change (settings.py) with that many frames sent and not yet received; what
                                 does not arrive is counted, and all goes on
  deleted A B COUNT              the pair is deleted with frames not yet received
  sent_back A B COUNT            a burst from A, which B's program sends back, and A goes down with it not yet received; prints
                                 how many frames A received, and dropped for that
  overtakes A B COUNT            a burst from A, and after it a frame that A's qdisc (pfifo_fast) sends first; prints
                                 how many of the burst arrive before that one

A thread that always runs, at a real-time priority, keeps the others off their processor. They get one as well, below it, as
since Linux 6.12 those without are given some time each second all the same (fair_server). Nothing may be read from a
file system meanwhile, as what is to answer may have to run there. On PREEMPT_RT, RCU and timers have threads for each
processor, without which nobody who waits for a grace period goes on; these are put above all that for the time.
"""
import errno
import mmap
import os
import socket
import sys
import time

import ethtool
import lab
import load
import settings

RUNTIME = "/proc/sys/kernel/sched_rt_runtime_us"
SECONDS_MOST = 60
# Its priority; threads of interrupts have 50.
HOLDER = 40
TC_PRIO_CONTROL = 7  # linux/pkt_sched.h


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def text_of(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def threads(*beginnings):
    """The threads of the kernel whose names begin so; a name has room for 15 characters."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if text_of(f"/proc/{pid}/comm").startswith(beginnings):
                found.append(int(pid))
        except OSError:
            pass
    return found


def processor_to_spare():
    """One that serves no device of the machine: files are read by one of those."""
    busy = set()
    for line in text_of("/proc/interrupts").splitlines():
        number = line.split(":")[0].strip()
        if "virtio" in line and number.isdigit():
            busy.add(text_of(f"/proc/irq/{number}/effective_affinity_list").strip())
    free = [cpu for cpu in sorted(os.sched_getaffinity(0)) if str(cpu) not in busy]
    # Where all serve some device: not the one that does most of the work.
    return free[-1] if free else max(os.sched_getaffinity(0))


class Starved:
    """with Starved("b0"): none of its NAPI threads runs; feed() lets them."""

    def __init__(self, device):
        write(f"/sys/class/net/{device}/threaded", "1")
        self.threads = threads(f"napi/{device}-")
        if not self.threads:
            lab.fail(f"{device} has no NAPI threads")
        self.cpu = processor_to_spare()
        # With the names' line ends, as there may be ten processors.
        self.served = {pid: (os.sched_getscheduler(pid), os.sched_getparam(pid))
                       for pid in threads(f"rcuc/{self.cpu}\n", f"ktimers/{self.cpu}\n")}
        for pid in self.threads:
            os.sched_setaffinity(pid, {self.cpu})
        self.flag = memoryview(mmap.mmap(-1, 8)).cast("Q")

    def __enter__(self):
        os.sched_setaffinity(0, os.sched_getaffinity(0) - {self.cpu})
        write(RUNTIME, "-1")
        for pid in self.served:
            os.sched_setscheduler(pid, os.SCHED_FIFO, os.sched_param(HOLDER + 1))
        self.schedule(os.SCHED_FIFO, 1)
        self.pid = load.child(self.hold)
        while not self.flag[0]:
            time.sleep(0.01)
        return self

    def schedule(self, policy, priority):
        for pid in self.threads:
            try:
                os.sched_setscheduler(pid, policy, os.sched_param(priority))
            except ProcessLookupError:
                # A change has ended it.
                pass

    def hold(self):
        os.sched_setaffinity(0, {self.cpu})
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(HOLDER))
        end = time.monotonic() + SECONDS_MOST
        self.flag[0] = 1
        while self.flag[0] == 1 and time.monotonic() < end:
            pass
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))

    def feed(self):
        if self.flag[0] == 1:
            self.flag[0] = 2
            lab.check("the threads got no processor until they were to", 0, os.waitpid(self.pid, 0)[1])

    def __exit__(self, *_):
        self.feed()
        self.schedule(os.SCHED_OTHER, 0)
        for pid, (policy, priority) in self.served.items():
            os.sched_setscheduler(pid, policy, priority)
        os.sched_setaffinity(0, os.sched_getaffinity(0) | {self.cpu})
        write(RUNTIME, "950000")


def counts(one, other, before):
    now = [lab.counters(place) for place in (one, other)]
    return [{name: new[name] - old[name] for name in new} for old, new in zip(before, now)]


def holds(one, other, count):
    count = int(count)
    before = load.settled(one, other)
    with Starved(other) as receiver:
        arriving = load.send_burst(one, other, count)
        time.sleep(0.2)
        sent, received = counts(one, other, before)
        statistics = ethtool.statistics(one)
        receiver.feed()
        seen = load.arrived(arriving, count - sent["tx_dropped"], load.PATIENCE)
    lab.check("received meanwhile", 0, received["rx_packets"])
    after = load.balance(one, other, before, load.settled(one, other))
    lab.check("drops since", sent["tx_dropped"], after[0]["tx_dropped"])
    print(f"crossed {sent['tx_packets']} dropped {sent['tx_dropped']} "
          f"held {count - sent['tx_packets'] - sent['tx_dropped']} "
          f"under way {statistics['tx_queue_0_bql_inflight']} bytes, "
          f"then {len(seen)} arrived, {'in order' if seen == sorted(set(seen)) else 'not in order'}")


def told(one, other, count):
    """Prints how many of that many frames the sender was told were dropped."""
    sender, refused = lab.tap(one, lab.ETH_P_NOBODY), 0
    with Starved(other):
        for number in range(int(count)):
            try:
                super(lab.Tap, sender).send(load.frame(load.header(one, other), number))
            except OSError as error:
                lab.check("errno", errno.ENOBUFS, error.errno)
                refused += 1
    print(refused)


def changed(one, other, count, *changes):
    count = int(count)
    for change in changes:
        before = load.settled(one, other)
        with Starved(other) as receiver:
            arriving = load.send_burst(one, other, count)
            # It waits for the threads, that is for feed().
            pid = load.child(settings.make, change)
            time.sleep(0.2)
            receiver.feed()
            load.end_of([pid])
            seen = load.arrived(arriving, count)
        grown = load.balance(one, other, before, load.settled(one, other))
        load.account(change, count, seen, grown)
        arriving.close()
        load.afterwards(one, other, change)


def deleted(one, other, count):
    """The pair is deleted, with that many frames not yet received."""
    with Starved(other) as receiver:
        load.send_burst(one, other, int(count))
        pid = load.child(settings.make, f"{one} run ip link del {one}")
        time.sleep(0.2)
        receiver.feed()
        load.end_of([pid])


def sent_back(one, other, count):
    end = time.monotonic() + load.PATIENCE
    with Starved(one) as receiver:
        load.send_burst(one, other, int(count))
        while ethtool.statistics(other)["rx_queue_0_xdp_tx"] < int(count) and time.monotonic() < end:
            time.sleep(0.05)
        pid = load.child(settings.make, f"{one} link 0")
        time.sleep(1)
        receiver.feed()
        load.end_of([pid])
    print(lab.counters(one)["rx_packets"], ethtool.statistics(one)["rx_drop_link_down"])


def overtakes(one, other, count):
    count = int(count)
    with Starved(other) as receiver:
        arriving = load.send_burst(one, other, count)
        sender = lab.tap(one, lab.ETH_P_NOBODY)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, TC_PRIO_CONTROL)
        sender.send(load.frame(load.header(one, other), count))
        receiver.feed()
        seen = load.arrived(arriving, count + 1, load.PATIENCE)
    lab.check("frames that arrived", list(range(count + 1)), sorted(seen))
    print(seen.index(count))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
