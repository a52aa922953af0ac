"""One student's page: report.html, a single file without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader.course import Homework, Problem
from grader.records import CellFailure, Grade, Outcome, Verdict
from grader.reports.path_plot import path_svg
from grader.reports.points import Totals, points_text, totals

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,  # everything a student wrote is hostile
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
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
        points = _points_of(
            sum(earned, Fraction(0)) if earned else None, sum((v.max_points for v in verdicts), Fraction(0))
        )
        yield ProblemView(problem.spec.title, points, tuple(_part(problem, verdict) for verdict in verdicts))


def _points_of(points: Fraction | None, of: Fraction) -> str:
    words = points_text(of)
    return f"pending, of {words}" if points is None else f"{points_text(points)} of {words}"


def _part(problem: Problem, verdict: Verdict) -> PartView:
    return PartView(
        title=problem.sections[verdict.part].title,
        verdict=verdict,
        mark=MARKS.get(verdict.outcome, PENDING_MARK),
        points=_points_of(verdict.points, verdict.max_points),
        cell="" if verdict.cell is None else f"cell {verdict.cell + 1}",
        picture=_picture(problem, verdict),
    )


def _picture(problem: Problem, verdict: Verdict) -> Markup | None:
    drawing, contours = verdict.drawing, problem.parts[verdict.part].contours
    if drawing is None or len(drawing.reference[0]) != 2:  # noqa: PLR2004 - a page has two dimensions
        return None
    loss = problem.solver.solve(contours) if contours else None
    # Safe: the picture is drawn from numbers alone, no text of a student is in it.
    return Markup(path_svg(drawing, loss))  # noqa: S704
