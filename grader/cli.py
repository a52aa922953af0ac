"""The commands. Only this module prints and sets exit codes.

Exit codes: 0 the run worked, whatever the marks; 1 the grader or a problem failed for at least one student, whose points
are pending; 2 wrong use or bad input, and nothing was graded; 130 interrupted.
"""

import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from grader import __version__
from grader.course import Course
from grader.errors import GraderError
from grader.intake import collect
from grader.kernels.plain import PlainKernels
from grader.loading import find_course, load_course
from grader.pipeline import Run, choose_homework, read_all, student_folder
from grader.records import Grade, Status
from grader.release import release
from grader.reports.writing import write_gradebook, write_student
from grader.terminal import class_table, progress

BAD_INPUT, FAULT, INTERRUPTED = 2, 1, 130

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
out_console, err_console = Console(highlight=False), Console(stderr=True, highlight=False)

CourseOption = Annotated[
    Path | None,
    typer.Option("--course", help="Folder with problems/ and reference/. By default the nearest one upwards."),
]


def _version(wanted: bool) -> None:
    if wanted:
        out_console.print(f"grader {__version__}")
        raise typer.Exit


@app.callback()
def grader(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Grades deep-learning homework in Jupyter notebooks."""


@app.command()
def grade(
    paths: Annotated[list[Path], typer.Argument(help="Notebooks, or folders of notebooks.", show_default=False)],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for gradebook.csv and students/.")] = Path("reports"),
    homework: Annotated[str | None, typer.Option(help="By default the one that most notebooks answer.")] = None,
    course: CourseOption = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Notebooks that run at a time.")] = os.cpu_count()
    or 1,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds for one cell.")] = None,
    notebook_timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds for one notebook.")] = None,
) -> None:
    """Run, mark and report: notebooks in, a report per student and a gradebook out."""
    loaded = _course(course)
    intake = collect(paths)
    handed = read_all(intake.submissions)
    chosen = loaded.homework(homework) if homework else choose_homework(handed, loaded)
    err_console.print(f"{chosen.name}: {escape(chosen.title)}, {len(handed)} submissions")
    if PlainKernels.isolation == "none":
        _warn(
            "kernels are NOT ISOLATED: student code runs with your rights on this machine. Grade only work you trust."
        )
    changed = {"seconds_per_cell": timeout, "seconds_per_notebook": notebook_timeout}
    limits = chosen.limits.model_copy(update={name: value for name, value in changed.items() if value is not None})
    run = Run(loaded, chosen, PlainKernels(), limits)
    grades: list[Grade] = []
    with progress(err_console, len(handed)) as advance:
        for graded in run.grade_all(handed, jobs):
            write_student(student_folder(out, graded.grade.student), graded.grade, graded.execution, chosen)
            grades.append(graded.grade)
            advance(graded.grade)
    grades.sort(key=lambda one: one.student.casefold())
    write_gradebook(out, grades, chosen)
    _summary(grades, out, intake.left_out)
    if any(one.status is Status.FAULT for one in grades):
        raise typer.Exit(FAULT)


@app.command("release")
def release_command(
    homework: Annotated[str, typer.Argument(help="Name of the homework.", show_default=False)],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="By default HOMEWORK.ipynb.")] = None,
    course: CourseOption = None,
) -> None:
    """Write the notebook that students receive."""
    notebook = release(_course(course).homework(homework))
    path = out or Path(f"{homework}.ipynb")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    out_console.print(f"wrote {escape(str(path))}")


def main() -> NoReturn:
    """The console command. Errors that the grader knows are printed in words, without a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        app(standalone_mode=True)
    except GraderError as error:
        err_console.print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        err_console.print("interrupted; the reports of finished students are written")
        sys.exit(INTERRUPTED)
    sys.exit(0)


def _course(folder: Path | None) -> Course:
    return load_course(folder or find_course(Path.cwd()))


def _warn(words: str) -> None:
    err_console.print(f"[bold yellow]warning:[/] {escape(words)}", soft_wrap=True)


def _summary(grades: Sequence[Grade], out: Path, left_out: Sequence[Path]) -> None:
    out_console.print(class_table(grades))
    for one in grades:
        if one.note:
            _warn(f"{one.student}: {one.note}")
    if left_out:
        err_console.print(f"left out, no notebooks: {escape(', '.join(map(str, left_out)))}", soft_wrap=True)
    out_console.print(
        f"\nreports in {escape(str(out))}/, gradebook in {escape(str(out / 'gradebook.csv'))}", soft_wrap=True
    )
