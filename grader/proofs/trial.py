"""Answers to one problem, marked as those of a submission are."""

from collections.abc import Mapping
from typing import Any

from grader.collisions import Collisions
from grader.course import Assignment, Problem
from grader.handing_in import handed_in
from grader.marking import Marker
from grader.records import Outcome, Verdict


class Trial:
    """What the proofs of one problem share; most is worked out once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.collisions = Collisions(problem)
        self._marker = Marker(problem)

    def mark(self, given: Mapping[str, Any]) -> dict[str, Verdict]:
        """The verdicts on answers by part, for the parts that are answered; a failure of the grader is a verdict, too."""
        variables = {part: self.problem.variable(part) for part in given}
        try:
            answers = {variables[part]: handed_in(variables[part], value) for part, value in given.items()}
            return {verdict.part: verdict for verdict in self._marker.mark(answers) if verdict.part in given}
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the proof has found
            return {part: self._failed(part, error) for part in given}

    def mark_one(self, part: str, given: Any) -> Verdict:
        """The verdict on one answer that stands alone, but for the free choices that it is about."""
        return self.mark(self._chosen(part) | {part: given})[part]

    def _chosen(self, part: str) -> dict[str, Any]:
        """A right answer to each part which that part builds on and which has many of them."""
        parts, needed = self.problem.parts, self.problem.builds_on(part)
        return {
            name: parts[name].check.right_answers(self.problem.expected(name, self.problem.assignments[0]))[0]
            for name in parts
            if parts[name].check.has_many_answers and self.problem.function(name) in needed
        }

    def _failed(self, part: str, error: Exception) -> Verdict:
        return Verdict(
            problem=self.problem.name,
            part=part,
            outcome=Outcome.GRADER_FAULT,
            points=None,
            max_points=self.problem.parts[part].points,
            finding=f"{part}:{Outcome.GRADER_FAULT}",
            message=f"the grader fails with {type(error).__name__}: {error}",
        )


def finding(verdict: Verdict) -> str:
    """What explains a verdict, without the name of its part."""
    return verdict.finding.partition(":")[2]


def is_full(verdict: Verdict) -> bool:
    """Whether the answer is right, or waits for a person as such answers do."""
    return verdict.outcome in {Outcome.CORRECT, Outcome.AWAITS_REVIEW}


def earned(verdict: Verdict) -> str:
    """What became of an answer: "1/2 of 2 points (partial, unit-missing)"."""
    if verdict.outcome is Outcome.GRADER_FAULT:
        return f"no mark: {verdict.message}"
    points = "no points yet" if verdict.points is None else f"{verdict.points} of {verdict.max_points} points"
    why = "" if finding(verdict) == verdict.outcome else f", {finding(verdict)}"
    return f"{points} ({verdict.outcome}{why})"


def under(assignment: Assignment) -> str:
    """The conventions in words of the problem file, to be appended."""
    return "".join(f", {name}={value}" for name, value in assignment.items())
