"""The commands. Only this module prints and sets exit codes.

Exit codes: 0 the run worked, whatever the marks; 1 the grader or a problem failed for at least one student, whose points
are pending, or a report could not be written; 2 wrong use or bad input, and nothing was graded; 130 interrupted.
"""

import json
import logging
import math
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ByteSize, TypeAdapter, ValidationError
from rich.console import Console

from grader import __version__
from grader.collision_table import collision_table
from grader.course import Course, Homework, Problem
from grader.doctor import examine, examined
from grader.doctor import verdict as machine_verdict
from grader.errors import GraderError, InfrastructureError, InputError
from grader.intake import ClassFolder, class_folders, collect
from grader.kernel_choice import Isolation, kernels_for
from grader.kernels.choosing import Wanted
from grader.kernels.limits import Limits
from grader.loading import check_course, find_course, load_course, read_course
from grader.pipeline import Graded, Handed, Run, choose_homework, read_all
from grader.proof_table import WIDTH, explained, proof_table, verdict
from grader.proofs.proving import Proven, prove
from grader.records import Grade, Status
from grader.release import release
from grader.reports.standing import Standing, standing
from grader.reports.writing import prepare, students_folder, write_gradebook, write_student
from grader.terminal import class_table, inert, progress

BAD_INPUT, FAULT, INTERRUPTED = 2, 1, 130
# Of what lies beside the notebooks: a data set may have thousands of files.
MOST_SHOWN = 10

log = logging.getLogger(__name__)
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
out_console, err_console = Console(highlight=False, emoji=False), Console(stderr=True, highlight=False, emoji=False)

CourseOption = Annotated[
    Path | None,
    typer.Option("--course", help="Folder with problems/ and reference/. By default the nearest one upwards."),
]


def _size(text: str) -> int:
    """Bytes, from a number with or without a unit."""
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
    paths: Annotated[list[Path], typer.Argument(help="Notebooks, or folders of notebooks.", show_default=False)],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for gradebook.csv and students/.")] = Path("reports"),
    homework: Annotated[str | None, typer.Option(help="By default the one that most notebooks answer.")] = None,
    course: CourseOption = None,
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
    processes: Annotated[int | None, typer.Option(min=16, help="Processes and threads of one notebook.")] = None,
    isolation: Annotated[
        str | None, typer.Option(help="The only isolation tier that will do; see grader doctor.", metavar="TIER")
    ] = None,
    unsafe: Annotated[
        bool,
        typer.Option("--unsafe-no-sandbox", help="Run student code with your rights. Only for work that you trust."),
    ] = False,
) -> None:
    """Run, mark and report: notebooks in, a report per student and a gradebook out.

    Folders named after homeworks are classes of their own, with results in a folder of that name below OUT.
    """
    loaded = read_course(_course_folder(course))
    flags = _flags(
        seconds_per_cell=timeout, seconds_per_notebook=notebook_timeout,
        memory_bytes=memory, disk_bytes=disk, processes=processes,
    )  # fmt: skip
    if unsafe and isolation:
        raise InputError("--isolation and --unsafe-no-sandbox exclude each other; give one")
    classes = _classes(loaded, paths, homework, out)
    for one in classes:
        prepare(one.out)
    if unsafe:
        _warn(
            "kernels are NOT ISOLATED: student code runs with your rights on this machine. Grade only work you trust."
        )
    asked = Isolation(isolation, unsafe)
    # What no notebook may read, besides the course: other students' work and everybody's results.
    secret = [*paths, *(one.out for one in classes)]
    faults = []
    with ThreadPoolExecutor(max_workers=1) as background:
        # While kernels start, which takes as long and keeps another processor busy.
        checked = background.submit(check_course, loaded)
        for one in classes:
            limits = _limits(one.homework, flags)
            err_console.print(inert(f"{one.homework.name}: starting kernels"))
            with kernels_for(loaded, one.homework, limits, asked, secret) as kernels:
                checked.result()
                faults.append(_grade_class(Run(loaded, one.homework, kernels, limits), one, jobs))
    if any(faults):
        raise typer.Exit(FAULT)


