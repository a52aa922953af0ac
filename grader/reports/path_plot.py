"""A student's path drawn over the reference's, on the contours of the loss.

What all students share, which is everything but their own path, is drawn once by matplotlib and kept: it takes a fifth of a second.
A student's path is a few lines of SVG in its coordinates.
"""

import io
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.path import Path
from numpy.typing import NDArray

from grader.records import Drawing

Array = NDArray[np.float64]
Loss = Callable[[Array], float]
Points = tuple[tuple[float, ...], ...]

# Contours are computed on a grid this fine; 60 by 60 points are smooth at the size of the picture.
GRID = 60
# How far the window reaches beyond the reference on each side, in its extents. Few choices, so that windows are shared; a path that
# flies off is cut at the last, so that the rest stays visible.
REACHES = (0.08, 0.6, 2.08)
# Of what is shown, relative to where it is: a path that stays in one place still needs a window around it.
SMALLEST_EXTENT = 1e-6
# Of the loss that has contours.
HIGHEST = 1e100
# Pictures of what students share: of each path of a homework a few windows, 30 KB each.
MOST_KEPT = 500
_PATH, _NUMBER = re.compile(r' d="[^"]*"'), re.compile(r"-?[0-9]+\.[0-9]+")
_REFERENCE, _STUDENT, _WRONG = "#3b6fb6", "#c8641b", "#b3261e"
_INCHES = (5.2, 3.6)
_DPI = 72  # so that a point of the picture is a unit of the SVG
_HEIGHT = _INCHES[1] * _DPI


@dataclass(frozen=True)
class _Shared:
    """The picture without a student: its text up to the closing tag, and how data becomes coordinates in it."""

    text: str
    scale: Array
    offset: Array
    box: tuple[float, float, float, float]
    """Of the axes: left, top, right, bottom."""

    def place(self, points: Array) -> Array:
        """Coordinates of points; whatever is too far to be computed is not finite."""
        with np.errstate(all="ignore"):
            return points * self.scale + self.offset


def path_svg(drawing: Drawing, loss: Loss | None) -> str:
    """The picture as an SVG element, the same for the same paths.

    Args:
        drawing: both paths, in two dimensions.
        loss: the loss at a point of shape (2,), for the contours; None draws none. The same function for the same loss, since
            what students share is kept by it.
    """
    student = np.array(drawing.student[: len(drawing.reference)], dtype=float).reshape(
        -1, 2
    )  # steps that nobody asked for are not drawn
    reaches = _reaches(np.array(drawing.reference), student)
    shared = _shared(drawing.reference, reaches, loss)
    places = shared.place(student)
    parts = [shared.text, *_line(places, shared), *_ring(places, drawing.wrong_steps, shared), "</svg>"]
    return "\n".join(parts)


def _line(places: Array, shared: _Shared) -> Iterator[str]:
    """The path itself, cut at the axes."""
    left, top, right, bottom = shared.box
    words = []
    # A step that is no number interrupts the line, which matplotlib knows how to do, as it knows where lines leave a box.
    for vertices, code in Path(np.clip(places, -1e12, 1e12)).iter_segments(clip=shared.box, simplify=False):
        words.append(f"{'M' if code == Path.MOVETO else 'L'}{_pair(vertices)}")
    yield f'<path d="{"".join(words)}" fill="none" stroke="{_STUDENT}" stroke-width="1.6"/>'
    inside = np.isfinite(places).all(axis=1)
    inside &= (places >= (left, top)).all(axis=1) & (places <= (right, bottom)).all(axis=1)
    dots = "".join(f"M{_pair(point)}h0" for point in places[inside])
    yield f'<path d="{dots}" stroke="{_STUDENT}" stroke-width="5" style="stroke-linecap: round"/>'


def _ring(places: Array, wrong_steps: tuple[int, ...], shared: _Shared) -> Iterator[str]:
    """Around the first step that is not right, with its number, if it is to be seen."""
    if not wrong_steps or wrong_steps[0] >= len(places):
        return
    (x, y), (left, top, right, bottom) = places[wrong_steps[0]], shared.box
    if left <= x <= right and top <= y <= bottom:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="none" stroke="{_WRONG}" stroke-width="1.6"/>'
    # Where the step itself is out of sight its number stands at the edge.
    x, y = (float(np.nan_to_num(value, nan=low)) for value, low in ((x, left), (y, top)))
    end = x > (left + right) / 2
    anchor, shift = ("end", -9) if end else ("start", 9)
    at = _pair((min(max(x, left + 9), right - 9) + shift, min(max(y, top + 12), bottom - 6)), " y=", '"')
    yield f'<text x={at} font-size="9" text-anchor="{anchor}" fill="{_WRONG}" font-family="sans-serif">step {wrong_steps[0]}</text>'


