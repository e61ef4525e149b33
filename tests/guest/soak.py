# SPDX-License-Identifier: GPL-2.0-only
"""Traffic by every delivery mode at once, both ways, while settings change; the counters have to balance.

  run SECONDS [SEED]

Two processes send frames at each end of each pair, some longer than its peer takes. Meanwhile the ends get other MTUs,
rings, channels, offloads, coalescing and programs; those that are not in CALM are also set down and up, cut, and change
modes. No end is deleted or moved. Every PERIOD seconds, and in the end, the senders rest. Then

- what an end was given it has sent, or has dropped and counted by cause. Where the link changes, the kernel drops frames
  as well, of which it tells the sender or not; so there the sums are bounds. None of these ends has a qdisc, but that of
  "qdisc": the kernel empties it when a transmit queue goes out of use, and nobody counts that. Nor do kernels as old as
  6.1 count what their qdisc "noop" drops at an end without carrier, which is tried: there only one of the bounds holds;
- what it sent its peer has received, or has dropped: by cause, or the kernel did since it was down.
"""
import errno
import random
import sys
import time

import ethtool
import invariants
import lab
import load
import operations
import senders
import sequence

PERIOD = 20
PROCESSORS = 2
MAX_BACKLOG = "/proc/sys/net/core/netdev_max_backlog"
# To all, of an EtherType that nobody takes.
HEADER = b"\xff" * 12 + b"\x88\xb5"
# An end toward one in mode napi is made with a qdisc.
NO_QDISC = "qdisc {} noqueue"
# What the pairs are made with, and what is done to both ends before they come up.
PAIRS = {
    "backlog": (("mode=backlog", "peer-mode=backlog"), ()),
    "direct": (("mode=direct", "peer-mode=direct"), ()),
    "napi": (("mode=napi", "peer-mode=napi"), (NO_QDISC,)),
    "queues": (("mode=napi", "peer-mode=napi", "txqueues=2", "rxqueues=2", "peer.txqueues=2", "peer.rxqueues=2"),
               (NO_QDISC,)),
    "qdisc": (("mode=napi", "peer-mode=napi"), ()),
    "gro": (("mode=napi", "peer-mode=napi"), (NO_QDISC, "gro {} 1")),
    "program": (("mode=backlog", "peer-mode=backlog"), ("xdp {} pass",)),
    "changing": (("mode=backlog", "peer-mode=backlog"), ()),
}
# What is done to an end, and what is done to it afterwards.
LINK_CHANGES = (("link {} 0", "link {} 1"), ("carrier {} 0", "carrier {} 1"), ("protodown {} 1", "protodown {} 0"))
CHANGES = (
    ("mtu {} 1400", "mtu {} 1500"), ("mtu {} 3000", "mtu {} 1500"), ("ring {} 2", "ring {} 256"),
    ("ring {} 16", "ring {} 256"), ("channels {} 1 1", "channels {} 2 2"), ("coalesce {} 1000 2", "coalesce {} 0 0"),
    ("rx {} 0", "rx {} 1"), ("tx {} 0", "tx {} 1"), ("sg {} 0", "sg {} 1"), ("tso {} 0", "tso {} 1"),
)
CALM = ("backlog", "direct", "napi", "queues")
CHANGES_OF = {
    "backlog": (("xdp {} drop", "xdp {} off"),),
    "gro": (("gro {} 0", "gro {} 1"),),
    "program": (("xdp {} off", "xdp {} pass"), ("xdp {} drop", "xdp {} pass")),
    "changing": tuple((f"change {{}} mode={one}", f"change {{}} mode={other}") for one in ("direct", "napi")
                      for other in ("backlog", "direct", "napi")),
}


class Traffic(senders.Senders):
    """Processes that send at every end; `given` counts what was taken from each of them, end by end."""

    def __init__(self, places, seed):
        self.places, self.sockets = places, []
        self.given = [load.Shared(len(places)).words for _ in range(PROCESSORS)]
        super().__init__(PROCESSORS, seed, senders.REST)

    def begin(self):
        self.sockets = [lab.tap(place, lab.ETH_P_NOBODY) for place in self.places]

    def turn(self, number, chance):
        self.send(number, chance.randrange(len(self.sockets)), chance)

    def send(self, number, which, chance):
        for _ in range(16):
            # One in eight is too long for a peer with the usual MTU.
            size = chance.randrange(1600, 2900) if chance.random() < 0.125 else chance.randrange(1480)
            try:
                self.sockets[which].send(HEADER + bytes(size))
                self.given[number][which] += 1
            except OSError as error:
                # It is down; longer than its own MTU.
                if error.errno not in (errno.ENETDOWN, errno.EMSGSIZE, errno.ENXIO):
                    raise

    def given_at(self, which):
        return sum(words[which] for words in self.given)


def prepare():
    """All pairs: {what: (place of the one end, place of the other)}."""
    with open(MAX_BACKLOG, encoding="ascii") as file:
        before = file.read()
    operations.write(MAX_BACKLOG, "100000")
    for place in ("east", "west"):
        sequence.begin_namespace(place)
    found = {}
    for number, (what, (arguments, settings)) in enumerate(PAIRS.items()):
        one, other = f"a{number}", f"b{number}"
        # So that there is at once what is too long for the peer.
        operations.request(f"name={one}", f"peer.name={other}", "mtu=3000", "peer.netns=/run/netns/east", *arguments)
        for end in (one, other):
            for line in (*settings, "link {} 1"):
                lab.check(line.format(end), "done", sequence.carry_out(line.format(end)))
        found[what] = (f":{one}", f"east:{other}")
    return found, before


