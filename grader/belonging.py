"""Which stretches of a notebook belong to which answer: whatever stands below a released cell, until the next one.

So an answer is found in its own cell, in cells that were added below it or between it and its question, behind the question
in the question's own cell, and below the question when the answer's cell was deleted. Code of the student between does not
end it; only a released cell does. A released cell is known by its label, or by its id where the label was deleted.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import cast

from grader.labels import Label, LabelKind, unlabelled
from grader.notebooks import Cell, Notebook

_RELEASED_ID = re.compile(r"(title|problem|question|answer)(?:-(.+))?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A whole cell, or what follows a label in a text cell."""

    cell: int
    code: bool
    home: bool
    """Whether it is the answer's own cell."""
    text: str
    """Without what was there when it was released."""


def belongings(notebook: Notebook, variables: Collection[str]) -> dict[str | None, list[Piece]]:
    """The pieces of a notebook by the variable of the answer they belong to; None has what belongs to none.

    Args:
        notebook: the student's.
        variables: all that are asked for.
    """
    pieces: dict[str | None, list[Piece]] = defaultdict(list)
    owner: str | None = None
    for index, cell in enumerate(notebook.cells):
        for label, text in _stretches(cell, variables):
            if label is not None:
                owner = label.name if label.name in variables and label.kind in {"question", "answer"} else None
            home = label is not None and label.kind == "answer"
            pieces[owner].append(Piece(index, cell.kind == "code", home, unlabelled(text)))
    return pieces


def _stretches(cell: Cell, variables: Collection[str]) -> Iterator[tuple[Label | None, str]]:
    """A cell cut at its labels, each with what follows it; what is in front of an answer's label belongs to it as well."""
    labels = _labels(cell, variables) or _by_id(cell, variables)
    if not labels:
        yield None, cell.source
        return
    ends = [label.start for label in labels[1:]] + [len(cell.source)]
    for position, (label, end) in enumerate(zip(labels, ends, strict=True)):
        start = 0 if position == 0 and label.kind == "answer" else label.start
        yield label, cell.source[start:end]


def _labels(cell: Cell, variables: Collection[str]) -> list[Label]:
    if cell.kind == "code":
        variable = cell.variable
        return [Label("answer", variable, 0, 0)] if variable in variables else []
    return [one for one in cell.labels if one.kind != "answer" or one.name in variables]


def _by_id(cell: Cell, variables: Collection[str]) -> list[Label]:
    """What the released id says; an answer's is as good as a label at the head, any other as one at the end."""
    found = _RELEASED_ID.fullmatch(cell.original_id or "")
    if found is None or (found[1] == "answer" and found[2] not in variables):
        return []
    kind = cast("LabelKind", "homework" if found[1] == "title" else found[1])
    place = 0 if kind == "answer" else len(cell.source)
    return [Label(kind, found[2] or "", place, place)]