def _pair(point: Any, between: str = " ", quote: str = "") -> str:
    x, y = point
    return f"{quote}{x:.1f}{quote}{between}{quote}{y:.1f}{quote}"


def _reaches(reference: Array, student: Array) -> tuple[float, ...]:
    """How far the window reaches beyond the reference to the left, below, to the right and above."""
    low, high, extent = _extent(reference)
    finite = student[np.isfinite(student).all(axis=1)]
    if not len(finite):
        return (REACHES[0],) * 4
    with np.errstate(over="ignore"):
        beyond = [*((low - finite.min(axis=0)) / extent), *((finite.max(axis=0) - high) / extent)]
    return tuple(next((reach for reach in REACHES if far <= reach), REACHES[-1]) for far in beyond)


def _extent(reference: Array) -> tuple[Array, Array, Array]:
    """Lower and upper corner of the reference, and what counts as its extent."""
    low, high = reference.min(axis=0), reference.max(axis=0)
    extent = np.maximum(high - low, SMALLEST_EXTENT * np.maximum(np.abs(low), 1.0))
    middle, half = (low + high) / 2, extent / 2
    return np.minimum(low, middle - half), np.maximum(high, middle + half), extent


@lru_cache(MOST_KEPT)
def _shared(reference: Points, reaches: tuple[float, ...], loss: Loss | None) -> _Shared:
    """The contours, the reference, the axes and the legend."""
    low, high, extent = _extent(np.array(reference))
    low, high = low - extent * reaches[:2], high + extent * reaches[2:]
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "path", "font.size": 9}):
        figure = Figure(figsize=_INCHES, dpi=_DPI)
        FigureCanvasSVG(figure)
        # matplotlib finds margins by itself, in half of the time that the whole picture takes.
        figure.subplots_adjust(left=0.14, right=0.97, top=0.9, bottom=0.14)
        axes = figure.add_subplot(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="x", ylabel="y")
        if loss is not None:
            _contours(axes, loss, low, high)
        line: dict[str, Any] = {"markersize": 4, "linewidth": 1.2}
        axes.plot(*np.array(reference).T, "o--", color=_REFERENCE, label="reference", **line)
        axes.plot([], [], "o-", color=_STUDENT, label="yours", **line)
        figure.legend(loc="upper right", frameon=False, ncols=2, borderaxespad=0.2)
        text = io.StringIO()
        figure.savefig(
            text, format="svg", transparent=True, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
        )
        box = axes.get_window_extent()
    corners = axes.transData.transform([low, high])
    scale = (corners[1] - corners[0]) / (high - low)
    offset = corners[0] - low * scale
    svg = text.getvalue()
    return _Shared(
        text=_PATH.sub(_shorter, svg[svg.index("<svg") : svg.rindex("</svg>")]),
        scale=scale * (1, -1),  # the first line of an SVG is at the top
        offset=np.array((offset[0], _HEIGHT - offset[1])),
        box=(box.x0, _HEIGHT - box.y1, box.x1, _HEIGHT - box.y0),
    )


def _shorter(path: re.Match[str]) -> str:
    """A path with a tenth of a point, which nobody sees, in place of a millionth."""
    return _NUMBER.sub(lambda number: f"{float(number[0]):.1f}", path[0])


def _contours(axes: Any, loss: Loss, low: Array, high: Array) -> None:
    """A flat loss has none."""
    x, y = (np.linspace(low[axis], high[axis], GRID) for axis in (0, 1))
    with np.errstate(all="ignore"):
        heights = np.array([[_height(loss, a, b) for a in x] for b in y])
    seen = heights[np.isfinite(heights)]
    if seen.size and np.ptp(seen) > 0:
        axes.contour(x, y, heights, levels=12, colors="#9aa4af", linewidths=0.6)


def _height(loss: Loss, x: float, y: float) -> float:
    """The loss at a point, NaN where it cannot be computed or is too high for the arithmetic of contours."""
    try:
        height = float(loss(np.array([x, y])))
    except Exception:  # noqa: BLE001 - the loss is the teacher's, and a picture without contours is still a picture
        return math.nan
    return height if abs(height) < HIGHEST else math.nan
