"""From a grade to results.json: the entries of the parts, and words above them, as much as the homework reveals."""

from dataclasses import dataclass, replace
from fractions import Fraction

from grader import __version__
from grader.autograder_settings import Visibility
from grader.course import Homework
from grader.gradescope.entries import entries, latest, of_autograder, readers_of, visibilities
from grader.gradescope.markup import html
from grader.gradescope.results import COUNTED, FAULT, Circumstances, Results
from grader.records import Grade, Outcome, Status
from grader.reports.failure_view import FailureView, failure_view
from grader.reports.points import is_decided, points_text, rounded_points
from grader.reports.student_page import received

NOT_GRADED = "Not graded yet"
"""What students read where the grader has failed."""
NOTHING_GRADED = "Nothing was graded"
"""What they read where they can mend it."""
ALL_BLANK = "No answer was found in it. An answer belongs in the cell that begins with # Answer: and its name. Was this the right file?"
UNTIL_THEN = "Until then it counts as no points."
LATER: dict[Visibility, str] = {
    "visible": "Marks are not shown yet.",
    "after_due_date": "All points are shown after the due date.",
    "after_published": "All points are shown when grades are published.",
    "hidden": "Not all points are shown here.",
}
"""What is said of the total where some part is not visible yet, by the part that is seen last."""
MOST_FAILURES = 10
"""Cells that failed of which a student is told; the first is nearly always the reason for the others."""
_MARKED = {Status.GRADED, Status.NEEDS_REVIEW, Status.FAULT}


@dataclass(frozen=True)
class Summary:
    """What stands above all entries."""

    headline: str
    note: str
    """Why nothing was graded, or nothing found; else empty."""
    pending: str
    """Points that wait for a person although the autograder has them; empty if none do, or nobody is told."""
    by_hand: str
    """Points of the written parts; empty if there are none."""
    later: str
    """When points are shown, where they are not yet."""
    late: str
    is_marked: bool
    notebook: str
    notes: tuple[str, ...]
    group: tuple[str, ...]
    failures: tuple[FailureView, ...]
    more_failures: int
    """How many are not shown."""
    cut: str
    """The cells of which not all output is kept."""


def is_told(grade: Grade) -> bool:
    """Whether a student is told anything but that the grader has failed. A fault in one part leaves the others as they are."""
    return grade.status is not Status.FAULT or any(not one.outcome.is_fault for one in grade.verdicts)


def results_of(grade: Grade, homework: Homework, about: Circumstances) -> Results:
    """What Gradescope is handed for a grade.

    The score is of what the autograder decides. What a person has to look at first has no points yet: it is neither zero nor in
    the sum. Students are told of each part what the homework reveals to them.

    Args:
        grade: of the submission.
        homework: with its settings for Gradescope.
        about: what else is to be said.
    """
    is_marked, summary = _is_marked(grade), _summary(grade, homework, about)
    machine = of_autograder(grade, homework, written=about.written)
    without_failures = replace(summary, failures=(), more_failures=len(grade.failures))
    return Results(
        score=rounded_points(machine.total) if is_marked else 0.0,
        output=html("summary.html", summary, without_failures),
        execution_time=round(about.seconds, 3),
        tests=entries(grade, homework, written=about.written) if is_marked else (),
        extra_data={
            "grader": __version__,
            "homework": homework.name,
            "course": about.course,
            **({"status": str(grade.status)} if readers_of(homework).see_marks else {}),
            "isolation": grade.isolation,
            FAULT: grade.status is Status.FAULT or any(verdict.outcome.is_fault for verdict in grade.verdicts),
            COUNTED: [one.isoformat() for one in about.counted],
        },
    )


def _summary(grade: Grade, homework: Homework, about: Circumstances) -> Summary:
    is_marked = _is_marked(grade)
    machine, told = of_autograder(grade, homework, written=about.written), _tells_points(homework)
    lost = machine.late is not None and machine.late.share == 1
    pending = machine.pending_points if is_marked and told and not lost else 0
    by_hand = 0 if about.written else grade.pending_points - machine.pending_points
    failures = grade.failures[:MOST_FAILURES]
    return Summary(
        headline=_headline(grade, machine, told=told),
        note=_note(grade, is_marked=is_marked),
        pending=points_text(Fraction(pending)) if pending else "",
        by_hand=points_text(Fraction(by_hand)) if is_marked and by_hand else "",
        later="" if told or not is_marked else LATER[latest(visibilities(homework).values())],
        late=grade.late.words if grade.late else "",
        is_marked=is_marked,
        notebook=about.notebook,
        notes=about.notes,
        group=about.group,
        failures=tuple(map(failure_view, failures)),
        more_failures=len(grade.failures) - len(failures),
        cut=", ".join(str(cell + 1) for cell in grade.cut),
    )


def _note(grade: Grade, *, is_marked: bool) -> str:
    """What whoever handed in has to know before all else; empty where the points say it."""
    if is_marked:
        return ALL_BLANK if all(one.outcome is Outcome.BLANK for one in grade.verdicts) else ""
    return grade.note if grade.status is Status.FAULT else f"{grade.note} {UNTIL_THEN}"


def _is_marked(grade: Grade) -> bool:
    """Whether there are entries to show: a notebook of this homework was marked, at least in part."""
    return grade.status in _MARKED and is_told(grade)


def _tells_points(homework: Homework) -> bool:
    """Whether students see the total: only where nothing of it is hidden."""
    return readers_of(homework).see_marks and set(visibilities(homework).values()) == {"visible"}


def _headline(grade: Grade, machine: Grade, *, told: bool) -> str:
    if not _is_marked(grade):
        return NOT_GRADED if grade.status is Status.FAULT else NOTHING_GRADED
    if told and is_decided(machine):
        return f"{points_text(machine.total)} of {points_text(machine.max_points)} points"
    return received(grade)
