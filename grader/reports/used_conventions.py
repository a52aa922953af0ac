"""The conventions that a class has used, as far as right answers tell."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from grader.course import Problem
from grader.errors import ProblemError
from grader.reports.class_findings import PartFindings
from grader.reports.findings import Chosen, Finding, Plain


@dataclass(frozen=True)
class UsedConvention:
    """One choice that a problem leaves, and how many students made it how."""

    problem: str
    name: str
    values: tuple[tuple[str, str, int], ...]
    """Each value, in words, and its students; the sheet's own first."""
    mixed: int
    """Students who used several."""


def used_conventions(findings: Sequence[PartFindings]) -> list[UsedConvention]:
    """Of each convention the students by the value that they used, as far as right answers tell.

    A value that is not the sheet's own shows where an answer is right under it, alone or mixed with others. The sheet's own shows
    where an answer is right without any, to a part whose right answer or reading depends on the convention. Wrong answers tell
    nothing, nor do those that a person has marked. Of an answer that rests on two other values at once only the first is named.
    """
    by_problem: dict[str, list[PartFindings]] = defaultdict(list)
    for one in findings:
        by_problem[one.problem.name].append(one)
    return [_used(parts, name) for parts in by_problem.values() for name in parts[0].problem.spec.conventions]


def _used(parts: Sequence[PartFindings], name: str) -> UsedConvention:
    problem = parts[0].problem
    accepted = problem.spec.conventions[name]
    own = next(iter(accepted))
    used: dict[str, set[int]] = {value: set() for value in accepted}
    for one in parts:
        depends = _depends(problem, one.part, name)
        for finding, students in one.read():
            value = _value(finding, name, own if depends else "")
            if value in used:
                used[value].update(students)
    often = Counter(student for students in used.values() for student in students)
    values = tuple((value, accepted[value], len(students)) for value, students in used.items())
    return UsedConvention(problem.name, name, values, mixed=sum(times > 1 for times in often.values()))


def _value(finding: Finding, name: str, own: str) -> str:
    """The value of a convention that a finding shows; empty if it shows none."""
    match finding:
        case Chosen():
            return dict(finding.conventions).get(name, "")
        case Plain("correct"):
            return own
    return ""


def _depends(problem: Problem, part: str, convention: str) -> bool:
    """Whether the sheet's own value of a convention shows in a right answer to a part."""
    asked = problem.parts[part].check
    try:
        if convention not in problem.bearing_on(part):
            return False
        if convention in asked.read_by:
            return True
        own = problem.assignments[0]
        expected = problem.expected(part, own)
        others = (problem.expected(part, {**own, convention: value}) for value in problem.spec.conventions[convention])
        return not all(asked.same(expected, other) for other in others)
    except ProblemError:
        return False
