"""Who was handed in beside who is in the record: the same, gone, under another name, or somebody else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grader.errors import InputError
from grader.grades import Handed
from grader.intake.rosters import union
from grader.records import Submission

Known = Mapping[str, Submission]
"""The newest submission of each student in the record."""


def refuse_others(handed: Sequence[Handed], known: Known, out: Path) -> None:
    """Whoever has the name of somebody in the record but is somebody else would take that student's place.

    Args:
        handed: one of each student.
        known: of the record.
        out: the folder of the class.

    Raises:
        InputError: there is somebody like that.
    """
    for one in handed:
        new, before = one.submission, known.get(one.submission.student)
        if before is None or new.platform != before.platform:
            continue
        # A number of a submission is another one each time.
        ids = [kind for kind in new.person.ids.keys() & before.person.ids.keys() if not kind.endswith("submission")]
        if other := [kind for kind in ids if new.person.ids[kind] != before.person.ids[kind]]:
            raise InputError(
                f"{new.student} is another one than in the record of {out} ({other[0]} {new.person.ids[other[0]]}, there "
                f"{before.person.ids[other[0]]}); give a roster that tells them apart, or another folder with -o"
            )


def still_out(handed: Sequence[Handed], withdrawn: Known) -> set[str]:
    """Who was withdrawn and has handed in nothing new since.

    Args:
        handed: one of each student.
        withdrawn: the newest submission in the record of each who was withdrawn.
    """
    return {
        one.submission.student
        for one in handed
        if (before := withdrawn.get(one.submission.student)) and before.fingerprint == one.submission.fingerprint
    }


def to_grade(handed: Sequence[Handed], known: Known, *, has_roster: bool) -> Iterator[Handed]:
    """Without who has nothing here but had handed something in before, and with what a roster said then.

    Args:
        handed: one of each student.
        known: of the record.
        has_roster: whether a roster is given now, and says all there is to say.
    """
    for one in handed:
        before = known.get(one.submission.student)
        if one.submission.missing and before is not None and not before.missing:
            continue
        yield one if has_roster else _remembered(one, before)


def _remembered(handed: Handed, before: Submission | None) -> Handed:
    """The same file of the same student, with what a roster said of it before."""
    new = handed.submission
    if before is None or (before.origin, before.fingerprint) != (new.origin, new.fingerprint):
        return handed
    kept = {
        "person": union(new.person, before.person),
        "submitted": new.submitted or before.submitted,
        "due": new.due or before.due,
        "group": new.group or before.group,
    }
    return replace(handed, submission=new.model_copy(update=kept))


def new_names(handed: Sequence[Handed], known: Known) -> dict[str, str]:
    """The new names, by the old ones, of those whose files are now said to be somebody's who is new, as after a roster was given.

    Args:
        handed: one of each student.
        known: of the record.
    """
    here = {one.submission.student for one in handed}
    new = {
        (one.submission.origin, one.submission.digest): one.submission.student
        for one in handed
        if one.submission.digest and one.submission.student not in known
    }
    return {
        student: new[submission.origin, submission.digest]
        for student, submission in known.items()
        if student not in here and (submission.origin, submission.digest) in new
    }
