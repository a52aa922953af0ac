"""pytest collects the problem files of a course and proves them: `pytest problems/` does what `grader validate` does.

    problems/alexnet_sizes/problem.toml::training_bytes::edges

pytest imports this file in every run of its environment, so it imports nothing of the engine until it meets a problem.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.course import Course, Problem
    from grader.proofs.proving import Proof

# The courses of this run by their folders: each is loaded once.
_COURSES = pytest.StashKey[dict[Path, "Course"]]()


class FlawsFound(Exception):  # noqa: N818 - no error of the program
    """A proof did not hold; the words say where, and what would mend it."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ProblemTests | None":
    """The problem files of courses; a file of this name that stands anywhere else is left alone."""
    if file_path.name != "problem.toml" or len(file_path.parents) < 3:  # noqa: PLR2004 - problem, problems, course
        return None
    problems, course = file_path.parents[1], file_path.parents[2]
    in_a_course = problems.name == "problems" and (problems / "homeworks.toml").is_file()
    found = in_a_course and (course / "reference").is_dir()
    return ProblemTests.from_parent(parent, path=file_path) if found else None


class ProblemTests(pytest.File):
    """One problem file: the proofs of the whole, and those of each part."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Loads the course and lists what is to be proved."""
        from grader.proofs.proving import proofs_of  # noqa: PLC0415 - see above
        from grader.proofs.trial import Trial  # noqa: PLC0415

        problem = self._problem()
        if problem is None:
            yield Draft.from_parent(self, name="draft")
            return
        proofs = proofs_of(Trial(problem))
        for part in dict.fromkeys(proof.part for proof in proofs):
            own = [proof for proof in proofs if proof.part == part]
            if part:
                yield PartTests.from_parent(self, name=part, proofs=own)
            else:
                yield from (ProofTest.from_parent(self, name=proof.name, proof=proof) for proof in own)

    def _problem(self) -> "Problem | None":
        """The problem of this file; None while no homework has it."""
        from grader.errors import GraderError  # noqa: PLC0415
        from grader.loading import load_course  # noqa: PLC0415

        courses, root = self.config.stash.setdefault(_COURSES, {}), self.path.resolve().parents[2]
        try:
            course = courses[root] = courses.get(root) or load_course(root)
        except GraderError as error:
            raise self.CollectError(str(error)) from error
        listed = (problem for homework in course.homeworks.values() for problem in homework.problems)
        return next((problem for problem in listed if problem.file == self.path.resolve()), None)


class PartTests(pytest.Collector):
    """The proofs of one part."""

    def __init__(self, *, proofs: "list[Proof]", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.proofs = proofs

    def collect(self) -> Iterator["ProofTest"]:
        """One item per proof."""
        return (ProofTest.from_parent(self, name=proof.name, proof=proof) for proof in self.proofs)


class ProofTest(pytest.Item):
    """One proof."""

    def __init__(self, *, proof: "Proof", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.proof = proof

    def runtest(self) -> None:
        """Carries the proof out; warnings fail, too, since a word in the file settles them."""
        if flaws := self.proof.prove().flaws:
            raise FlawsFound("\n".join(map(str, flaws)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The words without a traceback, which would only show the engine."""
        return str(excinfo.value) if isinstance(excinfo.value, FlawsFound) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """The file, and the words above a failure: no end of the item's id, whose points pytest would take for a path's."""
        return self.path, None, f"{self.path.parent.name}: {self.nodeid.partition('::')[2].replace('::', ': ')}"


class Draft(pytest.Item):
    """A problem that no homework has yet, so that nothing is proved of it."""

    def runtest(self) -> None:
        """Says so."""
        pytest.skip("no homework in problems/homeworks.toml names this problem")
