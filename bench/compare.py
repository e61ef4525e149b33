# SPDX-License-Identifier: GPL-2.0-only
"""Compares results with what is expected of them. Everything is a ratio of two rows of the same run, so that neither
another compiler nor another kernel's fixed costs count as a change."""
import rows

# A change of a ratio that chance does not make, by the words with which a row begins. What is not here is not judged;
# so it is with memory for more processors, as per-CPU memory grows by pieces that hold many pairs' share.
TOLERANCES = {
    "pktgen": 0.005,
    "xdp": 0.005,
    "udp": 0.01,
    "tcp-rr": 0.01,
    "routed": 0.01,
    "bridged": 0.01,
    "packet-among": 0.005,
    "create": 0.02,
    "memory-1": 0.05,
    "memory-slab-1": 0.03,
    "memory-up-1": 0.03,
}


# With which veth a device is compared, where it is not the plain one.
LIKE = {"etun-gro": "veth-napi"}


def tolerance(row):
    fitting = [words for words in TOLERANCES if f"{row}-".startswith(f"{words}-")]
    return TOLERANCES[max(fitting, key=len)] if fitting else None


def measured(found, rule):
    """The ratio that a rule is about, or None when a row is missing."""
    part = rule.get("part", "value")
    ours = found.get((rule["row"], rule["device"]))
    theirs = found.get((rule.get("to_row", rule["row"]), rule["to"]))
    if not ours or not theirs or part not in ours or not theirs.get(part):
        return None
    return ours[part] / theirs[part]


def told(rule, value):
    part = "device share" if rule.get("part") == "share" else "total"
    other = f"{rule['to']} ({rule['to_row']})" if "to_row" in rule else rule["to"]
    return f"{rule['row']}: {part} of {rule['device']} is {value:.3f} of {other}'s"


class Verdict:
    """What came of a comparison: lines of text, by how bad they are."""

    def __init__(self):
        self.violations = []
        self.notes = []
        self.judged = 0
        self.missing = []

    def ratio(self, rule, value):
        """A ratio as it was when it was recorded: more is worse."""
        slack = rule.get("within", tolerance(rule["row"]) or 0)
        if value > rule["expect"] * (1 + slack):
            self.violations.append(f"{told(rule, value)}, expected {rule['expect']:.3f} and up to {100 * slack:g} % more")
        elif value < rule["expect"] * (1 - slack):
            self.notes.append(f"{told(rule, value)}, better than the {rule['expect']:.3f} that is recorded")

    def limit(self, rule, value):
        """A target, whatever was recorded. Those that are only aimed at are told and do not count."""
        if value <= rule["at_most"]:
            return
        line = f"{told(rule, value)}, at most {rule['at_most']:.3f} is the target"
        (self.notes if rule.get("aim") else self.violations).append(line)


def compare(results, expectations):
    """Judges a run. A rule whose rows were not measured is not broken, but is told; when none could be judged, all are."""
    found = rows.index(results["rows"])
    verdict = Verdict()
    for kind, judge in (("ratios", verdict.ratio), ("limits", verdict.limit)):
        for rule in expectations[kind]:
            value = measured(found, rule)
            if value is None:
                verdict.missing.append(f"{rule['row']} of {rule['device']}")
                continue
            verdict.judged += 1
            judge(rule, value)
    if results.get("errors"):
        verdict.violations.append(f"the run had errors, the first: {results['errors'][0]}")
    if not verdict.judged:
        verdict.violations.append("the results have none of the rows that are judged")
    return verdict


def record(results):
    """Rules that say what was measured: each etun row that is judged, as a ratio to that of the veth which does the same."""
    found = rows.index(results["rows"])
    rules = []
    for row in results["rows"]:
        if not row["device"].startswith("etun") or tolerance(row["workload"]) is None:
            continue
        rule = {"row": row["workload"], "device": row["device"], "to": LIKE.get(row["device"], "veth")}
        value = measured(found, rule)
        if value is not None:
            rules.append(rule | {"expect": round(value, 4)})
    return rules
