"""What is said of a wrong answer that no known mistake explains: a slip of the pen, or two answers that changed places."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

from grader.checks.check import Check
from grader.checks.set import Unordered
from grader.checks.slips import WORDS
from grader.checks.table import Table
from grader.course import Problem
from grader.crediting import Mark

SWAPPED = "This is the right answer to {other!r}, and that one's stands here. Did the two change places?"


def name_slips(marks: Mapping[str, Mark], problem: Problem) -> dict[str, Mark]:
    """The marks of a problem by part, with words for those that slips explain; credit stays as it is."""
    open_marks = {part: mark for part, mark in marks.items() if _is_open(mark)}
    named = dict(marks)
    for part, mark in open_marks.items():
        if mark.slip:
            named[part] = replace(mark, why=f"slip({mark.slip})", message=f"{mark.message} {WORDS[mark.slip]}".strip())
    for one, other in combinations(open_marks, 2):
        if _swapped(problem.parts[one].check, open_marks[one], problem.parts[other].check, open_marks[other]):
            named[one] = replace(marks[one], why=f"slip(swapped={other})", message=SWAPPED.format(other=other))
            named[other] = replace(marks[other], why=f"slip(swapped={one})", message=SWAPPED.format(other=one))
    return named


def _is_open(mark: Mark) -> bool:
    """Whether nothing has been said yet of a wrong answer."""
    return not mark.right and not mark.told and not mark.explained_by


def _swapped(check: Check, mark: Mark, beside: Check, other: Mark) -> bool:
    """Whether each of two answers of one kind is the right answer to the other part."""
    if type(check) is not type(beside) or isinstance(check, Table | Unordered):
        return False  # what is made of several answers does not change places as a whole
    return check.explains(mark.reading, other.expected) and beside.explains(other.reading, mark.expected)
