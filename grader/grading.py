"""`grader grade`: takes in what is in some paths, and grades it class by class."""

from concurrent.futures import ThreadPoolExecutor

from grader.class_grading import ClassGrading
from grader.console import warn
from grader.database.opening import sqlite_file
from grader.errors import InputError
from grader.gathering import gathered
from grader.grading_order import Order
from grader.json_output import GradedClass
from grader.kernel_choice import Isolation
from grader.kernels.choosing import named
from grader.loading import check_course, read_course
from grader.reports.writing import prepare
from grader.store import open_store


def grade_all(order: Order) -> list[GradedClass]:
    """Grades every class in the paths.

    Raises:
        GraderError: nothing was graded, or nothing more.
        KeyboardInterrupt: somebody has interrupted it, and knows what is recorded.
    """
    course = read_course(order.course)
    _check_isolation(order.isolation, order.flags)
    with gathered(course, order.asked) as found:
        for one in found.classes:
            prepare(one.out, one.homework)
        for trouble in found.troubles:
            warn(trouble)
        # What no notebook may read, besides the course: other students' work and everybody's results.
        secret = [*order.asked.paths, *order.asked.rosters, *(one.out for one in found.classes), found.unpacked]
        if order.store and (file := sqlite_file(order.store)):
            secret.append(file)
        with ThreadPoolExecutor(max_workers=1) as background:
            # While kernels start, which takes as long and keeps another processor busy.
            checked = background.submit(check_course, course)
            graded = []
            for one in found.classes:
                with open_store(one.out, order.store) as store:
                    graded.append(ClassGrading(order, course, one, store, secret).grade(checked.result))
    return graded


def _check_isolation(isolation: Isolation, flags: dict[str, float]) -> None:
    if isolation.unsafe and isolation.tier:
        raise InputError("--isolation and --unsafe-no-sandbox exclude each other; give one")
    if isolation.tier:
        named(isolation.tier)
    if isolation.unsafe:
        warn("kernels are NOT ISOLATED: student code runs with your rights on this machine. Grade only work you trust.")
        if ignored := flags.keys() & {"memory_bytes", "disk_bytes", "processes"}:
            warn(f"without a sandbox nothing keeps notebooks within {', '.join(sorted(ignored))}")
