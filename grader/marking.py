"""Answers and solver in, verdicts out: one problem of one submission at a time.

1. Read every part. What is blank or cannot be read drops out, and the rest goes on.
2. Mark all parts under every accepted assignment of conventions, and keep the assignment that gives the most points.
3. A part that is right only under another accepted assignment mixes conventions, and earns `mixed_credit`.
4. A part that follows rightly from the student's own wrong earlier answers earns `follow`.
5. What is still wrong is explained by known mistakes where it can be; a mistake costs once in a problem.

Points stay exact fractions until a report rounds them.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from grader.answers.decoding import decode
from grader.answers.plain import is_blank, show
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import RIGHT, WRONG, Match
from grader.checks.path import Path
from grader.course import Assignment, Problem
from grader.errors import ProblemError, Unreadable
from grader.explaining import Explainer, Explanation
from grader.records import Answer, Drawing, Outcome, Verdict
from grader.solver import SolveError

# What a check has found out by itself needs no mistake to explain it.
_TOLD = {"cut-off", "unit-missing"}

# Of an unexplained answer, in its finding: enough to count equal ones over a class.
SHORT = 60
UNEXPLAINED = "This is not right, and no common mistake leads to it. Go through your steps once more."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReadPart:
    """One part's answer with all its readings; no readings when there is nothing to mark."""

    part: str
    answer: Answer
    echo: str = ""
    readings: tuple[Reading, ...] = ()
    settled: tuple[Outcome, str] | None = None
    """Outcome and words of a part that cannot be marked."""


@dataclass(frozen=True)
class Mark:
    """What one part is worth under one assignment, and why."""

    credit: Fraction
    reading: Reading
    expected: Any
    """The reference value under the assignment."""
    why: str = ""
    """The finding, without the part's name."""
    message: str = ""
    match: Match = field(default_factory=lambda: Match(WRONG))
    explained_by: tuple[Explanation, ...] = ()


