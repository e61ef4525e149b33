# SPDX-License-Identifier: GPL-2.0-only
"""A thing of operations.py that something goes wrong with is done wholly or not at all: judges one attempt after another."""
import errno

import lab
import operations

PARAMETERS = "/sys/module/etun_fault/parameters/"


class Fault:
    """What goes wrong: arm() just before the kernel gets a request, disarm() right after."""

    def arm(self):
        pass

    def disarm(self):
        pass


class Probed(Fault):
    """What a probe in the kernel does (probe/etun_fault.c), until disarm()."""

    def tell(self, text):
        with open(PARAMETERS + "run", "w", encoding="ascii") as run:
            run.write(text)

    def told(self, name):
        with open(PARAMETERS + name, encoding="ascii") as parameter:
            return int(parameter.read())

    def disarm(self):
        self.tell("nothing")


class Whole:
    """Does it once without any fault, to know how things look before and after."""

    def __init__(self, what, refusals):
        before, self.thing, self.undo = operations.THINGS[what]
        self.what, self.refusals, self.fault = what, refusals, Fault()
        operations.handed = self.handed
        before()
        self.undone = operations.state()
        self.thing()
        self.done = operations.state()
        if self.done == self.undone:
            lab.fail(f"{what} changed nothing: {self.done}")
        self.undo()
        lab.check("state after the first time", self.undone, operations.state())

    def handed(self, call, *arguments):
        self.fault.arm()
        try:
            return call(*arguments)
        finally:
            self.fault.disarm()

    def answer(self, fault):
        """The errno's name, or `done`."""
        self.fault = fault
        try:
            self.thing()
            return "done"
        except OSError as error:
            return errno.errorcode[error.errno]
        finally:
            self.fault = Fault()

    def attempt(self, label, fault):
        """The answer. After it all is as before or all is done; what says that it is done, is; frames cross a pair that is
        there. Then it is undone."""
        answer = self.answer(fault)
        seen = operations.state()
        if seen not in (self.undone, self.done):
            lab.fail(f"{label}, answer {answer}: {seen} is neither {self.undone} nor {self.done}")
        if answer == "done" and seen != self.done and self.what in operations.SILENT:
            answer = "kept"
        if answer == "done" and seen != self.done:
            lab.fail(f"{label} was concealed: {seen}")
        if answer not in ("done", "kept", *self.refusals):
            lab.fail(f"{label}: {answer}")
        operations.frame_crosses(seen)
        if seen == self.done:
            self.undo()
            lab.check(f"state after {label} was undone", self.undone, operations.state())
        return answer


def report(what, unit, answers):
    """One line, which the scripts print beside the verdict."""
    counted = ", ".join(f"{name} {answers[name]}" for name in sorted(answers))
    print(f"{what}: {sum(answers.values())} {unit}, {counted or 'nothing'}")
