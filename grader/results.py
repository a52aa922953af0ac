"""What a class came to: the grader's grades from the record, with the marks of persons in their places."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.records import Result
from grader.review.edits import Lapsed, apply_edits
from grader.store import Latest, Store


@dataclass(frozen=True)
class Final:
    """One student's result, and the marks of persons that do not hold any more."""

    result: Result
    lapsed: tuple[Lapsed, ...]


def finals(store: Store, homework: str, students: Iterable[str] | None = None) -> Iterator[Final]:
    """The newest result of each student of the class, sorted; of these students only, where some are given."""
    return map(final, store.latest(homework, students))


def final(latest: Latest) -> Final:
    """The result that the newest in the record comes to."""
    grade, lapsed = apply_edits(latest.grade, latest.submission, latest.edits)
    return Final(Result(submission=latest.submission, grade=grade), lapsed)
