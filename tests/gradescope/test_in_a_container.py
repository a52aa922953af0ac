"""The homeworks of this course as Gradescope grades them, torch and all: every golden submission is marked as it is here.

Takes minutes: `make long`. Without debootstrap or runc there is a warning that says what was done instead; without wheels it skips.
"""

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.reveal import Reveal
from tests.gradescope.harness.archives import Autograder, autograder, not_as_in_gradescope
from tests.gradescope.harness.handed_in import metadata
from tests.gradescope.harness.running import Ran, Submission
from tests.gradescope.harness.schema import Markup
from tests.gradescope.harness.sizes import MIDDLE, SMALLEST

ROOT = Path(__file__).resolve().parents[2]
CLASSES: dict[str, dict[str, Any]] = {
    file.parent.name: tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted(ROOT.glob("submissions/*/expected.toml"))
}
RAN = {"graded", "needs review"}
NEEDS_MORE = {("hw5_cnn_sizes", "bruno")}
"""It builds AlexNet with torch, whose weights alone are 250 MB."""

pytestmark = [not_as_in_gradescope, pytest.mark.kernel, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(3600)]


STUDENTS = [
    pytest.param(homework, name, id=f"{homework}-{name}")
    for homework, expected in CLASSES.items()
    for name in expected["students"]
]


class Autograders:
    """Those of the homeworks, of which one is there at a time, since an image has more than a gigabyte."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        self._current: Autograder | None = None

    def of(self, homework: str) -> Autograder:
        if self._current is None or self._current.homework.name != homework:
            self.remove()
            self._current = autograder(ROOT, homework, self._factory.mktemp("gradescope"), get=True)
        return self._current

    def remove(self) -> None:
        if self._current is not None:
            shutil.rmtree(self._current.built.path.parent)


@pytest.fixture(scope="module")
def autograders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Autograders]:
    found = Autograders(tmp_path_factory)
    yield found
    found.remove()


@pytest.mark.parametrize(("homework", "student"), STUDENTS)
def test_each_golden_submission_is_marked_in_the_smallest_container_as_it_is_here(
    homework: str, student: str, autograders: Autograders
) -> None:
    grader = autograders.of(homework)
    content = (ROOT / "submissions" / homework / f"{student}.ipynb").read_bytes()
    size = MIDDLE if (homework, student) in NEEDS_MORE else SMALLEST
    ran = grader.grade(Submission({f"{student}.ipynb": content}, metadata(), size))
    assert grader.troubles(ran) == [], ran.stdout
    expected = CLASSES[homework]["students"][student]
    assert (ran.status, ran.results["score"]) == (0, expected["total"]), ran.stdout
    if expected["status"] not in RAN:
        assert ran.results["tests"] == []
        return
    findings = dict.fromkeys(ran.findings, expected["otherwise"])
    findings |= dict.fromkeys(CLASSES[homework]["class"]["by_a_person"], expected["by_a_person"])
    assert ran.findings == findings | expected.get("findings", {})
    if grader.homework.reveal.students is not Reveal.ANSWERS:
        assert given_away(ran) == {}


def given_away(ran: Ran) -> dict[str, str]:
    """Right answers that a student reads whose own was another, by part. What is right stands in what is printed for the staff."""
    right = dict(
        re.findall(
            r"^\w+\.(\w+): [^\n]*\n(?:  (?!expected)[^\n]*\n)*  expected: ([^\n]{4,})$", ran.stdout, re.MULTILINE
        )
    )
    read = {test["extra_data"]["part"].partition(".")[2]: Markup(test["output"]).words for test in ran.results["tests"]}
    wrong = (part for part, outcome in ran.outcomes.items() if outcome in {"incorrect", "did-not-run", "blank"})
    return {part: right[part] for part in wrong if part in right and right[part] in read[part]}
