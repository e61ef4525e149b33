#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the command blocks of the book's pages as root in the guest, and prints TAP: see book_page.py for the notation.

    book.py [PAGE...]     paths below the repository's root; without one, all that have commands

A page has one shell, in the repository's root, so its blocks follow each other. It begins with etun loaded and nothing
else, and has to leave the machine as it was.
"""
import os
import pathlib
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from book_page import blocks_of, holds

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ["README.md", "docs/*.md", "docs/cookbook/*.md", "docs/ip-link-etun.8"]
# A command that hangs; the emulated machine is slow.
PATIENCE = 60
# Carriers, bonds and threads of the kernel take a moment, as does a reader: what only looks is tried again.
LOOKS = re.compile(
    r"(ip netns exec \S+ )?"
    r"(etunctl (list|show|stats|join)|ip (-\S+ |-n \S+ )*(link|addr|route)( show|$)|cat |grep |ping |ethtool -[^KGCL])"
)
LOOK_AGAIN = 10
# What a page may not change: devices, addresses, routes, namespaces, rules, files.
STATE = """
ip -br addr; ip route; ip -6 route; ip netns list
nft list ruleset; sysctl net.ipv4.ip_forward; ls -A /tmp
"""


class Shell:
    """A bash that keeps what a reader's would: variables, folder, processes in the background."""

    def __init__(self, scratch):
        self.scratch = pathlib.Path(scratch)
        self.statuses, told = os.pipe()
        self.told = told
        self.bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, pass_fds=[told], cwd=ROOT, start_new_session=True,
        )

    def run(self, command):
        """(exit status, or what kept it from having one; what it printed)."""
        (self.scratch / "command").write_text(command + "\n")
        line = f". {self.scratch}/command >{self.scratch}/seen 2>&1 </dev/null; echo $? >&{self.told}\n"
        self.bash.stdin.write(line.encode())
        self.bash.stdin.flush()
        ready, _, _ = select.select([self.statuses], [], [], PATIENCE)
        status = int(os.read(self.statuses, 16)) if ready else f"none after {PATIENCE} s"
        return status, (self.scratch / "seen").read_text(errors="replace")

    def end(self):
        """Like a reader who closes the window; what he left running keeps running."""
        self.bash.stdin.close()
        try:
            self.bash.wait(5)
        except subprocess.TimeoutExpired:
            self.bash.kill()
        os.close(self.statuses)
        os.close(self.told)


def try_step(shell, step):
    """What is wrong with it, or nothing."""
    end = time.monotonic() + (LOOK_AGAIN if LOOKS.match(step.command) else 0)
    while True:
        status, seen = shell.run(step.command)
        if status == 0 and holds(step.output, seen):
            return None
        if time.monotonic() >= end or not isinstance(status, int):
            break
        time.sleep(0.2)
    wanted = "".join(f"\n    {line}" for line in step.output or [])
    seen = "".join(f"\n    {line}" for line in seen.splitlines())
    return f"# {step.command}\n  exit status: {status}\n  wanted:{wanted}\n  seen:{seen}"


def try_block(shell, block):
    for step in block.steps:
        wrong = try_step(shell, step)
        if wrong:
            return wrong
    return None


def processes():
    """Those that have a command line, which the kernel's own have not; this one's children are its business."""
    found = set()
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        if words:
            found.add((int(folder.name), words))
    return found


def state():
    return subprocess.run(["bash", "-c", STATE], capture_output=True, text=True, check=False).stdout.splitlines()


def left_behind(state_before, processes_before, seconds):
    """What a page changed and did not put right; it takes the kernel a moment to take things away."""
    end = time.monotonic() + seconds
    while True:
        now = state()
        left = [f"- {line}" for line in state_before if line not in now]
        left += [f"+ {line}" for line in now if line not in state_before]
        left += [f"+ process: {words}" for pid, words in processes() - processes_before]
        if not left or time.monotonic() >= end:
            return "\n".join(left)
        time.sleep(0.2)


def make_clean(processes_before):
    """Whatever the page before left is no business of the next one."""
    for pid, _ in processes() - processes_before:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    afresh = "ip -all netns del; modprobe -r etun; modprobe etun"
    subprocess.run(["bash", "-c", afresh], capture_output=True, check=False)


class Results:
    """TAP on standard output."""

    def __init__(self):
        self.count = self.failed = 0
        print("TAP version 14", flush=True)

    def tell(self, name, wrong):
        self.count += 1
        self.failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {self.count} - {name}")
        for line in (wrong or "").splitlines():
            print(f"# {line}")
        sys.stdout.flush()

    def end(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0


def run_page(path, seconds=5):
    """(name, what is wrong) of each block and of what is left after that many seconds."""
    results = []
    processes_before = processes()
    before = state()
    with tempfile.TemporaryDirectory(dir="/dev") as scratch:
        shell = Shell(scratch)
        wrong = None
        for block in blocks_of(str(path)):
            wrong = "not reached" if wrong else try_block(shell, block)
            results.append((f"line {block.line}: {block.steps[0].command.splitlines()[0]}", wrong))
        shell.end()
        results.append(("leaves nothing behind", left_behind(before, processes_before, seconds)))
    return results


# Pages that must fail, and at what.
BAD_PAGES = {
    "a command that fails": ("```console\n# false\n```\n", "false"),
    "other output": ("```console\n# echo one\ntwo\n```\n", "echo one"),
    "output that the page does not have": ("```console\n# echo one\n```\n", "echo one"),
    "a namespace that stays": ("```console\n# ip netns add forgotten\n```\n", "leaves nothing"),
    "a process that stays": ("```console\n# sleep 1000 &\n```\n", "leaves nothing"),
}


def check_bad_pages(results):
    for what, (text, where) in BAD_PAGES.items():
        with tempfile.NamedTemporaryFile("w", suffix=".md", dir="/dev") as page:
            page.write(text)
            page.flush()
            failed = [name for name, wrong in run_page(page.name, 0) if wrong]
        good = len(failed) == 1 and where in failed[0]
        results.tell(f"a page fails by {what}", None if good else f"what failed: {failed}")


def main():
    os.chdir(ROOT)
    results = Results()
    processes_before = processes()
    pages = sys.argv[1:]
    if not pages:
        check_bad_pages(results)
        pages = sorted(str(path) for pattern in PAGES for path in pathlib.Path().glob(pattern) if blocks_of(str(path)))
    for page in pages:
        start = time.monotonic()
        make_clean(processes_before)
        for name, wrong in run_page(page):
            results.tell(f"{page}: {name}", wrong)
        print(f"# {time.monotonic() - start:.0f} s: {page}", flush=True)
    make_clean(processes_before)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
