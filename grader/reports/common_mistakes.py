"""What students of a class have done wrong, by name: known mistakes, slips, and wrong items of larger answers."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from grader.checks.slips import WORDS
from grader.course import Problem
from grader.reports.class_findings import PartFindings, Students
from grader.reports.findings import Finding, Incomplete, ItemsWrong, Mistaken, Plain, Slipped

MistakeKind = Literal["mistake", "slip", "unit or digits"]
# What findings of one word say of an answer that is not right.
_OF_ONE_WORD = {
    "unit-missing": "the unit is missing",
    "unit-wrong": "the unit is of another quantity",
    "cut-off": "the number was cut off after its last digit rather than rounded",
    "not-done": "what was to be done is said not to be",
}
_SWAPPED = "The answers to two parts have changed places."


@dataclass(frozen=True)
class CommonMistake:
    """A mistake that students have made."""

    problem: str
    name: str
    kind: MistakeKind
    what: str
    """In words."""
    students: int
    """For whom nothing else explains it in one part at least."""
    possibly: int
    """For whom it is only one of several explanations."""
    parts: tuple[str, ...]
    credit: Fraction | None
    """Share of the points that it leaves; None where that is not the mistake's to say."""


@dataclass(frozen=True)
class CommonItem:
    """A row of a table, a step of a path, or a bound that was wrong."""

    part: str
    item: str
    students: int


@dataclass
class _Seen:
    """Students with one mistake."""

    certain: set[int] = field(default_factory=set)
    possible: set[int] = field(default_factory=set)
    parts: dict[str, None] = field(default_factory=dict)

    def add(self, part: str, students: Students, *, certain: bool) -> None:
        (self.certain if certain else self.possible).update(students)
        self.parts[part] = None


def common_mistakes(findings: Sequence[PartFindings]) -> list[CommonMistake]:
    """What is known by name, the commonest first. Of several mistakes that were made together each counts."""
    seen: dict[tuple[str, MistakeKind, str], _Seen] = defaultdict(_Seen)
    problems = {one.problem.name: one.problem for one in findings}
    for one in findings:
        for finding, students in one.read():
            for kind, name, certain in _named(finding, one.problem):
                seen[one.problem.name, kind, name].add(one.part, students, certain=certain)
    made = [_mistake(problems[problem], kind, name, who) for (problem, kind, name), who in seen.items()]
    return sorted(made, key=lambda one: (-one.students, -one.possibly, one.problem, one.name))


def _named(finding: Finding, problem: Problem) -> Iterator[tuple[MistakeKind, str, bool]]:
    """Kind and name of each mistake in a finding, and whether nothing else explains it."""
    match finding:
        case Mistaken():
            together = [set(names) for names in finding.alternatives]
            for name in dict.fromkeys(name for names in finding.alternatives for name in names):
                if name in problem.spec.mistakes:
                    yield "mistake", name, all(name in names for names in together)
        case Slipped():
            yield "slip", finding.name, True
        case Plain() if finding.word in _OF_ONE_WORD:
            yield "unit or digits", finding.word, True


def _mistake(problem: Problem, kind: MistakeKind, name: str, seen: _Seen) -> CommonMistake:
    known = problem.spec.mistakes.get(name) if kind == "mistake" else None
    return CommonMistake(
        problem=problem.name,
        name=name,
        kind=kind,
        what=known.what if known else WORDS.get(name, _OF_ONE_WORD.get(name, _SWAPPED)),
        students=len(seen.certain),
        possibly=len(seen.possible - seen.certain),
        parts=tuple(seen.parts),
        credit=known.credit if known else None,
    )


def common_items(findings: Sequence[PartFindings]) -> list[CommonItem]:
    """The items of larger answers that were wrong, the commonest first."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in findings:
        for finding, students in one.read():
            counts.update({(one.name, item): len(students) for item in _items(finding)})
    in_order = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return [CommonItem(part, item, students) for (part, item), students in in_order]


def _items(finding: Finding) -> Iterator[str]:
    match finding:
        case ItemsWrong():
            yield from dict.fromkeys(finding.names)
        case Incomplete():
            yield from ("members missing",) if finding.missing else ()
            yield from ("members too many",) if finding.extra else ()
