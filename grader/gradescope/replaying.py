"""The replay archive: an autograder that hands out results which were computed on the course's own machines."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import Homework
from grader.errors import InputError
from grader.exports.outgoing import is_outdated
from grader.gradescope.replayed import key_of
from grader.gradescope.reporting import results_of
from grader.gradescope.results import Circumstances
from grader.records import Result, Status
from grader.whole_file import replacing
from grader.zip_writing import Member, write_zip

_HERE = Path(__file__).parent
_SCRIPTS = {
    "setup.sh": _HERE / "files" / "replay_setup.sh",
    "run_autograder": _HERE / "files" / "replay_run_autograder",
}
FORMAT = 1


@dataclass(frozen=True)
class Replay:
    """What a replay archive has."""

    students: int
    by_name: tuple[str, ...]
    """Who can be found by their name only, which another student may share."""
    left_out: tuple[str, ...]
    """Who has no result to hand out, and why."""


def write_replay(results: Iterable[Result], homework: Homework, out: Path) -> Replay:
    """Writes the archive, the same bytes for the same results.

    Args:
        results: of the whole class, marks of persons included.
        homework: with its settings for Gradescope.
        out: where the archive goes.

    Raises:
        InputError: somebody was marked before the course changed, nobody has a result, or the file cannot be written.
    """
    ordered = sorted(results, key=lambda one: one.submission.student)
    if outdated := [one.submission.student for one in ordered if is_outdated(one.grade, homework)]:
        words = f"{outdated[0]} and {len(outdated) - 1} more were" if len(outdated) > 1 else f"{outdated[0]} was"
        raise InputError(f"{words} marked before the course changed; grader regrade OUT first")
    kept = [one for one in ordered if not _why_left_out(one)]
    if not kept:
        raise InputError("nobody has a result to hand out; grade the class first")
    keys = _keys(kept)
    try:
        with replacing(out) as new, new.open("wb") as archive:
            write_zip(archive, _members(kept, homework, keys))
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror}); choose another file with -o") from error
    return Replay(
        students=len(kept),
        by_name=tuple(
            one.submission.student
            for one, own in zip(kept, keys, strict=True)
            if all(key.startswith("name:") for key in own)
        ),
        left_out=tuple(f"{one.submission.student}: {why}" for one in ordered if (why := _why_left_out(one))),
    )


def _why_left_out(result: Result) -> str:
    if result.grade.status is Status.NO_SUBMISSION:
        return "no submission"
    return "fault of the grader: grade it again" if result.grade.status is Status.FAULT else ""


def _keys(results: Sequence[Result]) -> list[list[str]]:
    """Of each student, those that are no other's."""
    every = [[key for key in _keys_of(one) if key] for one in results]
    bearers = Counter(key for own in every for key in dict.fromkeys(own))
    # Members of a group have one submission, and one result each, which are alike.
    return [[key for key in own if bearers[key] == 1 or key.startswith("submission:")] for own in every]


def _keys_of(result: Result) -> Iterator[str]:
    person = result.submission.person
    yield key_of("submission", person.ids.get("gradescope submission", ""))
    yield key_of("email", person.email)
    yield key_of("sid", person.number)
    yield key_of("name", person.name or result.submission.student)


def _members(results: Sequence[Result], homework: Homework, keys: Sequence[Sequence[str]]) -> Iterator[Member]:
    for name, file in _SCRIPTS.items():
        yield Member(name, file.read_bytes(), executable=True)
    yield Member("replay.py", (_HERE / "replayed.py").read_bytes())
    numbers = [f"{number:05}" for number in range(len(results))]
    index = {
        "format": FORMAT,
        "homework": homework.name,
        "students": {key: number for number, own in zip(numbers, keys, strict=True) for key in own},
        "files": {number: one.submission.digest for number, one in zip(numbers, results, strict=True)},
    }
    yield Member("index.json", json.dumps(index, indent=1, ensure_ascii=False, sort_keys=True).encode(errors="replace"))
    for number, one in zip(numbers, results, strict=True):
        about = Circumstances(
            notebook=one.submission.origin or one.submission.path.name, seconds=one.grade.seconds, written=True
        )
        yield Member(f"results/{number}.json", results_of(one.grade, homework, about).as_json())
