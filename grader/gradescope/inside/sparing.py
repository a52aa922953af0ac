"""What a container is too small for costs no student a point: the homework allows it, and the container was chosen for everybody."""

from grader.kernels.limits import Limits
from grader.records import Grade, Outcome, Verdict, status_of

TOO_SMALL = "This did not run since the container is too small for what the homework allows, which is no fault of yours and costs you nothing."
"""For the student."""
_SIZES = ("memory_bytes", "disk_bytes")


def spared(grade: Grade, wanted: Limits, given: Limits) -> Grade:
    """The grade in which parts that did not run wait for a person, if it may have been the container that kept them from it.

    Args:
        grade: of the submission.
        wanted: the limits of the homework.
        given: the limits under which the notebook ran.
    """
    smaller = {name for name in _SIZES if getattr(given, name) < getattr(wanted, name)}
    if not any({failure.limit, failure.name} & smaller for failure in grade.failures):
        return grade
    verdicts = tuple(_waiting(one) if one.outcome is Outcome.DID_NOT_RUN else one for one in grade.verdicts)
    return grade.model_copy(update={"verdicts": verdicts, "status": status_of(verdicts)})


def too_small(wanted: Limits, given: Limits) -> str:
    """What the staff does about it."""
    mib = 1024**2
    return (
        f"THE CONTAINER IS TOO SMALL: the notebook met a limit that the container sets ({given.memory_bytes // mib} MiB of memory and "
        f"{given.disk_bytes // mib} MiB of files; the homework allows {wanted.memory_bytes // mib} and {wanted.disk_bytes // mib}). Choose a "
        "larger one in the assignment's settings, and rerun the autograder; or set smaller limits in problems/homeworks.toml."
    )


def _waiting(verdict: Verdict) -> Verdict:
    return verdict.model_copy(
        update={
            "outcome": Outcome.GRADER_FAULT,
            "points": None,
            "finding": f"{verdict.part}:{Outcome.GRADER_FAULT}",
            "message": TOO_SMALL,
        }
    )