class Marker:
    """Marks submissions of one problem; what does not depend on the student is worked out once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._explainer = Explainer(problem)

    def mark(self, answers: Mapping[str, Answer]) -> tuple[Verdict, ...]:
        """The verdicts on all parts, in the order of the problem.

        Args:
            answers: by variable; a missing one counts as blank.
        """
        read = [self._read(part, answers) for part in self.problem.parts]
        try:
            marks = max((self._mark_under(a, read) for a in self.problem.assignments), key=self._points)
        except ProblemError:
            log.exception("%s cannot be marked", self.problem.file)
            return tuple(self._fault(part) for part in read)
        return tuple(self._verdict(part, marks.get(part.part)) for part in read)

    def _read(self, part: str, answers: Mapping[str, Answer]) -> ReadPart:
        answer = answers.get(self.problem.variable(part)) or Answer(variable=self.problem.variable(part))
        if answer.did_not_run:
            return ReadPart(part, answer, settled=(Outcome.DID_NOT_RUN, answer.did_not_run))
        plain: Plain = None
        try:
            plain = decode(answer.data) if answer.data is not None else None
            if is_blank(plain):
                return ReadPart(part, answer, settled=(Outcome.BLANK, "No answer was given."))
            return ReadPart(part, answer, show(plain), self.problem.parts[part].check.read(plain))
        except Unreadable as error:
            return ReadPart(
                part, answer, show(plain), settled=(Outcome.UNREADABLE, f"This could not be read: {error}.")
            )

    def _points(self, marks: Mapping[str, Mark]) -> Fraction:
        return sum((mark.credit * self.problem.parts[part].points for part, mark in marks.items()), Fraction(0))

    def _mark_under(self, assignment: Assignment, read: list[ReadPart]) -> dict[str, Mark]:
        marks: dict[str, Mark] = {}
        for part in read:
            if part.readings:
                marks[part.part] = self._mark_part(assignment, part, read, marks)
        return self._charge(marks)

    def _mark_part(
        self, assignment: Assignment, part: ReadPart, read: list[ReadPart], marks: Mapping[str, Mark]
    ) -> Mark:
        """One part; a later, more lenient way of crediting it is only tried while it is not right."""
        mark = self._direct(assignment, part)
        if mark.credit == RIGHT:
            return mark
        own = self._own_values(assignment, part, read, marks)
        for lenient in (
            self._mixed(assignment, part),
            self._followed(assignment, part, own),
            self._stepwise(assignment, part),
        ):
            if lenient and lenient.credit > mark.credit:
                mark = lenient
        if mark.why.startswith(("mixed", "follow")) or mark.match.note in _TOLD:
            return mark
        found = self._explainer.explain(part.part, part.readings)
        if not found and own:
            found = self._explainer.explain_after(part.part, part.readings, own, assignment)
        return replace(mark, explained_by=tuple(found))

    def _direct(self, assignment: Assignment, part: ReadPart) -> Mark:
        spec = self.problem.parts[part.part]
        expected = self.problem.expected(part.part, assignment)
        fitting = [r for r in part.readings if all(assignment.get(key, value) == value for key, value in r.tags)]
        tried = [(spec.check.compare(reading, expected), reading) for reading in fitting or part.readings]
        match, reading = max(tried, key=lambda pair: pair[0].credit)
        why, message = self._convention(part.part, assignment) if match.right else (match.note, match.message)
        return Mark(match.credit, reading, expected, why or "correct" * match.right, message, match)

    def _convention(self, part: str, assignment: Assignment) -> tuple[str, str]:
        """Finding and words where a part rests on another convention than the sheet's own."""
        problem, own = self.problem, self.problem.assignments[0]
        check, expected = problem.parts[part].check, problem.expected(part, assignment)
        for name, value in assignment.items():
            if value != own[name] and not check.same(expected, problem.expected(part, {**assignment, name: own[name]})):
                words = problem.spec.conventions[name][str(value)]
                return f"convention({name}={value})", f"Accepted under the convention that {words}."
        return "", ""

    def _mixed(self, assignment: Assignment, part: ReadPart) -> Mark | None:
        for other in self.problem.assignments:
            mark = self._direct(other, part)
            if other != assignment and mark.credit == RIGHT:
                differing = {name: value for name, value in other.items() if value != assignment[name]}
                why = ",".join(f"{name}={value}" for name, value in differing.items())
                words = "; ".join(self.problem.spec.conventions[name][str(value)] for name, value in differing.items())
                message = f"Right under the convention that {words}, but your other answers use another one. Which do you mean?"
                return replace(mark, credit=self.problem.spec.mixed_credit, why=f"mixed({why})", message=message)
        return None

    def _own_values(
        self, assignment: Assignment, part: ReadPart, read: list[ReadPart], marks: Mapping[str, Mark]
    ) -> dict[str, Any]:
        """The student's wrong earlier values on which a part builds, by function of the solver."""
        problem = self.problem
        needed = problem.solver.ancestors(problem.function(part.part))
        own = {}
        for earlier in read:
            function = problem.function(earlier.part)
            if earlier.part in marks and marks[earlier.part].match.credit < RIGHT and function in needed:
                check, expected = problem.parts[earlier.part].check, problem.expected(earlier.part, assignment)
                own[function] = check.upstream(marks[earlier.part].reading, expected)
        return own

    def _followed(self, assignment: Assignment, part: ReadPart, own: Mapping[str, Any]) -> Mark | None:
        problem, spec = self.problem, self.problem.parts[part.part]
        if not own or not spec.follow:
            return None
        try:
            expected = problem.understood(part.part, problem.solver.solve(problem.function(part.part), assignment, own))
        except (SolveError, ProblemError):
            return None  # nothing follows from these values
        match, reading = self._best(part, expected)
        names = ",".join(p for p in problem.parts if problem.function(p) in own)
        message = "This follows rightly from your own earlier answer, so it earns its points."
        return Mark(match.credit * spec.follow, reading, expected, f"follow({names})", message, match)

    def _best(self, part: ReadPart, expected: Any) -> tuple[Match, Reading]:
        check = self.problem.parts[part.part].check
        return max(((check.compare(r, expected), r) for r in part.readings), key=lambda pair: pair[0].credit)

    def _stepwise(self, assignment: Assignment, part: ReadPart) -> Mark | None:
        """Each step of a path judged from where the student stood, so that a slip costs one step."""
        problem, check = self.problem, self.problem.parts[part.part].check
        if not isinstance(check, Path) or not check.continuation:
            return None
        reading, expected = part.readings[0], problem.expected(part.part, assignment)
        own = {problem.function(part.part): check.upstream(reading, expected)}
        try:
            nexts = problem.solver.solve(check.continuation, assignment, own)
        except SolveError:
            return None
        match = check.compare_steps(reading, expected, nexts)
        return Mark(match.credit, reading, expected, match.note, match.message, match)

    def _charge(self, marks: dict[str, Mark]) -> dict[str, Mark]:
        """Lets mistakes cost: a mistake is paid for once, and of several explanations the one other parts show is taken."""
        alone = {mark.explained_by[0].mistakes for mark in marks.values() if len(mark.explained_by) == 1}
        shown = {name for mistakes in alone for name in mistakes}
        paid: set[str] = set()
        for part, mark in marks.items():
            candidates = [e for e in mark.explained_by if set(e.mistakes) <= shown] or list(mark.explained_by)
            if not candidates:
                continue
            if len(candidates) == 1:
                marks[part] = self._explained(mark, candidates[0], paid)
                paid |= set(candidates[0].mistakes)
            else:
                marks[part] = self._ambiguous(mark, candidates)
        return marks

    def _explained(self, mark: Mark, explanation: Explanation, paid: set[str]) -> Mark:
        mistakes = self.problem.spec.mistakes
        costing = [n for n in explanation.mistakes if n not in paid or mistakes[n].costs == "each"]
        left = min((mistakes[name].credit for name in costing), default=RIGHT)
        what = " and ".join(mistakes[name].what for name in explanation.mistakes)
        hints = " ".join(mistakes[name].hint for name in explanation.mistakes)
        if not costing:
            message = f"The same as before: {what}. It costs once, so this part earns its points."
        else:
            message = f"{'This' if explanation.certain else 'Possibly this'} comes out when {what}. {hints}"
        return replace(mark, credit=max(mark.credit, left), why="+".join(explanation.mistakes), message=message.strip())

    def _ambiguous(self, mark: Mark, candidates: list[Explanation]) -> Mark:
        """Several explanations fit: say so, and charge the cheapest."""
        mistakes = self.problem.spec.mistakes
        left = max(min(mistakes[name].credit for name in e.mistakes) for e in candidates)
        words = ", or ".join(" and ".join(mistakes[name].what for name in e.mistakes) for e in candidates)
        why = "|".join("+".join(e.mistakes) for e in candidates)
        return replace(mark, credit=max(mark.credit, left), why=why, message=f"This comes out when {words}.")

    def _verdict(self, part: ReadPart, mark: Mark | None) -> Verdict:
        points = self.problem.parts[part.part].points
        common = {"problem": self.problem.name, "part": part.part, "max_points": points, "cell": part.answer.cell}
        if mark is None or part.settled:
            outcome, words = part.settled or (Outcome.GRADER_FAULT, "This answer was read but not marked.")
            return Verdict(
                **common,
                outcome=outcome,
                points=None if outcome.pending else Fraction(0),
                answer=part.echo,
                finding=f"{part.part}:{outcome}",
                message=words,
            )
        return Verdict(
            **common,
            outcome=_outcome(mark.credit),
            points=mark.credit * points,
            answer=part.echo,
            read_as=mark.reading.text if mark.credit == RIGHT else " or ".join(r.text for r in part.readings),
            finding=f"{part.part}:{mark.why or 'unexplained=' + part.echo[:SHORT]}",
            message=mark.message or (UNEXPLAINED if mark.credit < RIGHT else ""),
            items=mark.match.items,
            drawing=self._drawing(part.part, mark),
        )

    def _drawing(self, part: str, mark: Mark) -> Drawing | None:
        check = self.problem.parts[part].check
        if not isinstance(check, Path):
            return None
        wrong = tuple(step for step, item in enumerate(mark.match.items, start=1) if not item.right)
        return Drawing(
            student=check.with_start(mark.reading.value, mark.expected), reference=mark.expected, wrong_steps=wrong
        )

    def _fault(self, part: ReadPart) -> Verdict:
        """The problem is at fault: no points are lost, and a person has to look."""
        return Verdict(
            problem=self.problem.name,
            part=part.part,
            outcome=Outcome.PROBLEM_FAULT,
            points=None,
            max_points=self.problem.parts[part.part].points,
            answer=part.echo,
            finding=f"{part.part}:problem-fault",
            message="The problem itself has a fault, which costs you nothing; the staff is told.",
            cell=part.answer.cell,
        )


def _outcome(credit: Fraction) -> Outcome:
    if credit == RIGHT:
        return Outcome.CORRECT
    return Outcome.PARTIAL if credit else Outcome.INCORRECT
