"""The commands and their options. Only this module sets exit codes.

Exit codes: 0 the run worked, whatever the marks; 1 the grader or a problem failed for at least one student, whose points
are pending, or a report could not be written; 2 wrong use or bad input, and nothing was graded; 130 interrupted.

What a command needs is imported when it is called: importing all takes a second, which nobody should wait who asks for help, and in
which kernels can start.
"""

import json
import logging
import os
import signal
import sys
import tempfile
from contextlib import nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from grader import __version__
from grader.cli_gradescope import app as gradescope_commands
from grader.cli_options import (
    ByOption,
    CourseOption,
    JsonOption,
    QuietOption,
    StoreOption,
    course_folder,
    shown,
    somebody,
)
from grader.cli_results import app as results_commands
from grader.cli_selfcheck import app as selfcheck_commands
from grader.console import Log, err_console, inert, out_console
from grader.course_folder import likely_modules
from grader.errors import GraderError, InfrastructureError, unwritable
from grader.exit_codes import BAD_INPUT, FAULT, INTERRUPTED

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
# By their modules: a name asked of the package itself would load all that it offers.
app.add_typer(results_commands)
app.add_typer(selfcheck_commands)
app.add_typer(gradescope_commands, name="gradescope")

RosterOption = Annotated[
    list[Path] | None,
    typer.Option("--roster", help="CSV that says who is in the class; may be given several times."),
]
FormOption = Annotated[
    str | None,
    typer.Option("--form", help="Whose download it is, such as canvas; by default it is recognised."),
]
PathsArgument = Annotated[
    list[Path], typer.Argument(help="Notebooks, folders, or archives as downloaded.", show_default=False)
]


def _size(text: str) -> int:
    """Bytes, from a number with or without a unit."""
    from pydantic import ByteSize, TypeAdapter, ValidationError

    try:
        size = TypeAdapter(ByteSize).validate_python(text)
    except ValidationError:
        raise typer.BadParameter(f"{text!r} is no size, such as 512MiB or 2GiB") from None
    return size


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
    paths: PathsArgument,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for gradebook.csv and students/.")] = Path("reports"),
    homework: Annotated[str | None, typer.Option(help="By default the one that most notebooks answer.")] = None,
    course: CourseOption = None,
    roster: RosterOption = None,
    form: FormOption = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Only this student; may be given several times.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Run again what has run before.")] = False,
    store: StoreOption = None,
    by: ByOption = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Notebooks that run at a time.")] = os.cpu_count()
    or 1,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds for one cell.")] = None,
    notebook_timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds for one notebook.")] = None,
    memory: Annotated[
        int | None, typer.Option(parser=_size, metavar="SIZE", help="Memory for one notebook, such as 2GiB.")
    ] = None,
    disk: Annotated[
        int | None, typer.Option(parser=_size, metavar="SIZE", help="What one notebook may write, such as 256MiB.")
    ] = None,
    processes: Annotated[int | None, typer.Option(min=32, help="Processes and threads of one notebook.")] = None,
    isolation: Annotated[
        str | None, typer.Option(help="The only isolation tier that will do; see grader doctor.", metavar="TIER")
    ] = None,
    unsafe: Annotated[
        bool,
        typer.Option("--unsafe-no-sandbox", help="Run student code with your rights. Only for work that you trust."),
    ] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run, mark and report: notebooks in, a report per student and a gradebook out.

    What has run before is marked from the record, so that the same command goes on where it was stopped. Folders named after homeworks are classes of their own, with results in a folder of that name below OUT.
    """
    from grader.kernels.server_process import started_early

    root = course_folder(course)
    with nullcontext() if unsafe else started_early(likely_modules(root)):
        from grader.gathering import Asked
        from grader.grading import grade_all
        from grader.grading_order import Order
        from grader.json_output import as_document
        from grader.kernel_choice import Isolation

        limits = {
            "seconds_per_cell": timeout, "seconds_per_notebook": notebook_timeout,
            "memory_bytes": memory, "disk_bytes": disk, "processes": processes,
        }  # fmt: skip
        try:
            asked = Asked(paths, out, homework, roster or (), form, only or ())
            order = Order(
                asked, root, jobs, limits, Isolation(isolation, unsafe), by=somebody(by), store=store, force=force,
                shown=shown(quiet=quiet, as_json=as_json),
            )  # fmt: skip
            graded = grade_all(order)
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
    if as_json:
        typer.echo(as_document("grade", graded))
    if any(one.has_fault for one in graded):
        raise typer.Exit(FAULT)


@app.command()
def intake(
    paths: PathsArgument,
    homework: Annotated[str | None, typer.Option(help="By default the one that most notebooks answer.")] = None,
    course: CourseOption = None,
    roster: RosterOption = None,
    form: FormOption = None,
) -> None:
    """Show what would be graded, and why the rest would not, without running anything."""
    from grader.gathering import Asked
    from grader.taking_in import show_intake

    show_intake(course_folder(course), Asked(paths, Path("reports"), homework, roster or (), form))


@app.command()
def doctor() -> None:
    """Show what this machine can contain student code with, and what is missing.

    Exit code 0: student code can be contained. 1: it cannot.
    """
    from grader.doctor import examine, examined, verdict
    from grader.kernels.choosing import Wanted
    from grader.kernels.limits import Limits

    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder) / "secret"
        secret.write_text("what no notebook may read", encoding="utf-8")
        tried = examine(Wanted(Limits(), secret=(secret,)))
    out_console.print(examined(tried), verdict(tried), sep="\n")
    if not any(one.kernels for one in tried):
        raise typer.Exit(FAULT)


@app.command("release")
def release_command(
    homework: Annotated[str, typer.Argument(help="Name of the homework.", show_default=False)],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="By default HOMEWORK.ipynb.")] = None,
    checks: Annotated[
        bool, typer.Option("--checks", help="With cells in which students check their answers; see grader seal.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Write the notebook that students receive."""
    from grader.loading import load_course
    from grader.release import release

    notebook = release(load_course(course_folder(course)).homework(homework), checks=checks)
    path = out or Path(f"{homework}.ipynb")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise unwritable(path, error) from error
    out_console.print(f"wrote {inert(str(path))}", soft_wrap=True)


@app.command()
def validate(
    problems: Annotated[
        list[Path] | None, typer.Argument(help="Names or folders of problems; by default all.", show_default=False)
    ] = None,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="Show every mistake's value and what it collides with.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Prove problems: right answers earn full points, near misses do not, mistakes are told apart, nonsense is never right.

    What a part does not tell apart is declared in its file with a reason, as indistinguishable or alike.

    Exit code 0: every problem is proven. 2: one has an error, or a warning that its file does not explain.
    """
    from grader.loading import load_course
    from grader.validating import all_proven

    if not all_proven(load_course(course_folder(course)), problems or [], matrix=matrix):
        raise typer.Exit(BAD_INPUT)


def main() -> None:
    """The console command. Errors that the grader knows are printed in words, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name may have letters that the terminal has not
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", handlers=[Log()])
    # Whoever ends the run this way, or closes its terminal, wants no kernel left, either.
    for name in ("SIGTERM", "SIGHUP"):
        ending = getattr(signal, name, None)  # Windows has no terminal that hangs up
        if ending is not None and signal.getsignal(ending) is signal.SIG_DFL:
            signal.signal(ending, signal.default_int_handler)
    try:
        app()
    except GraderError as error:
        err_console.print(f"[bold red]error:[/] {inert(str(error))}", soft_wrap=True)
        sys.exit(FAULT if isinstance(error, InfrastructureError) else BAD_INPUT)
