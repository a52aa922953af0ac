"""The tables. Rows are added and never changed: what counts is the newest row, and the older ones are the history.

- runs: one command, when it was given, by whom, with which grader and which files of the course.
- contents: a file as it was handed in, by its digest.
- submissions: a student's file, with all that is known about where it came from.
- conditions: under which files have run, by their hash; the same for a whole class.
- executions: what running a file left behind.
- grades: what the grader says of a submission; a row only where that has changed.
- edits: the marks of persons, which stand in place of the grader's.
"""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Of indexes and constraints, so that migrations find them in every database."""


class Moment(sa.TypeDecorator[datetime]):
    """A time with its zone, kept in UTC; SQLite keeps no zone by itself."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's form
        """Into the database."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's form
        """Out of it."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


class Exact(sa.TypeDecorator[Fraction]):
    """Points as an exact fraction, written "5/2"."""

    impl = sa.String(80)
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's form
        """Into the database."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Fraction | None:  # noqa: ARG002 - SQLAlchemy's form
        """Out of it."""
        return None if value is None else Fraction(value)


Json = sa.JSON
metadata = sa.MetaData(naming_convention=NAMES)


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _reference(name: str, to: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.ForeignKey(to), **{"nullable": False, **options})


runs = sa.Table(
    "runs",
    metadata,
    _key(),
    sa.Column("at", Moment, nullable=False),
    sa.Column("command", sa.String(40), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("homework", sa.Text, nullable=False),
    sa.Column("grader_version", sa.String(40), nullable=False),
    sa.Column("course_hash", sa.String(64), nullable=False),
)

contents = sa.Table(
    "contents",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

submissions = sa.Table(
    "submissions",
    metadata,
    _key(),
    _reference("run", "runs.id"),
    sa.Column("homework", sa.Text, nullable=False),
    sa.Column("student", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("record", Json, nullable=False),
)

conditions = sa.Table(
    "conditions",
    metadata,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("record", Json, nullable=False),
)

executions = sa.Table(
    "executions",
    metadata,
    _key(),
    _reference("run", "runs.id"),
    _reference("digest", "contents.digest"),
    sa.Column("homework", sa.Text, nullable=False),
    sa.Column("isolation", sa.String(40), nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("within_limits", sa.Boolean, nullable=False),
    _reference("conditions", "conditions.hash"),
    sa.Column("outcome", sa.LargeBinary, nullable=False),
    sa.Column("notebook", sa.LargeBinary, nullable=False),
)

grades = sa.Table(
    "grades",
    metadata,
    _key(),
    _reference("run", "runs.id"),
    _reference("submission", "submissions.id"),
    _reference("execution", "executions.id", nullable=True),
    sa.Column("homework", sa.Text, nullable=False),
    sa.Column("student", sa.Text, nullable=False),
    sa.Column("status", sa.String(40), nullable=False),
    sa.Column("points", Exact, nullable=False),
    sa.Column("pending_points", Exact, nullable=False),
    sa.Column("record", sa.LargeBinary, nullable=False),
)

edits = sa.Table(
    "edits",
    metadata,
    _key(),
    _reference("run", "runs.id"),
    sa.Column("homework", sa.Text, nullable=False),
    sa.Column("student", sa.Text, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("part", sa.Text, nullable=False),
    sa.Column("points", Exact, nullable=True),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("old_points", Exact, nullable=True),
    sa.Column("old_outcome", sa.String(40), nullable=False),
    sa.Column("max_points", Exact, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("answer", sa.String(64), nullable=False),
)

sa.Index(None, submissions.c.homework, submissions.c.student, submissions.c.id)
sa.Index(None, executions.c.homework, executions.c.digest, executions.c.id)
sa.Index(None, grades.c.homework, grades.c.student, grades.c.id)
sa.Index(None, edits.c.homework, edits.c.student, edits.c.id)
