"""What Gradescope says of a submission, made up: submission_metadata.json."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

SUBMITTED = datetime(2026, 11, 20, 21, 14, 3, 123456, tzinfo=UTC)
_TITLE = "Homework"


def student(number: int = 1, **more: object) -> dict[str, Any]:
    """One who hands in.

    Args:
        number: which one.
        more: fields beside the usual, or instead of them.
    """
    name = ("Ada Byron", "Emmy Noether", "Mary Cartwright")[number % 3]
    return {"email": f"{name.partition(' ')[0].lower()}@school.invalid", "id": 9000 + number, "name": name, **more}


def earlier(hours: float, results: object = None, *, failed: bool = False) -> dict[str, Any]:
    """An earlier submission.

    Args:
        hours: before this one.
        results: what came out; Gradescope has it of the newest only.
        failed: whether the autograder has.
    """
    told = {
        "submission_time": (SUBMITTED - timedelta(hours=hours)).isoformat(),
        "score": "12.0",
        "autograder_error": failed,
    }
    return told if results is None else {**told, "results": results}


def metadata(  # noqa: PLR0913 - the fields that matter
    *,
    submitted: datetime = SUBMITTED,
    due: datetime | None = SUBMITTED + timedelta(days=2),
    late_due: datetime | None = None,
    students: Sequence[dict[str, Any]] = (),
    previous: Sequence[dict[str, Any]] = (),
    points: str = "31.0",
    method: str = "upload",
) -> str:
    """The file.

    Args:
        submitted: when it came in.
        due: of the assignment.
        late_due: until when it may be late.
        students: several for a group; by default one.
        previous: earlier submissions, oldest first.
        points: of the assignment, manual questions included.
        method: how it was handed in.
    """
    users = list(students) or [student()]
    told = {
        "id": 123456789,
        "created_at": submitted.isoformat(),
        "assignment_id": 5150,
        "assignment": {
            "due_date": due and due.isoformat(),
            "late_due_date": late_due and late_due.isoformat(),
            "group_size": len(users) if len(users) > 1 else None,
            "group_submission": len(users) > 1,
            "id": 5150,
            "course_id": 1234,
            "release_date": (SUBMITTED - timedelta(days=14)).isoformat(),
            "title": _TITLE,
            "total_points": points,
        },
        "submission_method": method,
        "users": users,
        "previous_submissions": list(previous),
    }
    return json.dumps(told)
