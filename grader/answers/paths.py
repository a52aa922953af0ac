"""Paths of an optimiser: points in the order in which they were reached."""

import math
import re
from decimal import Decimal
from fractions import Fraction

from grader.answers.coordinates import points_by_name
from grader.answers.reading import Reading
from grader.answers.text import normalise, place, scan_numeral, unexpected
from grader.answers.values import Frame, Plain, kind_of
from grader.errors import Unreadable

PATH_LENGTH = 10_000  # characters of a path typed as text: some hundreds of points

Point = tuple[float, ...]

_INNERMOST = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_WORD = re.compile(r"[^,; ]+")
_AROUND_POINTS = frozenset("()[],; ")


def read_path(plain: Plain, dimensions: int) -> tuple[Reading, ...]:
    """The one reading as a tuple of points of floats, of shape (points, dimensions).

    An array of shape (dimensions, points) is read transposed, tagged ("axes", "transposed"), where the shape tells. A
    coordinate may be nan or inf. Anything else is Unreadable.

    Args:
        plain: an array, nested lists, text: "(1, 2), (3, 4)", or lists of coordinates by name, x and y or w1 and w2: a
            dict, or a DataFrame, which may have other columns too.
        dimensions: coordinates of a point.
    """
    rows = _points_in_text(plain) if isinstance(plain, str) else _points(plain, dimensions)
    if all(len(row) == dimensions for row in rows):
        return (Reading(rows, _text(rows)),)
    if len(rows) == dimensions and len({len(row) for row in rows}) == 1:
        points = tuple(zip(*rows, strict=True))
        return (Reading(points, f"{_text(points)}, transposed", (("axes", "transposed"),)),)
    raise Unreadable("the rows are no points", expected=_expected(dimensions))


def _expected(dimensions: int) -> str:
    return f"an array of shape (points, {dimensions})"


def _text(points: tuple[Point, ...]) -> str:
    """The path from its first point to its last."""
    ends = [points[0], points[-1]] if len(points) > 1 else [points[0]]
    return f"{len(points)} points: " + " ... ".join(f"({', '.join(f'{x:.6g}' for x in point)})" for point in ends)


def _points(plain: Plain, dimensions: int) -> tuple[Point, ...]:
    """The coordinates in nested lists, around which there may be further lists of one element."""
    if isinstance(plain, Frame | dict):
        plain = points_by_name(plain, dimensions)
    while isinstance(plain, tuple) and len(plain) == 1 and isinstance(plain[0], tuple) and _is_nested(plain[0]):
        plain = plain[0]
    if not isinstance(plain, tuple) or not plain:
        raise Unreadable(kind_of(plain), expected=_expected(dimensions))
    return tuple(_point(row, step) for step, row in enumerate(plain))


def _is_nested(rows: tuple[Plain, ...]) -> bool:
    return bool(rows) and all(isinstance(row, tuple) for row in rows)


def _point(row: Plain, step: int) -> Point:
    if not isinstance(row, tuple) or not row:
        raise Unreadable(f"{kind_of(row)} instead of a point", place=f"point {step}", expected="a list of coordinates")
    return tuple(_coordinate(member, step) for member in row)


def _coordinate(member: Plain, step: int) -> float:
    if isinstance(member, bool) or not isinstance(member, int | float | Fraction | Decimal):
        raise Unreadable(f"{kind_of(member)} as a coordinate", place=f"point {step}", expected="a number")
    try:
        return float(member)
    except OverflowError:
        return math.inf if member > 0 else -math.inf


def _points_in_text(text: str) -> tuple[Point, ...]:
    """The points in innermost brackets: "(1, 2), (3, 4)", "[[1. 2.] [3. 4.]]"."""
    text = normalise(text, PATH_LENGTH)
    points, end = [], 0
    for group in _INNERMOST.finditer(text):
        _check_between(text, end, group.start())
        points.append(_point_in_text(text, group.start(1), group.end(1)))
        end = group.end()
    _check_between(text, end, len(text))
    if not points:
        raise Unreadable("no point in brackets", expected='points such as "(1, 2), (3, 4)"')
    return tuple(points)


def _check_between(text: str, start: int, end: int) -> None:
    for position in range(start, end):
        if text[position] not in _AROUND_POINTS:
            raise unexpected(text, position, "points in brackets")


def _point_in_text(text: str, start: int, end: int) -> Point:
    """The coordinates between two brackets, with commas or blanks between them."""
    coordinates = tuple(_number(text, word.start(), word.end()) for word in _WORD.finditer(text, start, end))
    if not coordinates:
        raise Unreadable("a point without coordinates", place=place(start), expected="a coordinate")
    return coordinates


def _number(text: str, start: int, end: int) -> float:
    """One signed number that fills the text from start to end."""
    numeral = scan_numeral(text, start + (text[start] in "+-"), grouped=False)
    if numeral is None or numeral.end != end:
        raise unexpected(text, numeral.end if numeral else start, "a coordinate")
    return float(-numeral.value if text[start] == "-" else numeral.value)
