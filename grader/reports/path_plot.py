"""A student's path drawn over the reference's, on the contours of the loss."""

import io
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


def path_svg(drawing: Drawing, loss: Loss | None) -> str:
    """The picture as an SVG element, the same for the same paths.

    Args:
        drawing: both paths, in two dimensions.
        loss: the loss at a point of shape (2,), for the contours; None draws none.
    """
    reference, student = np.array(drawing.reference), np.array(drawing.student)
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
            ring: dict[str, Any] = {"color": "none", "markeredgecolor": "#b3261e", "markersize": 12, "markeredgewidth": 1.6}
            axes.plot(*student[first], "o", label=f"step {first}", **ring)
        axes.set(xlabel="x", ylabel="y")
        axes.legend(loc="best", frameon=False)
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    return svg[svg.index("<svg") :]


def _window(reference: Array, student: Array) -> tuple[Array, Array]:
    """Lower and upper corner of what is shown."""
    low, high = reference.min(axis=0), reference.max(axis=0)
    extent = np.maximum(high - low, 1e-6)
    finite = student[np.isfinite(student).all(axis=1)]
    if len(finite):
        low = np.maximum(np.minimum(low, finite.min(axis=0)), low - MOST_EXTENTS * extent)
        high = np.minimum(np.maximum(high, finite.max(axis=0)), high + MOST_EXTENTS * extent)
    margin = 0.08 * (high - low)
    return low - margin, high + margin


def _contours(axes: Any, loss: Loss, low: Array, high: Array) -> None:
    x, y = (np.linspace(low[axis], high[axis], GRID) for axis in (0, 1))
    heights = np.array([[loss(np.array([a, b])) for a in x] for b in y])
    axes.contour(x, y, heights, levels=12, colors="#9aa4af", linewidths=0.6)
