"""What there is to say of a wrong answer: what its kind says, and which known mistakes lead to it."""

from grader.check_level import CheckLevel
from grader.checks.check import RIGHT, Match
from grader.mistake_words import comes_out_when, one_of
from grader.selfcheck.judging.attempt import Attempt

UNEXPLAINED = "None of the known mistakes alone leads to it."


def told_of(attempt: Attempt, match: Match) -> tuple[str, str]:
    """Message and hint, each empty where there is none.

    Args:
        attempt: an answer that is not right under any convention.
        match: how far it agrees with what it has opened.
    """
    if match.told:
        return match.message, ""
    words, hint = _mistakes(attempt)
    # Of what has gaps, the gaps are what is wrong.
    if not words and attempt.part.told.includes(CheckLevel.HINT) and match.given == RIGHT:
        words = UNEXPLAINED
    return f"{match.message} {words}".strip(), hint


def _mistakes(attempt: Attempt) -> tuple[str, str]:
    """What leads to it in words, and the hint if that is one mistake alone."""
    if not attempt.hints:
        return "", ""
    whats, certain = [one.what for one in attempt.hints], all(one.certain for one in attempt.hints)
    return comes_out_when(one_of(whats), certain=certain), attempt.hints[0].hint if len(whats) == 1 else ""
