"""The command called in this process."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import cli

Command = Callable[..., tuple[int, str, str]]
"""Takes arguments; gives exit code, output, and error output."""


def in_this_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, which never prints a traceback; what it makes of signals is undone."""
    usual = signal.getsignal(signal.SIGTERM)

    def command(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["grader", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        signal.signal(signal.SIGTERM, usual)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return ended.value.code if isinstance(ended.value.code, int) else 0, out, err

    return command


def on_course(command: Command, course: Path) -> Command:
    """The command for a course, whose notebooks are not contained, since nothing runs."""

    def on_this_course(*arguments: str | Path) -> tuple[int, str, str]:
        unsafe = ["--unsafe-no-sandbox"] * (arguments[0] == "grade")
        return command(*arguments, "--course", course, *unsafe)

    return on_this_course
