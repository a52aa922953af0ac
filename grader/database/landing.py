"""One result written to the tables; what has not changed is not repeated."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from grader.conditions import Conditions
from grader.database.rows import Values, conditions_values, execution_values, grade_values, newest, submission_values
from grader.database.tables import conditions, contents, executions, grades, submissions
from grader.packing import packed
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
    row: int | None = None
    """The number of the submission in the record, where the grade was made from there: it counts only as long as that is the newest."""


def land(connection: sa.Connection, run: int, landed: Landed, now: Conditions | None) -> bool:
    """Writes one result; whether it is there now, which it is not if another submission has come in meanwhile.

    Args:
        connection: with a transaction that the caller ends.
        run: the number of the command.
        landed: the result.
        now: the conditions of a new run.
    """
    homework, digest = landed.grade.homework, landed.submission.digest
    if landed.row is not None and landed.row != _newest_row(connection, homework, landed.submission.student):
        return False
    if landed.content is not None:
        _keep_content(connection, digest, landed.content)
    refers_to = {"run": run, "submission": _submission(connection, run, homework, landed.submission)}
    execution = landed.ran
    if landed.execution is not None and now is not None:
        values = execution_values(homework, digest, landed.execution, _conditions(connection, now))
        execution = added(connection, executions, values | {"run": run})
    _grade(connection, refers_to | {"execution": execution}, landed.grade)
    return True


def _newest_row(connection: sa.Connection, homework: str, student: str) -> int | None:
    """The number of the student's newest submission; None if the student is not in the class."""
    row = connection.execute(newest(submissions, homework, [student])).mappings().first()
    return None if row is None or row["withdrawn"] else int(row["id"])


def added(connection: sa.Connection, table: sa.Table, values: Values) -> int:
    """The number of a new row."""
    key = connection.execute(table.insert().values(**values)).inserted_primary_key
    return int(key[0]) if key else 0


def _keep_content(connection: sa.Connection, digest: str, content: bytes) -> None:
    if not connection.execute(sa.select(contents.c.size).where(contents.c.digest == digest)).first():
        _add_unless_there(connection, contents, {"digest": digest, "size": len(content), "data": packed(content)})


def _conditions(connection: sa.Connection, now: Conditions) -> str:
    """The hash under which they are kept."""
    values = conditions_values(now)
    if not connection.execute(sa.select(conditions.c.hash).where(conditions.c.hash == values["hash"])).first():
        _add_unless_there(connection, conditions, values)
    return str(values["hash"])


def _add_unless_there(connection: sa.Connection, table: sa.Table, values: Values) -> None:
    """Another grader may add the same at this moment."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(table).values(**values).on_conflict_do_nothing())


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
        if same_origin and before["record"] == values["record"]:
            return
    added(connection, grades, values | refers_to)
