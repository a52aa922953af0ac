"""What a class came to: the grader's grades from the record, with the marks of persons in their places."""

from collections.abc import Iterable, Iterator

from grader.records import Result
from grader.review.edits import apply_edits
from grader.store import Latest, Store


def results(store: Store, homework: str, students: Iterable[str] | None = None) -> Iterator[Result]:
    """The newest result of each student of the class, sorted; of these students only, where some are given."""
    return map(result_of, store.latest(homework, students))


def result_of(latest: Latest) -> Result:
    """The result that the newest in the record comes to."""
    grade, _ = apply_edits(latest.grade, latest.submission, latest.edits)
    return Result(submission=latest.submission, grade=grade)
