"""What one part is worth: right, right under another convention, rightly followed through, or right step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from grader.answers.reading import Reading
from grader.checks.check import RIGHT, Match
from grader.checks.path import Trajectory
from grader.checks.table import Table
from grader.course import Assignment, Problem
from grader.errors import ProblemError
from grader.explaining import Explanation
from grader.given import Given
from grader.solver import SolveError


@dataclass(frozen=True)
class Mark:
    """What one part is worth under one assignment of conventions, and why."""

    credit: Fraction
    match: Match
    reading: Reading
    expected: Any
    """The reference value under the assignment."""
    why: str = ""
    """The finding, without the part's name."""
    message: str = ""
    hint: str = ""
    """A question that leads on from a known mistake."""
    convention: str = ""
    """The convention on which it rests, in words, where that is not the sheet's own."""
    follows: tuple[str, ...] = ()
    """The earlier parts whose answers it follows from."""
    reference: Any = None
    """The right answer, where `expected` is what follows from the student's own wrong ones."""
    told: bool = False
    """Whether the reason is known, so that no mistake is looked for."""
    explained_by: tuple[Explanation, ...] = ()
    worked_out_from: tuple[tuple[Any, ...], ...] = ()
    """Everything it depends on: its part, answer and conventions, and the same of every part before it; empty if unknown."""
    failed: bool = False
    """Whether the grader failed on it."""
    slip: str = ""
    """The name of the slip of the pen that leads to it, where no mistake does."""

    @property
    def right(self) -> bool:
        """Whether nothing is missing."""
        return self.credit is RIGHT or self.credit == 1


def credit(problem: Problem, assignment: Assignment, given: Given) -> Mark:
    """The best way to credit a part for itself. A more lenient way is only tried while it is not right, and never lowers.

    Args:
        problem: the problem.
        assignment: the conventions that the student is taken to keep to.
        given: the part, with at least one reading.
    """
    mark = _direct(problem, assignment, given)
    for lenient in (_mixed, _stepwise) if not mark.right else ():
        mark = max(mark, lenient(problem, assignment, given) or mark, key=lambda one: one.credit)
    return mark


def _direct(problem: Problem, assignment: Assignment, given: Given) -> Mark:
    """Against the reference, by the readings that agree with the conventions if there are any."""
    readings = given.check.under(given.readings, assignment)
    expected = problem.expected(given.part, assignment)
    match, reading = _best(given, readings, expected)
    why, words = _convention(problem, given, assignment, reading) if match.right else (match.note, "")
    return Mark(match.credit, match, reading, expected, why, match.message, convention=words, told=match.told)


def _best(given: Given, readings: list[Reading] | tuple[Reading, ...], expected: Any) -> tuple[Match, Reading]:
    return max(((given.check.compare(r, expected), r) for r in readings), key=lambda pair: pair[0].credit)


def _convention(problem: Problem, given: Given, assignment: Assignment, reading: Reading) -> tuple[str, str]:
    """Finding and words for what is right, with the convention it rests on if that is not the sheet's own.

    It rests on one that changes the reference, or by which the answer is read.
    """
    own, expected = problem.assignments[0], problem.expected(given.part, assignment)
    for name, value in assignment.items():
        otherwise = problem.expected(given.part, {**assignment, name: own[name]})
        if value != own[name] and ((name, value) in reading.tags or not given.check.same(expected, otherwise)):
            return f"convention({name}={value})", _words(problem, name, value)
    return "correct", ""


def _mixed(problem: Problem, assignment: Assignment, given: Given) -> Mark | None:
    """Right under another accepted assignment than the rest of the problem."""
    for other in problem.accepted(given.part):
        differing = [(name, value) for name, value in other.items() if value != assignment[name]]
        mark = _direct(problem, other, given) if differing else None
        if mark is not None and mark.right:
            return replace(
                mark,
                credit=problem.spec.mixed_credit,
                told=True,
                why=f"mixed({','.join(f'{name}={value}' for name, value in differing)})",
                message="Your other answers use another convention. Which do you mean?",
                convention="; ".join(_words(problem, name, value) for name, value in differing),
            )
    return None


def _words(problem: Problem, convention: str, value: object) -> str:
    return problem.spec.conventions[convention][str(value)]


def followed(problem: Problem, assignment: Assignment, given: Given, own: Mapping[str, Any]) -> Mark | None:
    """A part against what follows from the student's own earlier values; None if nothing does, or these are trivial.

    Args:
        problem: the problem.
        assignment: the conventions that the student is taken to keep to.
        given: the part, with at least one reading.
        own: the student's own values that the part builds on, by function of the solver, where they are not the reference's.
    """
    part = given.part
    if not _may_follow(problem, part, assignment, own):
        return None
    try:
        expected = problem.understood(part, problem.solver.solve(problem.function(part), assignment, own))
    except ProblemError:
        return None  # nothing follows from these values
    match, reading = _best(given, given.readings, expected)
    names = tuple(name for name in problem.parts if problem.function(name) in own)
    return Mark(
        match.credit * problem.parts[part].follow,
        match,
        reading,
        expected,
        f"follow({','.join(names)})",
        match.message,
        follows=names,
        reference=problem.expected(part, assignment),
        told=True,
    )


def _may_follow(problem: Problem, part: str, assignment: Assignment, own: Mapping[str, Any]) -> bool:
    """Whether the guard of a part holds for the student's values, with the reference's where the student has no own."""
    guard = problem.guards.get(part)
    if guard is None:
        return True
    values = {name: own.get(problem.function(name), problem.expected(name, assignment)) for name in guard.names}
    return guard.holds({name: Fraction(value) for name, value in values.items()})


def _stepwise(problem: Problem, assignment: Assignment, given: Given) -> Mark | None:
    """Each step of a path, or row of a table, judged from the student's own before it, so that a slip costs one."""
    check = given.check
    if not isinstance(check, Trajectory | Table) or not check.continuation:
        return None
    reading, expected = check.under(given.readings, assignment)[0], problem.expected(given.part, assignment)
    own = {problem.function(given.part): check.upstream(reading, expected)}
    try:
        match = check.compare_continued(reading, expected, problem.solver.solve(check.continuation, assignment, own))
    except (SolveError, ValueError):
        return None  # nothing follows from these values
    return Mark(match.credit, match, reading, expected, match.note, match.message)
