"""The commands that work on results and run nothing. What they need is imported when they are called, as in `grader.cli`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from grader.cli_options import (
    ByOption,
    CourseOption,
    HomeworkOption,
    JsonOption,
    OutArgument,
    QuietOption,
    StoreOption,
    course_folder,
    shown,
    somebody,
)
from grader.exit_codes import FAULT

app = typer.Typer(add_completion=False)
review = typer.Typer(no_args_is_help=True, help="What waits for a person: out to a file, and back with marks.")
app.add_typer(review, name="review")


@app.command()
def regrade(
    out: OutArgument,
    homework: HomeworkOption = None,
    course: CourseOption = None,
    store: StoreOption = None,
    by: ByOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show who would change; nothing is recorded.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes that mark at a time.")] = os.cpu_count()
    or 1,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Mark again from the record after the course has changed; nothing is run. Shows who changes by how much and why.

    Exit code 1: the grader or a problem failed for at least one student, whose points are pending.
    """
    from grader.json_output import as_document
    from grader.recorded_classes import Where
    from grader.regrading import Order
    from grader.regrading import regrade as regrade_all

    where = Where(out, course_folder(course), store, homework)
    regraded = regrade_all(Order(where, somebody(by), dry_run, jobs, shown(quiet=quiet, as_json=as_json)))
    if as_json:
        typer.echo(as_document("regrade", regraded, dry_run=dry_run))
    if any(one.has_fault for one in regraded):
        raise typer.Exit(FAULT)


@review.command("export")
def review_export(
    out: OutArgument,
    file: Annotated[Path, typer.Option("-o", "--out", help="A .csv file, or an .html page.")] = Path("review.csv"),
    part: Annotated[
        list[str] | None, typer.Option("--part", help="Only this part; may be given several times.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what is decided.")] = False,
    homework: HomeworkOption = None,
    course: CourseOption = None,
    store: StoreOption = None,
) -> None:
    """Write what waits for a person, grouped by question, similar answers side by side."""
    from grader.recorded_classes import Where
    from grader.reviewing import export_review

    export_review(Where(out, course_folder(course), store, homework), file, part or [], everything=everything)


@review.command("import")
def review_import(
    out: OutArgument,
    file: Annotated[Path, typer.Argument(help="The CSV with the marks.", show_default=False)],
    by: ByOption = None,
    skip_troubles: Annotated[
        bool, typer.Option("--skip-troubles", help="Take the sound rows although others are not.")
    ] = False,
    homework: HomeworkOption = None,
    course: CourseOption = None,
    store: StoreOption = None,
) -> None:
    """Take marks and comments back, and record who gave them."""
    from grader.recorded_classes import Where
    from grader.reviewing import import_review

    import_review(Where(out, course_folder(course), store, homework), file, somebody(by), partly=skip_troubles)


@app.command(context_settings={"ignore_unknown_options": True})
def mark(
    out: OutArgument,
    student: Annotated[str, typer.Argument(show_default=False)],
    part: Annotated[str, typer.Argument(help="Its name, or problem.part.", show_default=False)],
    points: Annotated[str, typer.Argument(help="A number; - takes an earlier mark back.", show_default=False)],
    why: Annotated[str, typer.Option("--why", help="For the staff and the history.")],
    comment: Annotated[str, typer.Option("--comment", help="For the student.")] = "",
    by: ByOption = None,
    homework: HomeworkOption = None,
    course: CourseOption = None,
    store: StoreOption = None,
) -> None:
    """Give one part of one student a mark, whatever the grader says."""
    from grader.persons import Mark
    from grader.persons import mark as give
    from grader.recorded_classes import Where

    where = Where(out, course_folder(course), store, homework)
    give(where, Mark(student, part, points, why, comment), somebody(by))


@app.command()
def history(
    out: OutArgument,
    student: Annotated[str, typer.Argument(show_default=False)],
    homework: HomeworkOption = None,
    course: CourseOption = None,
    store: StoreOption = None,
) -> None:
    """Show all that was recorded of a student: submissions, grades, and the marks of persons."""
    from grader.history import show_history
    from grader.recorded_classes import Where

    show_history(Where(out, course_folder(course), store, homework), student)


@app.command()
def withdraw(
    out: OutArgument,
    students: Annotated[list[str], typer.Argument(show_default=False)],
    by: ByOption = None,
    homework: HomeworkOption = None,
    course: CourseOption = None,
    store: StoreOption = None,
) -> None:
    """Take students out of the class. Their history stays, and grading them again brings them back."""
    from grader.persons import withdraw as take_out
    from grader.recorded_classes import Where

    take_out(Where(out, course_folder(course), store, homework), students, somebody(by))


@app.command()
def export(
    out: OutArgument,
    to: Annotated[
        str,
        typer.Option("--to", help="csv, canvas, moodle, nbgrader, brightspace or blackboard.", show_default=False),
    ],
    into: Annotated[
        Path | None, typer.Option("--into", help="The platform's own downloaded file, which is filled in.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("-o", "--out", help="Where to write; without it only the difference is shown.")
    ] = None,
    feedback: Annotated[
        Path | None, typer.Option("--feedback", help="Also write an archive of the students' reports.")
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(
            "--column", help="The column of the file, where it cannot be told; for nbgrader the assignment's name."
        ),
    ] = None,
    pending: Annotated[
        bool, typer.Option("--pending", help="Send decided points although others still wait for a person.")
    ] = False,
    missing_as_zero: Annotated[
        bool, typer.Option("--missing-as-zero", help="Send 0 for who has handed nothing in.")
    ] = False,
    scale: Annotated[
        str | None, typer.Option("--scale", help="Points there for one point here, such as 0.5 or 1/5.")
    ] = None,
    decimal_mark: Annotated[
        str | None, typer.Option("--decimal-mark", help="A point or a comma, where the file does not tell.")
    ] = None,
    comments: Annotated[
        bool, typer.Option("--comments", help="Moodle: also write what students are told into the comments.")
    ] = False,
    homework: HomeworkOption = None,
    course: CourseOption = None,
    store: StoreOption = None,
) -> None:
    """Write the grades as a platform takes them. Shows the difference first: old, new, unmatched, out of range."""
    from grader.exporting import Order
    from grader.exporting import decimal_mark as mark_in
    from grader.exporting import export as export_grades
    from grader.exporting import scale as scale_in
    from grader.exports import Options
    from grader.recorded_classes import Where

    options = Options(
        into=into, column=column, pending=pending, missing_as_zero=missing_as_zero, scale=scale_in(scale),
        decimal_mark=mark_in(decimal_mark), comments=comments,
    )  # fmt: skip
    export_grades(Where(out, course_folder(course), store, homework), Order(to, options, file, feedback))
