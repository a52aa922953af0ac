"""class.html: what a teacher reads about a whole class, as one self-contained page."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.course import Homework
from grader.page_files import Inline, inline
from grader.reports.class_findings import findings_of
from grader.reports.class_views import (
    GroupView,
    MistakeView,
    PartView,
    StoppedView,
    StudentView,
    TimeView,
    ValueView,
    groups,
    mistake_view,
    part_views,
    statuses,
    stopped_view,
    student_views,
    time_view,
    value_view,
)
from grader.reports.class_words import Link, links, totals_text
from grader.reports.common_mistakes import CommonItem, common_items, common_mistakes
from grader.reports.environment import FOLDER, TEMPLATES
from grader.reports.points import points_text
from grader.reports.running_time import running_time
from grader.reports.standing import Standing
from grader.reports.statistics import FEWEST, Bar, Distribution, distribution, part_statistics
from grader.reports.troubles import Waiting, troubles
from grader.reports.unexplained import common_values
from grader.reports.used_conventions import UsedConvention, used_conventions

MOST_ITEMS = 40
"""Wrong rows and steps that are listed: a homework has hundreds, of which a teacher looks at the commonest."""


@dataclass(frozen=True)
class ToDo:
    """What somebody has to do."""

    waiting: tuple[Waiting, ...]
    late_unknown: tuple[Link, ...]
    faults: tuple[GroupView, ...]
    grader_faults: tuple[GroupView, ...]
    problem_faults: tuple[GroupView, ...]
    other_homework: tuple[GroupView, ...]
    not_notebooks: tuple[GroupView, ...]
    missing: tuple[Link, ...]
    stopped: tuple[StoppedView, ...]


@dataclass(frozen=True)
class DistributionView:
    """How the totals are distributed."""

    numbers: Distribution
    bars: tuple[Bar, ...]
    picture: Markup


@dataclass(frozen=True)
class ClassPage:
    """Everything on the page."""

    title: str
    students: int
    statuses: list[tuple[str, int]]
    mean: str
    median: str
    pending: int
    """Students of whom something is not decided."""
    max_points: str
    to_do: ToDo
    distribution: DistributionView | None
    parts: tuple[PartView, ...]
    fewest: int
    """Students for a discrimination."""
    mistakes: tuple[MistakeView, ...]
    items: tuple[CommonItem, ...]
    further_items: int
    conventions: tuple[UsedConvention, ...]
    values: tuple[ValueView, ...]
    further_values: int
    time: TimeView | None
    rows: tuple[StudentView, ...]
    style: Inline
    script: Inline


def class_html(class_: Sequence[Standing], homework: Homework) -> str:
    """The page as HTML text. It needs no network, and works from a file beside the students' pages.

    Without its script it is complete, and its tables are in their first order.

    Args:
        class_: everybody, in any order.
        homework: the homework that they were marked for.
    """
    findings = findings_of(class_, homework)
    values, further_values = common_values(class_, findings)
    items, totals, time = common_items(findings), distribution(class_), running_time(class_)
    max_points = points_text(homework.max_points)
    mean, median = totals_text(totals, max_points)
    page = ClassPage(
        title=homework.title,
        students=len(class_),
        statuses=statuses(class_),
        mean=mean,
        median=median,
        pending=sum(bool(one.totals.pending) for one in class_),
        max_points=max_points,
        to_do=_to_do(class_, homework),
        distribution=None if totals is None else _distribution(totals),
        parts=part_views(part_statistics(class_, homework), homework),
        fewest=FEWEST,
        mistakes=tuple(map(mistake_view, common_mistakes(findings))),
        items=tuple(items[:MOST_ITEMS]),
        further_items=max(0, len(items) - MOST_ITEMS),
        conventions=tuple(used_conventions(findings)),
        values=tuple(value_view(value, class_) for value in values),
        further_values=further_values,
        time=None if time is None else time_view(time),
        rows=student_views(class_),
        style=inline(FOLDER, "colours.css", "class.css"),
        script=inline(FOLDER, "class.js"),
    )
    return TEMPLATES.get_template("class.html").render(page=page)


def _to_do(class_: Sequence[Standing], homework: Homework) -> ToDo:
    found = troubles(class_, homework)
    return ToDo(
        waiting=found.waiting,
        late_unknown=links(found.late_unknown),
        faults=groups(found.faults),
        grader_faults=groups(found.grader_faults),
        problem_faults=groups(found.problem_faults),
        other_homework=groups(found.other_homework),
        not_notebooks=groups(found.not_notebooks),
        missing=links(found.missing),
        stopped=tuple(map(stopped_view, found.stopped)),
    )


def _distribution(totals: Distribution) -> DistributionView:
    from grader.reports.distribution_plot import distribution_svg  # noqa: PLC0415 - matplotlib takes half a second

    # Safe: the picture is drawn from counts alone, no text of a student is in it.
    return DistributionView(totals, totals.bars, Markup(distribution_svg(totals.bars)))  # noqa: S704
