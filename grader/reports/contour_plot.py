"""What all pictures of paths in one window share, axes and contours of the loss, as SVG.

Drawn by matplotlib, which takes a tenth of a second, and kept.
"""

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

from grader.reports.inline_svg import inline
from grader.reports.path_windows import HIGHEST, Window

Array = NDArray[np.float64]
Loss = Callable[[Array], float]

# Contours are computed on a grid this fine; 60 by 60 points are smooth at the size of the picture.
GRID = 60
LEVELS = 12
# Pictures that are kept, of 10 KB each.
MOST_KEPT = 500
INCHES = (5.0, 3.6)
DPI = 72  # so that a point of the picture is a unit of the SVG
FONT_SIZE = 12
_HEIGHT = INCHES[1] * DPI


@dataclass(frozen=True)
class Plot:
    """A picture without paths: its text from `<svg ` on but without the closing tag, and how data becomes coordinates in it."""

    text: str
    scale: Array
    offset: Array
    box: tuple[float, float, float, float]
    """Of the axes: left, top, right, bottom."""

    def place(self, points: Array) -> Array:
        """Coordinates of points, shape (points, 2); whatever is too far to be computed is not finite."""
        with np.errstate(all="ignore"):
            return points * self.scale + self.offset


@lru_cache(MOST_KEPT)
def contour_plot(window: Window, loss: Loss | None) -> Plot:
    """The axes of a window, with the contours of the loss.

    Args:
        window: what part of the plane is shown.
        loss: the loss at a point of shape (2,); None draws no contours.
    """
    low, high = np.array(window.low), np.array(window.high)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "path", "font.size": FONT_SIZE}):
        figure = Figure(figsize=INCHES, dpi=DPI)
        FigureCanvasSVG(figure)
        # matplotlib finds margins by itself, in half of the time that the whole picture takes.
        figure.subplots_adjust(left=0.17, right=0.97, top=0.9, bottom=0.17)
        axes = figure.add_subplot(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="x", ylabel="y")
        if loss is not None:
            _draw_contours(axes, loss, low, high)
        text = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(text, format="svg", transparent=True, metadata=nothing)
        box = axes.get_window_extent()
    corners = axes.transData.transform([low, high])
    scale = (corners[1] - corners[0]) / (high - low)
    offset = corners[0] - low * scale
    return Plot(
        text=inline(text.getvalue()).removesuffix("</svg>"),
        scale=scale * (1, -1),  # the first line of an SVG is at the top
        offset=np.array((offset[0], _HEIGHT - offset[1])),
        box=(box.x0, _HEIGHT - box.y1, box.x1, _HEIGHT - box.y0),
    )


def _draw_contours(axes: Any, loss: Loss, low: Array, high: Array) -> None:
    """A flat loss has none."""
    x, y = (np.linspace(low[axis], high[axis], GRID) for axis in (0, 1))
    with np.errstate(all="ignore"):
        heights = np.array([[_height(loss, a, b) for a in x] for b in y])
    seen = heights[np.isfinite(heights)]
    if seen.size and np.ptp(seen) > 0:
        contours = axes.contour(x, y, heights, levels=LEVELS, colors="#9aa4af", linewidths=0.7)
        contours.set_gid("contours")
        contours.set_clip_on(False)  # the grid ends where the axes do


def _height(loss: Loss, x: float, y: float) -> float:
    """The loss at a point, NaN where it cannot be computed or is too high for the arithmetic of contours."""
    try:
        height = float(loss(np.array([x, y])))
    except Exception:  # noqa: BLE001 - the loss is the teacher's, and a picture without contours is still a picture
        return math.nan
    return height if abs(height) < HIGHEST else math.nan
