# SPDX-License-Identifier: GPL-2.0-only
"""Which selftests there are, what their runs gave, and how etun's results compare with veth's."""
import fnmatch
import json
import pathlib
from dataclasses import dataclass, field

from cases import COMPLAINT, FAIL, HEALTH, OK, SKIP, STATUS, best

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KINDS = ("veth", "etun")
RANK = {OK: 0, SKIP: 1, FAIL: 2}


def rows(name, columns, separator=None):
    """Lines of a table in this folder; # begins a comment line."""
    for line in (HERE / name).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            cells = [cell.strip() for cell in line.split(separator, columns - 1)]
            if len(cells) != columns:
                raise SystemExit(f"{name}: not {columns} columns: {line}")
            yield cells


def tests(kernel):
    """Name to (machine, seconds, preparation, folder, command) of the tests that this kernel's sources have."""
    return {row[0]: row[2:] for row in rows("tests.txt", 7) if kernel in row[1].split(",")}


def folder(kernel):
    return ROOT / "build/kselftest/results" / kernel


@dataclass
class Outcome:
    """What one test gave on one kind of device, in one or more tries."""
    cases: dict = field(default_factory=dict)
    tries: int = 0
    pairs: int = 0

    @property
    def verdict(self):
        told = [result for name, result in self.cases.items() if name not in (STATUS, HEALTH)]
        if FAIL in (result for name, result in self.cases.items() if not name.startswith(COMPLAINT)):
            return "FAIL"
        return "PASS" if self.cases.get(STATUS) == OK or OK in told else "SKIP"

    @property
    def clean(self):
        return self.verdict != "FAIL"

    def __str__(self):
        counted = [r for name, r in self.cases.items() if name not in (STATUS, HEALTH) and not name.startswith(COMPLAINT)]
        text = self.verdict
        if self.verdict != "SKIP" and counted:
            text += f" {counted.count(OK)}/{len(counted) - counted.count(SKIP)}"
        return text + (f", {self.tries} tries" if self.tries > 1 else "")


def outcome(kernel, kind, test):
    """The outcome on file, or None."""
    path = folder(kernel) / kind / f"{test}.json"
    if not path.exists():
        return None
    tries = json.loads(path.read_text())
    return Outcome(best([one["cases"] for one in tries]), len(tries), max(one["pairs"] for one in tries))


def add_try(kernel, kind, test, cases, pairs, first):
    path = folder(kernel) / kind / f"{test}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    tries = [] if first or not path.exists() else json.loads(path.read_text())
    path.write_text(json.dumps(tries + [{"cases": cases, "pairs": pairs}], indent=1) + "\n")


@dataclass
class Comparison:
    test: str
    veth: Outcome
    etun: Outcome
    # Cases in which etun is worse, and is not expected to be; those where it is; those where it is better.
    worse: list = field(default_factory=list)
    listed: dict = field(default_factory=dict)
    better: list = field(default_factory=list)

    @property
    def result(self):
        """A test that tells nothing about a pair is skipped: none of its cases passes on veth."""
        if self.worse or self.etun is None:
            return FAIL
        counted = [name for name, result in self.veth.cases.items() if result == OK and name != HEALTH]
        return OK if counted and self.veth.pairs else SKIP


def expected(kernel, test, case):
    """Why etun is meant to give another result than veth, or None."""
    return next((reason for kernels, name, pattern, reason in rows("differences.txt", 4, "|")
                 if kernel in kernels.split(",") and name == test and fnmatch.fnmatchcase(case, pattern)), None)


def compare(kernel, test):
    one = Comparison(test, outcome(kernel, "veth", test), outcome(kernel, "etun", test))
    if one.veth is None or one.etun is None:
        return one
    if one.veth.pairs and not one.etun.pairs:
        one.worse.append("no pair of etun was made")
    for name in one.veth.cases | one.etun.cases:
        # A complaint that was not made is as good as a case that passed; a case that is missing has failed.
        missing = OK if name.startswith(COMPLAINT) else FAIL
        before, now = one.veth.cases.get(name, missing), one.etun.cases.get(name, missing)
        if RANK[now] > RANK[before]:
            if reason := expected(kernel, test, name):
                one.listed[name] = reason
            else:
                one.worse.append(name)
        elif RANK[now] < RANK[before]:
            one.better.append(name)
    return one
