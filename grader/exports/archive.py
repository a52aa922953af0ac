"""Reports of students in one archive, named as the platform that gets it expects."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO

from grader.errors import InputError
from grader.exports import feedback_names
from grader.records import Result, Status
from grader.zip_writing import Member, write_zip

_NAMES: Mapping[str, Callable[[Result], str]] = {
    "canvas": feedback_names.canvas,
    "moodle": feedback_names.moodle,
    "nbgrader": feedback_names.nbgrader,
    "brightspace": feedback_names.brightspace,
}
_REMARKS = {
    "canvas": "Canvas shows each report under the name of the file that was handed in, so tell students to open it in a browser, and to rename it to .html first if they handed in an archive "
    "(canvas-lms issue 2406); each upload adds a comment, the earlier ones stay",
    "moodle": "the assignment needs the feedback type 'Feedback files'; upload under 'Upload multiple feedback files in a zip'",
    "brightspace": "upload under the assignment's 'Add Feedback Files'",
    "nbgrader": "unpack it in the course's folder; 'nbgrader release_feedback' hands it out",
}
_INSTEAD = {
    "csv": "a CSV has no place for reports; hand out the folders in OUT/students",
    "blackboard": "Blackboard takes no archive of reports; attach report.html to each attempt, or hand out the folders in OUT/students",
}


def feedback(
    platform: str, results: Iterable[Result], page: Callable[[Result], bytes], into: BinaryIO
) -> tuple[str, ...]:
    """Write the archive, the same bytes for the same reports.

    Args:
        platform: whose upload it is for.
        results: of the whole class.
        page: gives the report of one student; asked once for each member, as it is written.
        into: where the archive goes.

    Returns:
        What was left out, by student, and what the platform does with the archive.

    Raises:
        InputError: the platform has no such upload.
    """
    if platform not in _NAMES:
        raise InputError(_INSTEAD.get(platform, f"there is no platform {platform!r}"))
    members, words = _members(results, _NAMES[platform])
    write_zip(into, (Member(name, page(members[name])) for name in sorted(members)))
    remark = (_REMARKS[platform],) if members else ("there is no report to upload",)
    return (*words, *remark)


def _members(results: Iterable[Result], name: Callable[[Result], str]) -> tuple[dict[str, Result], list[str]]:
    """By the name in the archive, and what was left out."""
    bearers: defaultdict[str, list[tuple[str, Result]]] = defaultdict(list)
    words = []
    for result in sorted(results, key=lambda one: one.submission.student):
        try:
            member = _fit(result, name)
        except InputError as error:
            words.append(f"{result.submission.student}: left out, {error}")
        else:
            bearers[_same(member)].append((member, result))
    members: dict[str, Result] = {}
    for sharing in bearers.values():
        kept, left_out = _one_of(sharing)
        members |= kept
        words += left_out
    return members, words


def _one_of(sharing: list[tuple[str, Result]]) -> tuple[dict[str, Result], list[str]]:
    """Of reports with one name that of one member of the group; of students who are no group, nobody's."""
    (member, first), *others = sharing
    group = first.submission.group
    if not others or (group and all(other.submission.group == group for _, other in others)):
        told = [
            f"{other.submission.student}: gets the report of {first.submission.student}, which is its group's"
            for _, other in others
        ]
        return {member: first}, told
    words = "left out, another student's report would have the same name"
    return {}, [f"{result.submission.student}: {words}" for _, result in sharing]


def _fit(result: Result, name: Callable[[Result], str]) -> str:
    if result.grade.status in (Status.FAULT, Status.NO_SUBMISSION):
        raise InputError(str(result.grade.status))
    return name(result)


def _same(member: str) -> str:
    return unicodedata.normalize("NFC", member).casefold()
