"""The tests that stand in the problem file."""

from grader.problem_file import AuthorTest
from grader.proofs.flaw import Flaw, Tried
from grader.proofs.trial import Trial, earned, finding
from grader.records import Verdict


def author_test(trial: Trial, index: int) -> Tried:
    """One test of the author: its answers together, and for every part what is expected of it."""
    test = trial.problem.spec.tests[index]
    parts = dict.fromkeys((*test.findings, *test.outcomes, *test.points))
    verdicts = trial.mark({**dict.fromkeys(parts), **test.answers})
    for part in parts:
        for key, wanted in _unmet(test, verdicts[part]):
            words = f"{test.about}: {key} should be {wanted}, but the answer {verdicts[part].answer or '(none)'} earns"
            yield Flaw(f"tests.{index}.{key}.{part}", f"{words} {earned(verdicts[part])}")
        yield None


def _unmet(test: AuthorTest, verdict: Verdict) -> list[tuple[str, object]]:
    """The expectations of a part that did not come out, by key."""
    part, found = verdict.part, finding(verdict)
    met = {
        # What stands behind "=" is the student's own, such as an unexplained value.
        "findings": test.findings.get(part, found) in {found, found.partition("=")[0]},
        "outcomes": test.outcomes.get(part, verdict.outcome) == verdict.outcome,
        "points": part not in test.points or test.points[part] == verdict.points,
    }
    return [(key, getattr(test, key)[part]) for key, holds in met.items() if not holds]
