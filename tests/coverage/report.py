#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Which lines of the driver ran: adds up what tests/coverage/run counted, and lets gcov say which lines that is.

  report.py [--all] KERNEL...    of these kernels together: a line counts as reached if it ran on any of them. The lines are
                                 those of the first one, as not every line is there on each
  report.py [--all] --core FILE  of core on the host: what tests/coverage/core had llvm-cov write

Prints a line for each file, then the lines that nothing reached and the reason that reasons.txt, or core-reasons.txt, has
for them; with --all also those that have one. The exit status is 1 if a line has no reason, or a reason no line.
"""
import collections
import glob
import json
import os
import re
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# gcc/gcov-io.h
DATA_MAGIC, TAG_FUNCTION, TAG_ARCS = 0x67636461, 0x01000000, 0x01A10000


def read_counts(file, functions):
    """Adds what one run counted: by file of counters and function."""
    with open(file, encoding="ascii") as lines:
        for line in lines:
            word, *rest = line.split()
            if word == "file":
                version, stamp, checksum = (int(number, 16) for number in rest[:3])
                where = (rest[3], version, stamp, checksum)
                continue
            key = tuple(int(number, 16) for number in rest[:3])
            counters = [int(number) for number in rest[3:]]
            known = functions[where].setdefault(key, [0] * len(counters))
            functions[where][key] = [a + b for a, b in zip(known, counters, strict=True)]


def write_data(where, functions):
    """The file that gcov reads beside its notes."""
    path, version, stamp, checksum = where
    with open(path, "wb") as data:
        data.write(struct.pack("<4I", DATA_MAGIC, version, stamp, checksum))
        for (ident, lines, graph), counters in functions.items():
            data.write(struct.pack("<5I", TAG_FUNCTION, 12, ident, lines, graph))
            if counters:
                data.write(struct.pack(f"<2I{len(counters)}q", TAG_ARCS, 8 * len(counters), *counters))


def lines_of(path):
    """What gcov makes of it: source, line, how often."""
    ran = subprocess.run(["gcov-12", "--json-format", "--stdout", os.path.basename(path)], cwd=os.path.dirname(path),
                         capture_output=True, check=True)
    if ran.stderr.strip():
        sys.exit(f"report: gcov on {path}: {ran.stderr.decode()}")
    for document in ran.stdout.splitlines():
        for file in json.loads(document)["files"]:
            for line in file["lines"]:
                yield file["file"], line["line_number"], line["count"]


def source_name(name):
    """Relative to src/, or None of what is not ours."""
    found = re.search(r"(?:^|/)((?:core|driver|kernel)/[a-z0-9_]+\.(?:cc|hpp|c|h))$", name)
    return found[1] if found and os.path.exists(f"{ROOT}/src/{found[1]}") else None


def counted(kernels):
    """How often each line ran: {source: {line: count}}."""
    sources = collections.defaultdict(collections.Counter)
    for kernel in kernels:
        functions = collections.defaultdict(dict)
        runs = glob.glob(f"{ROOT}/build/coverage/{kernel}/*.counts")
        if not runs:
            sys.exit(f"report: nothing was counted on {kernel}; run: tests/coverage/run {kernel} SCRIPT...")
        for run in runs:
            read_counts(run, functions)
        for where, found in functions.items():
            write_data(where, found)
            for name, line, count in lines_of(where[0]):
                source = source_name(name)
                if source and (kernel == kernels[0] or line in sources[source]):
                    sources[source][line] += count
    return sources


def counted_by_llvm(file):
    """The same, of a file in the format of lcov (geninfo(1)): SF is a source, DA a line and how often it ran."""
    sources, source = collections.defaultdict(collections.Counter), None
    with open(file, encoding="utf-8") as records:
        for record in records:
            kind, _, rest = record.strip().partition(":")
            if kind == "SF":
                source = source_name(rest)
            elif kind == "DA" and source:
                line, count = rest.split(",")[:2]
                sources[source][int(line)] += int(count)
    return sources


def reasons(name):
    """Lines of reasons.txt: SOURCE | words of the line | why."""
    with open(f"{HERE}/{name}", encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                yield [part.strip() for part in line.split("|", 2)]


def reason_for(source, text, known, used):
    for number, (file, words, why) in enumerate(known):
        if file == source and words in text:
            used.add(number)
            return why
    return None


def main(arguments):
    every, core = "--all" in arguments, "--core" in arguments
    words = [word for word in arguments if word not in ("--all", "--core")]
    sources = counted_by_llvm(words[0]) if core else counted(words)
    known, used, bare = list(reasons("core-reasons.txt" if core else "reasons.txt")), set(), 0
    total = reached = 0
    missing = []
    for source in sorted(sources):
        lines = sources[source]
        hit = sum(count > 0 for count in lines.values())
        total, reached = total + len(lines), reached + hit
        print(f"{source:36} {hit:4} of {len(lines):4} lines")
        with open(f"{ROOT}/src/{source}", encoding="utf-8") as file:
            text = file.read().split("\n")
        missing += [(source, line, text[line - 1].strip()) for line in sorted(lines) if not lines[line]]
    print(f"{'all':36} {reached:4} of {total:4} lines, {100 * reached / total:.1f} %")
    for source, line, text in missing:
        why = reason_for(source, text, known, used)
        bare += why is None
        if why is None or every:
            print(f"not reached: {source}:{line}: {text}" + (f"    ({why})" if why else ""))
    stale = [known[number] for number in range(len(known)) if number not in used]
    for file, words, _ in stale:
        print(f"a reason without a line: {file} | {words}")
    print(f"{len(missing)} lines not reached, {bare} of them without a reason; {len(stale)} reasons without a line")
    return bool(bare or stale)


sys.exit(main(sys.argv[1:]))
