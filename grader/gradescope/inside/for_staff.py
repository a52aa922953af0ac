"""What the staff reads beside the results of a submission, as plain text: what was graded, how, and what stands behind each mark."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from grader.console import printable
from grader.gradescope.inside.earlier import Allowance
from grader.gradescope.inside.metadata import Metadata
from grader.gradescope.inside.searching import Found
from grader.gradescope.manifest import Manifest
from grader.kernels.limits import Limits
from grader.records import Grade, Verdict
from grader.reports.points import part_points, points_text

_MOST_CHARACTERS = 200
"""Of one text of a student."""
_MOST_FAILURES = 20


def said_of_submission(found: Found, metadata: Metadata) -> Iterator[str]:
    """Lines about what was handed in.

    Args:
        found: what is graded.
        metadata: of the submission.
    """
    yield f"submission: {_short(metadata.id) or 'unknown'}, handed in {metadata.submitted or 'at an unknown time'}"
    yield f"notebook: {found.name or 'none'}"
    yield from _indented(found.notes)
    if found.handed.trouble:
        yield f"trouble: {printable(found.handed.trouble)}"
    yield from (f"metadata: {_short(trouble)}" for trouble in metadata.troubles)


def said_of_points(metadata: Metadata, manifest: Manifest) -> Iterator[str]:
    """A line where the assignment has fewer points than its autograder gives.

    Args:
        metadata: of the submission.
        manifest: of the archive.
    """
    typed, ours = metadata.total_points, Fraction(str(manifest.points.autograder))
    if typed is not None and typed < ours:
        yield (
            f"points: the assignment has {points_text(typed)} in all, the autograder alone gives {points_text(ours)}; type "
            f"{points_text(ours)} as Autograder points in the assignment's settings"
        )


def said_of_allowance(allowed: Allowance) -> Iterator[str]:
    """A line where a submission is over the limit.

    Args:
        allowed: by the limit.
    """
    if allowed.next_at is not None:
        yield f"over the limit until {allowed.next_at}; these count: {', '.join(map(str, allowed.earlier))}"


def said_of_limits(limits: Limits) -> str:
    """One line about what the notebook may take."""
    mib = 1024**2
    return (
        f"limits: {limits.seconds_per_cell:g} s for a cell, {limits.seconds_per_notebook:.0f} s for the notebook, "
        f"{limits.memory_bytes // mib} MiB of memory, {limits.disk_bytes // mib} MiB of files"
    )


def said_of_pending(machine: Grade) -> Iterator[str]:
    """A line about the points that the score does not have yet.

    Args:
        machine: the grade of the parts that the autograder decides; others are manual questions.
    """
    if machine.pending_points:
        yield f"pending: {points_text(machine.pending_points)} of {points_text(machine.max_points)} points are missing from the score"


def said_of_grade(grade: Grade) -> Iterator[str]:
    """Lines about the marks: every part with its finding and how the answer was read, whatever students are told."""
    yield f"{grade.status}: {points_text(grade.total)} of {points_text(grade.max_points)} points; isolation {grade.isolation or 'not needed'}, {grade.seconds:.1f} s"
    yield from _indented([grade.note] if grade.note else [])
    if grade.late:
        yield f"late: {grade.late.words}"
    for verdict in grade.verdicts:
        yield from _part(verdict)
    for failure in grade.failures[:_MOST_FAILURES]:
        yield f"{failure.place}: {failure.kind}: {_short(f'{failure.name} {failure.message}')}"


def _part(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.problem}.{verdict.part}: {part_points(verdict)}, {verdict.outcome}, {printable(verdict.finding)}"
    told = {"answer": verdict.answer, "read as": verdict.read_as, "expected": verdict.expected, "said": verdict.message}
    yield from _indented(f"{name}: {_short(text)}" for name, text in told.items() if text)


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {printable(line)}" for line in lines)


def _short(text: str) -> str:
    line = printable(text[: _MOST_CHARACTERS + 1])
    return line if len(line) <= _MOST_CHARACTERS else f"{line[:_MOST_CHARACTERS]}…"
