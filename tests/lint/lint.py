# SPDX-License-Identifier: GPL-2.0-only
"""What the lints in Python share: which files there are, and how a finding is told."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CXX = {".cc", ".hpp"}


def ours():
    """Files that are tracked, or would be: what git does not ignore, less what is deleted."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True
    ).stdout.decode()
    paths = [pathlib.PurePosixPath(name) for name in sorted(set(names.split("\0"))) if name]
    return [path for path in paths if (ROOT / path).is_file()]


def text(path):
    """The file as text, or None when it is not text."""
    data = (ROOT / path).read_bytes()
    if b"\0" in data:
        return None
    return data.decode("utf-8", "replace")


def module_cxx():
    """The C++ that is compiled into the module."""
    folders = {("src", "core"), ("src", "driver"), ("src", "kernel")}
    return [path for path in ours() if path.parts[:2] in folders and path.suffix in CXX]


def blank_out(code):
    """The code with comments, strings and characters as blanks: every line keeps its number and length."""
    pattern = r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])'"

    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())

    return re.sub(pattern, blank, code, flags=re.S)


def report(name, findings):
    """One result: nothing found is good. Returns whether it is."""
    print(f"{'not ok' if findings else 'ok'} - lint: {name}")
    for finding in findings:
        print(f"# {finding}")
    return not findings


def refuses(name, check, bad):
    """Shows that a check can fail: it has to find something in `bad`."""
    return report(f"{name} (can fail)", [] if check(bad) else ["it found nothing in what it should refuse"])


def finish(results):
    sys.exit(0 if all(results) else 1)