def counts_noop():
    """Whether the kernel counts what it drops at an end since that has no carrier; tried with a pair of its own."""
    operations.request("name=c0", "peer.name=d0")
    for line in ("link c0 1", "link d0 1", "carrier c0 0"):
        lab.check(line, "done", sequence.carry_out(line))
    given, socket, end = 0, lab.tap(":c0", lab.ETH_P_NOBODY), time.monotonic() + 60
    # Until the kernel has looked at the carrier, the driver drops them, and counts each by its cause.
    while (by_cause := sum(drops(":c0").values())) == given:
        if time.monotonic() > end:
            lab.fail("an end without carrier got all frames from the kernel")
        time.sleep(0.1)
        socket.send(HEADER + bytes(50))
        given += 1
    counted = lab.counters(":c0")["tx_dropped"] - by_cause
    lab.check("the pair that was tried is deleted", "done", sequence.carry_out("dellink c0"))
    return counted > 0


class Soak:
    def __init__(self, seed):
        self.log, self.chance = invariants.KernelLog(), random.Random(seed)
        self.log.say(f"soak, seed {seed}")
        self.all_counted = counts_noop()
        self.pairs, self.backlog = prepare()
        self.ears = [invariants.ear(place) for place in ("", "east")]
        self.places = [place for pair in self.pairs.values() for place in pair]
        self.traffic = Traffic(self.places, seed)
        self.changes = self.refused = self.checks = 0

    def start(self):
        """Traffic, and no change before each pair has had frames that were too long, which a slow kernel has late."""
        self.traffic.go_on()
        end = time.monotonic() + 60
        while time.monotonic() < end and not all(drops(one)["tx_drop_too_long"] for one, _ in self.pairs.values()):
            time.sleep(0.1)

    def change(self):
        what = self.chance.choice(tuple(self.pairs))
        end = lab.split(self.chance.choice(self.pairs[what]))[1]
        own = CHANGES_OF.get(what, ()) + (() if what in CALM else LINK_CHANGES)
        lines = self.chance.choice(own if own and self.chance.random() < 0.5 else CHANGES)
        for line in lines:
            self.changes += 1
            self.refused += sequence.carry_out(line.format(end)) != "done"
            time.sleep(self.chance.random() * 0.1)

    def balance(self):
        self.traffic.rest()
        invariants.consistent()
        invariants.balanced()
        for which, place in enumerate(self.places):
            self.accounted(place, self.traffic.given_at(which))
        self.log.healthy()
        self.checks += 1
        self.traffic.go_on()

    def accounted(self, place, given):
        """What became of the frames that were given to an end; and each of its drops has a cause."""
        seen, causes = lab.counters(place), drops(place)
        by_cause = {way: sum(count for name, count in causes.items() if name.startswith(way)) for way in ("tx", "rx")}
        sent, dropped = seen["tx_packets"], seen["tx_dropped"]
        if is_calm(place):
            invariants.equal(f"frames given to {place}, and sent or dropped by cause", given, sent + by_cause["tx"])
            invariants.equal(f"rx_dropped of {place}, by cause", seen["rx_dropped"], by_cause["rx"])
        if sent > given or (given > sent + dropped and self.all_counted and pair_of(place) != "qdisc"):
            raise invariants.Broken(f"{place} was given {given} frames, sent {sent} and dropped {dropped}")
        for way, count in by_cause.items():
            if seen[f"{way}_dropped"] < count:
                raise invariants.Broken(f"{place}: {way}_dropped {seen[f'{way}_dropped']} is less than by cause: {causes}")

    def tell(self, seconds):
        print(f"{seconds:.0f} s, {self.changes} changes, of which {self.refused} were refused; {self.checks} times in balance")
        print(f"what the kernel drops without carrier is {'' if self.all_counted else 'not '}counted")
        for what, pair in self.pairs.items():
            for place in pair:
                seen, causes = lab.counters(place), drops(place)
                lab.check(f"{place} received something", True, seen["rx_packets"] > 0)
                lab.check(f"{place} dropped what was too long for its peer", True,
                          place == pair[1] or causes["tx_drop_too_long"] > 0)
                kernels = {f"{way} by the kernel": seen[f"{way}_dropped"] - sum(
                    count for name, count in causes.items() if name.startswith(way)) for way in ("tx", "rx")}
                named = ", ".join(f"{name} {count}" for name, count in {**causes, **kernels}.items() if count)
                print(f"{what} {place}: given {self.traffic.given_at(self.places.index(place))}, sent {seen['tx_packets']}, "
                      f"received {seen['rx_packets']}, dropped: {named}")


def drops(place):
    return {name: count for name, count in ethtool.statistics(place).items() if name.startswith(("tx_drop_", "rx_drop_"))}


def pair_of(place):
    return tuple(PAIRS)[int(lab.split(place)[1][1:])]


def is_calm(place):
    """Whether its link does not change, so that nobody but the driver drops."""
    return pair_of(place) in CALM


def run(seconds, seed="1"):
    soak = Soak(int(seed))
    soak.start()
    begin, failed = time.monotonic(), None
    end = begin + float(seconds)
    try:
        while time.monotonic() < end:
            pause = min(end, time.monotonic() + PERIOD)
            while time.monotonic() < pause:
                soak.change()
            soak.balance()
        soak.traffic.rest()
        soak.tell(time.monotonic() - begin)
    except invariants.Broken as broken:
        failed = f"seed {seed}, after {time.monotonic() - begin:.0f} s and {soak.changes} changes: {broken}"
    soak.traffic.stop()
    operations.write(MAX_BACKLOG, soak.backlog.strip())
    if failed:
        lab.fail(failed)


if __name__ == "__main__":
    {"run": run}[sys.argv[1]](*sys.argv[2:])
