"""One attack as a notebook, and what may become of it.

A notebook has three cells: one that answers `before`, the attack, and one that answers `after`. What an attack reaches for
it tries in `attempt`, which prints whether it was refused, so that a successful attack can be told from a failed one and from
one that never ran.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any

RIGHT = {"before": 51, "claim": 7, "after": 85}
"""The right answers to the course of the attacks."""
BEFORE = """before = 51
import uuid
mine = f"neighbour-{uuid.uuid4()}"
open(mine, "w").close()"""
"""It leaves a file, for others to find."""
AFTER = "after = 85"
FINE = "nothing"
TIME, DIED, PROTOCOL = "timeout seconds_per_cell", "died kernel", "died protocol"
MEMORY, PROCESSES, DISK, FILES = "died memory_bytes", "died processes", "died disk_bytes", "died files"
MESSAGES, BYTES, CPU = "died messages_per_cell", "died bytes_received_per_cell", "died seconds_of_cpu"
CORRECT, BLANK, INCORRECT, UNREADABLE = "correct", "blank", "incorrect", "unreadable"

_PRELUDE = '''
import ctypes, errno, glob, json as _json, os, platform, re, signal, socket, stat, subprocess, sys, time

def attempt(name, action):
    """Tries what must not work, and tells whether it did."""
    try:
        gained = action()
    except Exception as error:
        told = {"attempt": name, "refused": f"{type(error).__name__}: {error}"[:150]}
    else:
        told = {"attempt": name, "gained": repr(gained)[:150]}
    print(_json.dumps(told), flush=True)

def found(things):
    """For what is only gained if there is any of it."""
    if not things:
        raise LookupError("there is none")
    return things

libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(4, 1, 0, 0, 0)  # so that this process may look into itself, whoever it was before

def call(number, *arguments):
    """A system call of this machine; with two numbers, the first is of x86_64 and the second of aarch64."""
    number = number if isinstance(number, int) else number[platform.machine() != "x86_64"]
    ctypes.set_errno(0)
    result = libc.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

def permitted(number, *arguments):
    """Whether a call is more than refused: a complaint about its arguments would mean that it can be made."""
    try:
        return call(number, *arguments)
    except OSError as error:
        if error.errno in (errno.EPERM, errno.EACCES, errno.ENOSYS):
            raise
        return errno.errorcode[error.errno]

def strangers():
    """All processes but this one and its children."""
    numbers = {int(name) for name in os.listdir("/proc") if name.isdigit()} - {os.getpid()}
    return sorted(number for number in numbers if parent_of(number) != os.getpid())

def parent_of(number):
    try:
        return int(open(f"/proc/{number}/stat").read().rpartition(")")[2].split()[1])
    except OSError:
        return 0
'''
_ATTEMPT = re.compile(r'attempt\("([^"]+)"')


@dataclass(frozen=True)
class Attack:
    """A hostile notebook and what is expected of it."""

    number: int
    """Of its row in the list of attacks that the project's sandbox is designed against."""
    name: str
    what: str
    """In a few words, for the table of the documentation."""
    cell: str
    fates: frozenset[str]
    """What may become of the cell: `FINE`, "error" with the name of an exception, or "died" or "timeout" with a limit."""
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Outcomes of answers that differ from the usual: before and after are correct, and claim is blank."""
    before: str = (
        f"before = {RIGHT['before']}\nimport uuid\nmine = f'neighbour-{{uuid.uuid4()}}'\nopen(mine, 'w').close()"
    )
    after: str = f"after = {RIGHT['after']}"
    loud: bool = False
    """Whether it takes what neighbours need, too, so that it runs beside honest notebooks as well."""
    residual: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By tier: attempts that it is known not to refuse."""

    @property
    def attempts(self) -> list[str]:
        """What it tries, by name."""
        return _ATTEMPT.findall(self.cell)

    def outcomes(self, part: str) -> frozenset[str]:
        """Which outcomes of a part are expected."""
        return self.answers.get(part, frozenset([BLANK if part == "claim" else CORRECT]))

    def notebook(self, places: Mapping[str, Any]) -> str:
        """The file.

        Args:
            places: what the attacker knows of the machine: paths, ports and names.
        """
        before, after = (
            f"# Answer: {part}\n{source}" for part, source in (("before", self.before), ("after", self.after))
        )
        return notebook_file(before, f"{_PRELUDE}\nplaces = {dict(places)!r}\n{self.cell}", after)


def attack(  # noqa: PLR0913 - the columns of the catalogue
    number: int,
    name: str,
    what: str,
    cell: str,
    *fates: str,
    loud: bool = False,
    residual: Mapping[str, Collection[str]] | None = None,
    around: tuple[str, str] = (BEFORE, AFTER),
    **answers: Collection[str],
) -> Attack:
    """An attack, with outcomes of answers that differ from the usual as keywords: `claim=("unreadable",)`."""
    return Attack(
        number,
        name,
        what,
        dedent(cell).strip(),
        frozenset(fates or [FINE]),
        {part: frozenset(outcomes) for part, outcomes in answers.items()},
        *around,
        loud=loud,
        residual={tier: frozenset(names) for tier, names in (residual or {}).items()},
    )


def notebook_file(*sources: str) -> str:
    """A notebook file of code cells."""
    cells: list[Any] = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(sources)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
