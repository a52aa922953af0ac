from fractions import Fraction

import pytest

from grader.gradescope.inside.sparing import TOO_SMALL, spared, too_small
from grader.kernels.limits import Limits
from grader.records import CellFailure, FailureKind, Outcome, Status
from tests.reports.grades import grade, verdicts

MIB = 1024**2
WANTED = Limits(memory_bytes=2048 * MIB, disk_bytes=256 * MIB)
GIVEN = Limits(memory_bytes=330 * MIB, disk_bytes=64 * MIB)
DID_NOT_RUN = verdicts("hw4_warmup", Outcome.DID_NOT_RUN, Fraction(0))
HELD = grade("al", *DID_NOT_RUN[:2], *verdicts("hw4_warmup", Outcome.CORRECT, Fraction(1))[2:])


def failure(kind: FailureKind, **fields: str) -> CellFailure:
    return CellFailure(cell=2, kind=kind, **{"name": "MemoryError", **fields})


@pytest.mark.parametrize(
    "met",
    [
        failure(FailureKind.DIED, name="memory_bytes"),
        failure(FailureKind.ERROR, limit="memory_bytes"),
        failure(FailureKind.ERROR, limit="disk_bytes"),
    ],
)
def test_parts_that_a_small_container_kept_from_running_are_pending_and_no_zero(met: CellFailure) -> None:
    ran = HELD.model_copy(update={"failures": (met,)})
    found = spared(ran, WANTED, GIVEN)
    assert [one.outcome for one in found.verdicts] == [Outcome.GRADER_FAULT, Outcome.GRADER_FAULT, Outcome.CORRECT]
    assert [one.points for one in found.verdicts][:2] == [None, None]
    assert {one.message for one in found.verdicts[:2]} == {TOO_SMALL}
    assert (found.status, found.points) == (Status.FAULT, HELD.points)


@pytest.mark.parametrize(
    ("met", "given"),
    [
        (failure(FailureKind.DIED, name="memory_bytes"), WANTED),
        (failure(FailureKind.ERROR, limit="processes"), GIVEN),
        (failure(FailureKind.TIMEOUT, name=""), GIVEN),
    ],
)
def test_a_limit_of_the_homework_itself_or_another_one_is_the_students(met: CellFailure, given: Limits) -> None:
    ran = HELD.model_copy(update={"failures": (met,)})
    assert spared(ran, WANTED, given) == ran


def test_the_staff_reads_both_sizes() -> None:
    assert "330 MiB of memory" in too_small(WANTED, GIVEN)
    assert "allows 2048 and 256" in too_small(WANTED, GIVEN)
