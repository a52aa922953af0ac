"""Rows of the tables made of records, and records of rows."""

import hashlib
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json

from grader.conditions import Conditions, within_limits
from grader.database.tables import edits
from grader.packing import as_json, clean, packed, plain, unpacked
from grader.records import Edit, Execution, Grade, Outcome, Submission

_UNLASTING = {"path"}
"""Of a submission: where its file was is nothing to go by later."""

Row = sa.RowMapping
Values = dict[str, Any]


def newest(
    table: sa.Table, homework: str, students: Collection[str] | None = None, before: int | None = None
) -> sa.Select[Any]:
    """The newest row of each student, or of each of these; of those that came before a command, if its number is given."""
    ids = sa.select(sa.func.max(table.c.id)).where(table.c.homework == homework)
    if students is not None:
        ids = ids.where(table.c.student.in_(students))
    if before is not None:
        ids = ids.where(table.c.run < before)
    return sa.select(table).where(table.c.id.in_(ids.group_by(table.c.student)))


def edits_of(homework: str, students: Collection[str]) -> sa.Select[Any]:
    """The marks of persons, in the order in which they were given."""
    where = edits.c.homework == homework, edits.c.student.in_(students)
    return sa.select(edits).where(*where).order_by(edits.c.id)


def submission_values(homework: str, submission: Submission) -> Values:
    """A row of submissions, without its run."""
    return {
        "homework": homework, "student": submission.student, "digest": submission.digest,
        "withdrawn": False, "record": plain(submission, without=_UNLASTING),
    }  # fmt: skip


def submission_in(row: Row) -> Submission:
    """The submission; its path is the name under which it came."""
    return Submission.model_validate(row["record"] | {"path": row["record"]["origin"]})


def conditions_values(conditions: Conditions) -> Values:
    """A row of conditions."""
    record = plain(conditions)
    return {"hash": hashlib.sha256(to_json(record)).hexdigest(), "record": record}


def execution_values(homework: str, digest: str, execution: Execution, conditions: str) -> Values:
    """A row of executions, without its run.

    Args:
        homework: which homework's answers were watched.
        digest: of the file that ran.
        execution: what it left behind.
        conditions: their hash.
    """
    return {
        "homework": homework, "digest": digest, "isolation": execution.isolation,
        "seconds": execution.seconds, "within_limits": within_limits(execution), "conditions": conditions,
        "outcome": packed(as_json(execution, without={"notebook"})),
        "notebook": packed(to_json(clean(execution.notebook))),
    }  # fmt: skip


def grade_values(grade: Grade) -> Values:
    """A row of grades, without what it refers to."""
    return {
        "homework": grade.homework, "student": grade.student, "status": str(grade.status),
        "points": grade.points, "pending_points": grade.pending_points, "record": packed(as_json(grade)),
    }  # fmt: skip


def grade_in(row: Row) -> Grade:
    """The grade as the grader gave it."""
    return Grade.model_validate_json(unpacked(row["record"]))


def edit_values(homework: str, edit: Edit) -> Values:
    """A row of edits, without its run."""
    values = {name: clean(value) for name, value in edit.model_dump().items()}
    return values | {"homework": homework, "old_outcome": str(edit.old_outcome)}


def edit_in(row: Row) -> Edit:
    """The mark of a person."""
    values = {name: row[name] for name in Edit.model_fields}
    return Edit.model_validate(values | {"old_outcome": Outcome(row["old_outcome"])})
