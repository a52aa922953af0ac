"""How long `grader regrade` takes for a large class after a tolerance has changed: everything is marked again and written.

The class is made up, but its record is a real one. Its course gets another tolerance, and the command runs as a program of its own. What is timed is all of it, from its start to the gradebook.

Usage: python -m benchmarks.regrading [STUDENTS] [--store URL]
"""

import argparse
import resource
import tempfile
from pathlib import Path

from benchmarks.made_up_class import (
    change,
    copied_course,
    make_record,
    mebibytes,
    parts_of,
    seconds_to_regrade,
    students_changed,
)

MOST_SECONDS, OF_THEM_START = 60.0, 10.0
"""For 10,000 students on two cores, and what of it does not grow with the class."""


def main() -> None:
    """Makes the record, marks it again, prints what that took, and fails if it took too long."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.regrading", description="Marks a large class again.")
    parser.add_argument("students", nargs="?", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = copied_course(Path(folder))
        out = Path(folder, "out")
        out.mkdir()
        make_record(course, out, options.students)
        print(f"{options.students} students, each with {parts_of(course)} parts; record of {mebibytes(out):.0f} MiB")
        print(f"all reports and the gradebook written anew: {seconds_to_regrade(course, out):.1f} s")
        change(course, "momentum_paths", "atol = 0.005", "atol = 0.05")
        seconds = seconds_to_regrade(course, out)
        print(f"marked again after a tolerance has changed: {seconds:.1f} s, {students_changed(out)} students changed")
        change(course, "receptive_field", "points = 2", "points = 3")
        print(
            f"after a part has other points: {seconds_to_regrade(course, out):.1f} s, {students_changed(out)} students changed"
        )
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"at most {peak:.0f} MiB of memory in a process")
    most = OF_THEM_START + (MOST_SECONDS - OF_THEM_START) * options.students / 10_000
    raise SystemExit(f"missed: regrading takes {seconds:.1f} s, more than {most:g}" if seconds > most else 0)


if __name__ == "__main__":
    main()
