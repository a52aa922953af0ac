"""Cells that worked where the notebook was written, and fail when it runs from top to bottom, as it does when it is graded.

What a saved notebook says of its run is read from the file itself, where every value may be of any type.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from grader.notebooks import Notebook
from grader.records import CellFailure, FailureKind, Record
from grader.selfcheck.saved.names_set import names_set

_NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")


@dataclass(frozen=True)
class SavedRun:
    """What a saved notebook says of the last run of its cells."""

    counts: dict[int, int]
    """By position of the cell, from 0: the number by which Jupyter counted its run. Cells that did not run have none."""
    failed: frozenset[int] = frozenset()
    """Cells below which an error is shown."""

    def worked(self, cell: int) -> bool:
        """Whether a cell ran, and without an error."""
        return cell in self.counts and cell not in self.failed

    @property
    def remark(self) -> str:
        """The first sign that cells did not run from top to bottom, in words; empty if there is none."""
        latest = None
        for cell, count in sorted(self.counts.items()):
            if latest is not None and count <= self.counts[latest]:
                return (
                    f"When it was saved, cell {latest + 1} had run after cell {cell + 1}, which stands below it. "
                    "Restart the kernel, run all cells and save, so that you see what is graded."
                )
            latest = cell
        return ""


class FailedCell(Record):
    """A cell that failed in the clean run."""

    cell: int
    """Its position, from 0."""
    kind: FailureKind
    name: str
    message: str
    """As the failure says it; hostile."""
    worked_before: bool
    """Whether the saved notebook says that it had worked."""
    explanation: str = ""
    """Why it fails now, and what would mend it."""


def saved_run(content: bytes) -> SavedRun:
    """What the bytes of a notebook say of its last run; the notebook itself has been read from them before."""
    counts, failed = {}, set()
    for position, cell in enumerate(json.loads(content)["cells"]):
        if cell.get("cell_type") != "code":
            continue
        count, outputs = cell.get("execution_count"), cell.get("outputs")
        if type(count) is int and count > 0:
            counts[position] = count
        if isinstance(outputs, list) and any(map(_is_error, outputs)):
            failed.add(position)
    return SavedRun(counts, frozenset(failed))


def _is_error(output: Any) -> bool:
    return isinstance(output, dict) and output.get("output_type") == "error"


def explained(failures: Iterable[CellFailure], notebook: Notebook, saved: SavedRun) -> tuple[FailedCell, ...]:
    """The failures of a clean run, each with why it may have worked before.

    Args:
        failures: in the order of their cells.
        notebook: what was run.
        saved: what its file says of the run before.
    """
    failures = list(failures)
    broken = {failure.cell for failure in failures}
    return tuple(_explained(failure, notebook, saved, broken) for failure in failures)


def _explained(failure: CellFailure, notebook: Notebook, saved: SavedRun, broken: set[int]) -> FailedCell:
    worked = failure.kind is FailureKind.ERROR and saved.worked(failure.cell)
    missing = _NOT_DEFINED.match(failure.message) if failure.name == "NameError" else None
    if missing is not None:
        words = _where_set(missing[1], failure.cell, notebook, broken, worked=worked)
    elif failure.kind is FailureKind.ERROR and failure.name in _REASONS:
        words = _REASONS[failure.name]()
    else:
        words = _FROM_OTHER_CELLS if worked else ""
    return FailedCell(
        cell=failure.cell,
        kind=failure.kind,
        name=failure.name,
        message=failure.message,
        worked_before=worked,
        explanation=words,
    )


_FROM_OTHER_CELLS = (
    "It may need what a cell below it, or one that was changed or deleted since, had left behind: "
    "restart the kernel and run all cells to see it."
)


def _no_such_module() -> str:
    return (
        f"The Python that runs this check ({sys.executable}) has no such module: "
        "install the grader where your notebook's kernel is, and check there."
    )


def _no_such_file() -> str:
    return "Nothing but the notebook is there when it is graded: let the notebook itself make the file."


_REASONS: dict[str, Callable[[], str]] = {
    "ModuleNotFoundError": _no_such_module,
    "FileNotFoundError": _no_such_file,
}


def _where_set(name: str, cell: int, notebook: Notebook, broken: set[int], *, worked: bool) -> str:
    """Where a missing name is set."""
    code = [place for place, one in enumerate(notebook.cells) if one.kind == "code"]
    places = [place for place in code if name in names_set(notebook.cells[place].source)]
    above = [place for place in places if place < cell]
    if above:
        last = above[-1]
        why = "which failed itself" if last in broken else "but is not there any more when this cell runs"
        return f"{name} is set in cell {last + 1}, {why}."
    below = [place for place in places if place > cell]
    if below:
        return f"{name} is set in cell {below[0] + 1}, which stands below: move it up."
    if cell in places:
        return f"{name} is used before this cell sets it: it had been set when the cell ran another time."
    if worked:
        return f"{name} is set in no cell any more: the cell that set it was changed or deleted."
    return f"{name} is set in no cell."
