"""Plain nbclient: what it costs to run the notebooks in fresh kernels, unmarked and not isolated."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.graders import own_variables
from benchmarks.peers.measuring import Cost, run
from benchmarks.peers.sheets import Student


class Floor:
    """nbclient.

    Args:
        jobs: notebooks at a time.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self.name = f"nbclient only, {jobs} at a time"

    def grade(self, students: Sequence[Student], folder: Path) -> Cost:
        """See `Grader`; nobody is marked, and every notebook has to have run to its end."""
        paths = [folder / f"{student.name}.ipynb" for student in students]
        for student, path in zip(students, paths, strict=True):
            path.write_text(json.dumps(student.notebook), encoding="utf-8")
        command: list[str | Path] = [sys.executable, "-m", "benchmarks.peers.executing", str(self._jobs), *paths]
        cost = run(command, folder, own_variables())
        for student, path in zip(students, paths, strict=True):
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            ran = [cell["execution_count"] for cell in cells if cell["cell_type"] == "code"]
            if ran != list(range(1, len(ran) + 1)):
                raise SystemExit(f"{self.name}: {student.name} did not run")
        return cost
