# SPDX-License-Identifier: GPL-2.0-only
"""Reads what a selftest says, case by case. An exit status alone is not enough: veth.sh, for one, prints "fail" for some
checks and still ends with 0, and a benchmark that receives nothing says so in numbers only."""
import re
from dataclasses import dataclass

OK, FAIL, SKIP = "ok", "fail", "skip"
STATUS, HEALTH = "exit status", "the kernel is unharmed"
COMPLAINT = "says: "

WORDS = {"ok": OK, "PASS": OK, "OK": OK, "passed": OK, "XFAIL": SKIP, "SKIP": SKIP, "skip": SKIP}
# What no test says when all is well; expected ones are said on veth as well, and so are no difference.
COMPLAINTS = re.compile(
    r"error|cannot|can't|could not|unknown|invalid|refused|unsupported|not supported|no such|not found|failed|"
    r"not permitted|RTNETLINK|usage:|incorrect|wrong", re.I)
# Names that mktemp makes, and numbers.
RANDOM = re.compile(r"\b((?:ns|ns\d|ns-peer|server|client|router|veth|peer)-?)[A-Za-z0-9]{6,8}\b")


@dataclass(frozen=True)
class Format:
    """How a test tells its cases. Each of `cases` has the group `case` and, where the line tells it, `result`. Where it
    does not, `good` has to follow, in the same line or before the next case. `bad` behind a case makes it fail."""
    cases: tuple
    section: str = r"(?!)"
    good: str = r"(?!)"
    bad: str = r"^ *(?:fail|failed)\b"
    # The result of a case that nothing else is said about.
    silent: str = FAIL
    # What sounds like a complaint, and is none.
    harmless: str = r"(?!)"


_RX = r"(?:tcp|udp) rx: +\d+ MB/s +[1-9]\d* calls"
_XDP = Format((r"selftests: (?P<case>.*?) \[(?P<result>PASS|FAILED|SKIP)\]",))
_PROGS = Format((r"#\d+(?:/\d+)? +(?P<case>[\w/ ]+?) *:(?P<result>OK|FAIL|SKIP)",), harmless=r"testmod")
_BENCH = Format((r"(?P<case>(?:tcp|udp gso).* touching data)$",), r"(ipv[46])$", _RX)
_VETH = Format(
    (r"(?P<case>(?: +- )?[a-z][^/$]*?) +(?P<result>ok|fail\b.*) *$", r"(?P<case>(?: +- (?:no )?)?aggregation.*?)(?: {2,}|$)"),
    # The receiver of the stress part may come later than the senders.
    good=r"^ *ok", harmless=r"write: Connection refused")
FORMATS = {
    "veth": _VETH,
    "veth-stress": _VETH,
    "udpgro": Format(
        (r" (?P<case>[A-Za-z].*?) {2,}(?P<result>ok|failed)$", r" (?P<case>(?:no|bad|multiple|GRO)\b[\w ]*?) {2,}"),
        r"(ipv[46])$", r"^ok"),
    "udpgro_fwd": Format(
        (r"(?P<case>[A-Z][\w ]+?) {2,}(?P<result>ok|fail\b.*|skip\b.*)$", r"(?P<case>(?:No GRO|GRO|UDP)[\w ]*?) {2,}"),
        r"(IPv[46])$", r"^ ok|" + _RX),
    "udpgro_frglist": _BENCH,
    "udpgro_bench": _BENCH,
    # Each case has three tries of its own, and those that failed in all are named at the end.
    "gro": Format((r"running test (?P<case>.*)$",), bad=r"(?!)", silent=OK, harmless=r"\./gro: incorrect|failed tests:"),
    "big_tcp": Format((r"(?P<case>(?:(?:on|off) +){3}(?:on|off)) *: \[(?P<result>PASS|FAIL\w*)\]$",),
                      r"\*+(v4) Tests Done"),
    "msg_zerocopy": Format((r"(?P<case>ipv[46] \w+ .*)$",), good=r"^rx=[1-9]"),
    "rps_default_mask": Format((r"(?P<case>.*?) *\[ ?(?P<result>ok|fail) ?\]",)),
    "netdevice": Format((r"(?P<result>PASS|FAIL|XFAIL|SKIP): \w+: (?P<case>.*)$",)),
    "test_ingress_egress_chaining": Format((r"(?P<case>Test) (?P<result>passed)$",)),
    "test_xdp_veth": Format(_XDP.cases + _PROGS.cases, harmless=_PROGS.harmless),
    "test_xdp_redirect": _XDP,
    "test_xdp_meta": _XDP,
    "tc_redirect": _PROGS,
    "xdp_do_redirect": _PROGS,
    "xdp_do_redirect_target": _PROGS,
}
UNKNOWN = Format((), bad=r"(?!)")


class _Reader:
    def __init__(self, form):
        self.form = form
        self.cases = {}
        self.complaints = {}
        self.section = self.heading = ""
        self.current = None

    def name_of(self, case):
        """Indented cases belong to the heading in front of them; what comes twice is numbered."""
        if case.startswith(" "):
            case = f"{self.heading} - {case.strip(' -')}"
        else:
            self.heading = case.split(" - ")[0]
        name = f"{self.section} {case}".strip()
        number = 1
        while name in self.cases or (number > 1 and f"{name} #{number}" in self.cases):
            number += 1
            if f"{name} #{number}" not in self.cases:
                return f"{name} #{number}"
        return name

    def line(self, line):
        if section := re.match(self.form.section, line):
            self.section = section[1]
            return
        rest = line
        if match := next(filter(None, (re.match(case, line) for case in self.form.cases)), None):
            result = match.groupdict().get("result")
            self.current = self.name_of(match["case"])
            self.cases[self.current] = WORDS.get(result.split()[0], FAIL) if result else None
            rest = line[match.end("case"):].lstrip()
        if self.current and self.cases[self.current] is None and re.search(self.form.good, rest):
            self.cases[self.current] = OK
        elif re.search(self.form.bad, rest):
            self.cases[self.current or "unnamed"] = FAIL
        if COMPLAINTS.search(line) and not re.search(self.form.harmless, line) and not match:
            self.complaints[COMPLAINT + re.sub(r"\d+", "N", RANDOM.sub(r"\1X", line.strip()))] = FAIL


def _failed_at_the_end(text):
    names = re.search(r"^failed tests: (.*?)\.", text, re.M)
    return {name.replace("_", " ", 1): FAIL for name in (names[1].split() if names else ())}


def read(test, text, status):
    """Case by case, in order: what the test said, its exit status, and, as failures, its complaints."""
    reader = _Reader(FORMATS.get(test, UNKNOWN))
    for line in text.splitlines():
        reader.line(line)
    cases = {name: result or reader.form.silent for name, result in reader.cases.items()}
    cases |= _failed_at_the_end(text)
    cases[STATUS] = {0: OK, 4: SKIP}.get(status, FAIL)
    return cases | reader.complaints


def best(tries):
    """One result of several tries: a case is as good as in the best of them, a complaint has to come in each."""
    rank = [OK, SKIP, FAIL]
    merged = {}
    for cases in tries:
        for name, result in cases.items():
            if name.startswith(COMPLAINT):
                if all(name in others for others in tries):
                    merged[name] = FAIL
            elif name not in merged or rank.index(result) < rank.index(merged[name]):
                merged[name] = result
    if any(cases.get(HEALTH) == FAIL for cases in tries):
        merged[HEALTH] = FAIL
    return merged
