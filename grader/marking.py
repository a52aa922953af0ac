"""Answers and solver in, verdicts out: one problem of one submission at a time.

1. Read every part. What is blank or cannot be read drops out, and the rest goes on.
2. Mark all parts under every accepted assignment of conventions, and keep the assignment that gives the most points.
3. A part that is right only under another accepted assignment mixes conventions, and earns `mixed_credit`.
4. A part that follows rightly from the student's own wrong earlier answers earns `follow`.
5. What is still wrong is explained by known mistakes where it can be; a mistake costs once in a problem.

Points stay exact fractions until a report rounds them.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from grader.charging import charge
from grader.checks.check import RIGHT, WRONG, Check, Match
from grader.course import Assignment, Problem
from grader.crediting import Mark, credit, followed
from grader.errors import ProblemError
from grader.explaining import Explainer, Explanation
from grader.given import Given, Reader
from grader.kept import Kept
from grader.looking import GRADER_FAULT
from grader.records import Answer, Outcome, Verdict
from grader.right_answers import RightAnswer, RightAnswers
from grader.sizes import sizes_of
from grader.slips import name_slips

# Of an unexplained answer, in its finding: enough to count equal ones over a class.
SHORT = 60
UNEXPLAINED = (
    "This is not right, and none of the mistakes that are known here leads to it. Go through your steps once more."
)
# A free choice that earns no more than this is too trivial for numbers about it to count by themselves.
LEAST_OF_A_CHOICE = Fraction(1, 2)
FEW = "an answer of your own that has little of what was asked for"
PROBLEM_FAULT = "The problem itself has a fault, which costs you nothing; the staff is told."


log = logging.getLogger(__name__)


class Marker:
    """Marks submissions of one problem; what does not depend on the student is worked out once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._reader, self._explainer, self._right_answers = Reader(problem), Explainer(problem), RightAnswers(problem)
        # Marks by part, conventions and answers, those included that it builds on; explanations and verdicts by the same.
        self._marks: Kept[Mark] = Kept()
        self._explained: Kept[list[Explanation]] = Kept()
        self._verdicts: Kept[Verdict] = Kept()
        # Parts to which students may give quite different right answers, on which later parts then build.
        self._free = {part for part in problem.parts if problem.parts[part].check.has_many_answers}
        self._builds_on = {part: problem.earlier(part) for part in problem.parts}

    def mark(self, answers: Mapping[str, Answer]) -> tuple[Verdict, ...]:
        """The verdicts on all parts, in the order of the problem.

        Args:
            answers: by variable; a missing one counts as blank.
        """
        given = self._reader.read(answers)
        try:
            marks = name_slips(self._best(given), self.problem)
        except ProblemError as error:
            log.error("not marked, since the problem has a fault: %s", error)  # noqa: TRY400 - the words name the place
            return tuple(self._settled(one, Outcome.PROBLEM_FAULT, PROBLEM_FAULT) for one in given)
        return tuple(
            self._settled(one, *one.looked.settled) if one.looked.settled else self._verdict(one, marks[one.part])
            for one in given
        )

    def _best(self, given: list[Given]) -> dict[str, Mark]:
        """The marks under the assignment that gives the most points, the first of them if there are several."""
        best, most = self._under(self.problem.assignments[0], given), None
        for assignment in self.problem.assignments[1:]:
            if all(mark.right for mark in best.values()):
                break
            marks, most = self._under(assignment, given), self._points(best) if most is None else most
            if (points := self._points(marks)) > most:
                best, most = marks, points
        return best

    def _under(self, assignment: Assignment, given: list[Given]) -> dict[str, Mark]:
        marks: dict[str, Mark] = {}
        for one in given:
            if one.readings:
                marks[one.part] = self._contained(assignment, one, marks)
        return charge(marks, self.problem.spec.mistakes)

    def _contained(self, assignment: Assignment, given: Given, marks: Mapping[str, Mark]) -> Mark:
        """The mark of one part; a failure of ours stays with that part."""
        try:
            return self._mark(assignment, given, marks)
        except ProblemError:
            raise
        except Exception:
            log.exception("%s: not marked", given.part)
            return Mark(WRONG, Match(WRONG), given.readings[0], None, told=True, failed=True)

    def _mark(self, assignment: Assignment, given: Given, marks: Mapping[str, Mark]) -> Mark:
        """One part, worked out once for all who answered it and what it builds on alike, and for all conventions alike."""
        before = [marks[part].worked_out_from for part in self._builds_on[given.part] if part in marks]
        if not before or not all(before):
            return self._best_of(assignment, given, marks)  # nothing is before it, or the grader failed there
        # What a part builds on at second hand is among the parts before it, so that the first entry of each is enough.
        key = (self._answered(assignment, given), *(one[0] for one in before))
        size = sum(len(data) for _, data, *_ in key)
        return self._marks.once(
            key, size, lambda: replace(self._best_of(assignment, given, marks), worked_out_from=key)
        )

    def _answered(self, assignment: Assignment, given: Given) -> tuple[Any, ...]:
        """A part with its answer and the values of the conventions that matter to it."""
        return given.part, given.data, *(assignment[name] for name in self.problem.bearing_on(given.part))

    def _best_of(self, assignment: Assignment, given: Given, marks: Mapping[str, Mark]) -> Mark:
        """One part: for itself, or as it follows from the student's own values where that is better.

        Args:
            assignment: the conventions that the student is taken to keep to.
            given: the part.
            marks: of the parts before it.
        """
        own = self._own_values(given, marks)
        choice = next((part for part in self._builds_on[given.part] if part in self._free), None)
        if choice is not None:
            return self._about_own(assignment, given, own, (choice, marks.get(choice)))
        mark = self._alone(assignment, given)
        if mark.right or not own:
            return mark
        follows = followed(self.problem, assignment, given, own)
        if follows is not None and follows.credit > mark.credit:
            # Where following earns less than all, the same mistake as before still explains the part, and costs once.
            before = {one.mistakes for part in self._builds_on[given.part] for one in _explanations(marks.get(part))}
            same = tuple(one for one in mark.explained_by if one.mistakes in before)
            return follows if follows.right else replace(follows, explained_by=same)
        return mark if mark.told or mark.explained_by else self._explained_after(assignment, given, own, mark)

    def _alone(self, assignment: Assignment, given: Given) -> Mark:
        """One part for itself, worked out once for all who answered the same, and for all conventions alike."""
        key = (self._answered(assignment, given),)
        return self._marks.once(key, len(given.data), lambda: self._worked_out(assignment, given, key))

    def _worked_out(self, assignment: Assignment, given: Given, key: tuple[tuple[Any, ...], ...]) -> Mark:
        mark = replace(credit(self.problem, assignment, given), worked_out_from=key)
        if mark.right or mark.told:
            return mark
        explain, size = self._explainer.explain, len(given.data)
        # Mistakes are made under any convention, so that these are the same for all.
        found = self._explained.once((given.part, given.data), size, lambda: explain(given.part, given.readings))
        if found:
            return replace(mark, explained_by=tuple(found))
        return replace(mark, slip=given.check.slip(mark.reading, mark.expected))

    def _explained_after(self, assignment: Assignment, given: Given, own: dict[str, Any], mark: Mark) -> Mark:
        """The mark with the mistakes that lead to the answer from the student's own values."""
        found = self._explainer.explain_after(given.part, given.readings, own, assignment)
        return replace(mark, explained_by=tuple(found))

    def _about_own(
        self, assignment: Assignment, given: Given, own: dict[str, Any], chosen: tuple[str, Mark | None]
    ) -> Mark:
        """A part about a free choice: nothing but what is so of the student's own is right, and it is no follow-through."""
        part, choice = chosen
        if self.problem.parts[part].check.reference_stands_in and (choice is None or not choice.match.right):
            return self._alone(assignment, given)
        if choice is None or choice.match.credit <= LEAST_OF_A_CHOICE:
            return self._unfounded(assignment, given, FEW if choice else f"your own {part!r}, which is not there")
        mark = followed(self.problem, assignment, given, own)
        if mark is None:
            return self._unfounded(assignment, given, f"your own {part!r}, of which it cannot be told")
        mark = replace(
            mark, credit=mark.match.credit, why=mark.match.note, follows=(), reference=None, told=mark.match.told
        )
        if mark.match.right:
            return replace(mark, why="correct")
        explained = self._explained_after(assignment, given, own, mark)
        certain = tuple(replace(one, certain=True) for one in explained.explained_by)
        return replace(explained, explained_by=certain)

    def _unfounded(self, assignment: Assignment, given: Given, about: str) -> Mark:
        """An answer of which only a person can tell whether it counts."""
        expected = self.problem.expected(given.part, assignment)
        words = f"This is about {about}, so a person will look at it."
        return Mark(WRONG, Match(WRONG, awaits=words), given.readings[0], expected, told=True)

    def _points(self, marks: Mapping[str, Mark]) -> Fraction:
        return sum((mark.credit * self.problem.parts[part].points for part, mark in marks.items()), Fraction(0))

    def _own_values(self, given: Given, marks: Mapping[str, Mark]) -> dict[str, Any]:
        """The student's earlier values on which a part builds, by function of the solver, where they are not the reference's.

        They may be wrong, or right but rounded; what is absurd is left out, since nothing is credited for following from it.
        """
        own = {}
        for part, function in self._builds_on[given.part].items():
            mark = marks.get(part)
            if mark is None or mark.failed or (mark.match.right and part not in self._free and not _is_rounded(mark)):
                continue
            check: Check = self.problem.parts[part].check  # one signature, whatever the kind
            value = check.upstream(mark.reading, mark.expected)
            if check.plausible(value, mark.expected):
                own[function] = value
        return own

    def _verdict(self, given: Given, mark: Mark) -> Verdict:
        """The verdict on one part; who answered the same and got the same mark shares it, but for its place in the notebook."""
        if not mark.worked_out_from:
            return self._marked(given, mark)
        key = (mark.worked_out_from, mark.credit, mark.why, mark.message)
        verdict = self._verdicts.once(key, len(given.data), lambda: self._marked(given, mark))
        answer = given.answer
        if (verdict.cell, verdict.pictures) == (answer.cell, answer.pictures):
            return verdict
        return verdict.model_copy(update={"cell": answer.cell, "pictures": answer.pictures})

    def _marked(self, given: Given, mark: Mark) -> Verdict:
        points = self.problem.parts[given.part].points
        if mark.failed:
            return self._settled(given, Outcome.GRADER_FAULT, GRADER_FAULT)
        if not mark.right and (mark.match.unread or mark.match.awaits):
            return self._for_a_person(given, mark)
        right = self._right_answers.of(given.part, mark.expected if mark.reference is None else mark.reference)
        return Verdict(
            problem=self.problem.name,
            part=given.part,
            outcome=_outcome(mark.credit),
            points=mark.credit * points,
            max_points=points,
            answer=given.looked.echo,
            given=_hash(given),
            read_as=mark.reading.text if mark.right else " or ".join(r.text for r in given.readings),
            expected=right.besides_items,
            finding=f"{given.part}:{mark.why or 'unexplained=' + given.looked.echo[:SHORT]}",
            message=mark.message or (UNEXPLAINED if not mark.right and not mark.follows else ""),
            hint=mark.hint,
            convention=mark.convention,
            follows=mark.follows,
            cell=given.answer.cell,
            items=right.beside(mark.match.items),
            drawing=given.check.drawing(mark.reading, mark.expected, mark.match),
            sizes=sizes_of(self.problem, given, mark),
            extra=self.problem.parts[given.part].extra,
            pictures=given.answer.pictures,
        )

    def _for_a_person(self, given: Given, mark: Mark) -> Verdict:
        """A part that was read, but which a person has to mark."""
        outcome, words = Outcome.AWAITS_REVIEW, mark.match.awaits
        if mark.match.unread:
            outcome = Outcome.UNREADABLE
            words = f"A part of this could not be read, so a person will look at it: {mark.match.unread}."
        right = self._right_answers.of_the_sheet(given.part)
        seen = {
            "read_as": mark.reading.text,
            "expected": right.besides_items,
            "items": right.beside(mark.match.items),
            "suggestion": mark.match.suggestion,
        }
        return self._settled(given, outcome, words).model_copy(update=seen)

    def _settled(self, given: Given, outcome: Outcome, words: str) -> Verdict:
        """A part that was not marked: blank, not run, not readable, or a fault of ours."""
        right = RightAnswer() if outcome.is_fault else self._right_answers.of_the_sheet(given.part)
        return Verdict(
            problem=self.problem.name,
            part=given.part,
            outcome=outcome,
            points=None if outcome.pending else Fraction(0),
            max_points=self.problem.parts[given.part].points,
            answer=given.looked.echo,
            given=_hash(given),
            expected=right.text,
            finding=f"{given.part}:{outcome}",
            message=words,
            cell=given.answer.cell,
            extra=self.problem.parts[given.part].extra,
            pictures=given.answer.pictures,
        )


def _explanations(mark: Mark | None) -> tuple[Explanation, ...]:
    return () if mark is None else mark.explained_by


def _hash(given: Given) -> str:
    """Of all that was captured, since its echo is cut."""
    return hashlib.sha256(given.data).hexdigest()[:32] if given.answer.data is not None else ""


def _is_rounded(mark: Mark) -> bool:
    """Whether a right answer is a number that is not quite the reference's."""
    return isinstance(mark.expected, int | Fraction) and bool(mark.reading.value != mark.expected)


def _outcome(earned: Fraction) -> Outcome:
    if earned == RIGHT:
        return Outcome.CORRECT
    return Outcome.PARTIAL if earned else Outcome.INCORRECT
