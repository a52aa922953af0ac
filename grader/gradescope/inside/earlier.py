"""How often a student may have a submission graded, told from when submissions came in and never from what time it is now.

So it does not matter how much later a submission is graded again. What is known of the ones before may have become less by then,
since Gradescope keeps the results of the newest only; then it is graded, whatever became of it the first time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from grader.autograder_settings import AutograderSettings
from grader.gradescope.inside.metadata import Metadata, Previous
from grader.gradescope.results import COUNTED, FAULT

_MOST_HOURS = 24 * 365 * 20.0
"""Twenty years, for ever; more would lead out of the calendar."""


@dataclass(frozen=True)
class Allowance:
    """Whether a submission is within the limit, and which ones count."""

    earlier: tuple[datetime, ...]
    """When those came in that count, this one left out."""
    submitted: datetime | None
    """When this one came in."""
    next_at: datetime | None = None
    """From when on one is graded again; None if this one is within the limit."""

    @property
    def counted(self) -> tuple[datetime, ...]:
        """The ones that count once this one is graded."""
        return (*self.earlier, self.submitted) if self.submitted else self.earlier


def allowance(metadata: Metadata, settings: AutograderSettings) -> Allowance:
    """Whether a submission is within the limit that its homework sets.

    Only the newest earlier one's own account can put it over the limit: what is known without it is not sure enough.

    Args:
        metadata: of the submission. Without its time, it is within the limit.
        settings: of the homework.
    """
    now, most = metadata.submitted, settings.most_submissions
    if now is None:
        return Allowance((), None)
    window = timedelta(hours=min(settings.per_hours, _MOST_HOURS))
    newest = metadata.newest_earlier
    ledger = ledger_in(newest.results) if newest else None
    times = _probably(metadata.earlier, most, window) if ledger is None else ledger
    counted = tuple(sorted({time for time in times if now - window < time < now}))
    if most is None or ledger is None or len(counted) < most:
        return Allowance(counted, now)
    return Allowance(counted, now, next_at=(counted[-most] + window).astimezone(now.tzinfo))


def _probably(before: Sequence[Previous], most: int | None, window: timedelta) -> Iterable[datetime]:
    """When earlier submissions came in that were graded, without an account: those that did not fail and were within the limit."""
    counted: list[datetime] = []
    for one in before:
        is_within = most is None or len(counted) < most or counted[-most] <= one.submitted - window
        if is_within and not one.failed and not _extra(one.results).get(FAULT):
            counted.append(one.submitted)
    return counted


def ledger_in(results: Mapping[str, Any] | None) -> tuple[datetime, ...] | None:
    """The times that results say to be counted; None if they do not say so."""
    times = _extra(results).get(COUNTED)
    if not isinstance(times, list):
        return None
    read = tuple(_times(times))
    return read if len(read) == len(times) else None


def _extra(results: Mapping[str, Any] | None) -> Mapping[str, Any]:
    extra = results.get("extra_data") if results else None
    return extra if isinstance(extra, dict) else {}


def _times(texts: Iterable[Any]) -> Iterator[datetime]:
    for text in texts:
        try:
            time = datetime.fromisoformat(text)
        except (TypeError, ValueError):
            continue
        if time.tzinfo is not None:
            yield time
