"""`grader gradescope replay`: the results of a recorded class as an archive that hands them out inside Gradescope."""

from pathlib import Path

from grader.console import inert, out_console, warn
from grader.gradescope.replay.replaying import write_replay
from grader.loading import read_course
from grader.recorded_classes import Where, the_recorded_class
from grader.reports.points import points_text
from grader.results import results
from grader.some_of_many import some


def replay(where: Where, out: Path) -> None:
    """Writes the archive and says what to type into Gradescope's forms.

    Raises:
        InputError: there is no such class, its marks are older than the course, or the file cannot be written.
    """
    with the_recorded_class(read_course(where.course), where) as class_:
        made = write_replay(results(class_.store, class_.homework.name), class_.homework, out)
    for words in made.left_out:
        warn(f"{words}; told to be not graded yet")
    if made.by_name:
        warn(
            f"found by name only, since neither an e-mail address nor a number is known: {some(made.by_name)}; "
            "grade with --roster, or from Gradescope's own export"
        )
    if made.pending:
        warn(
            f"points are pending for {len(made.pending)}: {some(made.pending)}; review them first (grader review export), or make the archive "
            "again afterwards"
        )
    points = points_text(class_.homework.max_points)
    out_console.print(
        f"wrote {inert(str(out))}: the results of {made.students} students; upload it under Configure Autograder",
        f"Autograder points: {points}, marks of persons included; add no manual questions",
        "then press Regrade All Submissions; with new marks, make it again and upload it again",
        sep="\n",
        soft_wrap=True,
    )
