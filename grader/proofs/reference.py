"""The reference itself earns full points."""

from itertools import islice

from grader.proofs.flaw import Flaw, Tried
from grader.proofs.trial import Trial, earned, is_full, under


def all_together(trial: Trial) -> Tried:
    """All parts answered rightly by one student, under every accepted assignment of conventions."""
    problem = trial.problem
    for assignment in problem.assignments:
        answers = {p: spec.check.right_answers(problem.expected(p, assignment)) for p, spec in problem.parts.items()}
        verdicts = trial.mark({part: right[0] for part, right in answers.items() if right})
        for part, spec in problem.parts.items():
            place = f"parts.{part}"
            if part in verdicts and not is_full(verdicts[part]):
                words = f"with all parts right{under(assignment)}, the reference earns {earned(verdicts[part])}"
                yield Flaw(place, f"{words}; mend the solver or the conventions")
            elif part not in verdicts and spec.check.solved:
                yield Flaw(place, f"no answer can give the reference{under(assignment)}; mend the solver")
            else:
                yield None


def each_way_to_write_it(trial: Trial, part: str) -> Tried:
    """Further right answers, alone: other spellings, and just inside the tolerance."""
    check = trial.problem.parts[part].check
    for accepted in trial.collisions.accepted(part):
        for answer in islice(check.right_answers(accepted.value), 1, None):
            verdict = trial.mark_one(part, answer)
            words = f"the right answer {verdict.answer}{under(accepted.assignment)} earns {earned(verdict)}; mend its options"
            yield None if is_full(verdict) else Flaw(f"parts.{part}", words)
