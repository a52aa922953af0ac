"""One student's page: report.html, a single file without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader.course import Homework, Problem
from grader.records import CellFailure, Grade, Outcome, Verdict
from grader.reports.points import Totals, points_text, totals

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,  # everything a student wrote is hostile
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # else the file is looked at for every student
)
# What a screen shows beside the colour, so that colour alone never tells.
MARKS = {
    Outcome.CORRECT: "✓",
    Outcome.PARTIAL: "◐",
    Outcome.INCORRECT: "✗",
    Outcome.BLANK: "–",
    Outcome.DID_NOT_RUN: "!",
}
PENDING_MARK = "?"


@dataclass(frozen=True)
class PartView:
    """What the page shows of one part."""

    title: str
    verdict: Verdict
    mark: str
    points: str
    cell: str
    written: bool
    """Whether the answer is a text to be shown as it was written, rather than a value on one line."""
    picture: Markup | None


@dataclass(frozen=True)
class ProblemView:
    """What the page shows of one problem."""

    title: str
    points: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True)
class StudentPage:
    """Everything on the page."""

    grade: Grade
    title: str
    totals: Totals
    earned: str
    """Before anything is taken off for lateness."""
    max_points: str
    problems: tuple[ProblemView, ...]
    failures: tuple[CellFailure, ...]
    executed: bool


def student_html(grade: Grade, homework: Homework, *, executed: bool) -> str:
    """The page as HTML text.

    Args:
        grade: the student's grade.
        homework: the homework it belongs to.
        executed: whether the executed notebook lies beside the page.
    """
    page = StudentPage(
        grade=grade,
        title=homework.title,
        totals=totals(grade),
        earned=points_text(grade.points),
        max_points=points_text(grade.max_points),
        problems=tuple(_problems(grade, homework)),
        failures=grade.failures,
        executed=executed,
    )
    return _TEMPLATES.get_template("report.html").render(page=page)


def _problems(grade: Grade, homework: Homework) -> Iterator[ProblemView]:
    for problem in homework.problems:
        verdicts = [verdict for verdict in grade.verdicts if verdict.problem == problem.name]
        earned = [verdict.points for verdict in verdicts if verdict.points is not None]
        full = sum((verdict.max_points for verdict in verdicts if not verdict.extra), Fraction(0))
        extra = sum((verdict.max_points for verdict in verdicts if verdict.extra), Fraction(0))
        points = _points_of(sum(earned, Fraction(0)) if earned else None, full, extra)
        yield ProblemView(problem.spec.title, points, tuple(_part(problem, verdict) for verdict in verdicts))


def _points_of(points: Fraction | None, of: Fraction, extra: Fraction) -> str:
    """Points of a part or problem: "1 of 2", "pending, of 2", and with extra points "1 of 2 + 1 extra" or "0 of 1 extra"."""
    full = [points_text(of)] if of else []
    words = " + ".join(full + ([f"{points_text(extra)} extra"] if extra else []))
    return f"pending, of {words}" if points is None else f"{points_text(points)} of {words}"


def _part(problem: Problem, verdict: Verdict) -> PartView:
    none = Fraction(0)
    full, extra = (none, verdict.max_points) if verdict.extra else (verdict.max_points, none)
    return PartView(
        title=problem.sections[verdict.part].title,
        verdict=verdict,
        mark=MARKS.get(verdict.outcome, PENDING_MARK),
        points=_points_of(verdict.points, full, extra),
        cell="" if verdict.cell is None else f"cell {verdict.cell + 1}",
        written=problem.parts[verdict.part].check.written,
        picture=_picture(problem, verdict),
    )


def _picture(problem: Problem, verdict: Verdict) -> Markup | None:
    drawing = verdict.drawing
    if drawing is None or len(drawing.reference[0]) != 2:  # noqa: PLR2004 - a page has two dimensions
        return None
    from grader.reports.path_plot import path_svg  # noqa: PLC0415 - matplotlib takes half a second, and few pages draw

    # Safe: the picture is drawn from numbers alone, no text of a student is in it.
    return Markup(path_svg(drawing, problem.contours(verdict.part)))  # noqa: S704
