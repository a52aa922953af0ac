"""Marks that persons give: made, recorded, and seen in the reports of whom they concern."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from grader.course import Course
from grader.errors import InfrastructureError, InputError
from grader.keeping import Keeper, reported
from grader.loading import course_hash
from grader.recorded_classes import RecordedClass
from grader.records import Edit, Grade, Result, Verdict
from grader.reports.writing import prepare
from grader.results import result_of


@dataclass(frozen=True)
class Marker:
    """Who marks, and when."""

    by: str
    at: datetime

    def edit(self, result: Result, verdict: Verdict, points: Fraction | None, comment: str, why: str) -> Edit:
        """The mark of one part."""
        return Edit(
            student=result.submission.student,
            problem=verdict.problem,
            part=verdict.part,
            points=points,
            comment=comment,
            by=self.by,
            at=self.at,
            why=why,
            old_points=verdict.points,
            old_outcome=verdict.outcome,
            max_points=verdict.max_points,
            digest=result.submission.fingerprint,
            answer=verdict.fingerprint,
        )


def record(course: Course, class_: RecordedClass, command: str, by: str, edits: Sequence[Edit]) -> list[Result]:
    """Adds marks to the record and writes the reports of whom they concern; their results afterwards."""
    prepare(class_.out, class_.homework)
    name = class_.homework.name
    run = class_.store.begin(command, name, course_hash(course.root), by)
    class_.store.add_edits(run, name, edits)
    keeper = Keeper(class_.store, run, class_.homework, class_.out)
    results, troubles = [], []
    for latest in class_.store.latest(name, {edit.student for edit in edits}):
        one = result_of(latest)
        runs = class_.store.executions([latest.execution] if latest.execution else [])
        grade = one.grade
        after = reported(class_.out, class_.homework, grade, runs.get(latest.execution or 0))
        troubles += [] if after is grade else [after.note]
        results.append(one)
    keeper.gradebook()
    if troubles:
        raise InfrastructureError(f"the marks are recorded, but not every report is written: {troubles[0]}")
    return results


def refuse_older(grades: Iterable[Grade], class_: RecordedClass) -> None:
    """A mark out of points that a part has no more would be none; InputError if the course has changed since it was marked."""
    now = {(problem.name, part): problem.parts[part].points for problem, part in class_.homework.parts}
    for grade in grades:
        if {(one.problem, one.part): one.max_points for one in grade.verdicts} != now:
            raise InputError(
                f"the parts of {class_.homework.name} or their points have changed since {grade.student} was marked; "
                f"run grader regrade {class_.out} first"
            )


def verdict_of(grade: Grade, problem: str, part: str) -> Verdict:
    """The verdict on a part; InputError if the student was marked before there was such a part."""
    for verdict in grade.verdicts:
        if (verdict.problem, verdict.part) == (problem, part):
            return verdict
    raise InputError(
        f"{grade.student} has no result for {problem}.{part} yet; mark the class again with grader regrade"
    )
