"""Contained kernels for a self-check, as `grader grade` uses them. Only for systems that have them."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from grader.errors import InfrastructureError, InputError
from grader.kernels.choosing import Wanted, contained_kernels
from grader.kernels.limits import Limits
from grader.kernels.plain import PlainKernels
from grader.kernels.preparation import preparation
from grader.selfcheck.keys.sealed import SealedHomework
from grader.selfcheck.saved.checking import AsGraded


@contextmanager
def as_graded(sealed: SealedHomework, limits: Limits, secret: Iterable[Path]) -> Iterator[AsGraded]:
    """Kernels of the best tier that holds on this machine, or plain ones where none does; ended afterwards.

    Args:
        sealed: whose answers are watched.
        limits: what the notebook may take.
        secret: files that it may not open.
    """
    prepares = preparation(sealed.asked, limits)
    wanted = Wanted(limits, preparation=prepares, secret=tuple(path.resolve() for path in secret))
    with ExitStack() as stack:
        try:
            kernels = AsGraded(stack.enter_context(contained_kernels(wanted)))
        except InfrastructureError as error:
            kernels = AsGraded(PlainKernels(), f"nothing on this machine contains student code ({error})")
        except InputError:  # what such kernels import is not there
            kernels = AsGraded(
                PlainKernels(), "grading contains student code, with other packages than are installed here"
            )
        yield kernels
