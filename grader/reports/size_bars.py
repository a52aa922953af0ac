"""Layers as bars, one below the other: the student's number, and below it the right one where that is told and differs."""

from dataclasses import dataclass
from typing import Any

from grader.records import Size, Sizes
from grader.reports.size_scale import is_drawn, scale_for
from grader.reports.size_words import corrected, number_text, shortened

# In units of the picture, which is as wide as a telephone, so that its texts can be read there.
WIDTH, LEFT, LONGEST = 360, 100, 146
TOP, ROW, CORRECTION = 26, 20, 15
# Characters of a name that there is room for, if it has no more wide letters than most.
NAME = 15
# The least that is seen of a bar.
SHORTEST = 0.8


@dataclass(frozen=True)
class Bar:
    """One layer."""

    name: str
    y: int
    length: float
    cut: bool
    number: str
    right: bool | None
    correction: "Bar | None" = None
    """The right number."""


def bars(sizes: Sizes) -> dict[str, Any]:
    """What the template bars.svg draws."""
    scale = scale_for((number for layer in sizes.layers for number in (layer.given, corrected(layer))), LONGEST)

    def bar(name: str, y: int, number: float | None, right: bool | None, correction: Bar | None = None) -> Bar:  # noqa: FBT001 - of `Size`
        length = max(scale.of(number), SHORTEST if is_drawn(number) else 0.0)
        return Bar(shortened(name, NAME), y, length, scale.cuts(number), number_text(number), right, correction)

    def layer_at(layer: Size, y: int) -> Bar:
        right = corrected(layer)
        below = None if right is None else bar("", y + ROW - 5, right, None)
        return bar(layer.name, y, layer.given, layer.right, below)

    drawn, y = [], TOP
    for layer in sizes.layers:
        drawn.append(layer_at(layer, y))
        y += ROW + (CORRECTION if drawn[-1].correction else 0)
    return {"bars": drawn, "width": WIDTH, "height": y + 2, "left": LEFT}
