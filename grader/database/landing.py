"""One result written to the tables; what has not changed is not repeated."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from grader.conditions import Conditions
from grader.database.rows import Values, execution_values, grade_values, newest, submission_values
from grader.database.tables import contents, executions, grades, submissions
from grader.packing import packed, unpacked
from grader.records import Execution, Grade, Submission


@dataclass(frozen=True)
class Landed:
    """What is recorded of one student at a time."""

    submission: Submission
    grade: Grade
    content: bytes | None = None
    """The file; None if there is none, or it could not be read, or is in the record already."""
    execution: Execution | None = None
    """What a new run left behind."""
    ran: int | None = None
    """The recorded run that the grade was made from, where there was no new one."""


def land(connection: sa.Connection, run: int, landed: Landed, conditions: Conditions | None) -> None:
    """Writes one result.

    Args:
        connection: with a transaction that the caller ends.
        run: the number of the command.
        landed: the result.
        conditions: of a new run.
    """
    homework, digest = landed.grade.homework, landed.submission.digest
    if landed.content is not None:
        _keep_content(connection, digest, landed.content)
    refers_to = {"run": run, "submission": _submission(connection, run, homework, landed.submission)}
    execution = landed.ran
    if landed.execution is not None and conditions is not None:
        values = execution_values(homework, digest, landed.execution, conditions)
        execution = added(connection, executions, values | {"run": run})
    _grade(connection, refers_to | {"execution": execution}, landed.grade)


def added(connection: sa.Connection, table: sa.Table, values: Values) -> int:
    """The number of a new row."""
    key = connection.execute(table.insert().values(**values)).inserted_primary_key
    return int(key[0]) if key else 0


def _keep_content(connection: sa.Connection, digest: str, content: bytes) -> None:
    if connection.execute(sa.select(contents.c.size).where(contents.c.digest == digest)).first():
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"digest": digest, "size": len(content), "data": packed(content)}
    # Another grader may keep the same file at this moment.
    connection.execute(insert(contents).values(**row).on_conflict_do_nothing())


def _submission(connection: sa.Connection, run: int, homework: str, submission: Submission) -> int:
    """The number of the newest row if it says the same, else of a new one."""
    values = submission_values(homework, submission)
    before = connection.execute(newest(submissions, homework, [submission.student])).mappings().first()
    if before is not None and all(before[name] == value for name, value in values.items()):
        return int(before["id"])
    return added(connection, submissions, values | {"run": run})


def _grade(connection: sa.Connection, refers_to: Values, grade: Grade) -> None:
    values = grade_values(grade)
    before = connection.execute(newest(grades, grade.homework, [grade.student])).mappings().first()
    if before is not None:
        same_origin = all(before[name] == refers_to[name] for name in ("submission", "execution"))
        if same_origin and unpacked(before["record"]) == unpacked(values["record"]):
            return
    added(connection, grades, values | refers_to)
