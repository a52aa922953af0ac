"""What is just outside of the tolerance does not earn full points."""

from collections.abc import Sequence
from typing import Any

from grader.checks.check import Check
from grader.collisions import Accepted
from grader.handing_in import readings_of
from grader.proofs.flaw import Flaw, Tried
from grader.proofs.trial import Trial, earned, under
from grader.records import Outcome


def near_misses(trial: Trial, part: str) -> Tried:
    """Wrong answers, however near, unless they happen to be right under another convention."""
    check, accepted = trial.problem.parts[part].check, trial.collisions.accepted(part)
    for position, one in enumerate(accepted):
        others = (*accepted[:position], *accepted[position + 1 :])
        for answer in check.wrong_answers(one.value):
            verdict = trial.mark_one(part, answer)
            right = verdict.outcome is Outcome.CORRECT and not _is_right_for(check, answer, others)
            failed = right or verdict.outcome.is_fault
            words = (
                f"the wrong answer {verdict.answer}{under(one.assignment)} earns {earned(verdict)}; tighten its options"
            )
            yield Flaw(f"parts.{part}", words) if failed else None


def _is_right_for(check: Check, answer: Any, others: Sequence[Accepted]) -> bool:
    """Whether an answer is right for another accepted value than the one that it misses."""
    readings = readings_of(check, answer)
    return any(check.compare(reading, other.value).right for other in others for reading in readings)
