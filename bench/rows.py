# SPDX-License-Identifier: GPL-2.0-only
"""Rows of results: what the load program printed, gathered over rounds and boots."""
import json
import statistics

DEVICES = ["dummy", "lo", "veth", "veth-napi", "netkit", "etun-backlog", "etun-napi", "etun-gro", "etun-direct"]
# Those that receive by NAPI, as veth does with GRO.
BY_NAPI = ["etun-napi", "etun-gro"]
# The rows with which a device that does nothing tells what a packet costs before and beside any device, and how often
# a unit of the row pays that: the floor of a row is what no device can save.
FLOORS = {
    "pktgen-foreign": ("pktgen-foreign", 1),
    "pktgen-closed": ("pktgen-foreign", 1),
    "pktgen-open": ("pktgen-foreign", 1),
    "xdp-drop": ("pktgen-foreign", 1),
    "xdp-tx": ("pktgen-foreign", 1),
    "xdp-redirect": ("pktgen-foreign", 1),
    "udp-burst": ("udp-burst", 1),
    "udp-burst-server": ("udp-burst", 1),
    "udp-rr-1": ("udp-burst", 2),
    "udp-rr-2": ("udp-burst", 2),
    "routed-rr": ("udp-burst", 2),
    "routed-burst": ("udp-burst", 1),
    "bridged-rr": ("udp-burst", 2),
    "bridged-burst": ("udp-burst", 1),
}


class Gathered:
    """What one or several boots told."""

    def __init__(self):
        self.kernel = None
        self.left_out = {}
        self.errors = []
        self.values = {}
        self.units = {}

    def line(self, text):
        """Takes one line of the load program. Lines that are not its own are kept as errors."""
        try:
            told = json.loads(text)
        except ValueError:
            self.errors.append(text)
            return
        if "kernel" in told:
            self.kernel = told["kernel"]
        elif "left_out" in told:
            self.left_out[told["left_out"]] = told["reason"]
        elif "error" in told:
            self.errors.append(f"{told['workload']} on {told['device']}, round {told['round']}: {told['error']}")
        else:
            self.values.setdefault((told["row"], told["device"]), []).append(told["value"])
            self.units[told["row"]] = told["unit"]

    def rows(self, mode):
        """One object for each row and device, in the order of their first appearance."""
        made = [
            {
                "workload": row,
                "device": device,
                "unit": self.units[row],
                "value": round(statistics.median(runs), 3),
                "runs": runs,
                "kernel": self.kernel,
                "mode": mode,
            }
            for (row, device), runs in self.values.items()
        ]
        return with_floors(made)


def with_floors(rows):
    """Adds floor and device share where a row has a floor."""
    found = index(rows)
    for row in rows:
        of, times = FLOORS.get(row["workload"], (None, 0))
        floor = found.get((of, "dummy"))
        if floor:
            row["floor"] = round(floor["value"] * times, 3)
            row["share"] = round(row["value"] - row["floor"], 3)
    return rows


def index(rows):
    """Rows by workload and device."""
    return {(row["workload"], row["device"]): row for row in rows}


def workloads(rows):
    """Names of the workloads, in their order."""
    return list(dict.fromkeys(row["workload"] for row in rows))


def ratio(found, workload, device, to, part="value"):
    """That device's number as a ratio to the other's, or None when there is no such pair of numbers."""
    ours, theirs = found.get((workload, device)), found.get((workload, to))
    if not ours or not theirs or part not in ours or not theirs.get(part):
        return None
    return ours[part] / theirs[part]


def spread(row):
    """How far the runs lie apart, in percent of their median."""
    runs = row["runs"]
    if len(runs) < 2:
        return "one run"
    return f"{100 * (max(runs) - min(runs)) / row['value'] if row['value'] else 0:.2f} %"


TABLE_HEAD = [
    "workload", "device", "total", "floor", "share", "unit", "spread", "/veth", "share/veth's", "/veth-napi",
    "/netkit", "/lo"
]


def table(rows):
    """Lines of cells, the head first."""
    found = index(rows)

    def number(value):
        if value is None:
            return ""
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}"

    def part(row, to, what="value"):
        value = ratio(found, row["workload"], row["device"], to, what)
        return "" if value is None or row["device"] == to else f"{value:.3f}"

    lines = [TABLE_HEAD]
    for workload in workloads(rows):
        for device in DEVICES:
            row = found.get((workload, device))
            if row:
                lines.append(
                    [workload, device, number(row["value"]), number(row.get("floor")), number(row.get("share")),
                     row["unit"], spread(row), part(row, "veth"), part(row, "veth", "share"),
                     part(row, "veth-napi") if row["device"] in BY_NAPI else "", part(row, "netkit"), part(row, "lo")]
                )
    return lines


def as_text(lines):
    """The table for a terminal: names to the left, numbers to the right, a blank line between workloads."""
    left = {0, 1, 5}
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    text, before = [], None
    for line in lines:
        if before is not None and line[0] != before:
            text.append("")
        before = line[0]
        cells = [cell.ljust(width) if i in left else cell.rjust(width) for i, (cell, width) in enumerate(zip(line, widths))]
        text.append("  ".join(cells).rstrip())
    return "\n".join(text)