@app.command()
def doctor() -> None:
    """Show what this machine can contain student code with, and what is missing.

    Exit code 0: student code can be contained. 1: it cannot.
    """
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder) / "secret"
        secret.write_text("what no notebook may read", encoding="utf-8")
        tried = examine(Wanted(Limits(), secret=(secret,)))
    out_console.print(examined(tried), machine_verdict(tried), sep="\n")
    if not any(one.kernels for one in tried):
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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); choose another file with -o") from error
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
    proven = [_proven(problem, matrix=matrix) for problem in _chosen(_course(course), problems or [])]
    if any(one.flaws for one in proven):
        raise typer.Exit(BAD_INPUT)


def main() -> None:
    """The console command. Errors that the grader knows are printed in words, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name may have letters that the terminal has not
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    # Whoever ends the run this way, or closes its terminal, wants no kernel left, either.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is signal.SIG_DFL:
            signal.signal(ending, signal.default_int_handler)
    try:
        app()
    except GraderError as error:
        err_console.print(f"[bold red]error:[/] {inert(str(error))}", soft_wrap=True)
        sys.exit(FAULT if isinstance(error, InfrastructureError) else BAD_INPUT)


def _course(folder: Path | None) -> Course:
    return load_course(_course_folder(folder))


def _course_folder(folder: Path | None) -> Path:
    return folder or find_course(Path.cwd())


@dataclass(frozen=True)
class _Class:
    """What is graded together, read and ready to run."""

    homework: Homework
    handed: list[Handed]
    left_out: Sequence[Path]
    out: Path


def _classes(course: Course, paths: list[Path], homework: str | None, out: Path) -> list[_Class]:
    """Every class in the paths, before any of them is graded."""
    wanted = [course.homework(homework).name] if homework else list(course.homeworks)
    folders, beside = class_folders(paths, wanted)
    if beside:
        _warn(f"left out, since they lie beside folders named after homeworks: {_some(beside)}")
    classes, troubles = [], []
    for folder in folders:
        try:
            classes.append(_class(course, folder, homework, out))
        except InputError as error:
            troubles.append(str(error))
    if not classes:
        raise InputError("; ".join(troubles))
    for trouble in troubles:
        _warn(trouble)
    return classes


def _class(course: Course, folder: ClassFolder, homework: str | None, out: Path) -> _Class:
    own_out = out / folder.homework if folder.homework and not folder.alone else out
    intake = collect(folder.paths, reports=students_folder(own_out))
    for trouble in intake.troubles:
        _warn(trouble)
    handed, name = read_all(intake.submissions, course), folder.homework or homework
    return _Class(course.homework(name) if name else choose_homework(handed, course), handed, intake.left_out, own_out)


def _grade_class(run: Run, one: _Class, jobs: int) -> bool:
    """Grades a class and writes its results; whether there was a fault of ours."""
    homework, handed = one.homework, one.handed
    err_console.print(
        inert(
            f"{homework.name}: {homework.title}, {len(handed)} submission{'s' * (len(handed) != 1)}, isolation {run.kernels.isolation}"
        )
    )
    class_ = _grade_all(run, handed, jobs, one.out)
    if kept := write_gradebook(one.out, [student.row for student in class_], homework):
        _warn(
            f"the gradebook keeps {len(kept)} student{'s' * (len(kept) != 1)} of earlier runs into {one.out}: {_some(kept)}"
        )
    _summary(class_, one.out, one.left_out)
    return any(student.status is Status.FAULT for student in class_)


def _chosen(course: Course, named: Sequence[Path]) -> list[Problem]:
    """The problems of these names or folders, or all of the course."""
    there = {problem.name: problem for homework in course.homeworks.values() for problem in homework.problems}
    names = [path.parent.name if path.name == "problem.toml" else path.name for path in named]
    if unknown := [name for name in names if name not in there]:
        raise InputError(f"no homework in {course.root} has a problem {unknown[0]!r}; there is: {', '.join(there)}")
    return [there[name] for name in names or there]


def _proven(problem: Problem, *, matrix: bool) -> Proven:
    """Proves a problem and says what came out."""
    proven = prove(problem)
    console = Console(highlight=False, emoji=False, width=None if out_console.is_terminal else WIDTH)
    console.print(proof_table(proven))
    for part in problem.parts if matrix else ():
        console.print("", collision_table(proven.trial.collisions, part), sep="\n")
    for line in explained(proven):
        out_console.print(f"[dim]explained: {line}[/]", soft_wrap=True)
    for flaw in proven.flaws:
        sort = "[bold yellow]warning:[/]" if flaw.warning else "[bold red]error:[/]"
        out_console.print(f"{sort} {inert(f'{problem.file}: {flaw}')}", soft_wrap=True)
    out_console.print(f"{verdict(proven)}\n", soft_wrap=True)
    return proven


def _flags(**limits: float | None) -> dict[str, float]:
    """The limits that flags set in place of the homework's own."""
    changed = {name: value for name, value in limits.items() if value is not None}
    if not all(map(math.isfinite, changed.values())):
        raise InputError("--timeout and --notebook-timeout are numbers of seconds, such as 60")
    return changed


