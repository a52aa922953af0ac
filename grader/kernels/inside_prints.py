"""What a student's kernel prints and publishes, on its way out.

Sent to the kernel as text, as `inside.py` is; imports the standard library only.
"""

import sys
from collections.abc import Callable
from typing import Any


def keep_all_messages(shell: Any) -> None:
    """Let what the kernel publishes wait for the grader in the kernel's own memory; libzmq drops all above a thousand messages."""
    publisher = shell.kernel.iopub_thread
    publisher.schedule(lambda: setattr(publisher.socket, "sndhwm", 0))  # a socket belongs to one thread


def cap_prints(shell: Any, characters: int) -> None:
    """Let at most so many characters of stdout and of stderr pass in each cell, and a note in place of the rest.

    The grader cuts output in any case; here it is cut before a runaway loop makes one message too large to be read.
    """
    for name in ("stdout", "stderr"):
        cap = _Cap(name, characters)
        shell.events.register("pre_run_cell", cap.before_cell)
        shell.events.register("post_run_cell", cap.after_cell)


class _Cap:
    """Takes over the writing of a stream for the length of a cell, as IPython does itself; cells can be nested."""

    def __init__(self, name: str, characters: int) -> None:
        self.name, self.stream, self.characters = name, getattr(sys, name), characters
        self.outer: list[Callable[[str], Any]] = []

    def before_cell(self, *_: object) -> None:
        pass_on, left = self.stream.write, self.characters

        def write(text: str) -> int:
            nonlocal left
            if len(text) <= left:
                left -= len(text)
                pass_on(text)
            elif left >= 0:
                pass_on(f"{text[:left]}\n[grader: output cut here, {self.characters:,} characters are kept per cell]\n")
                left = -1
            return len(text)

        self.outer.append(pass_on)
        self.stream.write = write

    def after_cell(self, *_: object) -> None:
        if self.outer:
            self.stream.write = self.outer.pop()
        if getattr(sys, self.name) is None:  # a kernel without one answers to nothing any more
            setattr(sys, self.name, self.stream)
