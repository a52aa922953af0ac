"""What is said of a wrong answer that no known mistake explains: a slip of the pen, or two answers that changed places."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

from grader.checks.check import RIGHT
from grader.checks.slips import WORDS
from grader.crediting import Mark
from grader.given import Given

SWAPPED = "This is the right answer to {other!r}, and that one's stands here. Did the two change places?"


def name_slips(marks: Mapping[str, Mark], given: Mapping[str, Given]) -> dict[str, Mark]:
    """The marks of a problem, with words for those that slips explain; credit stays as it is.

    Args:
        marks: by part.
        given: what was given, by part.
    """
    open_parts = [
        part for part, mark in marks.items() if mark.credit < RIGHT and not mark.told and not mark.explained_by
    ]
    named = dict(marks)
    for part in open_parts:
        if slip := given[part].check.slip(marks[part].reading, marks[part].expected):
            named[part] = replace(marks[part], why=f"slip({slip})", message=WORDS[slip])
    for one, other in combinations(open_parts, 2):
        if _swapped(one, other, marks, given):
            named[one] = replace(marks[one], why=f"slip(swapped={other})", message=SWAPPED.format(other=other))
            named[other] = replace(marks[other], why=f"slip(swapped={one})", message=SWAPPED.format(other=one))
    return named


def _swapped(one: str, other: str, marks: Mapping[str, Mark], given: Mapping[str, Given]) -> bool:
    """Whether each of two answers of one kind is the right answer to the other part."""
    check, beside = given[one].check, given[other].check
    if type(check) is not type(beside):
        return False
    first, second = marks[one], marks[other]
    return check.explains(first.reading, second.expected) and beside.explains(second.reading, first.expected)
