"""Receptive fields as squares in one another, each with a line to its name and side."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.records import Sizes
from grader.reports.size_scale import is_drawn, scale_for
from grader.reports.size_words import corrected, number_text, shortened

# In units of the picture, as in `size_bars`: the largest square, where it begins, and where the texts do.
WIDTH, SIDE, EDGE, TOP, TEXT = 360, 172, 2, 26, 198
LINE = 17
# Of the largest square, that of those in proportion where a larger one is cut.
INNER = 0.88
# Characters of a name, and numbers, that there is room for beside the squares.
NAME, WRITTEN_OUT = 11, 10**6


@dataclass(frozen=True)
class Square:
    """One field, or the right one in its place."""

    name: str
    size: float | None
    right: bool | None
    is_correction: bool = False


@dataclass(frozen=True)
class Drawn:
    """A square in its place, with its text."""

    square: Square
    name: str
    number: str
    side: float
    x: float
    y: float
    cut: bool
    label_y: float


def squares(sizes: Sizes) -> dict[str, Any]:
    """What the template squares.svg draws: the largest square first, and last what is no square."""
    fields = sorted(_fields(sizes), key=lambda field: -field.size if is_drawn(field.size) else 1)
    whole = scale_for((field.size for field in fields), SIDE)
    inner = scale_for((field.size for field in fields), INNER * SIDE)
    scale = inner if any(whole.cuts(field.size) for field in fields) else whole
    drawn: list[Drawn] = []
    label_y = float(TOP - LINE)
    for field in fields:
        cut = scale.cuts(field.size)
        side = float(SIDE) if cut else scale.of(field.size)
        x, y = EDGE + (SIDE - side) / 2, TOP + (SIDE - side) / 2
        # A name stands at the upper edge of its square, or below the name before it, so that no line crosses another.
        label_y = max(y, label_y + LINE)
        name, number = shortened(field.name, NAME), number_text(field.size, WRITTEN_OUT)
        drawn.append(Drawn(field, name, number, side, x, y, cut, label_y))
    return {"squares": drawn, "width": WIDTH, "height": round(max(TOP + SIDE, label_y) + 8), "text": TEXT}


def _fields(sizes: Sizes) -> Iterator[Square]:
    for layer in sizes.layers:
        yield Square(layer.name, layer.given, layer.right)
        if (right := corrected(layer)) is not None:
            yield Square(layer.name, right, None, is_correction=True)
