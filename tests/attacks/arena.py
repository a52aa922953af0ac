"""A class with attackers in it, graded through the command line: what is planted around it, and what came out."""

import json
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.attacks.attack import FINE, RIGHT
from tests.attacks.watching import Report
from tests.attacks.worlds import ROOT, World, run_folder

_HOMEWORKS = """
[attacked]
title = "A homework under attack"
problems = ["secret"]
preload = ["numpy", "torch"]

[attacked.limits]
seconds_per_cell = {seconds}
seconds_of_grace = 0.5
seconds_per_notebook = 40
memory_bytes = 402653184
processes = 100
seconds_of_cpu = 5
disk_bytes = 67108864
files = 2000
messages_per_cell = 500
bytes_received_per_cell = 67108864
"""
_PROBLEM = """
# {secret}
title = "Secret"
{parts}
"""
_SOLVER = '''
"""{secret}"""
{parts}
'''


@dataclass(frozen=True)
class Marked:
    """What the command wrote about one student."""

    folder: Path

    @cached_property
    def grade(self) -> dict[str, Any]:
        """What grade.json has."""
        found: dict[str, Any] = json.loads(self.grade_json)
        return found

    @property
    def grade_json(self) -> str:
        """grade.json as it is."""
        return (self.folder.parents[1] / "staff" / self.folder.name / "grade.json").read_text(encoding="utf-8")

    @cached_property
    def outcomes(self) -> dict[str, str]:
        """Outcome by part."""
        return {part["part"]: part["outcome"] for part in self.grade["parts"]}

    def fate(self, cell: int) -> str:
        """What became of a cell, counted from 1."""
        found = {failure["cell"]: f"{failure['kind']} {failure['name']}" for failure in self.grade["failures"]}
        return found.get(cell, FINE)

    @cached_property
    def attempts(self) -> dict[str, str]:
        """What the attack said of each thing that it tried: "gained" and what, or the error with which it was refused."""
        executed = self.folder / "executed.ipynb"
        if not executed.exists():  # a fault of the grader, which shows elsewhere
            return {}
        cell = json.loads(executed.read_text(encoding="utf-8"))["cells"][1]
        lines = "".join(output.get("text", "") for output in cell["outputs"]).splitlines()
        told = [json.loads(line) for line in lines if line.startswith('{"attempt"')]
        return {one["attempt"]: f"gained {one['gained']}" if "gained" in one else one["refused"] for one in told}

    def text(self) -> str:
        """All that was written, together."""
        return self.grade_json + "".join(file.read_text(encoding="utf-8") for file in sorted(self.folder.iterdir()))


@dataclass(frozen=True)
class Outcome:
    """What became of a run."""

    report: Report
    out: Path
    printed: str
    complained: str
    secrets: Mapping[str, str]
    heard: list[str]
    """Which listeners heard from anybody."""

    def marked(self, student: str) -> Marked:
        """What was written about a student."""
        return Marked(self.out / "students" / student)

    def gradebook(self) -> dict[str, str]:
        """Lines of gradebook.csv by student."""
        lines = (self.out / "gradebook.csv").read_text(encoding="utf-8").splitlines()
        return {line.partition(",")[0]: line for line in lines}

    def leaked(self, student: str) -> list[str]:
        """Which secrets stand in what was written about a student."""
        text = self.marked(student).text()
        return [name for name, secret in self.secrets.items() if secret in text]


