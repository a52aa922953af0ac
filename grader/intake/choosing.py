"""Of several files of one student the one that is graded."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import Field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, ClassVar, Protocol, TypeVar

from grader.intake.forms.canvas import uploaded_again
from grader.intake.values import LeftOut
from grader.records import Submission

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
# Of students with the same file, as many as a note can name.
_MOST_NAMED = 3


class Handed(Protocol):
    """A submission and what a first look at it told; a frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def submission(self) -> Submission:
        """What was handed in."""

    @property
    def homework(self) -> str | None:
        """The homework that it answers."""

    @property
    def trouble(self) -> str:
        """Why it is no notebook; else empty."""

    @property
    def answers(self) -> int:
        """How many of the homework's variables it speaks of."""


H = TypeVar("H", bound=Handed)


def choose(handed: Sequence[H], homework: str) -> tuple[list[H], list[LeftOut]]:
    """One submission per student, sorted by student, and the others with the reason.

    First those that answer the homework; of these the newest, then the one uploaded again most often, then the one that answers
    most, then the first by name. Where none answers it, one that is a notebook. What was decided stands in the submission's
    notes, and so does who else handed in the very same file.

    Args:
        handed: of one class.
        homework: which is graded.
    """
    by_student: dict[str, list[H]] = defaultdict(list)
    for one in handed:
        by_student[one.submission.student].append(one)
    chosen: list[H] = []
    left_out: list[LeftOut] = []
    for _, several in sorted(by_student.items(), key=lambda pair: (pair[0].casefold(), pair[0])):
        different = _without_copies(several, homework, left_out)
        first = _noted(different, homework)
        chosen.append(first)
        left_out += [LeftOut(path=_path(one), why=_why_not(one, first, homework)) for one in different[1:]]
    return _with_copies_noted(chosen), left_out


def _without_copies(several: Sequence[H], homework: str, left_out: list[LeftOut]) -> list[H]:
    """The different files of a student, best first."""
    again = _uploads(several)
    ordered = sorted(several, key=lambda one: _rank(one, homework, again))
    kept: dict[str, H] = {}
    for one in ordered:
        digest = one.submission.digest
        if digest and digest in kept:
            left_out.append(LeftOut(path=_path(one), why=f"is the same file as {_path(kept[digest])}"))
        else:
            kept[digest or f"unreadable {len(kept)}"] = one
    return list(kept.values())


def _uploads(several: Sequence[Handed]) -> Mapping[str, int]:
    """How many times each file was uploaded again, where the earlier file of the name is there too; by origin."""
    if any(one.submission.platform != "canvas" for one in several):
        return {}
    names = {one.submission.origin: uploaded_again(one.submission.origin) for one in several}
    bases = [base for base, _ in names.values()]
    return {origin: number for origin, (base, number) in names.items() if bases.count(base) > 1}


def _rank(one: Handed, homework: str, again: Mapping[str, int]) -> tuple[Any, ...]:
    """Less is better."""
    submission = one.submission
    kind = 3 if submission.missing else 2 if one.trouble else 0 if one.homework == homework else 1
    age = (submission.submitted or _BEFORE_ALL).timestamp()
    return kind, -age, -again.get(submission.origin, 0), -one.answers, submission.origin.casefold(), submission.origin


def _noted(different: Sequence[H], homework: str) -> H:
    """The chosen one, with a note where there was a choice."""
    first, *others = different
    if not others:
        return first
    number = len(different)
    rivals = [one for one in others if _kind(one, homework) == _kind(first, homework)]
    words = f"{_reason(first, rivals, homework)} of {number} notebooks"
    notes = (*first.submission.notes, words)
    return replace(first, submission=first.submission.model_copy(update={"notes": notes}))


def _reason(first: Handed, rivals: Sequence[Handed], homework: str) -> str:
    if not rivals:
        right = _kind(first, homework) == "right"
        return "the only one that answers the homework" if right else "the only readable one"
    if all(one.submission.submitted != first.submission.submitted for one in rivals):
        return "the newest"
    again = _uploads([first, *rivals])
    if again.get(first.submission.origin, 0) > max(again.get(one.submission.origin, 0) for one in rivals):
        return "the one uploaded last"
    if all(one.answers < first.answers for one in rivals):
        return "the one with most answers"
    return "the first by name"


def _kind(one: Handed, homework: str) -> str:
    return "unreadable" if one.trouble else "right" if one.homework == homework else "other"


def _why_not(one: Handed, first: Handed, homework: str) -> str:
    instead = f"{_path(first)} is graded instead"
    if one.trouble:
        return f"is no notebook: {one.trouble}; {instead}"
    if one.homework != homework:
        return f"answers {one.homework or 'no homework that is known'}; {instead}"
    if (one.submission.submitted or _BEFORE_ALL) < (first.submission.submitted or _BEFORE_ALL):
        return f"is older; {instead}"
    return f"is another notebook of the same student; {instead}"


def _path(one: Handed) -> str:
    submission = one.submission
    return submission.origin or str(submission.path)


def _with_copies_noted(chosen: Sequence[H]) -> list[H]:
    """Each with a note on the students of other groups who handed in the very same file."""
    by_digest: dict[str, list[Submission]] = defaultdict(list)
    for one in chosen:
        by_digest[one.submission.digest].append(one.submission)
    within = Counter((one.submission.digest, one.submission.group or one.submission.student) for one in chosen)
    return [_with_note(one, by_digest[one.submission.digest], within) for one in chosen]


def _with_note(one: H, same: Sequence[Submission], within: Mapping[tuple[str, str], int]) -> H:
    own = one.submission
    number = len(same) - within[own.digest, own.group or own.student]
    if not own.digest or not number:
        return one
    others = (other.student for other in same if (other.group or other.student) != (own.group or own.student))
    more = f" and {number - _MOST_NAMED} more" if number > _MOST_NAMED else ""
    notes = (*own.notes, f"the same file as {', '.join(islice(others, _MOST_NAMED))}{more}")
    return replace(one, submission=own.model_copy(update={"notes": notes}))
