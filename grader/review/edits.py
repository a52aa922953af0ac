"""A person's marks put in the place of what the grader says, where they still hold."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from grader.records import Edit, Grade, Outcome, Record, Status, Submission, Verdict

_FAULTS = {Outcome.GRADER_FAULT, Outcome.PROBLEM_FAULT}

Place = tuple[str, str]  # a problem and a part of it


class Lapsed(Record):
    """A person's mark that does not hold any more."""

    edit: Edit
    why: str
    """In words, with the remedy."""


def apply_edits(grade: Grade, submission: Submission, edits: Sequence[Edit]) -> tuple[Grade, tuple[Lapsed, ...]]:
    """The grade with persons' marks in place, and the marks that have lapsed.

    Of each part the latest edit counts; of two at the same time, the one that comes later in the sequence. A mark holds for
    the submission that was marked, and for a later one with the same answer. Where it has lapsed or was taken back, the
    verdict is the grader's. Without any mark that holds, the grade comes back as it is.

    Args:
        grade: what the grader says.
        submission: the one that it is the grade of.
        edits: in the order in which they were added. Those of other students are passed over.
    """
    latest = _latest(edit for edit in edits if edit.student == grade.student)
    verdicts = {(verdict.problem, verdict.part): verdict for verdict in grade.verdicts}
    lapsed = tuple(
        Lapsed(edit=edit, why=why)
        for place, edit in latest.items()
        if edit.points is not None and (why := _why_not(edit, verdicts.get(place), submission))
    )
    gone = {(one.edit.problem, one.edit.part) for one in lapsed}
    marked = {
        place: _marked(verdicts[place], edit.points, edit)
        for place, edit in latest.items()
        if edit.points is not None and place not in gone
    }
    return (_with_marks(grade, marked) if marked else grade), lapsed


def _latest(edits: Iterable[Edit]) -> dict[Place, Edit]:
    """By place, in the order of places in which they were first marked."""
    by_time = sorted(
        edits, key=lambda edit: edit.at
    )  # stable, so that of equal times the later one in the sequence wins
    return {(edit.problem, edit.part): edit for edit in by_time}


def _why_not(edit: Edit, verdict: Verdict | None, submission: Submission) -> str:
    """Why a mark does not hold; empty if it does."""
    if verdict is None:
        return f"the homework has no part {edit.problem}.{edit.part} any more"
    if edit.max_points != verdict.max_points:
        return f"it was given when the part had {edit.max_points} points, and it has {verdict.max_points} now; mark it again"
    if edit.digest != submission.digest and not _same_answer(edit, verdict):
        return "the student has handed in another answer since; look at it and mark it again"
    return ""


def _same_answer(edit: Edit, verdict: Verdict) -> bool:
    # Where nothing was taken from a file, all files look alike, whatever a person saw in the one that was marked.
    return bool(verdict.answer or verdict.pictures) and edit.answer == verdict.fingerprint


def _marked(verdict: Verdict, points: Fraction, edit: Edit) -> Verdict:
    changed = {
        "outcome": _outcome(points, verdict.max_points),
        "points": points,
        "finding": f"{verdict.part}:by-a-person",
        "marked_by": edit.by,
        "comment": edit.comment,
    }
    return verdict.model_copy(update=changed)


def _outcome(points: Fraction, full: Fraction) -> Outcome:
    if points >= full:
        return Outcome.CORRECT
    return Outcome.PARTIAL if points > 0 else Outcome.INCORRECT


def _with_marks(grade: Grade, marked: Mapping[Place, Verdict]) -> Grade:
    verdicts = tuple(marked.get((verdict.problem, verdict.part), verdict) for verdict in grade.verdicts)
    return grade.model_copy(update={"verdicts": verdicts, "status": _status(verdicts)})


def _status(verdicts: Sequence[Verdict]) -> Status:
    """What is left to do, once a person has given marks: of a file that is no notebook as well."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if outcomes & _FAULTS:
        return Status.FAULT
    return Status.NEEDS_REVIEW if any(outcome.pending for outcome in outcomes) else Status.GRADED
