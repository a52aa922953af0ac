"""The student's notebook among the files of a submission, found by what is in it: its name and its folder mean nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from grader.console import printable
from grader.course import Course, Homework
from grader.errors import BadNotebook
from grader.grades import Handed
from grader.gradescope.inside.metadata import Metadata
from grader.gradescope.inside.other_files import name_of, without_notebook
from grader.intake import choose
from grader.intake.names import safe_name
from grader.intake.unpacking import Unpacking, digest, opened
from grader.intake.values import Entry
from grader.intake.walking import walk
from grader.notebooks import MAX_FILE_BYTES, read_notebook
from grader.pipeline import read_all
from grader.records import Person, Submission

MOST_NOTEBOOKS = 40
"""That are looked at: a whole term's, and each may take a second."""
MOST_TRIED = 200
"""Files of other names that are looked into."""
_MOST_NOTES = 5
_MARKS = (b'"cells"', b'"nbformat"')
"""What is in every notebook, whatever it is called."""


@dataclass(frozen=True)
class Found:
    """What is to be graded."""

    handed: Handed
    name: str = ""
    """Of the file, as it was handed in; empty if there is no notebook."""
    notes: tuple[str, ...] = ()
    """What was decided, in words for the student."""


def find_notebook(folder: Path, course: Course, homework: Homework, metadata: Metadata, unpacked: Path) -> Found:
    """The notebook that answers the homework, or why there is none.

    Args:
        folder: with the files of the submission.
        course: with the homework.
        homework: which is graded.
        metadata: of the submission.
        unpacked: an empty folder of ours, for what is in archives.
    """
    unpacking = Unpacking(unpacked)
    entries = [inner for entry in walk(folder, ())[0] for inner in opened(entry, unpacking)]
    notebooks = sorted(_notebooks(entries), key=lambda entry: (len(entry.parts) + len(entry.inside), entry.origin))
    about = _about(homework, metadata)
    if not notebooks:
        trouble = without_notebook(entries)
        return Found(Handed(about.model_copy(update={"trouble": trouble}), trouble=trouble))
    submissions = [_submission(about, entry) for entry in notebooks[:MOST_NOTEBOOKS]]
    (chosen,), others = choose(read_all(submissions, course), homework.name)
    notes = _shortened([f"{name_of(one.path)} was not graded: it {printable(one.why)}" for one in others])
    if len(notebooks) > MOST_NOTEBOOKS:
        notes.append(f"{len(notebooks) - MOST_NOTEBOOKS} more notebooks were not looked at")
    return Found(
        _of_another(chosen, homework),
        name_of(chosen.submission.origin),
        (*chosen.submission.notes, *notes),
    )


def _shortened(notes: list[str]) -> list[str]:
    more = len(notes) - _MOST_NOTES
    return [*notes[:_MOST_NOTES], f"and {more} more"] if more > 0 else notes


def _notebooks(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The files that may be notebooks: by their names, and of other files by what is in them."""
    tried = 0
    for entry in entries:
        if entry.notebook:
            yield entry
        elif entry.path and not entry.inside and not entry.trouble and tried < MOST_TRIED:
            tried += 1
            if _looks_like_one(entry.path):
                yield entry


def _looks_like_one(file: Path) -> bool:
    try:
        with file.open("rb") as opened_file:
            begin = opened_file.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip()
            if not begin.startswith(b"{"):
                return False
            content = begin + opened_file.read(MAX_FILE_BYTES)
    except OSError:
        return False
    return all(mark in content for mark in _MARKS)


def _about(homework: Homework, metadata: Metadata) -> Submission:
    """What the metadata say of whatever is graded."""
    first = metadata.submitters[0] if metadata.submitters else None
    person = Person(name=first.name, email=first.email, number=first.sid) if first else Person()
    return Submission(
        student=safe_name(person.email or person.name or metadata.id),
        path=Path(),
        digest="",
        person=person,
        platform="gradescope",
        submitted=metadata.submitted,
        due=_due(homework, metadata),
    )


def _due(homework: Homework, metadata: Metadata) -> datetime | None:
    """The latest of their extensions; else the homework's own date, for which None stands, and then the assignment's.

    Gradescope may give everybody's date with every student: only one that differs from the assignment's is an extension.
    """
    extensions = [one.due for one in metadata.submitters if one.due and one.due != metadata.due]
    return max(extensions) if extensions else None if homework.due else metadata.due


def _submission(about: Submission, entry: Entry) -> Submission:
    path = entry.path or Path()
    return about.model_copy(update={"path": path, "digest": digest(path), "origin": entry.origin})


def _of_another(chosen: Handed, homework: Homework) -> Handed:
    """The same, with the homework that the file names where it is not the one that is graded.

    The course in the container has one homework only. A name in common is not enough to take another one for it.
    """
    if chosen.trouble or 2 * chosen.answers >= len(homework.asked):
        return chosen
    try:
        named = read_notebook(chosen.submission.path).homework
    except BadNotebook:  # it has been read before
        return chosen
    return replace(chosen, homework=name_of(named)) if named and named != homework.name else chosen
