"""The record as it began: runs, contents, submissions, conditions, executions, grades and edits."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("command", sa.String(40), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("homework", sa.Text, nullable=False),
        sa.Column("grader_version", sa.String(40), nullable=False),
        sa.Column("course_hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "contents",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("homework", sa.Text, nullable=False),
        sa.Column("student", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("record", sa.JSON, nullable=False),
    )
    op.create_table(
        "conditions",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("record", sa.JSON, nullable=False),
    )
    op.create_table(
        "executions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("digest", sa.String(64), sa.ForeignKey("contents.digest"), nullable=False),
        sa.Column("homework", sa.Text, nullable=False),
        sa.Column("isolation", sa.String(40), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("within_limits", sa.Boolean, nullable=False),
        sa.Column("conditions", sa.String(64), sa.ForeignKey("conditions.hash"), nullable=False),
        sa.Column("outcome", sa.LargeBinary, nullable=False),
        sa.Column("notebook", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "grades",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("submission", sa.Integer, sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("execution", sa.Integer, sa.ForeignKey("executions.id"), nullable=True),
        sa.Column("homework", sa.Text, nullable=False),
        sa.Column("student", sa.Text, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("points", sa.String(80), nullable=False),
        sa.Column("pending_points", sa.String(80), nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "edits",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("homework", sa.Text, nullable=False),
        sa.Column("student", sa.Text, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("points", sa.String(80), nullable=True),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("old_points", sa.String(80), nullable=True),
        sa.Column("old_outcome", sa.String(40), nullable=False),
        sa.Column("max_points", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("answer", sa.String(64), nullable=False),
    )
    op.create_index("ix_submissions_homework_student_id", "submissions", ["homework", "student", "id"])
    op.create_index("ix_executions_homework_digest_id", "executions", ["homework", "digest", "id"])
    op.create_index("ix_grades_homework_student_id", "grades", ["homework", "student", "id"])
    op.create_index("ix_edits_homework_student_id", "edits", ["homework", "student", "id"])
    for table in ("runs", "contents", "submissions", "conditions", "executions", "grades", "edits"):
        _only_add(table)


def _only_add(table: str) -> None:
    """Has the database itself refuse to change or remove rows. Whoever has to remove a person's data drops these triggers first."""
    words = f"rows of {table} are added, and neither changed nor removed"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION only_add_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER only_add_{table} BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION only_add_{table}()"
        )
        return
    for doing in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER only_add_{table}_{doing.lower()} BEFORE {doing} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )
