"""What a test of a check needs: the check as a problem file declares it, and the mark of an answer."""

from typing import Any

from pydantic import TypeAdapter

from grader.answers.values import Plain
from grader.checks import AnyCheck
from grader.checks.check import Check, Match

_CHECKS: TypeAdapter[Any] = TypeAdapter(AnyCheck)


def declared(kind: str, **options: Any) -> Check:
    """The check of a table with these keys in a problem file."""
    check: Check = _CHECKS.validate_python({"kind": kind, **options})
    return check


def match(check: Check, answer: Plain, solved: Any) -> Match:
    """The best match among all readings of an answer, against what a solver returned."""
    expected = check.expect(solved)
    return max((check.compare(reading, expected) for reading in check.read(answer)), key=lambda found: found.credit)


def explains(check: Check, answer: Plain, solved: Any) -> bool:
    """Whether any reading of an answer is what a solver returned."""
    return any(check.explains(reading, check.expect(solved)) for reading in check.read(answer))
