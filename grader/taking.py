"""Which of the captured values counts as the answer."""

import re
from collections.abc import Collection, Iterator, Mapping

from grader.belonging import belongings
from grader.notebooks import Cell, Notebook
from grader.records import Answer, Asked, Captured, CellFailure, Execution, FailureKind
from grader.strays import text_elsewhere
from grader.written import written_answer

MAX_REASON_CHARACTERS = 200
"""Of the words that tell why there is no answer; the whole message stands in the failure."""


def take_answers(execution: Execution, notebook: Notebook, asked: Mapping[str, Asked]) -> dict[str, Answer]:
    """The answer per variable, as it stood at the variable's own answer cell.

    The answer cell is the last one reached that has the released id or begins with the comment "# Answer: variable".
    If there is none, or nothing stood there, an earlier copy of the cell counts, and then the last value seen anywhere.
    A written answer is all text and pictures that belong to it, and what the variable was set to. Each answer knows of
    text that may be meant for it though it stands elsewhere.

    Args:
        execution: what running the notebook left behind.
        notebook: what was run.
        asked: what is asked for, by variable.
    """
    by_owner = belongings(notebook, asked)
    elsewhere = text_elsewhere(asked, by_owner)
    answers = {}
    for variable, one in asked.items():
        own = by_owner.get(variable, []) if one.written else []
        value = _taken(execution, notebook, variable, one.cell_id, {piece.cell for piece in own if piece.code})
        value = value.model_copy(update={"elsewhere": elsewhere[variable]})
        written = one.written and written_answer(value, own, notebook, execution, drawn=one.drawn)
        answers[variable] = written or value
    return answers


def _taken(execution: Execution, notebook: Notebook, variable: str, cell_id: str, belonging: Collection[int]) -> Answer:
    """The value of the variable; a failure counts as its own in a cell that mentions it or belongs to it."""
    seen = [captured for captured in execution.captured if captured.variable == variable]
    not_reached = {failure.cell for failure in execution.failures if failure.kind is FailureKind.NOT_REACHED}
    homes = [
        index
        for index, cell in enumerate(notebook.cells)
        if index not in not_reached and cell.kind == "code" and _is_own_cell(cell, variable, cell_id)
    ]
    given = next((captured for captured in _candidates(seen, homes) if not _is_blank(captured)), None)
    if given is not None:
        return Answer(variable=variable, data=given.data, cell=given.cell)
    failures = (f for f in execution.failures if f.cell in belonging or _mentions(notebook.cells[f.cell], variable))
    failure = next(failures, None)
    last = seen[-1] if seen else None
    return Answer(
        variable=variable,
        data=last.data if last else None,
        cell=last.cell if last else None,
        did_not_run=_in_words(failure) if failure else "",
        lost="" if failure or seen else _lost(notebook, variable, cell_id),
    )


def _lost(notebook: Notebook, variable: str, cell_id: str) -> str:
    """Whether the answer's own cell holds something else than the variable, which a person has to look at."""
    for number, cell in enumerate(notebook.cells, 1):
        if _is_own_cell(cell, variable, cell_id):
            if cell.kind != "code" and cell.source.strip():
                return f"cell {number} is no code cell any more, so that nothing set {variable}"
            if any(line.strip() and not line.strip().startswith("#") for line in cell.source.splitlines()):
                return f"cell {number} does not set {variable}"
    return ""


def _candidates(seen: list[Captured], homes: list[int]) -> Iterator[Captured]:
    """What may count, the best first: the value at each answer cell from the last to the first, then any from the last."""
    for home in reversed(homes):
        yield from [captured for captured in seen if captured.cell <= home][-1:]
    yield from reversed(seen)


def _is_own_cell(cell: Cell, variable: str, cell_id: str) -> bool:
    """Whether this is the cell that the released notebook has for the answer, whatever has become of it."""
    return cell.original_id == cell_id or cell.variable == variable


def _is_blank(captured: Captured) -> bool:
    return isinstance(captured.data, dict) and captured.data.get("t") in ("ellipsis", "none")


def _mentions(cell: Cell, variable: str) -> bool:
    return re.search(rf"\b{re.escape(variable)}\b", cell.source) is not None


def _in_words(failure: CellFailure) -> str:
    match failure.kind:
        case FailureKind.ERROR:
            what = f"stopped with {failure.name}: {failure.message}"
        case FailureKind.NOT_REACHED:
            what = f"was not reached: {failure.message}"
        case FailureKind.TIMEOUT | FailureKind.DIED:
            what = failure.message
    comma = "," if failure.without else ""
    words = " ".join(f"{failure.place}{comma} {what}".split())
    return words if len(words) <= MAX_REASON_CHARACTERS else f"{words[: MAX_REASON_CHARACTERS - 3]}..."
