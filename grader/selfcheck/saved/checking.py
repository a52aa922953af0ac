"""`grader check`: a saved notebook runs from top to bottom, as it will when it is graded, and each answer is judged."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from grader.errors import InfrastructureError
from grader.execution import execute
from grader.kernels import Kernels
from grader.kernels.limits import Limits
from grader.kernels.plain import PlainKernels
from grader.notebooks import Notebook
from grader.records import Answer, Execution, Record
from grader.selfcheck.judging.judged import Judgement
from grader.selfcheck.judging.judging import judge
from grader.selfcheck.keys.sealed import SealedHomework
from grader.selfcheck.saved.out_of_order import FailedCell, SavedRun, explained
from grader.taking import take_answers

FORM = 1
"""Of the JSON document; another number means that a field is gone or means something else."""


@dataclass(frozen=True)
class Saved:
    """A notebook as it was saved."""

    name: str
    """Of the file."""
    notebook: Notebook
    """With its pictures, which may be answers."""
    run: SavedRun


@dataclass(frozen=True)
class AsGraded:
    """Kernels for a second run, as like those of grading as this machine has them."""

    kernels: Kernels
    note: str = ""
    """Why they are not those of grading; empty if they are."""


class Compared(Record):
    """The second run, and how it came out beside the first."""

    isolation: str
    note: str
    """As in `AsGraded`."""
    parts: tuple[Judgement, ...]
    failed: tuple[FailedCell, ...]
    differing: tuple[str, ...]
    """Variables whose answers are read otherwise."""


class Checked(Record):
    """What there is to say of a notebook."""

    homework: str
    title: str
    notebook: str
    """Name of the file."""
    isolation: str
    """Of the first run, in fresh kernels without isolation ("none")."""
    seconds: float
    """In which its cells ran."""
    parts: tuple[Judgement, ...]
    """In the order of the sheet."""
    failed: tuple[FailedCell, ...]
    """Cells that failed, in their order."""
    remark: str
    """That the saved notebook was not run from top to bottom; else empty."""
    as_graded: Compared | None = None

    @property
    def passes(self) -> bool:
        """Whether every answer can be read, and is read alike in the second run, if there was one."""
        agrees = self.as_graded is None or not self.as_graded.differing
        return agrees and all(part.standing.is_readable for part in self.parts)

    def as_document(self) -> str:
        """One JSON document, of plain ASCII, so that no setting of a terminal or a pipe changes it."""
        return json.dumps({"command": "check", "form": FORM, **self.model_dump(mode="json")}, indent=2, allow_nan=False)


def check_notebook(saved: Saved, sealed: SealedHomework, limits: Limits, second: AsGraded | None = None) -> Checked:
    """Run a notebook and judge its answers.

    Args:
        saved: the notebook.
        sealed: what is asked, and how answers are judged.
        limits: what one run may take.
        second: where it runs a second time, if it does.

    Raises:
        InfrastructureError: no kernel could be started.
    """
    return _Check(saved, sealed, limits).checked(second)


@dataclass(frozen=True)
class _Ran:
    """One run of the notebook."""

    execution: Execution
    answers: Mapping[str, Answer]
    failed: tuple[FailedCell, ...]


@dataclass(frozen=True)
class _Check:
    """What is the same for both runs."""

    saved: Saved
    sealed: SealedHomework
    limits: Limits

    def checked(self, second: AsGraded | None) -> Checked:
        first = self._run(PlainKernels())
        parts = judge(self.sealed, first.answers)
        return Checked(
            homework=self.sealed.homework,
            title=self.sealed.title,
            notebook=self.saved.name,
            isolation=first.execution.isolation,
            seconds=round(first.execution.seconds, 3),
            parts=parts,
            failed=first.failed,
            remark=self.saved.run.remark,
            as_graded=self._compared(second, first, parts) if second else None,
        )

    def _compared(self, second: AsGraded, first: _Ran, parts: tuple[Judgement, ...]) -> Compared:
        ran = self._run(second.kernels)
        # What is the same is judged once: to try whether an answer is right is made slow.
        again = parts if ran.answers == first.answers else judge(self.sealed, ran.answers)
        return Compared(
            isolation=ran.execution.isolation,
            note=second.note,
            parts=again,
            failed=ran.failed,
            differing=tuple(
                one.variable for one, other in zip(parts, again, strict=True) if _read(one) != _read(other)
            ),
        )

    def _run(self, kernels: Kernels) -> _Ran:
        notebook, asked = self.saved.notebook, self.sealed.asked
        try:
            execution = execute(notebook, asked, kernels, self.limits)
        except InfrastructureError as error:
            words = f"the check itself failed, which is no fault of your notebook: {error}"
            raise InfrastructureError(f"{words}. Check it again; if that does not help, tell your teacher") from error
        failed = explained(execution.failures, notebook, self.saved.run)
        return _Ran(execution, take_answers(execution, notebook, asked), failed)


def _read(part: Judgement) -> tuple[object, ...]:
    """What has to be the same in both runs."""
    return part.standing, part.read_as, part.items
