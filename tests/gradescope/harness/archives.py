"""Archives as a teacher builds them, and the images that come of them, or the reason why there is none."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.course import Homework
from grader.gradescope.building.archive import Built
from grader.gradescope.building.archive import build as build_archive
from grader.loading import load_course
from tests.gradescope.harness import caching
from tests.gradescope.harness.images import Base, Image, best_base, build
from tests.gradescope.harness.running import Ran, Submission, graded
from tests.gradescope.harness.schema import troubles

NO_PYTHON = "What failed: finding a Python"
"""Said by setup.sh. In a whole image it installs one."""


class NotAsInGradescope(UserWarning):
    """Told where a test has surroundings that are less like Gradescope's than they might be."""


not_as_in_gradescope = pytest.mark.filterwarnings("default:graded in")
"""For tests to which that may happen."""


@dataclass(frozen=True)
class Autograder:
    """A homework that can be graded."""

    homework: Homework
    built: Built
    image: Image
    fresh_folder: Callable[[], Path]

    def grade(self, submission: Submission) -> Ran:
        """What becomes of a submission in a fresh container."""
        return graded(self.image, submission, self.fresh_folder())

    def troubles(self, ran: Ran) -> list[str]:
        """What is wrong with a run, whatever was handed in."""
        if ran.raw is None:
            return [f"no results; {ran.stdout[-2000:]}"]
        points = self.built.manifest.points.autograder if ran.results.get("tests") else None
        outside = [name for name in ran.changed if "__pycache__" not in name]
        facts = {
            "left": ran.processes,
            "changed": outside,
            "heard": ran.heard,
            "in time": () if ran.in_time else ("no",),
        }
        return [*troubles(ran.raw, points), *(f"{name}: {what}" for name, what in facts.items() if what)]


def autograder(course: Path, homework: str, folder: Path, *, get: bool, compiled: bool = True) -> Autograder:
    """Builds the archive of a homework and the image of the archive; skips the test where this machine cannot.

    Args:
        course: its folder.
        homework: by name.
        folder: an empty one.
        get: whether to get a Debian if there is none yet.
        compiled: whether packages are compiled when they are installed, which takes half of the time.
    """
    loaded = load_course(course)
    wanted = loaded.homework(homework)
    try:
        wheels = caching.wheels(*wanted.autograder.packages)
    except caching.Missing as error:
        pytest.skip(f"the wheels of the pinned environment cannot be got: {error}")
    built = build_archive(loaded, wanted, folder / "autograder.zip", wheels)
    image = _image(best_base(folder / "base", get=get), built, folder, compiled=compiled)
    numbers = iter(range(1_000_000))
    return Autograder(wanted, built, image, lambda: folder / f"run-{next(numbers)}")


def _image(base: Base, built: Built, folder: Path, *, compiled: bool) -> Image:
    not_whole = base.layers is None or not base.layers.whole
    if not_whole:
        warnings.warn(f"graded in {base.note}", NotAsInGradescope, stacklevel=2)
    image = build(base, built.path.read_bytes(), folder / "image", environment={} if compiled else {"PIP_COMPILE": "0"})
    if not_whole and NO_PYTHON in image.log:
        pytest.skip(f"{base.note}, which have no Python that other users may read and that can make environments")
    assert image.status == 0, image.log[-5000:]
    return image
