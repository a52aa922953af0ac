"""What the files of a course must agree on before any student is marked.

A name in one file has to be known in the other, and the solver has to give every part a reference of its kind under every
accepted convention. Each trouble is named with file, table and key.
"""

import itertools
import math
from collections.abc import Collection, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from grader.checks.path import Trajectory
from grader.checks.table import Table
from grader.course import Assignment, Homework, Problem
from grader.errors import ProblemError
from grader.naming import ID_RULE, is_id
from grader.problem_file import Scalar
from grader.shortened import shortened

# Tags that readers put on a reading, with their values; a convention of this name binds the readings of a problem together.
READING_TAGS: Mapping[str, frozenset[str]] = {
    "K": frozenset({"1000", "1024"}),
    "prefix": frozenset({"decimal", "binary"}),
    "flops_per_mac": frozenset({"1", "2"}),
    "axes": frozenset({"channels first", "channels last"}),
}
# Each assignment marks every part once more, so that the product of conventions is kept small.
MOST_ASSIGNMENTS = 32
# Keys of a part that say what comes of its reference.
_OF_REFERENCES = ("solve", "follow", "follow_if")


def check_names(problem: Problem) -> None:
    """Every name in the problem file is known to the solver, and every value is one that it can stand for.

    Raises:
        ProblemError: the first one that is not.
    """
    _check_given(problem)
    for part in problem.parts:
        _check_part(problem, part)
    for name in problem.spec.conventions:
        _check_convention(problem, name)
    if math.prod(map(len, problem.spec.conventions.values())) > MOST_ASSIGNMENTS:
        raise ProblemError(problem.file, "conventions", f"more than {MOST_ASSIGNMENTS} combinations; declare fewer")
    for name, mistake in problem.spec.mistakes.items():
        for assumption, value in mistake.assume.items():
            _check_assumption(problem, f"mistakes.{name}.assume.{assumption}", assumption, value)
    _check_order(problem)


def check_references(problem: Problem) -> None:
    """The solver gives every part a reference that its check understands, under every accepted convention.

    Raises:
        ProblemError: the solver fails, or returns something else.
    """
    _check_guards(problem)
    for part, assignment in itertools.product(problem.parts, problem.assignments):
        check, expected = problem.parts[part].check, problem.expected(part, assignment)
        if isinstance(check, Table) and (missing := [row for row in check.rows if row not in expected]):
            trouble = f"{problem.function(part)} of the solver has no row {missing[0]!r}"
            raise ProblemError(problem.file, f"parts.{part}.rows", trouble)
        if isinstance(check, Trajectory | Table) and check.continuation:
            _check_continuation(problem, part, check, assignment)
        if problem.parts[part].pictured:
            _check_pictured(problem, part, assignment)
        contours = problem.parts[part].contours
        if contours and not callable(problem.solver.solve(contours, assignment)):
            trouble = f"{contours!r} of the solver must return a function of a point"
            raise ProblemError(problem.file, f"parts.{part}.contours", trouble)


def check_homework(listing: Path, homework: Homework) -> None:
    """The names of a homework and its problems make ids, and no two of its parts ask for one variable.

    Raises:
        ProblemError: one does not, or two do.
    """
    for name in (homework.name, *(problem.name for problem in homework.problems)):
        if not is_id(name):
            raise ProblemError(listing, homework.name, f"{name!r} {ID_RULE}")
    owners: dict[str, str] = {}
    for problem, part in homework.parts:
        variable, owner = problem.variable(part), f"{problem.name}.{part}"
        if variable in owners:
            trouble = f"the variable {variable!r} is asked for by both {owners[variable]} and {owner}; rename one"
            raise ProblemError(listing, f"{homework.name}.problems", trouble)
        owners[variable] = owner
    _check_autograder(listing, homework, set(owners.values()))


def _check_autograder(listing: Path, homework: Homework, parts: Collection[str]) -> None:
    for name in homework.autograder.parts:
        if name not in parts:
            trouble = f"{name!r} is no part of the homework; its parts are: {', '.join(sorted(parts))}"
            raise ProblemError(listing, f"{homework.name}.gradescope.parts", trouble)


def _known(problem: Problem, place: str, name: str, known: Mapping[str, Any]) -> None:
    if name not in known:
        raise ProblemError(problem.file, place, f"{name!r} is unknown to the solver, which has: {', '.join(known)}")


def _check_given(problem: Problem) -> None:
    solver = problem.solver
    for name in problem.spec.given:
        if name in {**solver.functions, **solver.assumptions}:
            raise ProblemError(problem.file, f"given.{name}", "is already a function or an assumption of the solver")
        if name not in solver.wanted:
            raise ProblemError(problem.file, f"given.{name}", "no function of the solver takes it; remove or use it")


