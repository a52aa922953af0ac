"""What keeps a class from being done: what waits for a person, what could not run and why, and what could not be marked."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grader.course import Homework
from grader.records import FailureKind, Outcome, Status
from grader.reports.standing import LATE_UNKNOWN, PartStanding, Standing

# The name of a student's file at the head of a reason, and what stands in brackets behind it, are each student's own.
_OWN = re.compile(r"^.{1,200}?\.\w{1,8} (?=(?:is|has|cannot|could|does|was)\b)", re.DOTALL)
_BRACKETS = re.compile(r" \((?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True)
class Waiting:
    """What waits for a person in one part, of students whose notebook was marked."""

    part: str
    to_mark: int
    """Answers that a person has to mark."""
    unreadable: int
    """Answers that could not be read."""


@dataclass(frozen=True)
class Reason:
    """Students to whom the same has happened."""

    what: str
    """Why, in words."""
    students: tuple[str, ...]


@dataclass(frozen=True)
class StoppedCells:
    """Cells that stopped in the same way."""

    kind: FailureKind
    name: str
    """Of the exception, or the limit that was hit; hostile."""
    limit: str
    """The limit that probably stands behind an exception; else empty."""
    cells: int
    students: tuple[str, ...]


@dataclass(frozen=True)
class Troubles:
    """All of them; what is empty is none."""

    waiting: tuple[Waiting, ...]
    late_unknown: tuple[str, ...]
    """Students who are late by nobody knows how much."""
    faults: tuple[Reason, ...]
    """Students on whom the grader failed altogether, by what it says."""
    grader_faults: tuple[Reason, ...]
    """Parts that the grader failed on, or did not watch when the notebook ran."""
    problem_faults: tuple[Reason, ...]
    """Problems with a fault in their files."""
    other_homework: tuple[Reason, ...]
    not_notebooks: tuple[Reason, ...]
    missing: tuple[str, ...]
    """Students who handed in nothing."""
    stopped: tuple[StoppedCells, ...]


def troubles(class_: Sequence[Standing], homework: Homework) -> Troubles:
    """What is left to be done about a class, what concerns most students first."""
    problems = [problem.name for problem, _ in homework.parts]
    parts = [f"{problem.name}.{part}" for problem, part in homework.parts]
    return Troubles(
        waiting=_waiting(class_, parts),
        late_unknown=tuple(one.student for one in class_ if one.late == LATE_UNKNOWN),
        faults=_by_note(class_, Status.FAULT, str),
        grader_faults=_by_place(class_, parts, Outcome.GRADER_FAULT),
        problem_faults=_by_place(class_, problems, Outcome.PROBLEM_FAULT),
        other_homework=_by_note(class_, Status.OTHER_HOMEWORK, str),
        not_notebooks=_by_note(class_, Status.NOT_A_NOTEBOOK, _without_names),
        missing=tuple(one.student for one in class_ if one.status is Status.NO_SUBMISSION),
        stopped=_stopped(class_),
    )


def _waiting(class_: Sequence[Standing], places: Sequence[str]) -> tuple[Waiting, ...]:
    """In the order of the homework."""
    counts = Counter((place, part.outcome) for one in class_ if one.took_part for place, part in _parts(one, places))
    found = (Waiting(one, counts[one, Outcome.AWAITS_REVIEW], counts[one, Outcome.UNREADABLE]) for one in places)
    return tuple(one for one in found if one.to_mark or one.unreadable)


def _parts(one: Standing, places: Sequence[str]) -> list[tuple[str, PartStanding]]:
    return [(place, part) for place, part in zip(places, one.parts, strict=True) if part is not None]


def _by_place(class_: Sequence[Standing], places: Sequence[str], outcome: Outcome) -> tuple[Reason, ...]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in class_:
        for place, part in _parts(one, places) if one.took_part else ():
            if part.outcome is outcome:
                found[place][one.student] = None
    return _reasons(found)


def _by_note(class_: Sequence[Standing], status: Status, words: Callable[[str], str]) -> tuple[Reason, ...]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in class_:
        if one.status is status:
            found[words(one.note)][one.student] = None
    return _reasons(found)


def _reasons(found: Mapping[str, Mapping[str, None]]) -> tuple[Reason, ...]:
    in_order = sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return tuple(Reason(what, tuple(students)) for what, students in in_order)


def _without_names(note: str) -> str:
    """The reason without what is one student's own, so that equal ones can be counted."""
    return _BRACKETS.sub("", _OWN.sub("The file ", note))


def _stopped(class_: Sequence[Standing]) -> tuple[StoppedCells, ...]:
    cells: dict[tuple[FailureKind, str, str], Counter[str]] = defaultdict(Counter)
    for one in class_:
        for stop in one.stopped:
            cells[stop.kind, stop.name, stop.limit][one.student] += 1
    in_order = sorted(cells.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return tuple(StoppedCells(*how, who.total(), tuple(who)) for how, who in in_order)