class Arena:
    """Everything around one run: a course with secrets, a class, a home, and listeners that ought to hear nothing."""

    def __init__(self, world: World, folder: Path, stack: ExitStack, seconds: float) -> None:
        self.world, self.folder = world, folder
        self.secrets = {
            name: f"planted-{name}-{uuid4().hex[:16]}" for name in ("solver", "problem", "home", "other", "token")
        }
        self.listeners = _listeners(folder, stack)
        self._write_course(seconds)
        for name in ("submissions", "out"):
            (folder / name).mkdir()
        self._write("home/private.txt", self.secrets["home"])

    @property
    def places(self) -> dict[str, Any]:
        """What an attacker may know: where everything is."""
        folder = self.folder
        return {
            "solver": str(folder / "course/reference/secret.py"),
            "problem": str(folder / "course/problems/secret/problem.toml"),
            "course": str(folder / "course"),
            "checkout": str(ROOT),
            "marking": str(ROOT / "grader/marking.py"),
            "home": str(folder / "home"),
            "private": str(folder / "home/private.txt"),
            "tmp": str(folder / "tmp"),
            "submissions": str(folder / "submissions"),
            "other": str(folder / "submissions/zoe.ipynb"),
            "out": str(folder / "out"),
            "port": self.listeners["tcp"].getsockname()[1],
            "packets": self.listeners["udp"].getsockname()[1],
            "abstract": self.listeners["abstract"].getsockname()[1:].decode(),
            "socket": str(folder / "socket"),
        }

    def hand_in(self, notebooks: Mapping[str, str]) -> None:
        """Puts notebook files into the class, by student."""
        for student, text in notebooks.items():
            self._write(f"submissions/{student}.ipynb", text)

    def grade(self, *, jobs: int, seconds: float = 250, kill_on: str = "") -> Outcome:
        """Grades the class with the world's tier of isolation."""
        self._give_away()
        command = [sys.executable, "-m", "grader", "grade", "submissions", "-o", "out", "--course", "course"]
        command += ["--homework", "attacked", "--jobs", str(jobs), *_isolation(self.world)]
        report = self.world.run(
            self.folder, command, seconds=seconds, kill_on=kill_on, GRADER_TOKEN=self.secrets["token"]
        )
        printed, complained = (
            (self.folder / f"command.{kind}").read_text(encoding="utf-8", errors="replace") for kind in ("out", "err")
        )
        return Outcome(report, self.folder / "out", printed, complained, self.secrets, self._heard())

    def _write_course(self, seconds: float) -> None:
        asked = "\n".join(f'\n[parts.{part}]\nkind = "integer"\npoints = 1' for part in RIGHT)
        solved = "\n".join(f"\n\ndef {part}():\n    return {value}" for part, value in RIGHT.items())
        sections = "\n".join(f"\n## {part} {{#{part}}}\n\nWhat is it?" for part in RIGHT)
        self._write("course/problems/homeworks.toml", _HOMEWORKS.format(seconds=seconds))
        self._write("course/problems/secret/problem.toml", _PROBLEM.format(secret=self.secrets["problem"], parts=asked))
        self._write("course/problems/secret/statement.md", f"# Secret\n{sections}\n")
        self._write("course/reference/secret.py", _SOLVER.format(secret=self.secrets["solver"], parts=solved))

    def _write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", errors="surrogatepass")

    def _give_away(self) -> None:
        """To the world's user; without Landlock, only the rights of files protect what is private."""
        for path in (self.folder, *self.folder.rglob("*")):
            if self.world.user and os.geteuid() == 0:
                os.chown(path, self.world.user, self.world.user)
        if self.world.tier == "B'":
            for name in ("course", "submissions", "out", "home"):
                (self.folder / name).chmod(0o700)

    def _heard(self) -> list[str]:
        heard = []
        for name, listener in self.listeners.items():
            try:
                listener.recv(1) if name == "udp" else listener.accept()[0].close()
            except BlockingIOError:
                continue
            heard.append(name)
        return heard


@contextmanager
def arena(world: World, *, seconds: float = 2) -> Iterator[Arena]:
    """A fresh arena, which is gone afterwards.

    Args:
        world: in which it is.
        seconds: that a cell may run.
    """
    with run_folder(world) as folder, ExitStack() as stack:
        yield Arena(world, folder, stack, seconds)


def _isolation(world: World) -> list[str]:
    return ["--isolation", world.tier] if world.tier else ["--unsafe-no-sandbox"]


def _listeners(folder: Path, stack: ExitStack) -> dict[str, socket.socket]:
    kinds: dict[str, tuple[int, int, Any]] = {
        "tcp": (socket.AF_INET6, socket.SOCK_STREAM, ("::", 0)),
        "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, f"\0{uuid4().hex}"),
        "folder": (socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "socket")),
    }
    listeners = {}
    for name, (family, kind, address) in kinds.items():
        listener = stack.enter_context(socket.socket(family, kind))
        if name == "tcp":
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        listener.settimeout(0)
        listeners[name] = listener
    (folder / "socket").chmod(0o777)
    return listeners
