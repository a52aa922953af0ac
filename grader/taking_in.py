"""`grader intake`: what would be graded, and why the rest would not. Nothing is run."""

from pathlib import Path

from grader.console import inert, out_console, warn
from grader.gathering import Asked, gathered
from grader.intake_table import intake_tables
from grader.loading import read_course


def show_intake(course: Path, asked: Asked) -> None:
    """Prints every class in the paths.

    Raises:
        InputError: there is nothing to grade, or a roster cannot be read.
        ProblemError: a file of the course is wrong.
    """
    with gathered(read_course(course), asked) as found:
        for one in found.classes:
            form = f", from {one.intake.form}" if one.intake.form else ""
            out_console.print(f"[bold]{inert(one.homework.name)}[/]: {inert(one.homework.title)}{inert(form)}")
            out_console.print(intake_tables(one.intake, one.handed, one.left_out, one.homework.name))
        for trouble in found.troubles:
            warn(trouble)
