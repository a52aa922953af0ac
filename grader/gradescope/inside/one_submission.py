"""One submission inside Gradescope, from its folder to its results. Nothing here depends on what time it is."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from grader.conditions import conditions
from grader.errors import InfrastructureError
from grader.grades import Grades
from grader.gradescope.entries import of_autograder
from grader.gradescope.inside.earlier import allowance
from grader.gradescope.inside.for_staff import (
    said_of_allowance,
    said_of_grade,
    said_of_limits,
    said_of_pending,
    said_of_points,
    said_of_submission,
)
from grader.gradescope.inside.handing_again import results_again
from grader.gradescope.inside.limiting import limits_in_container, limits_in_time
from grader.gradescope.inside.memory import memory_of_container
from grader.gradescope.inside.metadata import Metadata
from grader.gradescope.inside.reading_metadata import read_metadata
from grader.gradescope.inside.searching import Found, find_notebook
from grader.gradescope.inside.sparing import spared, too_small
from grader.gradescope.manifest import MANIFEST, Manifest
from grader.gradescope.reporting import is_told, results_of
from grader.gradescope.results import Circumstances
from grader.kernel_choice import Isolation, kernels_for
from grader.loading import load_course
from grader.pipeline import Run, graded_without_run
from grader.records import Grade, Status

METADATA = "submission_metadata.json"
_SECRET = ("source", "results", "submission", METADATA)
"""What no notebook may read, not even that of the same student: nothing is lost by that, and no file of theirs is there elsewhere."""

_COUNTS = {Status.GRADED, Status.NEEDS_REVIEW}
"""Against the most submissions that are graded: not a fault of ours, nor what is no notebook of the homework."""


@dataclass(frozen=True)
class Order:
    """What is to be graded, and until when."""

    folder: Path
    """Shaped like /autograder, with the archive in `source`."""
    started: float
    """When grading has begun, by the monotonic clock."""
    deadline: float
    """When all has to be done, by the same clock."""
    tell: Callable[[Iterable[str]], None]
    """Prints lines for the staff."""


def graded(order: Order) -> bytes:
    """results.json for the submission in a folder.

    Raises:
        GraderError: the archive is damaged, student code cannot be contained, or the grader has failed so that there is nothing
            to tell a student.
    """
    source = order.folder / "source"
    manifest = Manifest.model_validate_json((source / MANIFEST).read_bytes())
    course = load_course(source / "course")
    homework = course.homework(manifest.homework)
    metadata = read_metadata(order.folder / METADATA)
    allowed = allowance(metadata, homework.autograder)
    order.tell([*said_of_points(metadata, manifest), *said_of_allowance(allowed)])
    again = results_again(metadata, homework.autograder, allowed, manifest.course)
    if again is not None:
        order.tell(["not graded: the last results are handed out again"])
        return again.as_json()
    with tempfile.TemporaryDirectory() as unpacked:
        found = find_notebook(order.folder / "submission", course, homework, metadata, Path(unpacked))
        order.tell(said_of_submission(found, metadata))
        grade = _grade(order, Grades(course, homework), found)
    order.tell([*said_of_pending(of_autograder(grade, homework)), *said_of_grade(grade)])
    if not is_told(grade):
        raise InfrastructureError(grade.note or "what the parts above say to be a fault has to be mended first")
    about = Circumstances(
        notebook=found.name,
        notes=found.notes,
        seconds=monotonic() - order.started,
        counted=allowed.counted if grade.status in _COUNTS else allowed.earlier,
        course=manifest.course,
        group=_group(metadata),
    )
    results = results_of(grade, homework, about)
    order.tell([f"score: {results.score:g}"])
    return results.as_json()


def _grade(order: Order, grades: Grades, found: Found) -> Grade:
    """The grade of what was found. Kernels are started only for what is run."""
    without_run = graded_without_run(grades, found.handed)
    if without_run is not None:
        return without_run.grade
    homework = grades.homework
    limits = limits_in_container(homework.limits, homework.autograder.slower, memory_of_container())
    secret = [path for name in _SECRET if (path := order.folder / name).exists()]
    with kernels_for(grades.course, homework, limits, Isolation(), secret) as kernels:
        limits = limits_in_time(limits, order.deadline - monotonic())
        order.tell([said_of_limits(limits)])
        grade = Run(grades, kernels, conditions(homework.asked, limits, homework.preload)).grade(found.handed).grade
    kept = spared(grade, homework.limits, limits)
    order.tell([too_small(homework.limits, limits)] if kept != grade else [])
    return kept


def _group(metadata: Metadata) -> tuple[str, ...]:
    names = tuple(one.name for one in metadata.submitters if one.name)
    return names if len(names) > 1 else ()
