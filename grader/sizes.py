"""What is to be drawn of an answer about the sizes of a network's layers: the student's numbers and the right ones."""

import logging
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from grader.answers.reading import Reading
from grader.checks.check import Check, Match
from grader.checks.table import Table
from grader.checks.tolerance import as_float
from grader.course import Problem
from grader.crediting import Mark
from grader.errors import ProblemError
from grader.given import Given
from grader.problem_file import Part
from grader.records import Size, Sizes

# What a student's number may be for the solver to go on from it: beyond, a solver that counts up to it would take long.
LARGEST = 10**5

log = logging.getLogger(__name__)


def sizes_of(problem: Problem, given: Given, mark: Mark) -> tuple[Sizes, ...]:
    """The pictures of one part; none where nothing can be drawn.

    The student's numbers in them are those of the first reading and do not depend on what is right, so that a page which tells
    nothing of that may show them.
    """
    try:
        return tuple(_drawn(problem, given, mark))
    except ProblemError:
        return ()  # nothing follows from the student's number, as for follow-through
    except Exception:
        # Nobody loses a point since an answer could not be drawn.
        log.exception("%s: not drawn", given.part)
        return ()


def _drawn(problem: Problem, given: Given, mark: Mark) -> tuple[Sizes, ...]:
    part, reading = problem.parts[given.part], given.readings[0]
    if part.picture is None:
        check: Check = given.check  # one signature, whatever the kind
        return check.sizes(reading)
    expected = mark.expected if mark.reference is None else mark.reference
    if isinstance(given.check, Table):
        layers = _rows(given.check, reading, expected, mark.match)
    else:
        layers = _by_function(problem, given.part, reading, expected, mark.match)
    return (Sizes(form=part.picture, unit=part.counted, layers=layers),) if layers else ()


def _rows(check: Table, reading: Reading, expected: Mapping[str, Any], match: Match) -> tuple[Size, ...]:
    """A layer for each row of a table."""
    right, cells = {item.name: item.right for item in match.items}, reading.value.readable
    return tuple(
        Size(
            name=row,
            given=_number(cells[row][0].value) if row in cells else None,
            expected=None if right[row] else _number(expected.get(row)),
            right=right[row],
        )
        for row in check.rows
    )


def _by_function(problem: Problem, part: str, reading: Reading, expected: Any, match: Match) -> tuple[Size, ...]:
    """The layers that the solver works out from the student's number, and from the right one."""
    if not _may_be_solved_from(reading.value):
        return ()
    spec = problem.parts[part]
    own, right = (_solved(problem, spec, problem.function(part), value) for value in (reading.value, expected))
    if own.keys() != right.keys():
        return ()  # a number of layers that follows from an answer has no end
    return tuple(_layer(name, _number(size), _number(right.get(name)), match) for name, size in own.items())


def _layer(name: str, given: float | None, expected: float | None, match: Match) -> Size:
    """One that the answer does not matter to, as it stands in the statement, is neither right nor wrong."""
    if match.right:
        return Size(name=name, given=given, right=True)
    return (
        Size(name=name, given=given)
        if given == expected
        else Size(name=name, given=given, expected=expected, right=False)
    )


def _solved(problem: Problem, part: Part, function: str, value: Any) -> dict[str, Any]:
    solved = problem.solver.solve(part.pictured, problem.assignments[0], {function: value})
    return solved if isinstance(solved, dict) else {}


def _may_be_solved_from(value: Any) -> bool:
    return isinstance(value, int | float | Fraction) and -LARGEST <= value <= LARGEST  # NaN is not


def _number(value: Any) -> float | None:
    """The number that is drawn: that of a cell, or how many values an array of this shape has. None if it cannot be drawn."""
    size = math.prod(value) if isinstance(value, tuple) else value
    if not isinstance(size, int | float | Fraction):
        return None
    number = as_float(size)
    return number if math.isfinite(number) else None
