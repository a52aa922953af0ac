"""A person's marks put in the place of what the grader says, where they still hold."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from grader.records import Edit, Grade, Outcome, Record, Submission, Verdict, status_of

Place = tuple[str, str]  # a problem and a part of it


class Lapsed(Record):
    """A person's mark that does not hold any more."""

    edit: Edit
    why: str
    """In words, with the remedy."""


def apply_edits(grade: Grade, submission: Submission, edits: Sequence[Edit]) -> tuple[Grade, tuple[Lapsed, ...]]:
    """The grade with persons' marks in place, and the marks that have lapsed.

    Of each part the last edit counts, whatever the clocks of those say who gave them. A mark holds for the submission that was
    marked, and for a later one with the same answer. Where it has lapsed or was taken back, the verdict is the grader's; where it has
    lapsed since the part has other points now, which is nothing that the student has done, the part waits for a person.
    Without any edit that matters, the grade comes back as it is.

    Args:
        grade: what the grader says.
        submission: the one that it is the grade of.
        edits: in the order in which they were added. Those of other students are passed over.
    """
    latest = {(edit.problem, edit.part): edit for edit in edits if edit.student == grade.student}
    verdicts = {(verdict.problem, verdict.part): verdict for verdict in grade.verdicts}
    lapsed = tuple(
        Lapsed(edit=edit, why=why)
        for place, edit in latest.items()
        if edit.points is not None and (why := _why_not(edit, verdicts.get(place), submission))
    )
    gone = {(one.edit.problem, one.edit.part) for one in lapsed}
    changed = {
        place: _waiting(verdicts[place], edit) if place in gone else _marked(verdicts[place], edit.points, edit)
        for place, edit in latest.items()
        if edit.points is not None and place in verdicts
        if place not in gone or edit.max_points != verdicts[place].max_points
    }
    return (_with_marks(grade, changed) if changed else grade), lapsed


def _why_not(edit: Edit, verdict: Verdict | None, submission: Submission) -> str:
    """Why a mark does not hold; empty if it does."""
    if verdict is None:
        return f"the homework has no part {edit.problem}.{edit.part} any more"
    if edit.max_points != verdict.max_points:
        return f"it was given when the part had {edit.max_points} points, and it has {verdict.max_points} now; mark it again"
    if edit.digest != submission.fingerprint and not _same_answer(edit, verdict):
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


def _waiting(verdict: Verdict, edit: Edit) -> Verdict:
    """The verdict on a part that a person has marked out of other points."""
    words = f"A person has marked this when it had {edit.max_points} points, and will look at it again."
    changed = {
        "outcome": verdict.outcome if verdict.outcome.pending else Outcome.AWAITS_REVIEW,
        "points": None,
        "finding": f"{verdict.part}:{Outcome.AWAITS_REVIEW}",
        "message": words,
    }
    return verdict.model_copy(update=changed)


def _outcome(points: Fraction, full: Fraction) -> Outcome:
    if points >= full:
        return Outcome.CORRECT
    return Outcome.PARTIAL if points > 0 else Outcome.INCORRECT


def _with_marks(grade: Grade, marked: Mapping[Place, Verdict]) -> Grade:
    verdicts = tuple(marked.get((verdict.problem, verdict.part), verdict) for verdict in grade.verdicts)
    return grade.model_copy(update={"verdicts": verdicts, "status": status_of(verdicts)})
