#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs a command on a terminal of its own, and says how it left the terminal.

    terminal.py TEXT ACTION COMMAND...

Once TEXT was drawn, ACTION is done: `key:q` presses a key, `key:^C` is an interrupt, `kill:TERM` sends a signal, and
`run:rmmod etun` runs another command. Prints one line: the exit status, whether the terminal's settings are those of
before, and whether the alternate screen was left and the cursor is shown.
"""
import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

SECONDS = 30


def start(command, terminal):
    def own_terminal():
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

    environment = dict(os.environ, TERM="xterm")
    return subprocess.Popen(
        command, stdin=terminal, stdout=terminal, stderr=terminal, preexec_fn=own_terminal, env=environment
    )


def act(action, process, keyboard):
    kind, _, what = action.partition(":")
    if kind == "key":
        os.write(keyboard, b"\x03" if what == "^C" else what.encode())
    elif kind == "kill":
        process.send_signal(getattr(signal, "SIG" + what))
    else:
        subprocess.run(what.split(), check=True)


def main():
    text, action, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    keyboard, terminal = pty.openpty()
    before = termios.tcgetattr(terminal)
    process = start(command, terminal)
    seen, acted, end = b"", False, time.monotonic() + SECONDS
    while time.monotonic() < end:
        if select.select([keyboard], [], [], 0.1)[0]:
            seen += os.read(keyboard, 65536)
        elif process.poll() is not None:
            break
        if not acted and text.encode() in seen:
            acted = True
            act(action, process, keyboard)
    else:
        process.kill()
        sys.exit(f"it did not end; drawn was {seen!r}")
    same = termios.tcgetattr(terminal) == before
    left = seen.rfind(b"\x1b[?1049l") > seen.rfind(b"\x1b[?1049h") and seen.rfind(b"\x1b[?25h") > seen.rfind(b"\x1b[?25l")
    print(
        f"status {process.returncode}, settings {'as before' if same else 'changed'},"
        f" screen {'left' if left else 'kept'}"
    )
    if not (acted and same and left):
        print(repr(seen), file=sys.stderr)


main()
