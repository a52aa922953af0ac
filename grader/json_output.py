"""What commands say with --json: one document about all classes, described in docs/json.md."""

import json
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Self

from grader.changes import Change, PartChange
from grader.course import Homework
from grader.notebooks import clean_text
from grader.records import Record, Status
from grader.reports.places import CLASS_PAGE, GRADEBOOK, REPORT, students_folder
from grader.reports.points import rounded_points
from grader.reports.standing import Standing

FORM = 1
"""Of the document; another number means that a field is gone or means something else."""


class GradedStudent(Record):
    """One student of a class; None is unknown."""

    student: str
    status: Status
    note: str
    """Why, where the status is not plainly that the student is graded."""
    total: float | None
    """Decided points, less what lateness costs."""
    percent: float | None
    """Of the decided points."""
    pending: float
    """Points that wait for a person."""
    max: float
    late: bool
    seconds: float | None
    """In which the notebook ran; None if it did not."""
    report: str | None
    """The student's page, below the folder of the class; None if there is none."""

    @classmethod
    def of(cls, one: Standing, out: Path) -> Self:
        """One student, whose report is in the folder of a class if it is there."""
        report = students_folder(out) / one.student / REPORT
        return cls(
            student=one.student,
            status=one.status,
            note=one.note,
            total=rounded_points(one.total) if one.totals.points else None,
            percent=float(one.totals.percent) if one.totals.percent else None,
            pending=float(one.totals.pending or 0),
            max=rounded_points(one.max_points),
            late=bool(one.late),
            seconds=round(one.seconds, 3) if one.isolation else None,
            report=report.relative_to(out).as_posix() if report.is_file() else None,
        )


class GradedClass(Record):
    """A class whose results are on disk."""

    homework: str
    title: str
    out: str
    """The folder of the class; files are named below it."""
    gradebook: str
    class_page: str | None
    counts: dict[Status, int]
    """Students of each status."""
    students: tuple[GradedStudent, ...]
    """Those whom this command was about."""

    @classmethod
    def of(cls, homework: Homework, out: Path, class_: Sequence[Standing], **more: object) -> Self:
        """A class by what its tables say, and more fields of a class that has them."""
        of_status = Counter(one.status for one in class_)
        fields = {
            "homework": homework.name,
            "title": homework.title,
            "out": clean_text(str(out)),
            "gradebook": GRADEBOOK,
            "class_page": CLASS_PAGE if (out / CLASS_PAGE).is_file() else None,
            "counts": {status: of_status[status] for status in Status},
            "students": tuple(GradedStudent.of(one, out) for one in class_),
        }
        return cls.model_validate(fields | more)

    @property
    def has_fault(self) -> bool:
        """Whether there was a fault of ours."""
        return bool(self.counts[Status.FAULT])


class ChangedPart(Record):
    """One part that came out differently; None where points are pending or were not asked for."""

    part: str
    old_points: float | None
    new_points: float | None
    old_finding: str
    new_finding: str

    @classmethod
    def of(cls, one: PartChange) -> Self:
        """A change as the document has it."""
        points = {"old_points": _number(one.old_points), "new_points": _number(one.new_points)}
        return cls.model_validate(one.model_dump() | points)


class ChangedStudent(Record):
    """One student whose result came out differently."""

    student: str
    old_total: float
    new_total: float
    old_pending: float
    new_pending: float
    parts: tuple[ChangedPart, ...]

    @classmethod
    def of(cls, one: Change) -> Self:
        """A change as the document has it."""
        return cls(
            student=one.student,
            old_total=rounded_points(one.old_total),
            new_total=rounded_points(one.new_total),
            old_pending=rounded_points(one.old_pending),
            new_pending=rounded_points(one.new_pending),
            parts=tuple(map(ChangedPart.of, one.parts)),
        )


class RegradedClass(GradedClass):
    """A class that was marked again, and who has changed."""

    changes_file: str | None
    changes: tuple[ChangedStudent, ...]
    not_run: tuple[str, ...]
    """Students who are as they were, since their notebooks have to run first."""
    overtaken: tuple[str, ...]
    """Students who were graded meanwhile by somebody else."""


def as_document(command: str, classes: Sequence[GradedClass], **more: object) -> str:
    """The whole document, of plain ASCII, so that no setting of a terminal or a pipe changes it."""
    head = {"command": command, "form": FORM, **more}
    return json.dumps(head | {"classes": [one.model_dump(mode="json") for one in classes]}, indent=2, allow_nan=False)


def _number(points: Fraction | None) -> float | None:
    return None if points is None else rounded_points(points)
