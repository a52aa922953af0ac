"""A course as the grader works with it: homeworks, their problems, and what each part expects."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.answers.relations import Relation, parse_relation
from grader.autograder_settings import AutograderSettings
from grader.check_level import CheckLevel
from grader.errors import InputError, ProblemError, Unreadable
from grader.kernels.limits import Limits
from grader.late_rule import LateRule
from grader.problem_file import Part, ProblemFile, Scalar
from grader.records import Asked
from grader.reveal import Revealed
from grader.solver import Solver

Assignment = Mapping[str, Scalar]


@dataclass(frozen=True)
class Section:
    """The part of a statement that asks for one answer."""

    title: str
    text: str


@dataclass(frozen=True, eq=False)
class Problem:
    """A validated problem with its solver."""

    name: str
    file: Path
    spec: ProblemFile
    load_solver: Callable[[], Solver]
    """Imports the reference; only what marks needs it, and it takes longer than to read all files of a course."""
    introduction: str
    sections: Mapping[str, Section]

    @cached_property
    def solver(self) -> Solver:
        """The reference; ProblemError if there is none, or it is none."""
        return self.load_solver()

    @property
    def parts(self) -> Mapping[str, Part]:
        """The parts by name, in the order of the file."""
        return self.spec.parts

    @cached_property
    def assignments(self) -> tuple[Assignment, ...]:
        """Every accepted choice of conventions, the sheet's own first."""
        return self._choices(tuple(self.spec.conventions))

    @cached_property
    def _expected(self) -> dict[tuple[str, frozenset[tuple[str, Scalar]]], Any]:
        return {}

    def variable(self, part: str) -> str:
        """The variable that holds the answer to a part."""
        return self.parts[part].variable or part

    def function(self, part: str) -> str:
        """The function of the solver that gives the reference of a part."""
        return self.parts[part].solve or part

    def builds_on(self, part: str) -> frozenset[str]:
        """All functions and assumptions of the solver on which the reference of a part depends."""
        return self.solver.ancestors(self.function(part)) if self.parts[part].check.solved else frozenset()

    def earlier(self, part: str) -> dict[str, str]:
        """The parts that a part builds on, in the order of the file, with their functions of the solver."""
        needed, solved = self.builds_on(part), (name for name, spec in self.parts.items() if spec.check.solved)
        return {name: self.function(name) for name in solved if self.function(name) in needed}

    @cached_property
    def asked_about(self) -> frozenset[str]:
        """The parts with many right answers of which a later part asks something, so that what is said of them may answer that."""
        checks = {part: spec.check for part, spec in self.parts.items()}
        single = [part for part, check in checks.items() if check.solved and not check.has_many_answers]
        needed = frozenset[str]().union(*(self.builds_on(part) for part in single))
        return frozenset(
            part for part, check in checks.items() if check.has_many_answers and self.function(part) in needed
        )

    def contours(self, part: str) -> Callable[[Any], float] | None:
        """The loss that is drawn below the paths of a part, the same function every time; None if none is.

        Raises:
            ProblemError: the solver fails.
        """
        name = self.parts[part].contours
        if name and name not in self._losses:
            self._losses[name] = self.solver.solve(name)
        return self._losses[name] if name else None

    @cached_property
    def _losses(self) -> dict[str, Callable[[Any], float]]:
        return {}

    @property
    def altered(self) -> frozenset[str]:
        """All assumptions that a convention or a mistake alters."""
        by_mistakes = (mistake.assume for mistake in self.spec.mistakes.values())
        return frozenset(self.spec.conventions).union(*by_mistakes)

    @cached_property
    def _accepted(self) -> dict[str, tuple[Assignment, ...]]:
        return {part: self._choices(names) for part, names in self._bearing_on.items()}

    @cached_property
    def _bearing_on(self) -> dict[str, tuple[str, ...]]:
        return {
            part: tuple(name for name in self.spec.conventions if name in self.builds_on(part) | asked.check.read_by)
            for part, asked in self.parts.items()
        }

    def bearing_on(self, part: str) -> tuple[str, ...]:
        """The conventions that matter to a part: to its reference, or to how an answer is read."""
        return self._bearing_on[part]

    def accepted(self, part: str) -> tuple[Assignment, ...]:
        """Every choice of the conventions that matter to a part."""
        return self._accepted[part]

    def _choices(self, names: Sequence[str]) -> tuple[Assignment, ...]:
        """Every choice of some conventions, the sheet's own first."""
        values = (self.spec.conventions[name] for name in names)
        return tuple(dict(zip(names, one, strict=True)) for one in itertools.product(*values))

    @cached_property
    def guards(self) -> dict[str, Relation]:
        """By part: what has to hold of a student's own earlier answers, so that following from them is credited.

        Raises:
            ProblemError: one cannot be read, or names something else than numeric parts on which its part builds.
        """
        return {part: self._guard(part, spec.follow_if) for part, spec in self.parts.items() if spec.follow_if}

    def _guard(self, part: str, text: str) -> Relation:
        needed = self.builds_on(part)
        names = tuple(
            name
            for name, spec in self.parts.items()
            if spec.check.solved
            and self.function(name) in needed
            and _is_finite_number(self.expected(name, self.assignments[0]))
        )
        try:
            return parse_relation(text, names)
        except Unreadable as error:
            words = (
                f"{error}; it may speak of the numbers on which the part builds: {', '.join(names) or 'there is none'}"
            )
            raise ProblemError(self.file, f"parts.{part}.follow_if", words) from error

    def expected(self, part: str, assume: Assignment) -> Any:
        """The reference value of a part under `assume`, in the form its check compares; solved once per problem.

        None for a kind of answer that has none.

        Raises:
            ProblemError: the solver fails, or returns something the check does not understand.
        """
        if not self.parts[part].check.solved:
            return None
        relevant = self.builds_on(part)
        key = (part, frozenset((name, value) for name, value in assume.items() if name in relevant))
        if key not in self._expected:
            self._expected[key] = self.understood(part, self.solver.solve(self.function(part), assume))
        return self._expected[key]

    def understood(self, part: str, solved: Any) -> Any:
        """A value of the solver in the form in which the part's check compares."""
        try:
            return self.parts[part].check.expect(solved)
        except ValueError as error:
            raise ProblemError(self.file, f"parts.{part}", str(error)) from error


