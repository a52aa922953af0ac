"""Points in time as platforms and people write them."""

import re
from datetime import UTC, datetime

_ZONE = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
_NAMED_ZONE = re.compile(r"\s*(UTC|GMT|Z)$")
_FRACTION = re.compile(r"(?<=\.\d{6})\d+")
_MONTHS = (
    "jan jän gen ene",
    "feb fev fév",
    "mar mär maa",
    "apr avr abr",
    "may mai mag mei",
    "jun juin giu",
    "jul juil lug",
    "aug août aou ago",
    "sep set",
    "oct okt ott out",
    "nov",
    "dec dez dic déc",
)
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})\.?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,})\.?\s+(?:de\s+)?(?P<year>\d{4}),?\s+(?:\w+\s+)?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:\s*(?P<half>[AaPp])\.?[Mm])?"
)
_MONTH_FIRST = re.compile(
    r"(?P<month>[^\W\d_]{3,})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4}),?\s+(?P<hour>\d{1,2}):?(?P<minute>\d\d)(?::\d\d)?(?:\s*(?P<half>[AaPp])\.?[Mm])?"
)


def read_time(text: str) -> datetime | None:
    """A point in time; None where there is none, or it cannot be read.

    Args:
        text: ISO 8601 ("2026-03-01 23:59", "2026-03-01T23:59:00Z", "... -0800", "... UTC"), or a date in words as Moodle
            and Brightspace write them ("Sunday, 1 March 2026, 11:59 PM", "Mar 1, 2026 1159 PM"). What has no zone is
            meant in the local time of this machine.
    """
    try:
        return _iso(text).astimezone()
    except (ValueError, OverflowError, OSError):
        return _in_words(text)


def as_utc(text: str) -> datetime | None:
    """A point in time in ISO 8601, in UTC unless it says otherwise."""
    try:
        moment = _iso(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso(text: str) -> datetime:
    """Python reads neither a blank in front of the zone nor nine digits of a second."""
    return datetime.fromisoformat(_FRACTION.sub("", _NAMED_ZONE.sub("+00:00", _ZONE.sub("", text.strip()))))


def _in_words(text: str) -> datetime | None:
    found = _DAY_FIRST.search(text) or _MONTH_FIRST.search(text)
    month = _month(found["month"]) if found else 0
    if found is None or not month:
        return None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    try:
        return datetime(int(found["year"]), month, int(found["day"]), hour, int(found["minute"])).astimezone()
    except (ValueError, OverflowError):
        return None


def _month(word: str) -> int:
    """Of the months' names in the languages of western Europe, as their first letters tell them apart; 0 for another word."""
    small = word.casefold()
    return next((at for at, names in enumerate(_MONTHS, 1) if any(small.startswith(one) for one in names.split())), 0)
