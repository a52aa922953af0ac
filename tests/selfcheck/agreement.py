"""Whether the sealed check says of an answer what grading says of it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from grader import Outcome, Verdict
from grader.check_level import CheckLevel
from grader.checks.check import Check
from grader.checks.path import Trajectory
from grader.checks.set import Unordered
from grader.checks.table import Table
from grader.course import Homework
from grader.loading import load_course
from grader.selfcheck.judging.judged import Judgement, Standing
from grader.selfcheck.keys.sealed import Cost, SealedHomework
from grader.selfcheck.making.sealing import seal
from tests.marks import ROOT

CHEAP = Cost(n=2)
"""A guess that costs nothing."""
TOLD = ("unit-missing", "unit-wrong", "cut-off", "not-done")
EXPLAINED = "comes out when "


@cache
def homeworks() -> dict[str, Homework]:
    return dict(load_course(ROOT).homeworks)


@cache
def told(level: CheckLevel, homework: str = "hw5_cnn_sizes") -> SealedHomework:
    """The keys of a homework of which all is told at one level, whatever its parts say."""
    found = homeworks()[homework]
    problems = tuple(
        replace(
            problem,
            spec=problem.spec.model_copy(
                update={"parts": {n: p.model_copy(update={"self_check": level}) for n, p in problem.parts.items()}}
            ),
        )
        for problem in found.problems
    )
    return seal(replace(found, problems=problems), CHEAP)


@cache
def all_told(homework: str) -> SealedHomework:
    """The keys of a homework with all that can be told, after they have been through a file."""
    return SealedHomework.model_validate_json(told(CheckLevel.HINT, homework).model_dump_json())


def disagreements(
    homework: Homework, judgements: Sequence[Judgement], verdicts: Sequence[Verdict]
) -> list[tuple[str, str, str]]:
    """The parts of which the two say different things, with both."""
    checks: dict[str, Check] = {part: problem.parts[part].check for problem, part in homework.parts}
    by_part = {verdict.part: verdict for verdict in verdicts}
    assert [one.part for one in judgements] == [one for one in checks if one in by_part]
    return [
        (one.part, f"{one.standing}: {one.message}", f"{by_part[one.part].finding}: {by_part[one.part].message}")
        for one in judgements
        if not _agree(checks[one.part], one, by_part[one.part])
    ]


def _agree(check: Check, said: Judgement, graded: Verdict) -> bool:
    match said.standing:
        case Standing.RIGHT:
            return graded.outcome is Outcome.CORRECT and not _carried(graded) and _read_alike(check, said, graded)
        case Standing.NOT_RIGHT:
            return _is_wrong(graded) and _read_alike(check, said, graded) and _explained_alike(said, graded)
        case Standing.READABLE:
            return graded.outcome not in {Outcome.BLANK, Outcome.UNREADABLE, Outcome.DID_NOT_RUN}
        case Standing.BLANK | Standing.UNREADABLE | Standing.DID_NOT_RUN:
            return graded.outcome.name == said.standing.name
    return False


def _is_wrong(graded: Verdict) -> bool:
    """Whether the answer is wrong by itself; marks may be carried on from an earlier one all the same."""
    return graded.outcome in {Outcome.PARTIAL, Outcome.INCORRECT} or _carried(graded)


def _carried(graded: Verdict) -> bool:
    return bool(graded.follows) or graded.message.startswith("The same as before")


def _read_alike(check: Check, said: Judgement, graded: Verdict) -> bool:
    """As what it was read, and of the rows of a table and the steps of a path which are right."""
    if _carried(graded) or ":mixed(" in graded.finding:
        return True  # read as the earlier answers have it
    if said.read_as != graded.read_as:
        return False
    if isinstance(check, Unordered) and said.standing is Standing.NOT_RIGHT:
        return not said.items  # a set is sealed as a whole
    found = [(item.name, item.right) for item in said.items]
    given = [(item.name, item.right) for item in graded.items]
    goes_on = isinstance(check, Table | Trajectory) and check.continuation
    # What follows from a wrong row or step is right in grading.
    return all(a == b or (goes_on and b[1]) for a, b in zip(found, given, strict=True))


def _explained_alike(said: Judgement, graded: Verdict) -> bool:
    """Whether grading, too, names the mistakes that are told, and what the check of its kind says of the answer."""
    if graded.finding.rpartition(":")[2] in TOLD and graded.message not in said.message:
        return False
    if EXPLAINED not in said.message or _carried(graded):
        return True
    told = said.message.partition(EXPLAINED)[2].partition(". ")[0].rstrip(".")
    return all(clause in graded.message for clause in told.split(", or ") if not clause.endswith(" more"))
