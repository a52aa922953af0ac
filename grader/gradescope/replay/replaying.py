"""The replay archive: an autograder that hands out results which were computed on the course's own machines."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from grader.course import Homework
from grader.errors import InputError, unwritable
from grader.exports.outgoing import is_outdated
from grader.gradescope.replay.replayed import key_of
from grader.gradescope.reporting import is_told, results_of
from grader.gradescope.results import Circumstances
from grader.records import Result, Status
from grader.whole_file import replacing
from grader.zip_writing import Member, write_zip

_HERE = Path(__file__).parent
_SCRIPTS = {
    "setup.sh": _HERE / "files" / "setup.sh",
    "run_autograder": _HERE / "files" / "run_autograder",
}
FORMAT, INDEX = 1, "index.json"


@dataclass(frozen=True)
class Replay:
    """What a replay archive has."""

    students: int
    by_name: tuple[str, ...]
    """Who can be found by their name only, which another student may share."""
    left_out: tuple[str, ...]
    """Who has no result to hand out, and why."""
    pending: tuple[str, ...]
    """Who has points that wait for a person, and gets them only with a new archive."""


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
    students = _Students(homework)
    try:
        with replacing(out) as new, new.open("wb") as archive:
            write_zip(archive, chain(scripts(), students.members(ordered)))
            if not students.keys:
                raise InputError("nobody has a result to hand out; grade the class first")
    except OSError as error:
        raise unwritable(out, error) from error
    return students.told()


def scripts() -> Iterator[Member]:
    """What is in every such archive."""
    for name, file in _SCRIPTS.items():
        yield Member(name, file.read_bytes(), executable=True)
    yield Member("replay.py", (_HERE / "replayed.py").read_bytes())


class _Students:
    """Who gets which results. Those of a group are the same, and are in the archive once."""

    def __init__(self, homework: Homework) -> None:
        self._homework = homework
        self._numbers: dict[tuple[str, bytes], str] = {}
        """By the file that was graded and a hash of what is handed out for it."""
        self.keys: dict[str, list[str]] = {}
        """Of each student, as `replayed.keys_of` finds them."""
        self._bearers: dict[str, set[str]] = defaultdict(set)
        """By key, the results to which it leads; of whoever has none, the student, so that no other one is taken for that."""
        self._left_out: list[str] = []
        self._pending: list[str] = []

    def members(self, results: Iterable[Result]) -> Iterator[Member]:
        """The results as files, and then the index to them."""
        for one in results:
            student, keys = one.submission.student, [key for key in _keys_of(one) if key]
            if why := _why_left_out(one):
                self._left_out.append(f"{student}: {why}")
                number = f"nothing for {student}"
            else:
                self.keys[student] = keys
                self._pending += [student] * bool(one.grade.pending_points)
                content = self._content(one)
                own = (one.submission.digest, hashlib.sha256(content).digest())
                if own not in self._numbers:
                    self._numbers[own] = f"{len(self._numbers):05}"
                    yield Member(f"results/{self._numbers[own]}.json", content)
                number = self._numbers[own]
            for key in keys:
                self._bearers[key].add(number)
        index = {
            "format": FORMAT,
            "homework": self._homework.name,
            "students": {key: min(found) for key, found in self._bearers.items() if self._is_sure(key)},
            "files": {number: digest for (digest, _), number in self._numbers.items()},
        }
        yield Member(INDEX, json.dumps(index, indent=1, ensure_ascii=False, sort_keys=True).encode(errors="replace"))

    def told(self) -> Replay:
        """What is to be said of them."""
        sure = {student: [key for key in keys if self._is_sure(key)] for student, keys in self.keys.items()}
        nobody = [
            f"{student}: another student has the same name or address" for student, keys in sure.items() if not keys
        ]
        return Replay(
            students=len(sure) - len(nobody),
            by_name=tuple(
                student for student, keys in sure.items() if keys and all(key.startswith("name:") for key in keys)
            ),
            left_out=(*self._left_out, *nobody),
            pending=tuple(self._pending),
        )

    def _is_sure(self, key: str) -> bool:
        """Whether a key leads to one result, whoever has it."""
        found = self._bearers[key]
        return len(found) == 1 and found <= set(self._numbers.values())

    def _content(self, one: Result) -> bytes:
        name = one.submission.origin or one.submission.path.name
        about = Circumstances(notebook=name, seconds=one.grade.seconds, written=True)
        return results_of(one.grade, self._homework, about).as_json()


def _why_left_out(result: Result) -> str:
    if result.grade.status is Status.NO_SUBMISSION:
        return "no submission"
    return "" if is_told(result.grade) else "fault of the grader: grade it again"


def _keys_of(result: Result) -> Iterator[str]:
    """Under what a student is found; by the name, which others may have, only where nothing surer is known."""
    person = result.submission.person
    yield key_of("submission", person.ids.get("gradescope submission", ""))
    yield key_of("email", person.email)
    yield key_of("sid", person.number)
    if not person.email and not person.number:
        yield key_of("name", person.name or result.submission.student)