def _check_part(problem: Problem, part: str) -> None:
    solver, function = problem.solver, problem.function(part)
    if not problem.parts[part].check.solved:
        if needless := [key for key in _OF_REFERENCES if key in problem.parts[part].model_fields_set]:
            trouble = "this kind of answer has no reference; remove it"
            raise ProblemError(problem.file, f"parts.{part}.{needless[0]}", trouble)
        return
    _known(problem, f"parts.{part}.solve", function, solver.functions)
    if contours := problem.parts[part].contours:
        _known(problem, f"parts.{part}.contours", contours, solver.functions)
    continuation = getattr(problem.parts[part].check, "continuation", "")
    for key, taking in (("continuation", continuation), ("pictured", problem.parts[part].pictured)):
        if taking:
            _known(problem, f"parts.{part}.{key}", taking, solver.functions)
            if function not in solver.ancestors(taking):
                raise ProblemError(problem.file, f"parts.{part}.{key}", f"{taking!r} must take {function!r}")


def _check_convention(problem: Problem, name: str) -> None:
    place, solver, values = f"conventions.{name}", problem.solver, problem.spec.conventions[name]
    _known(problem, place, name, {**solver.assumptions, **READING_TAGS})
    if len(values) < 2:  # noqa: PLR2004 - one value is no choice
        raise ProblemError(problem.file, place, "needs two values or more to choose from")
    if name in solver.assumptions:
        if next(iter(values)) != solver.assumptions[name]:
            trouble = f"the first value must be the solver's own, {solver.assumptions[name]!r}"
            raise ProblemError(problem.file, place, trouble)
    elif odd := sorted(values.keys() - READING_TAGS[name]):
        trouble = f"no answer is ever read this way; the ways are: {', '.join(sorted(READING_TAGS[name]))}"
        raise ProblemError(problem.file, f"{place}.{odd[0]}", trouble)
    elif not any(name in part.check.read_by for part in problem.parts.values()):
        raise ProblemError(problem.file, place, "no part has answers that are read by it; remove it")


def _check_assumption(problem: Problem, place: str, name: str, value: Scalar) -> None:
    _known(problem, place, name, problem.solver.assumptions)
    default = problem.solver.assumptions[name]
    if type(value) is not type(default) or value == default:
        raise ProblemError(problem.file, place, f"must differ from the intended {default!r} and be of its type")
    if value in problem.spec.conventions.get(name, {}):
        raise ProblemError(problem.file, place, "is an accepted convention, so it cannot be a mistake")


def _check_order(problem: Problem) -> None:
    """A part that builds on another comes after it, so that follow-through can go down the page."""
    seen: set[str] = set()
    for part in problem.parts:
        later = {problem.function(p) for p in problem.parts if p not in seen and p != part}
        if needed := sorted(later & problem.builds_on(part)):
            trouble = f"builds on {needed[0]}, which must be declared before it"
            raise ProblemError(problem.file, f"parts.{part}", trouble)
        seen.add(part)


def _check_guards(problem: Problem) -> None:
    """The reference's own values are none of the trivial ones that a guard keeps out."""
    for (part, guard), assignment in itertools.product(problem.guards.items(), problem.assignments):
        values = {name: problem.expected(name, assignment) for name in sorted(guard.names)}
        if not guard.holds({name: Fraction(value) for name, value in values.items()}):
            told = ", ".join(f"{name} = {shortened(value)}" for name, value in values.items())
            trouble = f"does not hold for the reference's own values, so that hardly anything could follow: {told}"
            raise ProblemError(problem.file, f"parts.{part}.follow_if", f"{trouble}; loosen it")


def _check_continuation(problem: Problem, part: str, check: Trajectory | Table, assignment: Assignment) -> None:
    expected = problem.expected(part, assignment)
    own = {problem.function(part): np.array(expected) if isinstance(check, Trajectory) else expected}
    try:
        check.check_continuation(problem.solver.solve(check.continuation, assignment, own), expected)
    except ValueError as error:
        raise ProblemError(problem.file, f"parts.{part}.continuation", str(error)) from error


def _check_pictured(problem: Problem, part: str, assignment: Assignment) -> None:
    name = problem.parts[part].pictured
    own = {problem.function(part): problem.expected(part, assignment)}
    layers = problem.solver.solve(name, assignment, own)
    if not isinstance(layers, dict) or not layers or not all(map(_is_layer, layers.items())):
        trouble = f"{name!r} of the solver must return the size of each layer by name, and not {shortened(layers)}"
        raise ProblemError(problem.file, f"parts.{part}.pictured", trouble)


def _is_layer(layer: tuple[Any, Any]) -> bool:
    name, size = layer
    is_number = isinstance(size, int | float | Fraction) and not isinstance(size, bool)
    return isinstance(name, str) and is_number and 0 <= size < math.inf
