"""The pages about one student, single files without scripts: report.html for the student, and one for the staff."""

from collections.abc import Iterator
from dataclasses import dataclass

from grader.course import Homework
from grader.page_files import Inline, inline
from grader.records import Grade, Outcome
from grader.reports.environment import FOLDER, TEMPLATES
from grader.reports.failure_view import FailureView, failure_view
from grader.reports.part_view import PartView, Readers, part_view
from grader.reports.places import EXECUTED, executed_address
from grader.reports.points import Totals, part_points, points_of, points_text, totals
from grader.reports.revealing import revealed

_STYLES = ("colours.css", "report.css", "pictures.css")


@dataclass(frozen=True)
class ProblemView:
    """What the page shows of one problem."""

    title: str
    points: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True)
class StudentPage:
    """Everything on the page."""

    title: str
    student: str
    staff: bool
    marked: bool
    """Whether anything is told of right and wrong."""
    received: str
    totals: Totals
    earned: str
    """Before anything is taken off for lateness."""
    max_points: str
    late: str
    note: str
    problems: tuple[ProblemView, ...]
    failures: tuple[FailureView, ...]
    cut: str
    """The cells of which not all output is kept."""
    notebook: str
    """Address of the notebook as it ran; empty if none did."""
    isolated: bool
    style: Inline


def student_html(grade: Grade, homework: Homework, *, executed: bool) -> str:
    """The page for the student as HTML text: what the homework reveals to students, and nothing else.

    Args:
        grade: the student's grade.
        homework: the homework it belongs to.
        executed: whether the executed notebook lies beside the page.
    """
    readers = Readers(homework.reveal.students, staff=False)
    return _html(grade, homework, readers, EXECUTED if executed else "")


def staff_html(grade: Grade, homework: Homework, *, executed: bool) -> str:
    """The page for the staff as HTML text, in a folder staff/<student>/ beside students/; takes what `student_html` does."""
    notebook = executed_address(grade.student) if executed else ""
    return _html(grade, homework, Readers(homework.reveal.staff, staff=True), notebook)


def _html(grade: Grade, homework: Homework, readers: Readers, notebook: str) -> str:
    told = revealed(grade, homework, readers.level, staff=readers.staff)
    page = StudentPage(
        title=homework.title,
        student=grade.student,
        staff=readers.staff,
        marked=readers.see_marks,
        received=received(told),
        totals=totals(told),
        earned=points_text(told.points),
        max_points=points_text(told.max_points),
        late=told.late.words if told.late else "",
        note=told.note,
        problems=tuple(_problems(told, homework, readers)),
        failures=tuple(map(failure_view, told.failures)),
        cut=", ".join(str(cell + 1) for cell in told.cut),
        notebook=notebook,
        isolated=told.isolation != "none",
        style=inline(FOLDER, *_STYLES),
    )
    return TEMPLATES.get_template("report.html").render(page=page)


def received(grade: Grade) -> str:
    """How many answers came in, in words: "12 of 14 answers received"."""
    missing = {Outcome.BLANK, Outcome.DID_NOT_RUN}
    answered = sum(verdict.outcome not in missing for verdict in grade.verdicts)
    return f"{answered} of {len(grade.verdicts)} answers received"


def _problems(grade: Grade, homework: Homework, readers: Readers) -> Iterator[ProblemView]:
    for number, problem in enumerate(homework.problems, start=1):
        verdicts = [verdict for verdict in grade.verdicts if verdict.problem == problem.name]
        parts = (
            part_view(problem, verdict, readers, f"{number}-{part}", grade.note)
            for part, verdict in enumerate(verdicts, start=1)
        )
        points = part_points(*verdicts) if readers.see_marks else f"of {points_of(*verdicts)}"
        yield ProblemView(problem.spec.title, points, tuple(parts))
