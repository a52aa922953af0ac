"""How long the pages of a class take: a report for each student and for the staff, and the class page.

The class is made up, but its record is a real one. `grader regrade`, as a program of its own, finds no page and writes all of them;
then it finds all of them; then a tolerance has changed, and it writes those of whom it concerns.

Usage: python -m benchmarks.pages [STUDENTS]
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from benchmarks.made_up_class import change, copied_course, make_record, seconds_to_regrade, students_changed

MOST_SECONDS = 60.0
"""For 1,000 students on two cores."""


def main() -> None:
    """Makes the record, has the pages written, prints what that took, and fails if it took too long or wrote too much."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description="Writes the pages of a class.")
    parser.add_argument("students", nargs="?", type=int, default=1_000)
    students = parser.parse_args().students
    with tempfile.TemporaryDirectory() as folder:
        course, out = copied_course(Path(folder)), Path(folder, "out")
        out.mkdir()
        make_record(course, out, students)
        seconds_to_regrade(course, out)
        for name in ("students", "staff"):
            shutil.rmtree(out / name)
        seconds = seconds_to_regrade(course, out)
        pages = _pages(out)
        size = sum(page.stat().st_size for page in pages) / len(pages) / 1024
        print(f"{len(pages)} pages of {size:.0f} KiB and class.html ({_kibibytes(out):.0f} KiB): {seconds:.1f} s")
        before = _written(out)
        print(f"nothing changed: {seconds_to_regrade(course, out):.1f} s, {len(_written(out) - before)} pages written")
        change(course, "momentum_paths", "atol = 0.005", "atol = 0.05")
        again = seconds_to_regrade(course, out)
        written, changed = len(_written(out) - before), students_changed(out)
        print(
            f"after a tolerance has changed: {again:.1f} s, {written} pages written for {changed} students who changed"
        )
    most = MOST_SECONDS * students / 1_000
    raise SystemExit(f"missed: {seconds:.1f} s is more than {most:g}" if seconds > most else 0)


def _pages(out: Path) -> list[Path]:
    return [page for name in ("students", "staff") for page in (out / name).glob("*/report.html")]


def _written(out: Path) -> set[tuple[Path, int]]:
    """The pages with when they were written."""
    return {(page, page.stat().st_mtime_ns) for page in _pages(out)}


def _kibibytes(out: Path) -> float:
    return (out / "class.html").stat().st_size / 1024


if __name__ == "__main__":
    main()
