"""What a problem file declares beyond its answers has to be about something: mistakes, assumptions, the author's tests."""

from collections.abc import Collection

from grader.course import Problem
from grader.errors import ProblemError


def check_declarations(problem: Problem) -> None:
    """What parts declare of mistakes is said of mistakes that there are, and tests speak of parts that there are.

    Raises:
        ProblemError: the first that does not.
    """
    for part, spec in problem.parts.items():
        for name in spec.indistinguishable:
            _check_mistake(problem, f"parts.{part}.indistinguishable.{name}", name)
        for key, names in spec.alike_groups.items():
            place = f'parts.{part}.alike."{key}"'
            for name in names:
                _check_mistake(problem, place, name)
            if len(set(names)) < 2:  # noqa: PLR2004 - alone it is like nothing
                raise ProblemError(problem.file, place, 'needs two mistakes or more: "one_mistake, another_mistake"')
    _check_tests(problem)


def check_assumptions(problems: Collection[Problem]) -> None:
    """Every assumption on which a part builds is altered somewhere: else it only looks as if it mattered.

    Problems may share a solver, and then it is enough that one of them alters it.

    Raises:
        ProblemError: the first one that no convention and no mistake alters.
    """
    for problem in problems:
        sharing = [other for other in problems if other.solver.module is problem.solver.module]
        altered = {name for other in sharing for name in other.altered}
        for part in problem.parts:
            building_on = problem.builds_on(part) & problem.solver.assumptions.keys()
            if unused := sorted(building_on - altered):
                trouble = (
                    f"the assumption {unused[0]!r}, on which it builds, is altered by no convention and no mistake"
                )
                remedy = f"declare one in {problem.file}, or make it a constant"
                raise ProblemError(problem.solver.file, problem.function(part), f"{trouble}; {remedy}")


def _check_mistake(problem: Problem, place: str, name: str) -> None:
    if name not in problem.spec.mistakes:
        raise ProblemError(problem.file, place, f"there is no mistake {name!r}")


def _check_tests(problem: Problem) -> None:
    """The author's tests speak of parts that there are, and each is about something of its own."""
    about = [test.about for test in problem.spec.tests]
    for index, test in enumerate(problem.spec.tests):
        for key in ("answers", "findings", "outcomes", "points"):
            for part in getattr(test, key):
                if part not in problem.parts:
                    trouble = f"there is no part {part!r}; there is: {', '.join(problem.parts)}"
                    raise ProblemError(problem.file, f"tests.{index}.{key}", trouble)
        if test.about in about[:index]:
            raise ProblemError(problem.file, f"tests.{index}.about", "another test is about the same; tell them apart")
