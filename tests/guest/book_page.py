# SPDX-License-Identifier: GPL-2.0-only
"""What a page of the book tells the reader to type, and what it says he will see.

In Markdown, a block fenced as ```console is run:

    # ip netns add blue
    # ping -c 1 192.0.2.2 \\
        -W 5
    PING 192.0.2.2 ...
    ...
    1 packets transmitted, 1 received, ...

- `# ` begins a command. It goes on in the next line after a backslash at its end, or where that begins with `> `.
- The lines up to the next command are all that it prints, on either output; none means that it prints nothing.
  `...` stands for any text within a line, a line of `...` for any lines. How many blanks there are does not matter.
- The exit status has to be 0.

Other fences (text, sh, json, ...) are for the eye.

Pages without prompts have a comment `<!-- run -->` above an indented block, each line of which is a command then, and
`<!-- run: COMMAND -->` for what a reader would do between two blocks. Of a manual page, the literal displays below
EXAMPLES are run, a command a line. What all of these print is not compared.
"""
import pathlib
import re
from dataclasses import dataclass, field


@dataclass
class Step:
    """A command, and its output as the page has it: None when the page says nothing about that."""

    command: str
    output: list = field(default_factory=list)


@dataclass
class Block:
    """The commands of one fence; `line` is where it begins in the page."""

    line: int
    steps: list = field(default_factory=list)


def steps_of(lines):
    """The steps of a console block. ValueError when it doesn't begin with a command."""
    steps = []
    goes_on = False
    for text in lines:
        if goes_on:
            steps[-1].command += "\n" + text
        elif text.startswith("# "):
            steps.append(Step(text[2:]))
        elif not steps:
            raise ValueError(f"'{text}' stands in front of the first command; commands begin with '# '")
        elif text.startswith("> ") and not steps[-1].output:
            steps[-1].command += "\n" + text[2:]
        else:
            steps[-1].output.append(text)
        goes_on = not steps[-1].output and steps[-1].command.endswith("\\")
    return steps


def commands_of(text):
    """One step a line, but for lines that end with a backslash."""
    return [Step(command, None) for command in re.findall(r"(?:.*\\\n)*.+", text)]


def marked_blocks(text):
    """Blocks without prompts, behind their comments."""
    blocks = []
    for found in re.finditer(r"^<!-- run(?:: (.*))? -->\n(?:\n?((?:    .*\n)+))?", text, re.M):
        block = "\n".join(line[4:] for line in (found.group(2) or "").splitlines())
        commands = found.group(1) or block
        if not commands:
            raise ValueError("there is no indented block below <!-- run -->")
        blocks.append(Block(text[: found.start()].count("\n") + 1, commands_of(commands)))
    return blocks


def console_blocks(text):
    blocks, language, start, inside = [], None, 0, []
    for number, line in enumerate(text.splitlines(), 1):
        fence = re.fullmatch(r"```(\S*)\s*", line)
        if not fence:
            inside.append(line)
        elif language is None:
            language, start, inside = fence.group(1), number, []
        else:
            if language == "console":
                blocks.append(Block(start, steps_of(inside)))
            language = None
    if language is not None:
        raise ValueError(f"the fence of line {start} has no end")
    return blocks


def markdown_blocks(text):
    return sorted(console_blocks(text) + marked_blocks(text), key=lambda block: block.line)


def manual_blocks(text):
    head, _, examples = text.partition(".Sh EXAMPLES\n")
    first = head.count("\n") + 2
    blocks = []
    for found in re.finditer(r"^\.Bd -literal.*\n((?:.*\n)*?)\.Ed$", examples, re.M):
        lines = found.group(1).replace("\\e", "\\").replace("\\-", "-")
        blocks.append(Block(first + examples[: found.start()].count("\n"), commands_of(lines)))
    return blocks


def blocks_of(path):
    """The blocks of a page that are run."""
    text = pathlib.Path(path).read_text()
    return markdown_blocks(text) if path.endswith(".md") else manual_blocks(text)


def line_pattern(line):
    def words(text):
        return r"[ \t]+".join(re.escape(word) for word in re.split(r"[ \t]+", text))

    return r"[ \t]*" + ".*?".join(words(part) for part in line.strip().split("...")) + r"[ \t]*\n"


def holds(output, seen):
    """Whether what was seen is what the page has."""
    if output is None:
        return True
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "..." else line_pattern(line) for line in output)
    return re.fullmatch(pattern, seen if seen.endswith("\n") or not seen else seen + "\n") is not None
