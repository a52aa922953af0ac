"""`grader history`: all that was recorded of one student, in the order in which it came."""

from collections.abc import Iterable

from rich.table import Table

from grader.console import inert, out_console
from grader.errors import InputError
from grader.loading import read_course
from grader.recorded_classes import Where, the_recorded_class
from grader.records import Edit, Grade, Submission
from grader.reports.points import points_text, totals
from grader.store import Event


def show_history(where: Where, student: str) -> None:
    """Prints it; InputError if the record has nothing of such a student."""
    with the_recorded_class(read_course(where.course), where) as class_:
        events = class_.store.history(class_.homework.name, student)
        if not events:
            names = [
                name for name in class_.store.students(class_.homework.name) if name.casefold() == student.casefold()
            ]
            hint = f"; is {names[0]!r} meant?" if names else "; gradebook.csv has the names"
            raise InputError(f"the record of {where.out} has nothing of {student!r}{hint}")
        out_console.print(history_table(events))


def history_table(events: Iterable[Event]) -> Table:
    """When, who, and what, to fit 80 columns."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("when", no_wrap=True)
    table.add_column("who", overflow="fold", max_width=12)
    table.add_column("command", no_wrap=True)
    table.add_column("what", overflow="fold")
    for one in events:
        when = one.at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
        table.add_row(when, inert(one.by), inert(one.command), inert(_words(one)))
    return table


def _words(event: Event) -> str:
    match event.what:
        case Submission() as submission:
            if event.withdrawn:
                return "not in the class any more"
            if submission.missing:
                return "nothing handed in"
            when = f" of {submission.submitted.astimezone():%Y-%m-%d %H:%M}" if submission.submitted else ""
            return f"submission{when}: {submission.origin} (sha256 {submission.digest[:12]})"
        case Grade() as grade:
            pending = f", {points_text(grade.pending_points)} pending" if grade.pending_points else ""
            by = f"grader {event.grader_version}, course {event.course_hash[:8]}, marks of persons apart"
            return f"{totals(grade).points or 'nothing decided'} of {points_text(grade.max_points)}{pending}, {grade.status} ({by})"
        case Edit() as edit:
            old, new = (
                "pending" if points is None else points_text(points) for points in (edit.old_points, edit.points)
            )
            new = "mark taken back" if edit.points is None else new
            why = f": {edit.why}" if edit.why else ""
            why += f" (to the student: {edit.comment})" if edit.comment else ""
            return f"{edit.problem}.{edit.part} {old} to {new} by {edit.by}{why}"
