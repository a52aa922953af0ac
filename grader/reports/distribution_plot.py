"""The distribution of a class's totals as a picture."""

import io
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from grader.reports import inline_svg
from grader.reports.statistics import Bar

_INCHES = (6.6, 2.3)
_DPI = 72  # so that a point of the picture is a unit of the SVG
# Where there is no CSS; in the page the bars have the class `bar` and the axis the class `axis`.
_BAR, _AXIS = "#3d4f9f", "#7d8791"


def distribution_svg(bars: Sequence[Bar]) -> str:
    """The picture as an SVG element to stand in a page, whose CSS colours it.

    Args:
        bars: at least one.
    """
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "distribution", "font.size": 9}):
        text = io.StringIO()
        nothing_of_the_file = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        _figure(bars).savefig(text, format="svg", transparent=True, metadata=nothing_of_the_file)
    return inline_svg.inline(text.getvalue())


def _figure(bars: Sequence[Bar]) -> Figure:
    figure = Figure(figsize=_INCHES, dpi=_DPI)
    FigureCanvasSVG(figure)
    # matplotlib finds margins by itself, in more time than the picture takes.
    figure.subplots_adjust(left=0.08, right=0.995, top=0.9, bottom=0.2)
    axes = figure.add_subplot(xlabel="total in percent", ylabel="students")
    places, heights = range(len(bars)), [bar.students for bar in bars]
    drawn = axes.bar(places, heights, width=0.86, color=_BAR, clip_on=False)
    for patch in drawn:
        patch.set_gid("bar")
    axes.bar_label(drawn, [str(height) if height else "" for height in heights], padding=2)
    axes.set_xticks(places, [bar.range for bar in bars])
    axes.set_ylim(0, max(1, *heights))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.tick_params(length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set(color=_AXIS, gid="axis")
    return figure
