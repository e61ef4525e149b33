#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The comparison of the benchmark's results with what is expected: without a guest, on made-up numbers."""
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
import compare
import rows


def results(*numbers, errors=()):
    """Rows from (workload, device, value)."""
    gathered = rows.Gathered()
    gathered.errors += errors
    for workload, device, value in numbers:
        gathered.values[(workload, device)] = [value, value]
        gathered.units[workload] = "ns"
    return {"rows": gathered.rows("icount"), "errors": gathered.errors}


def expected(ratios=(), limits=()):
    return {"ratios": list(ratios), "limits": list(limits)}


RULE = {"row": "udp-rr-1", "device": "etun-direct", "to": "veth", "expect": 0.92}
LIMIT = {"row": "udp-rr-1", "device": "etun-direct", "to": "lo", "at_most": 1.0}


class Ratios(unittest.TestCase):
    def judged(self, value, **more):
        run = results(("udp-rr-1", "veth", 1000.0), ("udp-rr-1", "etun-direct", value))
        return compare.compare(run, expected([RULE | more]))

    def test_as_recorded(self):
        self.assertEqual(self.judged(920.0).violations, [])

    def test_within_the_tolerance(self):
        self.assertEqual(self.judged(929.0).violations, [])

    def test_worse_is_one_clear_line(self):
        violations = self.judged(940.0).violations
        self.assertEqual(len(violations), 1)
        self.assertEqual(
            violations[0],
            "udp-rr-1: total of etun-direct is 0.940 of veth's, expected 0.920 and up to 1 % more",
        )

    def test_better_is_a_note(self):
        verdict = self.judged(800.0)
        self.assertEqual(verdict.violations, [])
        self.assertIn("better than the 0.920", verdict.notes[0])

    def test_a_tolerance_of_its_own(self):
        self.assertEqual(self.judged(940.0, within=0.05).violations, [])

    def test_a_slower_machine_is_no_change(self):
        run = results(("udp-rr-1", "veth", 5000.0), ("udp-rr-1", "etun-direct", 4600.0))
        self.assertEqual(compare.compare(run, expected([RULE])).violations, [])


class Limits(unittest.TestCase):
    def judged(self, value, **more):
        run = results(("udp-rr-1", "lo", 1000.0), ("udp-rr-1", "etun-direct", value))
        return compare.compare(run, expected(limits=[LIMIT | more]))

    def test_kept(self):
        self.assertEqual(self.judged(1000.0).violations, [])

    def test_broken(self):
        self.assertEqual(len(self.judged(1001.0).violations), 1)

    def test_an_aim_is_only_told(self):
        verdict = self.judged(1001.0, aim=True)
        self.assertEqual(verdict.violations, [])
        self.assertEqual(len(verdict.notes), 1)

    def test_another_row_to_compare_with(self):
        run = results(("delete-1000", "veth", 100.0), ("delete-delif-1000", "etun-backlog", 4.0))
        rule = {"row": "delete-delif-1000", "device": "etun-backlog", "to": "veth", "to_row": "delete-1000",
                "at_most": 0.03}
        violations = compare.compare(run, expected(limits=[rule])).violations
        self.assertEqual(len(violations), 1)
        self.assertIn("0.040 of veth (delete-1000)", violations[0])

    def test_the_device_share_leaves_out_the_floor(self):
        run = results(("pktgen-foreign", "dummy", 100.0), ("pktgen-foreign", "veth", 200.0),
                      ("pktgen-foreign", "etun-direct", 150.0))
        rule = {"row": "pktgen-foreign", "device": "etun-direct", "to": "veth", "part": "share", "at_most": 0.45}
        violations = compare.compare(run, expected(limits=[rule])).violations
        self.assertIn("device share of etun-direct is 0.500 of veth's", violations[0])


class Missing(unittest.TestCase):
    def test_a_row_that_was_left_out_is_told(self):
        run = results(("udp-rr-1", "veth", 1000.0), ("udp-rr-1", "lo", 1000.0), ("udp-rr-1", "etun-backlog", 990.0))
        backlog = RULE | {"device": "etun-backlog", "expect": 0.99}
        verdict = compare.compare(run, expected([RULE, backlog], [LIMIT]))
        self.assertEqual(verdict.violations, [])
        self.assertEqual(verdict.judged, 1)
        self.assertEqual(verdict.missing, ["udp-rr-1 of etun-direct"] * 2)

    def test_nothing_to_judge_is_a_violation(self):
        self.assertEqual(len(compare.compare(results(), expected([RULE])).violations), 1)

    def test_an_error_of_the_run_is_a_violation(self):
        run = results(("udp-rr-1", "veth", 1000.0), ("udp-rr-1", "etun-direct", 920.0), errors=["the guest died"])
        self.assertIn("the guest died", compare.compare(run, expected([RULE])).violations[0])


class Recording(unittest.TestCase):
    def test_only_what_is_judged(self):
        run = results(("udp-rr-1", "veth", 1000.0), ("udp-rr-1", "etun-napi", 1100.0), ("udp-rr-1", "netkit", 990.0),
                      ("tcp-stream-64k", "veth", 1000.0), ("tcp-stream-64k", "etun-napi", 1000.0))
        self.assertEqual(
            compare.record(run), [{"row": "udp-rr-1", "device": "etun-napi", "to": "veth", "expect": 1.1}]
        )

    def test_the_longest_prefix_counts(self):
        self.assertEqual(compare.tolerance("pktgen-foreign"), 0.005)
        self.assertEqual(compare.tolerance("tcp-rr-2"), 0.01)
        self.assertIsNone(compare.tolerance("tcp-stream-mss"))


class Lines(unittest.TestCase):
    def test_what_the_load_program_prints(self):
        gathered = rows.Gathered()
        for line in (
            '{"kernel": "6.12.1"}',
            '{"left_out": "etun-direct", "reason": "unknown delivery mode"}',
            '{"workload": "w", "device": "veth", "round": 1, "row": "r", "unit": "ns", "value": 10.0}',
            '{"workload": "w", "device": "veth", "round": 2, "row": "r", "unit": "ns", "value": 12.0}',
            '{"workload": "w", "device": "lo", "round": 1, "error": "no link"}',
            "something else",
        ):
            gathered.line(line)
        (row,) = gathered.rows("icount")
        self.assertEqual((row["value"], row["runs"], row["kernel"]), (11.0, [10.0, 12.0], "6.12.1"))
        self.assertEqual(gathered.left_out, {"etun-direct": "unknown delivery mode"})
        self.assertEqual(gathered.errors, ["w on lo, round 1: no link", "something else"])


if __name__ == "__main__":
    unittest.main()
