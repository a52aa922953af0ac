"""How often a student may have a submission graded, told from when submissions came in and never from what time it is now.

So a submission that is graded again months later is graded again, or not, just as it was the first time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from grader.autograder_settings import AutograderSettings
from grader.gradescope.metadata import Metadata, Previous
from grader.gradescope.results import COUNTED, FAULT

LIMITED = "limited"
"""In `Results.extra_data`: what stands above results that are handed out again, since no more are graded yet."""


@dataclass(frozen=True)
class Allowance:
    """Whether a submission is graded, and which ones count."""

    earlier: tuple[datetime, ...]
    """When those came in that count, this one left out."""
    submitted: datetime | None
    """When this one came in."""
    next_at: datetime | None = None
    """From when on one is graded again; None if this one is graded."""

    @property
    def counted(self) -> tuple[datetime, ...]:
        """The ones that count once this one is graded."""
        return (*self.earlier, self.submitted) if self.submitted else self.earlier


def allowance(metadata: Metadata, settings: AutograderSettings) -> Allowance:
    """Whether a submission is graded by the limit that its homework sets.

    Args:
        metadata: of the submission. Without its time, it is graded.
        settings: of the homework.
    """
    now = metadata.submitted
    if now is None:
        return Allowance((), None)
    window = timedelta(hours=min(settings.per_hours, _MOST_HOURS))
    before = [one for one in metadata.previous if one.submitted is None or one.submitted < now]
    counted = tuple(sorted({time for time in _counted(before) if now - window < time < now}))
    most = settings.most_submissions
    if most is None or len(counted) < most:
        return Allowance(counted, now)
    return Allowance(counted, now, next_at=(counted[-most] + window).astimezone(now.tzinfo))


_MOST_HOURS = 24 * 365 * 20.0
"""Twenty years, for ever; more would lead out of the calendar."""


def _counted(before: list[Previous]) -> Iterator[datetime]:
    """When earlier submissions came in that were graded: by the newest one's own account, or else all that did not fail."""
    newest = before[-1] if before else None
    ledger = ledger_in(newest.results) if newest else None
    if ledger is not None:
        yield from ledger
        return
    for one in before:
        if one.submitted and not one.failed and not _extra(one.results).get(FAULT):
            yield one.submitted


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
