"""Grades one submission inside Gradescope and hands the results to `supervising`, which has started it.

    python -I -m grader.gradescope.inside.grading FOLDER DESCRIPTOR DEADLINE

What it prints is for the staff. Any failure ends it with an exit code; what that means for a student is the supervisor's business.
"""

import logging
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from time import monotonic

from grader.course_folder import likely_modules
from grader.errors import GraderError
from grader.kernels.server_process import started_early


def main(folder: Path, descriptor: int, deadline: float) -> int:
    """Grades the submission in a folder shaped like /autograder.

    Args:
        folder: with the archive in `source`.
        descriptor: what the results are written to.
        deadline: when all has to be done, by the monotonic clock.

    Returns:
        The exit code.
    """
    os.set_inheritable(descriptor, False)  # noqa: FBT003 - its only argument
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that kernels and their folders end in order
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    try:
        # Kernels need a second to be ready, in which everything else is imported.
        with started_early(likely_modules(folder / "source" / "course")):
            from grader.gradescope.inside.one_submission import Order, graded  # noqa: PLC0415 - as said above

            content = graded(Order(folder, monotonic(), deadline, _print))
    except GraderError as error:  # in words that need no traceback
        print(error, file=sys.stderr)
        return 1
    with os.fdopen(descriptor, "wb") as results:
        results.write(content)
    return 0


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
