"""Released notebooks, filled in as a student would."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from grader import load_course
from grader.course import Course
from grader.release import release

ROOT = Path(__file__).resolve().parents[2]

Notebook = dict[str, Any]
Cell = dict[str, Any]


def notebook(homework: str, answers: Mapping[str, str]) -> Notebook:
    """The released notebook with its answer cells filled in.

    Args:
        homework: which one.
        answers: by variable: Python source for a computed answer, code for a figure, text for a written answer.
    """
    nb = _released(homework)
    unknown = set(answers) - {cell["id"].removeprefix("answer-") for cell in nb["cells"]}
    if unknown:
        raise ValueError(f"{homework} asks for no {min(unknown)}; look at the names in scripts/sample_class")
    for cell in nb["cells"]:
        variable = cell["id"].removeprefix("answer-")
        if variable in answers:
            cell["source"] = _filled_in(cell, variable, answers[variable])
    return nb


def cell_of(nb: Notebook, variable: str) -> Cell:
    """The answer cell of a variable."""
    found: Cell = next(cell for cell in nb["cells"] if cell.get("id") == f"answer-{variable}")
    return found


def code(source: str, cell_id: str) -> Cell:
    """A code cell of the student's own."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _released(homework: str) -> Notebook:
    nb: Notebook = json.loads(json.dumps(release(_course().homework(homework))))
    return nb


@cache
def _course() -> Course:
    return load_course(ROOT)


def _filled_in(cell: Cell, variable: str, answer: str) -> str:
    first_line = cell["source"].split("\n")[0]
    if cell["cell_type"] == "markdown":
        return f"{first_line}\n\n{answer}"
    asked_to_set = f"{variable} = ..." in cell["source"]
    return f"{first_line}\n{variable} = {answer}" if asked_to_set else f"{first_line}\n{answer}"
