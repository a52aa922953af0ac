"""Which part of the plane a picture of paths shows."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# A path that flies off is cut here, so that the rest stays visible: this often the size of what counts lies on each side of it.
REACH = 2.0
# Of a student's path without a reference: where it sets out counts, this share of its points or so many.
OPENING, FEWEST = 1 / 4, 2
# Beyond this, squares of coordinates leave the range of floats, and no page says where it is.
HIGHEST = 1e100
# Of what is shown, relative to where it is and to the other axis: a path that moves along one axis, or not at all, still needs a
# window around it.
SMALLEST_EXTENT, NARROWEST = 1e-6, 0.01
# The ends of an axis are round numbers, in steps of about this share of what is shown, so that windows are few.
STEP = 1 / 4
# By which a point may stand outside of the round numbers, as a share of a step; the margin has room for it.
LOOSE = 0.02
# Around all of it, as a share of the window, so that no point stands on its edge.
MARGIN = 0.05


@dataclass(frozen=True)
class Window:
    """A part of the plane: lower left and upper right corner."""

    low: tuple[float, float]
    high: tuple[float, float]


def window_around(student: Array, reference: Array) -> Window:
    """The window of a picture of one student's path.

    It holds what can be drawn of the reference, if there is one, and of the student's path what is not too far off: no further
    from what counts than twice (`REACH`) the longer side of that. What counts is the reference. Where that is not told, nothing
    of it is known here, and what counts is where the student's own path sets out (its first quarter) together with the origin, so
    that a path which starts with small steps has room. The ends of both axes are moved outwards to round numbers, so that
    different paths share a window, which is costly to draw.

    Args:
        student: shape (points, 2); may be empty, and have points that are infinite or no numbers.
        reference: the same; empty where it is not to be known.
    """
    own, other = _drawable(student), _drawable(reference)
    counts = other if len(other) else np.vstack((own[: max(FEWEST, math.ceil(OPENING * len(own)))], np.zeros((1, 2))))
    low, high = counts.min(axis=0), counts.max(axis=0)
    far = REACH * max(float((high - low).max()), SMALLEST_EXTENT)
    near = own[((own >= low - far) & (own <= high + far)).all(axis=1)]
    shown = np.vstack((near, other)) if len(near) or len(other) else np.zeros((1, 2))
    return _rounded(shown.min(axis=0), shown.max(axis=0))


def _drawable(points: Array) -> Array:
    with np.errstate(all="ignore"):
        return points[(np.abs(points) < HIGHEST).all(axis=1)]


def _rounded(low: Array, high: Array) -> Window:
    extents = high - low
    least = max(NARROWEST * float(extents.max()), SMALLEST_EXTENT * max(1.0, float(np.abs((low, high)).max())))
    ends = [_round_ends(float(a), float(b), max(float(b - a), least)) for a, b in zip(low, high, strict=True)]
    return Window((ends[0][0], ends[1][0]), (ends[0][1], ends[1][1]))


def _round_ends(low: float, high: float, extent: float) -> tuple[float, float]:
    """Both ends of an axis outwards to a multiple of 1, 2 or 5 times a power of ten, and a margin around them."""
    power = math.floor(math.log10(extent * STEP))
    digit = next(digit for digit in (1, 2, 5, 10) if digit * 10.0**power >= extent * STEP * (1 - LOOSE))
    step = float(f"{digit}e{power}")
    first, last = math.floor(low / step + LOOSE), math.ceil(high / step - LOOSE)
    if first >= last:  # all of it on one round number
        first, last = first - 1, first + 1
    # By way of text, so that 3 times 0.1 is 0.3, and equal ends are equal whatever the steps.
    start, end = (float(f"{number * digit}e{power}") for number in (first, last))
    margin = MARGIN * (end - start)
    return start - margin, end + margin
