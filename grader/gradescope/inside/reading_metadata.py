"""submission_metadata.json, read: whatever is in the file, it becomes a record, and what could not be read is said.

Source of names: gradescope-autograders.readthedocs.io, "Submission metadata". Registration numbers and due dates of single students
stand in real files though not in that page. Times have an offset there; one without is taken as UTC, which the staff is told: with
no time at all, nothing would ever be late, and no limit would hold.
"""

import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.gradescope.inside.metadata import Metadata, Previous, Submitter
from grader.notebooks import clean_text

MOST_BYTES = 16 * 1024**2
"""Of the file. Earlier results are the most of it: a hundred parts with the longest output that Gradescope keeps."""
MOST_CHARACTERS = 500
"""Of a name or an address; longer ones are cut."""
MOST_DIGITS = 20
"""Of a number that names something."""
_YEARS = range(2000, 2101)
"""Other times are mistakes, and near the ends of the calendar no time can be added to them."""
_DAY_ALONE = len("2026-07-31")
"""Characters. It would be over at its very beginning."""
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?")


def read_metadata(file: Path) -> Metadata:
    """What the file says. Never raises: it may be missing, empty, or of another form than it is today.

    Args:
        file: submission_metadata.json.
    """
    reader = _Reader()
    return reader.metadata(reader.load(file))


class _Reader:
    """Reads one file, and notes what it cannot read."""

    def __init__(self) -> None:
        self._troubles: dict[str, None] = {}

    def load(self, file: Path) -> dict[str, Any]:
        """The JSON object in the file, without numbers that are none; empty if there is no such object."""
        try:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                self._trouble(f"{file.name}: has more than {MOST_BYTES // 1024**2} MiB")
                return {}
            root = json.loads(content, parse_constant=lambda _: None, parse_float=_finite)
        except OSError as error:
            self._trouble(f"{file.name}: cannot be read ({error.strerror})")
            return {}
        except (
            ValueError,
            RecursionError,
        ) as error:  # no JSON, no UTF-8, a number of thousands of digits, or a deep nest
            self._trouble(f"{file.name}: is not JSON ({clean_text(str(error))[:MOST_CHARACTERS]})")
            return {}
        return self._object(root, file.name)

    def metadata(self, root: dict[str, Any]) -> Metadata:
        """The record of all that is in the file."""
        assignment = self._object(root.get("assignment"), "assignment")
        submitters = tuple(self._submitters(root.get("users")))
        return Metadata(
            id=self._text(root.get("id"), "id"),
            submitted=self._time(root.get("created_at"), "created_at"),
            total_points=self._points(assignment.get("total_points")),
            due=self._time(assignment.get("due_date"), "assignment.due_date"),
            submitters=submitters,
            previous=self._previous(root.get("previous_submissions")),
            troubles=tuple(self._troubles),
        )

    def _submitters(self, users: Any) -> Iterator[Submitter]:
        for one in self._objects(users, "users"):
            own = self._object(one.get("assignment"), "users.assignment")
            yield Submitter(
                name=self._text(one.get("name"), "users.name"),
                email=self._text(one.get("email"), "users.email"),
                sid=self._text(one.get("sid"), "users.sid"),
                due=self._time(one.get("due_date") or own.get("due_date"), "users.due_date"),
            )

    def _previous(self, submissions: Any) -> tuple[Previous, ...]:
        return tuple(sorted(self._with_times(submissions), key=lambda one: one.submitted))

    def _with_times(self, submissions: Any) -> Iterator[Previous]:
        """Without their time, nothing can be told from them."""
        for one in self._objects(submissions, "previous_submissions"):
            time = self._time(one.get("submission_time"), "previous_submissions.submission_time")
            if time is None:
                self._trouble("previous_submissions: one has no time, and is not looked at")
                continue
            yield Previous(
                submitted=time,
                failed=one.get("autograder_error") is True,
                results=self._object(one.get("results"), "previous_submissions.results") or None,
            )

    def _objects(self, value: Any, place: str) -> Iterator[dict[str, Any]]:
        if value is not None and not isinstance(value, list):
            self._trouble(f"{place}: is no list")
            return
        yield from (one for one in (self._object(item, place) for item in value or []) if one)

    def _object(self, value: Any, place: str) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        if value is not None:
            self._trouble(f"{place}: is no object")
        return {}

    def _text(self, value: Any, place: str) -> str:
        if isinstance(value, str):
            return clean_text(value[:MOST_CHARACTERS])
        if type(value) is int and abs(value) < 10**MOST_DIGITS:
            return str(value)
        if value is not None:
            self._trouble(f"{place}: is neither text nor a number")
        return ""

    def _time(self, value: Any, place: str) -> datetime | None:
        if value is None:
            return None
        try:
            time = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self._trouble(f"{place}: is no time")
            return None
        if time.year not in _YEARS or len(value) <= _DAY_ALONE:
            self._trouble(f"{place}: is a day without a time, or has a year that cannot be meant")
            return None
        if time.tzinfo is None:
            self._trouble(f"{place}: has no time zone; UTC is assumed")
            return time.replace(tzinfo=UTC)
        return time

    def _points(self, value: Any) -> Fraction | None:
        text = value.strip() if isinstance(value, str) else str(value) if type(value) in {int, float} else ""
        if _NUMBER.fullmatch(text):
            return Fraction(text)
        if value is not None:
            self._trouble("assignment.total_points: is no number")
        return None

    def _trouble(self, words: str) -> None:
        self._troubles[words] = None


def _finite(text: str) -> float | None:
    """A number, as far as JSON can hand it on."""
    number = float(text)
    return number if math.isfinite(number) else None
