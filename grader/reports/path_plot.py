"""A student's path, beside the reference's where that is told, on the contours of the loss."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from markupsafe import escape
from matplotlib.path import Path
from numpy.typing import NDArray

from grader.records import Drawing
from grader.reports.contour_plot import Loss, Plot, contour_plot
from grader.reports.path_windows import window_around

Array = NDArray[np.float64]

# Points of one path; a sketch has no more, and every other kind of path far fewer.
MOST_POINTS = 5_000
# From here on dots make a thick line of a thin one.
MOST_DOTS = 150
# Coordinates that far out of the picture, in points, are as good as infinite.
FAR = 1e12
# For where no CSS colours the picture; pictures.css has colours for light and dark.
_COLOURS = {"student": "#3d4f9f", "reference": "#1b6e3c"}
_WRONG = "#a8231b"
_RING, _TEXT, _LINE_HEIGHT = 6, 12, 16


def path_svg(drawing: Drawing, loss: Loss | None) -> str:
    """The picture as an SVG element, the same for the same paths.

    Of a reference that the drawing does not have, nothing is in it: neither a line nor a sign in the legend, nor the ends of
    the axes, which `window_around` then takes from the student's own path.

    Args:
        drawing: the paths, in two dimensions; the reference may be empty.
        loss: the loss at a point of shape (2,), for the contours; None draws none. The same function for the same loss, since
            what students share is kept by it.
    """
    student, reference = _points(drawing.student), _points(drawing.reference)
    plot = contour_plot(window_around(student, reference), loss)
    own, other = plot.place(student), plot.place(reference)
    step = drawing.wrong_steps[0] if drawing.wrong_steps and drawing.wrong_steps[0] < len(student) else None
    pieces = [
        f'<svg class="picture" role="img" aria-label="{escape(_in_words(student, reference, step))}" ',
        plot.text.removeprefix("<svg "),
        *_legend(plot, with_reference=bool(len(other))),
        *_path("student", own, plot),
        *_path("reference", other, plot),  # dashed, so that a path which is the same shows between the dashes
        *(() if step is None else _first_wrong(step, own[step], other[step] if step < len(other) else None, plot)),
        "</svg>",
    ]
    return "".join(pieces)


def _points(path: Sequence[tuple[float, ...]]) -> Array:
    return np.array(path[:MOST_POINTS], dtype=float).reshape(-1, 2)


def _in_words(student: Array, reference: Array, step: int | None) -> str:
    """What is to be seen, for whoever cannot see it."""
    words = "Your path on the contours of the loss"
    if len(student):
        words += f", from {_point_in_words(student[0])} to {_point_in_words(student[-1])} in {len(student) - 1} steps"
    if len(reference):
        words += f"; the reference's ends at {_point_in_words(reference[-1])}"
    if step is not None:
        words += f"; step {step}, to {_point_in_words(student[step])}, is the first that is not right"
    if step is not None and step < len(reference):
        words += f", where the reference goes to {_point_in_words(reference[step])}"
    return f"{words}."


def _point_in_words(point: Array) -> str:
    return f"({point[0]:.4g}, {point[1]:.4g})"


def _legend(plot: Plot, *, with_reference: bool) -> Iterator[str]:
    left, top, right, _ = plot.box
    entries = [("student", "yours"), ("reference", "reference")] if with_reference else [("student", "yours")]
    for number, (name, words) in enumerate(entries):
        x, y = left + number * (right - left) / 4, top - _LINE_HEIGHT / 2
        yield f'<g class="{name}" stroke="{_COLOURS[name]}" {_stroke(name)}><path d="M{x:.1f} {y:.1f}h24"/></g>'
        yield f'<text x="{x + 30:.1f}" y="{y + 4:.1f}" font-size="{_TEXT}">{words}</text>'


def _stroke(name: str) -> str:
    dashes = ' stroke-dasharray="5 3"' if name == "reference" else ""
    return f'fill="none" stroke-width="1.6"{dashes}'


def _path(name: str, places: Array, plot: Plot) -> Iterator[str]:
    """The path itself, cut at the axes, with dots where its points are."""
    if not len(places):
        return
    words: list[str] = []
    # A step that is no number interrupts the line, which matplotlib knows how to do, as it knows where lines leave a box.
    for vertices, code in Path(np.clip(places, -FAR, FAR)).iter_segments(clip=plot.box, simplify=False):
        word = f"{'M' if code == Path.MOVETO else 'L'}{_pair(vertices)}"
        if not words or word != words[-1]:
            words.append(word)
    yield f'<g class="{name}" stroke="{_COLOURS[name]}" {_stroke(name)}>'
    if words:
        yield f'<path d="{"".join(words)}"/>'
    seen = [_pair(place) for place in places[_inside(places, plot)]]
    if 0 < len(seen) <= MOST_DOTS:
        dots = "".join(f"M{place}h0" for place in dict.fromkeys(seen))
        yield f'<path d="{dots}" stroke-width="5" stroke-linecap="round" stroke-dasharray="none"/>'
    yield "</g>"


def _inside(places: Array, plot: Plot) -> NDArray[np.bool_]:
    left, top, right, bottom = plot.box
    inside: NDArray[np.bool_] = np.all((places >= (left, top)) & (places <= (right, bottom)), axis=1)
    return inside


def _first_wrong(step: int, own: Array, other: Array | None, plot: Plot) -> Iterator[str]:
    """A ring around the first step that is not right, with its number, and a line to where the reference is at that step."""
    left, top, right, bottom = plot.box
    is_seen = bool(_inside(own[np.newaxis], plot)[0])
    yield f'<g class="wrong" stroke="{_WRONG}" fill="none" stroke-width="1.6">'
    if is_seen:
        yield f'<circle cx="{own[0]:.1f}" cy="{own[1]:.1f}" r="{_RING}"/>'
    if other is not None and _inside(other[np.newaxis], plot)[0]:
        if is_seen:
            yield f'<path d="M{_pair(own)}L{_pair(other)}" stroke-width="1" stroke-dasharray="2 2"/>'
        yield f'<circle cx="{other[0]:.1f}" cy="{other[1]:.1f}" r="{_RING - 2}" stroke-width="1"/>'
    yield "</g>"
    # Where the step itself is out of sight its number stands at the edge.
    x, y = (float(np.nan_to_num(value, nan=low)) for value, low in ((own[0], left), (own[1], top)))
    anchor, shift = ("end", -_RING - 3) if x > (left + right) / 2 else ("start", _RING + 3)
    at_x = min(max(x, left + _RING + 3), right - _RING - 3) + shift
    at_y = min(max(y - _RING, top + _TEXT + 1), bottom - _RING)
    at = f'x="{at_x:.1f}" y="{at_y:.1f}" text-anchor="{anchor}"'
    yield f'<text class="wrong" {at} font-size="{_TEXT}" fill="{_WRONG}">step {step}</text>'


def _pair(point: Any) -> str:
    x, y = point
    return f"{x:.1f} {y:.1f}"
