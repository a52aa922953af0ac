"""Folders shaped like Gradescope's /autograder, and the grader run in them as it is run there."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from grader.gradescope.manifest import manifest_of
from grader.gradescope.results import Results
from grader.loading import load_course
from tests.courses import HOMEWORKS, write_course

CREATED = "2026-11-01T12:00:00-07:00"


class Container:
    """A folder in which a submission is graded.

    Args:
        root: where it is made; has to be empty.
        homeworks: of the course in the archive.
        name: of the homework; the folder has a course of one problem, "boxes".
        course: another course, which has been written into `root / "source" / "course"`.
    """

    def __init__(self, root: Path, homeworks: str = HOMEWORKS, name: str = "hw1", *, course: bool = False) -> None:
        self.root, self.source = root, root / "source"
        for folder in ("source", "submission", "results"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        if not course:
            write_course(self.source / "course", homeworks=homeworks)
        homework = load_course(self.source / "course").homework(name)
        (self.source / "autograder.json").write_bytes(manifest_of(homework, "digest").as_json())
        self.about(created_at=CREATED)

    def about(self, **metadata: Any) -> None:
        (self.root / "submission_metadata.json").write_text(json.dumps({"id": 7} | metadata), encoding="utf-8")

    def hand_in(self, name: str, content: bytes) -> None:
        (self.root / "submission" / name).write_bytes(content)

    @property
    def file(self) -> Path:
        return self.root / "results" / "results.json"

    @property
    def results(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.file.read_bytes())
        return read

    @property
    def score(self) -> float:
        return Results.model_validate(self.results).score

    def start(self, **environment: str) -> "subprocess.Popen[str]":
        """The grader, as `run_autograder` starts it."""
        return subprocess.Popen(
            [sys.executable, "-I", "-m", "grader.gradescope.inside.supervising", str(self.root)],
            cwd=self.root,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            umask=0o077,  # as strict as a container may be
            text=True,
        )

    def grade(self, **environment: str) -> tuple[int, str]:
        """The exit code, and what was printed."""
        with self.start(**environment) as grader:
            printed, _ = grader.communicate(timeout=120)
        return grader.returncode, printed


def code(*sources: str) -> bytes:
    """A notebook of these cells."""
    cells = [
        {"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": source}
        for number, source in enumerate(sources)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()
