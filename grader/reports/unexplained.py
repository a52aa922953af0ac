"""The commonest answers that nothing explains, with all that somebody needs to find the mistake and to add it to the problem."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.checks.check import Check
from grader.course import Assignment, Problem
from grader.errors import ProblemError, Unreadable
from grader.reports.class_findings import PartFindings, Students
from grader.reports.findings import Unexplained
from grader.reports.standing import SHORT, Standing
from grader.right_answers import RightAnswers
from grader.shortened import shortened

MOST_INPUT = 600
"""Characters of an input: a table of a network's layers, which somebody needs whole to find out what was done with it."""
MOST_SHOWN = 30
"""Values: further ones are hardly common."""
_STUB = """\
# What {part} rests on, as it is meant:
{assumptions}
[mistakes.NAME]
assume = {{ ASSUMPTION = VALUE }}
what = "what was done, as a clause"
hint = "A question that leads on?"
credit = 0
"""


@dataclass(frozen=True)
class Right:
    """A right answer under one choice of conventions."""

    value: str
    conventions: str
    """In words; empty where all choices lead to it."""
    ratio: float | None
    """Of the given number to this one; None where either is no number."""


@dataclass(frozen=True)
class Formula:
    """The function of the solver that gives the right answer, and what it takes. Values of many rows are cut."""

    function: str
    functions: Mapping[str, str]
    """Functions whose values it takes, with their reference values."""
    given: Mapping[str, str]
    """Numbers of the problem file."""
    assumptions: Mapping[str, str]
    """Its own, with their intended values."""
    stub: str
    """To be copied into problem.toml."""


@dataclass(frozen=True)
class CommonValue:
    """An answer that several students gave and nothing explains."""

    part: str
    value: str
    """As it was read; hostile."""
    students: Students
    rights: tuple[Right, ...]
    formula: Formula | None
    """None for an answer that no solver gives."""


def common_values(class_: Sequence[Standing], findings: Sequence[PartFindings]) -> tuple[list[CommonValue], int]:
    """The commonest unexplained values, and how many further ones there are."""
    found = [(one, value, *given) for one in findings for value, given in _values(class_, one).items()]
    found.sort(key=lambda entry: (-len(entry[3]), entry[0].name, entry[1]))
    words = {one.problem.name: RightAnswers(one.problem) for one in findings}
    shown = [
        CommonValue(
            part=one.name,
            value=value,
            students=students,
            rights=tuple(_rights(one, answer, words[one.problem.name])),
            formula=_formula(one.problem, one.part),
        )
        for one, value, answer, students in found[:MOST_SHOWN]
    ]
    return shown, len(found) - len(shown)


def _values(class_: Sequence[Standing], one: PartFindings) -> dict[str, tuple[str, Students]]:
    """By value as it was read: the answer as it was written once, and the students."""
    values: dict[str, tuple[str, Students]] = {}
    for finding, students in one.read():
        if isinstance(finding, Unexplained):
            for student in students:
                part = class_[student].parts[one.position]
                value = (part.unexplained if part else "") or finding.answer
                values.setdefault(value, (finding.answer, []))[1].append(student)
    return values


def _rights(one: PartFindings, answer: str, words: RightAnswers) -> Iterator[Right]:
    """The different right answers, the sheet's own first; none where the problem has a fault or no single right answer."""
    problem, part = one.problem, one.part
    with suppress(ProblemError):
        by_text: dict[str, list[Assignment]] = defaultdict(list)
        for assignment in problem.accepted(part) if problem.parts[part].check.solved else ():
            by_text[words.of(part, problem.expected(part, assignment)).text].append(assignment)
        for text, assignments in by_text.items():
            if text:
                meant = "" if len(by_text) == 1 else _in_words(problem, assignments[0])
                yield Right(text, meant, _ratio(problem, part, answer, assignments[0]))


def _in_words(problem: Problem, assignment: Assignment) -> str:
    return "; ".join(problem.spec.conventions[name][str(value)] for name, value in assignment.items())


def _ratio(problem: Problem, part: str, answer: str, assignment: Assignment) -> float | None:
    """Of the answer, read once more by its check, to the right one."""
    if len(answer) >= SHORT:  # it may be cut
        return None
    check: Check = problem.parts[part].check  # one signature, whatever the kind
    try:
        given = check.under(check.read(answer), assignment)[0].value
        right = problem.expected(part, assignment)
        return float(Fraction(given) / Fraction(right)) if _is_number(given) and _is_number(right) and right else None
    except (Unreadable, OverflowError):
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _formula(problem: Problem, part: str) -> Formula | None:
    if not problem.parts[part].check.solved:
        return None
    name, own = problem.function(part), problem.assignments[0]
    solver = problem.solver
    inputs = solver.inputs(name)
    return Formula(
        function=name,
        functions={one: _solved(problem, one, own) for one in inputs.functions},
        given={one: shortened(value, longest=MOST_INPUT) for one, value in inputs.given.items()},
        assumptions={one: _toml(value) for one, value in inputs.assumptions.items()},
        stub=_stub(problem, part),
    )


def _solved(problem: Problem, function: str, own: Assignment) -> str:
    """The reference value of a function; of one that fails, that it does."""
    try:
        value = problem.solver.solve(function, own)
        return "a function" if callable(value) else shortened(value, longest=MOST_INPUT)
    except ProblemError as error:
        return f"fails: {error.trouble}"


def _stub(problem: Problem, part: str) -> str:
    """A mistake to be filled in, with the assumptions that the part rests on."""
    bearing = sorted(problem.builds_on(part) & problem.solver.assumptions.keys())
    lines = [f"#   {name} = {_toml(problem.solver.assumptions[name])}" for name in bearing]
    return _STUB.format(part=part, assumptions="\n".join(lines) or "#   none: give the solver one first")


def _toml(value: Any) -> str:
    """The default of an assumption as TOML, whose texts, numbers and booleans are those of JSON."""
    return json.dumps(value, ensure_ascii=False)