def _limits(homework: Homework, flags: dict[str, float]) -> Limits:
    """The limits of a homework with those of flags in their place."""
    try:
        return Limits.model_validate(homework.limits.model_dump() | flags)
    except ValidationError as error:
        detail = error.errors()[0]
        raise InputError(f"{detail['loc'][0]} = {detail['input']}: {detail['msg']}; give more") from error


def _warn(words: str) -> None:
    err_console.print(f"[bold yellow]warning:[/] {inert(words)}", soft_wrap=True)


def _grade_all(run: Run, handed: Sequence[Handed], jobs: int, out: Path) -> list[Standing]:
    """Grades the class, sorted by student; each one's report is written as soon as it is there."""
    class_: list[Standing] = []
    try:
        with progress(err_console, len(handed)) as advance, closing(run.grade_all(handed, jobs)) as graded:
            for one in graded:
                grade = _written(out, one, run.homework)
                class_.append(standing(grade, run.homework))
                advance(grade)
    except KeyboardInterrupt:
        _warn(f"interrupted; the reports of {len(class_)} of {len(handed)} students are written, the gradebook is not")
        raise typer.Exit(INTERRUPTED) from None
    return sorted(class_, key=lambda one: one.student.casefold())


def _written(out: Path, graded: Graded, homework: Homework) -> Grade:
    """Writes one student's report; one that cannot be written is our fault and does not stop the class."""
    try:
        write_student(out, graded.grade, graded.execution, homework)
    except Exception as error:
        known = isinstance(error, GraderError)
        log.error("%s: no report: %s", graded.grade.student, error, exc_info=not known)  # noqa: TRY400 - only what nobody foresaw needs its traceback
        note = str(error) if known else "The report could not be written; grade again."
        return graded.grade.model_copy(update={"status": Status.FAULT, "note": note})
    return graded.grade


def _summary(class_: Sequence[Standing], out: Path, left_out: Sequence[Path]) -> None:
    out_console.print(class_table(class_))
    for one in class_:
        if one.note:
            _warn(f"{one.student}: {one.note}")
    if left_out:
        _warn(f"left out, since they are no notebooks or are links: {_some(left_out)}")
    out_console.print(
        f"\nreports in {inert(str(students_folder(out)))}, gradebook in {inert(str(out / 'gradebook.csv'))}",
        soft_wrap=True,
    )


def _some(names: Sequence[object]) -> str:
    """The first of many names."""
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    return ", ".join(map(str, names[:MOST_SHOWN])) + more
