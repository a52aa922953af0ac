"""What is said of a class at the end of grading it: the results, and what whoever grades should know besides."""

from collections.abc import Sequence

from grader.console import Shown, inert, out_console, warn, warn_of_each
from grader.gathering import Class_
from grader.records import Status
from grader.reports.places import CLASS_PAGE, GRADEBOOK, students_folder
from grader.reports.standing import Standing
from grader.some_of_many import some
from grader.terminal import class_view

_OF_PLATFORM = ("is the platform's", "is nbgrader's")
"""How the reason begins why something is left out that a platform has added."""


def summarize(shown: Shown, class_: Class_, graded: Sequence[Standing], everybody: Sequence[Standing]) -> None:
    """Prints the results, and warns of what is not as usual.

    Args:
        shown: what is printed besides warnings.
        class_: what was handed in.
        graded: the students that were graded now.
        everybody: all that are in the gradebook.
    """
    shown.show(*class_view(graded, out_console.width))
    for one in graded:
        if one.note and one.status is not Status.NO_SUBMISSION:
            other = " (--homework NAME grades it as another one)" * (one.status is Status.OTHER_HOMEWORK)
            warn(f"{one.student}: {one.note}{other}")
    # What a platform adds for its own use is nobody's work; grader intake lists it.
    left_out = [one for one in class_.left_out if not one.why.startswith(_OF_PLATFORM)]
    if left_out:
        warn_of_each("left out", [f"{one.path}: {one.why}" for one in left_out])
    here = {one.student for one in graded}
    if others := [one.student for one in everybody if one.student not in here]:
        number = len(others)
        warn(f"the gradebook has {number} student{'s' * (number != 1)} more from earlier runs: {some(others)}")
    out = class_.out
    shown.show(
        f"\nreports in {inert(str(students_folder(out)))}, gradebook in {inert(str(out / GRADEBOOK))}"
        + (f",\nthe class in {inert(str(out / CLASS_PAGE))}" if (out / CLASS_PAGE).is_file() else "")
    )
