"""What nbgrader's folders say: submitted/<student>/<assignment>/, and in its exchange <student>+<assignment>+<time>/."""

import re
from itertools import pairwise

from grader.records import Submission

_INBOUND = re.compile(r".+?\+(?P<assignment>[^+]+)\+\d{4}-\d\d-\d\d .+")
_SUBMITTED = "submitted"


def assignment_of(submission: Submission) -> str:
    """The assignment's name in nbgrader; empty where the folders do not say it."""
    folders = submission.origin.split("/")[:-1]
    inbound = next((found["assignment"] for folder in folders if (found := _INBOUND.fullmatch(folder))), "")
    return inbound or _below_student(folders, submission) or _below_submitted(folders)


def _below_student(folders: list[str], submission: Submission) -> str:
    person = submission.person
    names = {name.casefold() for name in (submission.student, person.login, person.number, person.email) if name}
    return next((below for folder, below in pairwise(folders) if folder.casefold() in names), "")


def _below_submitted(folders: list[str]) -> str:
    """A folder may be called otherwise than its student is by the roster."""
    below = folders[folders.index(_SUBMITTED) + 1 :] if _SUBMITTED in folders else []
    return below[1] if len(below) > 1 else ""
