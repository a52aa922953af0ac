"""What students and staff are told where the grader has failed. The standard library only: it may be what is broken."""

import html
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.version import __version__

FAULT, COUNTED = "fault", "counted"
"""As in `grader.gradescope.results`, which cannot be imported here."""
RERUN = (
    "When that is mended, open the submission and choose Rerun Autograder, or Regrade All Submissions for everybody."
)
_NOTHING_TO_DO = (
    "That is no fault of yours and costs you nothing: the course staff can have your submission graded again. "
    "You need not hand anything in again. Ask the staff if it stays so."
)
_MOST_METADATA = 16 * 1024**2
_MOST_COUNTED = 10_000


class Fault(Exception):  # noqa: N818 - why, in words
    """Nothing was graded, and that is ours.

    Args:
        words: for the student, what happened.
        details: for the staff, with the remedy.
    """

    def __init__(self, words: str, details: str) -> None:
        self.words, self.details = words, details
        super().__init__(f"{words} {details}")


def fault_results(fault: Fault, homework: str, metadata: Path) -> bytes:
    """results.json where nothing was graded. Its score is 0, since a number is demanded; `extra_data.fault` says that it is none.

    Args:
        fault: what happened.
        homework: its name, if that is known.
        metadata: submission_metadata.json, out of which the account of submissions that count is handed on.
    """
    extra: dict[str, Any] = {FAULT: True, "grader": __version__, "homework": homework, "why": fault.words}
    counted = _counted(metadata)
    if counted is not None:
        extra[COUNTED] = counted
    results = {
        "score": 0,
        "output": f"<p><strong>Not graded yet</strong></p><p>{html.escape(fault.words)} {_NOTHING_TO_DO}</p>",
        "output_format": "html",
        "stdout_visibility": "hidden",
        "extra_data": extra,
    }
    return json.dumps(results, allow_nan=False).encode()


def _counted(metadata: Path) -> list[str] | None:
    """Which submissions count by the account of the newest one before this; None if there is none."""
    try:
        with metadata.open("rb") as file:
            read = json.loads(file.read(_MOST_METADATA))
        now = _time(read["created_at"])
        earlier = [one for one in read["previous_submissions"] if _time(one["submission_time"]) < now]
        newest = max(earlier, key=lambda one: _time(one["submission_time"]))
        counted = newest["results"]["extra_data"][COUNTED]
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return None
    is_one = isinstance(counted, list) and all(isinstance(time, str) for time in counted)
    return counted[:_MOST_COUNTED] if is_one else None


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
