"""The record of a class: what was handed in, what running it left behind, what came of it, and what persons said.

Everything is added and nothing changed, so that the record is its own history. Each result is one transaction: whoever ends the
grader at any moment finds whole results and loses only the notebooks that were running.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from pydantic_core import from_json, to_json

from grader.conditions import Conditions
from grader.database.landing import Landed, added, land
from grader.database.opening import opened, told
from grader.database.rows import Row, edit_in, edit_values, edits_of, grade_in, newest, submission_in
from grader.database.tables import conditions, contents, edits, executions, grades, runs, submissions
from grader.packing import clean, unpacked
from grader.records import Edit, Execution, Grade, Submission
from grader.version import __version__

__all__ = ["Event", "Landed", "Latest", "Ran", "Store", "batches", "open_store"]

FILE = "record.sqlite"
"""Below OUT, where no other database is named."""
BATCH = 200
"""Students that are read at a time: a class of grades with all that was written fits no memory."""
_FINISHED = " finished"
"""Behind the name of a command: the row that says that it came to its end."""

T = TypeVar("T")


@dataclass(frozen=True)
class Ran:
    """A recorded run of a file, without what it left behind."""

    id: int
    conditions: Conditions
    isolation: str
    within_limits: bool


@dataclass(frozen=True)
class Latest:
    """The newest that the record has of one student."""

    row: int
    """The number of the submission."""
    submission: Submission
    record: bytes
    """The grade as JSON."""
    execution: int | None
    edits: tuple[Edit, ...]
    """The marks of persons, in the order in which they were given."""

    @cached_property
    def grade(self) -> Grade:
        """As the grader says, without the marks of persons."""
        return Grade.model_validate_json(self.record)


@dataclass(frozen=True)
class Event:
    """Something in the history of a student."""

    at: datetime
    by: str
    command: str
    what: Submission | Grade | Edit
    withdrawn: bool
    """Whether it is a submission with which the student left the class."""
    grader_version: str
    course_hash: str


@contextmanager
def open_store(out: Path, url: str | None = None) -> Iterator["Store"]:
    """The record of a class.

    Args:
        out: the folder of the class, which holds the record unless a database is named.
        url: of a database, see `grader.database.opening.opened`.

    Raises:
        InputError, InfrastructureError: as there.
    """
    with opened(url or sa.URL.create("sqlite", database=str((out / FILE).absolute()))) as engine:
        yield Store(engine)


class Store:
    """The record, in a database that has all tables."""

    def __init__(self, engine: sa.Engine) -> None:
        self._writing = engine.execution_options(writes=True)
        # What is read in several steps is of one moment; SQLite does that by itself.
        several = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        self._reading = engine.execution_options(**several)

    def begin(self, command: str, homework: str, course_hash: str, by: str) -> int:
        """Notes that a command begins, and gives the number under which what it records is found.

        Args:
            command: its name, such as "grade".
            homework: the homework that it is about.
            course_hash: of the files of the course, see `grader.loading.course_hash`.
            by: who has given it.
        """
        values = {
            "at": datetime.now(UTC), "command": command, "by": clean(by), "homework": homework,
            "grader_version": __version__, "course_hash": course_hash,
        }  # fmt: skip
        with self._write() as connection:
            return added(connection, runs, values)

    def unfinished(self, command: str, homework: str) -> int | None:
        """The number of the first command of this name since one that was finished; None if the last one was."""
        ended = sa.select(sa.func.coalesce(sa.func.max(runs.c.id), 0)).where(
            runs.c.homework == homework, runs.c.command == f"{command}{_FINISHED}"
        )
        query = sa.select(sa.func.min(runs.c.id)).where(
            runs.c.homework == homework, runs.c.command == command, runs.c.id > ended.scalar_subquery()
        )
        with self._read() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else int(found)

    def finish(self, command: str, homework: str, course_hash: str, by: str) -> None:
        """Notes that a command came to its end; what an unfinished one changed is told by the next."""
        self.begin(f"{command}{_FINISHED}", homework, course_hash, by)

    def graded_before(self, homework: str, students: Collection[str], run: int) -> dict[str, bytes]:
        """The grades as JSON that students had before a command, by student."""
        query = newest(grades, homework, students, before=run)
        with self._read() as connection:
            return {row["student"]: unpacked(row["record"]) for row in connection.execute(query).mappings()}

    def land(self, run: int, results: Sequence[Landed], now: Conditions | None = None) -> set[str]:
        """Records results, all or none of them. What has not changed is not repeated.

        Args:
            run: the number of the command.
            results: at most one for each student.
            now: the conditions of new runs among them.

        Returns:
            Students whose result is not recorded, since it was made from a submission that is not the newest any more.
        """
        with self._write() as connection:
            return {one.submission.student for one in results if not land(connection, run, one, now)}

    def add_edits(self, run: int, homework: str, given: Iterable[Edit]) -> None:
        """Records marks that a person gave, all or none of them."""
        rows = [edit_values(homework, edit) | {"run": run} for edit in given]
        if rows:
            with self._write() as connection:
                connection.execute(edits.insert(), rows)

    def rename(self, run: int, homework: str, names: Mapping[str, str]) -> None:
        """Has students who were recorded under other names go on under new ones: the marks that persons gave go with them.

        Args:
            run: the number of the command.
            homework: which homework.
            names: the new name by the old one.
        """
        given = self.edits(homework, names)
        copies = (edit.model_copy(update={"student": names[old]}) for old in given for edit in given[old])
        self.add_edits(run, homework, copies)
        self.withdraw(run, homework, names)

    def withdraw(self, run: int, homework: str, students: Collection[str]) -> None:
        """Takes students out of the class; what was recorded of them stays in the history."""
        with self._write() as connection:
            for student in students:
                row = connection.execute(newest(submissions, homework, [student])).mappings().one()
                values = {name: row[name] for name in ("homework", "student", "digest", "record")}
                added(connection, submissions, values | {"run": run, "withdrawn": True})

    def homeworks(self) -> list[str]:
        """The homeworks that the record has something of, sorted."""
        with self._read() as connection:
            return sorted(connection.execute(sa.select(submissions.c.homework).distinct()).scalars())

    def ran(self, homework: str) -> dict[str, Ran]:
        """The newest run of each file, by its digest."""
        last = (
            sa.select(sa.func.max(executions.c.id))
            .where(executions.c.homework == homework)
            .group_by(executions.c.digest)
        )
        columns = (executions.c[name] for name in ("id", "digest", "conditions", "isolation", "within_limits"))
        with self._read() as connection:
            rows = connection.execute(sa.select(*columns).where(executions.c.id.in_(last))).mappings().all()
            hashes = {row["conditions"] for row in rows}
            texts = connection.execute(sa.select(conditions).where(conditions.c.hash.in_(hashes))).mappings().all()
        under = {row["hash"]: Conditions.model_validate_json(to_json(row["record"])) for row in texts}
        return {
            row["digest"]: Ran(row["id"], under[row["conditions"]], row["isolation"], row["within_limits"])
            for row in rows
        }

    def executions(self, ids: Collection[int]) -> dict[int, Execution]:
        """What runs left behind, by their numbers."""
        with self._read() as connection:
            rows = connection.execute(sa.select(executions).where(executions.c.id.in_(ids))).mappings().all()
        return {
            row["id"]: Execution.model_validate(
                from_json(unpacked(row["outcome"])) | {"notebook": from_json(unpacked(row["notebook"]))}
            )
            for row in rows
        }

    def contents(self, digests: Collection[str]) -> dict[str, bytes]:
        """Files as they were handed in, by their digests; unknown ones are not there."""
        with self._read() as connection:
            rows = connection.execute(sa.select(contents).where(contents.c.digest.in_(digests))).mappings().all()
        return {row["digest"]: unpacked(row["data"]) for row in rows}

    def students(self, homework: str) -> list[str]:
        """Who is in the class, sorted."""
        query = newest(submissions, homework).with_only_columns(submissions.c.student, submissions.c.withdrawn)
        with self._read() as connection:
            rows = connection.execute(query).all()
        return sorted(
            (student for student, withdrawn in rows if not withdrawn), key=lambda name: (name.casefold(), name)
        )

    def handed_in(self, homework: str, *, withdrawn: bool = False) -> dict[str, Submission]:
        """The newest submission of each student of the class, or of each who was withdrawn."""
        query = newest(submissions, homework)
        with self._read() as connection:
            rows = connection.execute(query).mappings().all()
        return {row["student"]: submission_in(row) for row in rows if row["withdrawn"] == withdrawn}

    def edits(self, homework: str, students: Collection[str]) -> dict[str, list[Edit]]:
        """The marks that persons gave, by student and in the order in which they were given."""
        query = edits_of(homework, students)
        given: dict[str, list[Edit]] = {}
        with self._read() as connection:
            for row in connection.execute(query).mappings():
                given.setdefault(row["student"], []).append(edit_in(row))
        return given

    def latest(self, homework: str, students: Iterable[str] | None = None) -> Iterator[Latest]:
        """The newest of each student of the class; those who are not in it are passed over.

        Args:
            homework: which homework.
            students: only these, in this order.
        """
        for batch in batches(self.students(homework) if students is None else students, BATCH):
            with self._read() as connection:
                handed, graded = (
                    {row["student"]: row for row in connection.execute(newest(table, homework, batch)).mappings()}
                    for table in (submissions, grades)
                )
                given = connection.execute(edits_of(homework, batch)).mappings().all()
            for student in batch:
                if student not in handed or handed[student]["withdrawn"]:
                    continue
                marks = tuple(edit_in(row) for row in given if row["student"] == student)
                record, ran = unpacked(graded[student]["record"]), graded[student]["execution"]
                yield Latest(handed[student]["id"], submission_in(handed[student]), record, ran, marks)

    def history(self, homework: str, student: str) -> list[Event]:
        """All that was recorded of a student, the oldest first."""
        found: list[tuple[int, int, Event]] = []
        with self._read() as connection:
            for place, (table, read) in enumerate(_READERS):
                query = (
                    sa.select(table, *(runs.c[name].label(f"run_{name}") for name in _OF_A_RUN))
                    .join(runs, runs.c.id == table.c.run)
                    .where(table.c.homework == homework, table.c.student == student)
                )
                found += (
                    (row["run"], place, _event(row, read(row)))
                    for row in connection.execute(query.order_by(table.c.id)).mappings()
                )
        return [event for _, _, event in sorted(found, key=lambda one: one[:2])]

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with told(self._reading), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        with told(self._writing), self._writing.begin() as connection:
            yield connection


_OF_A_RUN = ("at", "by", "command", "grader_version", "course_hash")


def _event(row: Row, what: Submission | Grade | Edit) -> Event:
    left = bool(row.get("withdrawn", False))
    return Event(what=what, withdrawn=left, **{name: row[f"run_{name}"] for name in _OF_A_RUN})


_READERS: tuple[tuple[sa.Table, Callable[[Row], Submission | Grade | Edit]], ...] = (
    (submissions, submission_in),
    (grades, grade_in),
    (edits, edit_in),
)


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of at most so many."""
    left = iter(values)
    while batch := list(islice(left, size)):
        yield batch
