"""The commands of the self-check. What they need is imported when they are called, as in `grader.cli`.

`check` runs on a student's machine, be it Windows: it imports nothing that only grading needs.
"""

import sys
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli_options import CourseOption, JsonOption, QuietOption, course_folder, shown
from grader.console import err_console, inert, warn
from grader.errors import InputError, unwritable
from grader.exit_codes import INTERRUPTED

if TYPE_CHECKING:
    from grader.kernels.limits import Limits
    from grader.notebooks import Notebook
    from grader.selfcheck.keys.key_choice import Key
    from grader.selfcheck.saved.checking import AsGraded

NOT_ALL_WELL = 1

app = typer.Typer(add_completion=False)


@app.command("seal")
def seal_command(
    homework: Annotated[str, typer.Argument(help="Name of the homework.", show_default=False)],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="By default HOMEWORK.seal.json.")] = None,
    course: CourseOption = None,
    quiet: QuietOption = False,
) -> None:
    """Write the sealed keys with which students check their answers, and how well each is sealed.

    How much is told of each answer is set by self_check in homeworks.toml and problem.toml. The table says about how many tries somebody needs who knows how
    long an answer is, or tries products of the sheet's numbers, and how long these take on one processor.
    """
    from grader.loading import load_course
    from grader.selfcheck.keys.sealed import SUFFIX, write_sealed
    from grader.selfcheck.making.sealing import seal
    from grader.selfcheck.making.strength import seconds_of_a_guess, strengths
    from grader.selfcheck.making.strength_table import in_words, strength_table, weak_in_words

    show, found = shown(quiet=quiet, as_json=False), load_course(course_folder(course)).homework(homework)
    path = out or Path(f"{homework}{SUFFIX}")
    _must_be_writable(path)
    show.tell(f"sealing {homework}: some seconds, or minutes where there are many hints")
    sealed = seal(found)
    try:
        write_sealed(sealed, path)
    except OSError as error:
        raise unwritable(path, error) from error
    each, seconds = strengths(sealed, found), seconds_of_a_guess(sealed.cost)
    show.show(strength_table(each, seconds), in_words(each, seconds), f"wrote {inert(str(path))}")
    if weak := weak_in_words(each):
        warn(weak)


def _must_be_writable(path: Path) -> None:
    """InputError where sealing would be for nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise InputError(f"{path} is a folder; name a file in it with -o")
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise unwritable(path, error) from error


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook, saved.", show_default=False)],
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", help="The sealed keys of your homework. By default *.seal.json beside the notebook or here."
        ),
    ] = None,
    as_graded: Annotated[
        bool, typer.Option("--as-graded", help="Run it a second time as grading does, and compare.")
    ] = False,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds for one cell.")] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Check your own notebook before you hand it in: whether it runs from top to bottom, and each answer can be read.

    Exit code 0: every answer can be read. 1: one is blank, cannot be read or did not run, or the check itself failed. 2: wrong use, or no notebook.
    """
    from grader.notebooks import notebook_in, read_file
    from grader.selfcheck.keys.key_choice import chosen_key
    from grader.selfcheck.saved.checking import Saved, check_notebook
    from grader.selfcheck.saved.listing import listing
    from grader.selfcheck.saved.out_of_order import saved_run

    show, content = shown(quiet=quiet, as_json=as_json), read_file(notebook)
    saved = Saved(notebook.name, notebook_in(content, notebook, pictures=True), saved_run(content))
    chosen = chosen_key(notebook, saved.notebook, key)
    _must_fit(saved.notebook, chosen)
    limits = _limits(chosen.sealed.limits, timeout)
    show.tell(
        f"running {notebook.name} from top to bottom in a fresh kernel; keys: {chosen.path.name} of {chosen.sealed.made_at}"
    )
    try:
        with (
            _second(chosen, notebook, limits) if as_graded else nullcontext() as second,
            err_console.status("running") if show.progress else nullcontext(),
        ):
            checked = check_notebook(saved, chosen.sealed, limits, second)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    show.show(*listing(checked))
    if as_json:
        typer.echo(checked.as_document())
    if not checked.passes:
        raise typer.Exit(NOT_ALL_WELL)


def _must_fit(notebook: "Notebook", key: "Key") -> None:
    """InputError where the keys are those of another homework: all that is said would mislead."""
    names_it, spoken_of = key.fits(notebook.words, notebook.homework)
    if not names_it and not spoken_of:
        raise InputError(
            f"the notebook speaks of none of the answers of {key.sealed.homework}, which {key.path.name} is for; "
            "name the keys of its homework with --key"
        )


def _limits(own: "Limits", timeout: float | None) -> "Limits":
    """The homework's limits, with another time for a cell if one is asked for."""
    from pydantic import ValidationError

    if timeout is None:
        return own
    try:
        return type(own).model_validate(own.model_dump() | {"seconds_per_cell": timeout})
    except ValidationError as error:
        raise InputError("--timeout is a number of seconds, such as 60") from error


def _second(key: "Key", notebook: Path, limits: "Limits") -> "AbstractContextManager[AsGraded]":
    """Kernels as grading has them, where this system can contain them."""
    if sys.platform == "linux":
        from grader.selfcheck.saved.as_graded import as_graded

        return as_graded(key.sealed, limits, (key.path, notebook))
    from grader.kernels.plain import PlainKernels
    from grader.selfcheck.saved.checking import AsGraded

    return nullcontext(AsGraded(PlainKernels(), "grading contains student code, which only Linux can"))
