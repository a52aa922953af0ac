"""The kernels that a homework's notebooks run in: contained ones, or plain ones for whoever insists."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.course import Course, Homework
from grader.kernels import Kernels
from grader.kernels.choosing import Wanted, contained_kernels
from grader.kernels.limits import Limits
from grader.kernels.plain import PlainKernels
from grader.kernels.preparation import preparation

COURSE_FILES = ("problems/homeworks.toml", "problems", "reference")
"""Of a course: what no notebook may read, since answers are in it."""


@dataclass(frozen=True)
class Isolation:
    """What whoever grades asks for."""

    tier: str | None = None
    """The only tier that will do; the best that holds if it is None."""
    unsafe: bool = False
    """Run student code with the rights of whoever grades."""


@contextmanager
def kernels_for(
    course: Course, homework: Homework, limits: Limits, isolation: Isolation, secret: Iterable[Path] = ()
) -> Iterator[Kernels]:
    """Kernels for the notebooks of one homework, ended afterwards.

    Args:
        course: whose problems and solvers no notebook may read.
        homework: whose modules are loaded beforehand.
        limits: what each notebook may take.
        isolation: what is asked for.
        secret: more that no notebook may read, such as the others' notebooks and reports.

    Raises:
        InputError: there is no such tier.
        InfrastructureError: nothing on this machine contains student code.
    """
    if isolation.unsafe:
        yield PlainKernels()
        return
    own = (course.root / name for name in COURSE_FILES)
    wanted = Wanted(
        limits=limits,
        preload=homework.preload,
        preparation=preparation(homework.asked, limits),
        secret=tuple(path.resolve() for path in (*own, *secret)),
        tier=isolation.tier,
    )
    with contained_kernels(wanted) as kernels:
        yield kernels
