"""The platforms by the names that `grader export --to` takes."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from grader.course import Homework
from grader.errors import InputError
from grader.exports import blackboard, brightspace, canvas, moodle, nbgrader, own_csv
from grader.exports.difference import Export, Options
from grader.exports.filling import Job
from grader.records import Result


@dataclass(frozen=True)
class Platform:
    """One that imports grades."""

    words: str
    """What is written, for the help of the command."""
    write: Callable[[Job], Export]
    file: Literal["needed", "useful", "none"]
    """Whether its own downloaded file is filled in."""
    options: frozenset[str] = frozenset()
    """The options that mean something to it, besides those for all."""


PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        "csv": Platform("a table of our own, one row per student", own_csv.export, "none"),
        "canvas": Platform("Canvas's gradebook", canvas.export, "useful", frozenset({"column", "scale"})),
        "moodle": Platform(
            "Moodle's grading worksheet",
            moodle.export,
            "needed",
            frozenset({"column", "scale", "decimal_mark", "comments"}),
        ),
        "nbgrader": Platform("nbgrader's table of grades", nbgrader.export, "none", frozenset({"column"})),
        "brightspace": Platform("Brightspace's grades", brightspace.export, "useful", frozenset({"column", "scale"})),
        "blackboard": Platform(
            "Blackboard's offline grades", blackboard.export, "needed", frozenset({"column", "scale"})
        ),
    }
)


def export(platform: str, results: Iterable[Result], homework: Homework, options: Options) -> Export:
    """The file that a platform imports, and what it would change there. Nothing is written to disk.

    Raises:
        InputError: there is no such platform, an option means nothing to it, its file is missing or cannot be read, or which
            column is meant is not certain.
    """
    if platform not in PLATFORMS:
        raise InputError(f"there is no platform {platform!r}; there is: {', '.join(PLATFORMS)}")
    job = Job(platform, tuple(results), homework, options)
    _refuse_strange_options(platform, options)
    _refuse_others(job)
    return PLATFORMS[platform].write(job)


def _refuse_strange_options(platform: str, options: Options) -> None:
    chosen = PLATFORMS[platform]
    if chosen.file == "none" and options.into is not None:
        raise InputError(f"--to {platform} fills no downloaded file; leave out --into {options.into}")
    given = {
        name
        for name in ("column", "scale", "decimal_mark", "comments")
        if getattr(options, name) not in {None, "", False}
    }
    if strange := sorted(given - chosen.options):
        words = ", ".join(f"--{name.replace('_', '-')}" for name in strange)
        raise InputError(f"{words} means nothing to --to {platform}; leave it out")
    if options.scale is not None and options.scale <= 0:
        raise InputError(
            f"--scale {options.scale} would make all points zero or less; give a positive number such as 1/5"
        )


def _refuse_others(job: Job) -> None:
    """A class has one homework and each student once."""
    others = {result.grade.homework for result in job.results} - {job.homework.name}
    if others:
        raise InputError(
            f"the results are of {', '.join(sorted(others))} and not of {job.homework.name}; export one homework at a time"
        )
    twice = [student for student, times in Counter(one.submission.student for one in job.results).items() if times > 1]
    if twice:
        raise InputError(f"{', '.join(sorted(twice))}: more than one result of one student; give the newest of each")
