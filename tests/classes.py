"""A small class on disk, and runs of it that start no kernel."""

import ast
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from grader import pipeline
from grader.kernels.inside import encode
from grader.notebooks import Notebook
from grader.records import Captured, CellFailure, Execution, FailureKind

RIGHT = {"area": 96, "volume": 64.0, "sizes": {"width": 4, "height": 8}, "trail": [(4, 0.0), (3, 0.0), (2, 0.0)]}
"""The answers that `tests.courses.PROBLEM` takes for right."""


def notebook(**answers: Any) -> bytes:
    """A notebook that sets variables to plain values; `...` leaves one unanswered."""
    cells = [
        {"cell_type": "code", "id": f"answer-{name}", "metadata": {}, "source": _source(name, value)}
        for name, value in answers.items()
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def _source(name: str, value: Any) -> str:
    return f"# Answer: {name}\n{name} = {'...' if value is ... else repr(value)}"


def hand_in(folder: Path, **students: bytes) -> Path:
    """Writes a notebook for each student, named after them, and returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for student, content in students.items():
        (folder / f"{student}.ipynb").write_bytes(content)
    return folder


def watch_runs(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Has notebooks of plain assignments run without a kernel; the list grows by the sources of each that is run.

    A cell `slow` meets a limit. To be used with --unsafe-no-sandbox, for which kernels start only when they are used.
    """
    runs: list[Sequence[str]] = []

    def execute(notebook: Notebook, asked: dict[str, Any], *_: Any) -> Execution:
        sources = [cell.source for cell in notebook.cells]
        runs.append(sources)
        captured, failures = [], []
        for index, source in enumerate(sources):
            if source == "slow":
                failures.append(CellFailure(cell=index, kind=FailureKind.TIMEOUT, name="seconds_per_cell"))
                continue
            name, _equals, value = source.rpartition("\n")[2].partition(" = ")
            if name in asked:
                captured.append(Captured(variable=name, cell=index, data=encode(ast.literal_eval(value))))
        return Execution(
            notebook=json.loads(json.dumps(notebook.as_node())),
            captured=tuple(captured),
            failures=tuple(failures),
            isolation="none",
            seconds=0.25,
        )

    monkeypatch.setattr(pipeline, "execute", execute)
    return runs
