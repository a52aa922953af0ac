"""What grading inside Gradescope costs: the archive, the build of its image, a submission in every size of container, and the least memory.

The containers are those of the tests: a Debian of their own, Docker's rights, and no network while a submission is graded.

Usage: python -m benchmarks.gradescope [--homework NAME] [--student NAME] [--times N]
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

from benchmarks.peers.tables import WIDTH, machine
from grader.gradescope.building.archive import build as build_archive
from grader.loading import load_course
from tests.gradescope.harness import caching
from tests.gradescope.harness.containers import no_containers
from tests.gradescope.harness.handed_in import metadata
from tests.gradescope.harness.images import Image, best_base, build
from tests.gradescope.harness.running import Killed, Ran, Submission, graded
from tests.gradescope.harness.sizes import SIZES, Size

ROOT = Path(__file__).resolve().parent.parent
LEAST, MOST, STEP = 0.3, 1.5, 0.05
"""Gigabytes between which the least memory is looked for, and how exactly."""
_MB = 1e6


def main() -> None:
    """Measures and prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gradescope", description="Grades as Gradescope does.")
    parser.add_argument("--homework", default="hw5_cnn_sizes")
    parser.add_argument("--student", default="bruno", help="whose golden submission is graded; bruno's imports torch")
    parser.add_argument("--times", type=int, default=3, help="how often in each container")
    options = parser.parse_args()
    if why := no_containers():
        sys.exit(f"no container can be started: {why}")
    print(machine())
    file = ROOT / "submissions" / options.homework / f"{options.student}.ipynb"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        image = _built(options.homework, folder)
        runs = _Runs(image, file, folder)
        _table_of_sizes(runs, options.times)
        print(f"least memory in which it is graded in full: {least_memory(runs):.2f} GB")


class _Runs:
    """One submission again and again, each time in a fresh container."""

    def __init__(self, image: Image, file: Path, folder: Path) -> None:
        self._image, self._files, self._folder = image, {file.name: file.read_bytes()}, folder
        self._count = 0

    def in_container(self, size: Size) -> Ran:
        self._count += 1
        submission = Submission(self._files, metadata(), size=size)
        return graded(self._image, submission, self._folder / f"run-{self._count}")

    def scores(self, size: Size) -> float | None:
        """What it gets; None if nothing was graded."""
        try:
            ran = self.in_container(size)
            return None if ran.results["extra_data"].get("fault", True) else float(ran.results["score"])
        except Killed:
            return None


def _built(name: str, folder: Path) -> Image:
    course = load_course(ROOT)
    homework = course.homework(name)
    wheels = caching.wheels(*homework.autograder.packages)
    for title, chosen in (("without wheels", None), ("with wheels", wheels)):
        started = perf_counter()
        archive = build_archive(course, homework, folder / "autograder.zip", chosen)
        print(f"archive {title}: {archive.size / _MB:.1f} MB, written in {perf_counter() - started:.1f} s")
    image = build(best_base(folder / "base", get=True), archive.path.read_bytes(), folder / "image")
    if image.status:
        sys.exit(f"the image was not built:\n{image.log[-3000:]}")
    print(f"image: {image.seconds:.0f} s for setup.sh, {image.size / _MB:.0f} MB added to {image.base.note}")
    return image


def _table_of_sizes(runs: _Runs, times: int) -> None:
    table = Table("container", "first (s)", "median (s)", "slowest (s)", "most memory (MB)", "points", "isolation")
    for size in SIZES:
        table.add_row(str(size), *_measured([runs.in_container(size) for _ in range(times)]))
    Console(width=WIDTH).print(table)


def _measured(done: list[Ran]) -> Iterator[str]:
    seconds = [ran.seconds for ran in done]
    yield from (f"{one:.1f}" for one in (seconds[0], median(seconds), max(seconds)))
    yield f"{max(ran.peak for ran in done) / _MB:.0f}"
    yield ", ".join(sorted({f"{ran.results['score']:g}" for ran in done}))
    yield ", ".join(sorted({str(ran.results["extra_data"].get("isolation")) for ran in done}))


def least_memory(runs: _Runs) -> float:
    """Gigabytes: the least with which as many points are given as with the most, in a container with one processor."""
    whole, low, high = runs.scores(Size(1, MOST)), LEAST, MOST
    while high - low > STEP:
        middle = (low + high) / 2
        low, high = (low, middle) if runs.scores(Size(1, middle)) == whole else (middle, high)
    return high


if __name__ == "__main__":
    main()