def _is_finite_number(value: Any) -> bool:
    return isinstance(value, int | Fraction) or (isinstance(value, float) and math.isfinite(value))


@dataclass(frozen=True, eq=False)
class Homework:
    """Problems that are handed in together."""

    name: str
    title: str
    problems: tuple[Problem, ...]
    limits: Limits
    preload: tuple[str, ...] = ()
    """Modules that most of its notebooks import."""
    due: datetime | None = None
    """Until when it may be handed in."""
    late: LateRule | None = None
    """What handing in later costs."""
    reveal: Revealed = field(default_factory=Revealed)
    """How much pages tell."""
    self_check: CheckLevel = CheckLevel.FORM
    """How much the self-check tells of a part that does not say so itself."""
    hand_in: str = ""
    """Where and how it is handed in, in the course's own words."""
    autograder: AutograderSettings = field(default_factory=AutograderSettings)
    """How it is graded inside Gradescope."""

    @property
    def parts(self) -> Iterator[tuple[Problem, str]]:
        """Every part of every problem, in the order of the sheet."""
        return ((problem, part) for problem in self.problems for part in problem.parts)

    @property
    def max_points(self) -> Fraction:
        """Points that can be had, extra points left out."""
        parts = (problem.parts[part] for problem, part in self.parts)
        return sum((part.points for part in parts if not part.extra), Fraction(0))

    def check_level(self, problem: Problem, part: str) -> CheckLevel:
        """How much the self-check tells of a part."""
        return problem.parts[part].self_check or self.self_check

    @cached_property
    def asked(self) -> dict[str, Asked]:
        """What is watched for each part, by its variable."""
        return {
            problem.variable(part): Asked(
                cell_id=f"answer-{problem.variable(part)}",
                written=problem.parts[part].check.written,
                drawn=problem.parts[part].check.drawn,
                model_input=problem.parts[part].check.model_input,
            )
            for problem, part in self.parts
        }


@dataclass(frozen=True, eq=False)
class Course:
    """Everything below one folder."""

    root: Path
    homeworks: Mapping[str, Homework]

    def homework(self, name: str) -> Homework:
        """The homework of this name; InputError, with the names there are, when there is none."""
        if name not in self.homeworks:
            raise InputError(f"there is no homework {name!r} in {self.root}; there is: {', '.join(self.homeworks)}")
        return self.homeworks[name]
