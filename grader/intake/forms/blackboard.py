"""Blackboard Original: the archive of an assignment's files (as read by kwurst/bb-file-cleanup and nbgrader's documentation).

    <assignment>_<user name>_attempt_2016-01-30-15-00-00_<file>
    <assignment>_<user name>_attempt_2016-01-30-15-00-00.txt      one for each attempt: "Name: Jane Doe (jdoe)"

Times are the local ones of whoever downloads.
"""

import re
from dataclasses import replace
from datetime import datetime

from grader.intake.forms.form import most, names_no_student
from grader.intake.values import Claim, Entry, Read, View
from grader.records import Person

_NAME = re.compile(r"(?P<before>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<list>\.txt))", re.DOTALL)
_WHO = re.compile(r"^\s*Name:\s*(?P<name>.*?)\s*\((?P<login>[^()\s]+)\)\s*$", re.MULTILINE)
# A list has the student's comment too, below what is read.
_MOST_LIST_BYTES = 64 * 1024


class Blackboard:
    """Blackboard's archive of an assignment's files."""

    name = "blackboard"
    words = "Blackboard's archive of submissions"

    def fits(self, view: View) -> bool:
        """Most files have such names."""
        return most(sum(bool(_NAME.fullmatch(entry.parts[0])) for entry in view.entries), view.entries)

    def read(self, view: View) -> Read:
        """One claim for each file of each attempt."""
        read = Read([], [])
        found = [(entry, _NAME.fullmatch(entry.parts[0])) for entry in view.entries]
        who = {match["before"]: _who(entry) for entry, match in found if match and match["list"]}
        for entry, match in found:
            if match is None:
                read.left_out.append(names_no_student(entry, self.words))
            else:
                read.claims.append(_claim(entry, match, who.get(match["before"])))
        return read


def _who(entry: Entry) -> Person | None:
    """The student as the list of an attempt has it; None where it says nothing that can be read."""
    try:
        with entry.open() as file:
            text = file.read(_MOST_LIST_BYTES).decode("utf-8-sig", errors="replace")
    except Exception:  # noqa: BLE001 - the readers of damaged archives raise anything, and the file's name says who as well
        return None
    found = _WHO.search(text)
    return Person(name=found["name"], login=found["login"]) if found else None


def _claim(entry: Entry, match: re.Match[str], person: Person | None) -> Claim:
    before, login = match["before"], match["before"].rpartition("_")[2]
    if person and (before == person.login or before.endswith(f"_{person.login}")):
        login = person.login
    else:
        person = None  # somebody else's list, or one that a student wrote
    return Claim(
        entry=entry if not match["list"] else _listed(entry),
        key=login,
        called=login,
        longer=before,
        person=Person(name=person.name if person else "", login=login),
        submitted=_time(match["time"]),
        handed_in=not match["list"],
    )


def _listed(entry: Entry) -> Entry:
    return replace(entry, trouble="is the platform's list of an attempt")


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S").astimezone()
    except (ValueError, OverflowError):
        return None
