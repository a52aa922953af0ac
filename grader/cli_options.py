"""Options that several commands have."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from grader.console import Shown
from grader.course_folder import find_course

CourseOption = Annotated[
    Path | None,
    typer.Option("--course", help="Folder with problems/ and reference/. By default the nearest one upwards."),
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        envvar="GRADER_STORE",
        metavar="URL",
        help="Database of the record, such as postgresql://user@host/course. By default a file in OUT.",
        show_envvar=True,
    ),
]
HomeworkOption = Annotated[str | None, typer.Option("--homework", help="Only this one, where OUT has several.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who marks; by default you, by your user name.")]
OutArgument = Annotated[
    Path, typer.Argument(help="Folder of the results, as given to grader grade with -o.", show_default=False)
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but warnings and errors.")]
JsonOption = Annotated[
    bool,
    typer.Option("--json", help="Print the results as one JSON document on standard output, and nothing else there."),
]


def course_folder(folder: Path | None) -> Path:
    """The course that was named, or the nearest one."""
    return folder or find_course(Path.cwd())


def shown(*, quiet: bool, as_json: bool) -> Shown:
    """What is printed besides warnings and errors."""
    return Shown(progress=not quiet, results=not (quiet or as_json))


def somebody(by: str | None) -> str:
    """Who was named, or the user."""
    if by is not None and by.strip():
        return by.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have a user without a name
        return "unknown"
