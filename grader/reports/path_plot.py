"""A student's path drawn over the reference's, on the contours of the loss."""

import io
import math
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

from grader.records import Drawing

Array = NDArray[np.float64]
Loss = Callable[[Array], float]

# Contours are computed on a grid this fine; 60 by 60 points are smooth at the size of the picture.
GRID = 60
# A path that flies off is cut at this many times the reference's extent, so that the rest stays visible.
MOST_EXTENTS = 2.0
# Of what is shown, relative to where it is: a path that stays in one place still needs a window around it.
SMALLEST_EXTENT = 1e-6
# Of the loss that has contours.
HIGHEST = 1e100


def path_svg(drawing: Drawing, loss: Loss | None) -> str:
    """The picture as an SVG element, the same for the same paths.

    Args:
        drawing: both paths, in two dimensions.
        loss: the loss at a point of shape (2,), for the contours; None draws none.
    """
    # Steps that nobody asked for are not drawn.
    reference, student = (np.array(path[: len(drawing.reference)]) for path in (drawing.reference, drawing.student))
    low, high = _window(reference, student)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "path", "font.size": 9}):
        figure = Figure(figsize=(5.2, 3.6), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        if loss is not None:
            _contours(axes, loss, low, high)
        axes.plot(*reference.T, "o--", color="#3b6fb6", markersize=4, linewidth=1.2, label="reference")
        axes.plot(*student.T, "o-", color="#c8641b", markersize=4, linewidth=1.6, label="yours")
        if drawing.wrong_steps and drawing.wrong_steps[0] < len(student):
            first = drawing.wrong_steps[0]
            ring: dict[str, Any] = {
                "color": "none",
                "markeredgecolor": "#b3261e",
                "markersize": 12,
                "markeredgewidth": 1.6,
            }
            axes.plot(*student[first], "o", label=f"step {first}", **ring)
        axes.set(xlabel="x", ylabel="y")
        axes.legend(loc="best", frameon=False)
        text = io.StringIO()
        figure.savefig(
            text, format="svg", transparent=True, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
        )
    svg = text.getvalue()
    return svg[svg.index("<svg") :]


def _window(reference: Array, student: Array) -> tuple[Array, Array]:
    """Lower and upper corner of what is shown."""
    low, high = reference.min(axis=0), reference.max(axis=0)
    extent = np.maximum(high - low, SMALLEST_EXTENT * np.maximum(np.abs(low), 1.0))
    finite = student[np.isfinite(student).all(axis=1)]
    if len(finite):
        low = np.maximum(np.minimum(low, finite.min(axis=0)), low - MOST_EXTENTS * extent)
        high = np.minimum(np.maximum(high, finite.max(axis=0)), high + MOST_EXTENTS * extent)
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, extent / 2)
    return middle - 1.16 * half, middle + 1.16 * half


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
