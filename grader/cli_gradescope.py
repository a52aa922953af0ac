"""The commands for Gradescope. What they need is imported when they are called, as in `grader.cli`."""

from pathlib import Path
from typing import Annotated

import typer

from grader.cli_options import CourseOption, HomeworkOption, OutArgument, StoreOption, course_folder
from grader.console import inert, out_console
from grader.errors import InputError
from grader.exit_codes import BAD_INPUT

app = typer.Typer(no_args_is_help=True, help="An autograder for Gradescope: build its archive, check it, run it.")


@app.command()
def build(
    homework: Annotated[str, typer.Argument(help="Name of the homework.", show_default=False)],
    out: Annotated[Path, typer.Option("-o", "--out", help="The archive.")] = Path("autograder.zip"),
    course: CourseOption = None,
    wheels: Annotated[
        Path | None,
        typer.Option(
            "--wheels", help="Folder of wheels to put in, so that the container is built without the network."
        ),
    ] = None,
) -> None:
    """Write the archive to upload, and say what to choose and type in Gradescope.

    The same homework makes the same bytes. Nothing of other homeworks is in it.
    """
    from grader.gradescope.building.archive import build as build_archive
    from grader.gradescope.building.instructions import instructions
    from grader.loading import load_course

    loaded = load_course(course_folder(course))
    built = build_archive(loaded, loaded.homework(homework), out, wheels)
    for line in instructions(built):
        out_console.print(inert(line), soft_wrap=True)


@app.command()
def check(
    archive: Annotated[Path, typer.Argument(help="An autograder's archive, ours or another.", show_default=False)],
) -> None:
    """Say what is wrong with an archive before it is uploaded. Nothing of it is run: it is read, and compared with what this grader writes.

    Exit code 0: nothing, or warnings only. 2: it does not work, or should not be uploaded.
    """
    from grader.gradescope.examining.checking import check_archive

    findings = check_archive(archive)
    for one in findings:
        kind = "[bold red]error:[/]" if one.serious else "[bold yellow]warning:[/]"
        out_console.print(f"{kind} {inert(one.place)}: {inert(one.words)}", soft_wrap=True)
    if any(one.serious for one in findings):
        raise typer.Exit(BAD_INPUT)
    out_console.print(f"{inert(str(archive))} can be uploaded", soft_wrap=True)


@app.command()
def run(
    folder: Annotated[Path, typer.Argument(help="Shaped like Gradescope's own.")] = Path("/autograder"),
) -> None:
    """Grade the submission that lies in a container, and write results/results.json: for debugging by SSH.

    What run_autograder does, in the environment that this command is in: /opt/deep-learning-grader/bin/python -m grader gradescope run.
    Details that students do not see are printed. The exit code is that of grading.
    """
    import subprocess

    from grader.gradescope.inside.supervising import command

    if not (folder / "source" / "autograder.json").is_file():
        raise InputError(
            f"{folder} is not shaped like Gradescope's: unpack the archive into {folder / 'source'}, and put what is handed in into "
            f"{folder / 'submission'}"
        )
    raise typer.Exit(subprocess.run(command(folder.resolve()), check=False).returncode)  # noqa: S603 - this very Python


@app.command()
def replay(
    out: OutArgument,
    archive: Annotated[Path, typer.Option("-o", "--out", help="The archive.")] = Path("replay.zip"),
    homework: HomeworkOption = None,
    course: CourseOption = None,
    store: StoreOption = None,
) -> None:
    """Write an archive that hands out the results of OUT inside Gradescope and runs nothing there."""
    from grader.gradescope.replay.handing_out import replay as write_archive
    from grader.recorded_classes import Where

    write_archive(Where(out, course_folder(course), store, homework), archive)
