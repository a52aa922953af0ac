"""nbgrader: the folder `submitted`, and what its exchange has.

submitted/<student>/<assignment>/hw1.ipynb, timestamp.txt
<student>+<assignment>+2026-02-02 15:58:23.948203 UTC[+<random>]/hw1.ipynb, timestamp.txt
"""

import re
from collections.abc import Mapping
from datetime import datetime

from grader.intake.forms.form import most, names_no_student
from grader.intake.times import as_utc
from grader.intake.values import Claim, Entry, Read, View
from grader.records import Person

_STAMP = "timestamp.txt"
_MOST_STAMP_BYTES = 1024
_INBOUND = re.compile(
    r"(?P<student>.+?)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d[:_]\d\d[:_]\d\d(?:\.\d+)?(?: ?\w+)?)(?:\+.+)?"
)
_DEPTH = 3


class Nbgrader:
    """The folders of nbgrader."""

    name = "nbgrader"
    words = "nbgrader's folder of submissions"

    def fits(self, view: View) -> bool:
        """The folder is called `submitted`, or most folders have a time stamp, or are named as in the exchange."""
        deep = [entry for entry in view.entries if len(entry.parts) >= _DEPTH]
        inbound = sum(bool(len(entry.parts) > 1 and _INBOUND.fullmatch(entry.parts[0])) for entry in view.entries)
        assignments = {entry.parts[:2] for entry in deep}
        stamped = {entry.parts[:2] for entry in deep if entry.parts[2:] == (_STAMP,)}
        named = view.root == "submitted" and most(len(deep), view.entries)
        return named or most(inbound, view.entries) or (most(len(stamped), list(assignments)) and bool(stamped))

    def read(self, view: View) -> Read:
        """One claim for each file of each student's assignment."""
        read = Read([], [])
        stamps = {entry.parts[:-1]: _stamp(entry) for entry in view.entries if entry.parts[-1] == _STAMP}
        for entry in view.entries:
            inbound = _INBOUND.fullmatch(entry.parts[0])
            if entry.parts[-1] == _STAMP:
                read.left_out.append((entry, "is nbgrader's time stamp"))
            elif inbound and len(entry.parts) > 1:
                stamp = stamps.get(entry.parts[:1]) or as_utc(inbound["time"].replace("_", ":"))
                read.claims.append(_claim(entry, inbound["student"], stamp))
            elif len(entry.parts) >= _DEPTH:
                read.claims.append(_claim(entry, entry.parts[0], _nearest(entry, stamps)))
            else:
                read.left_out.append(names_no_student(entry, self.words))
        return read


def _nearest(entry: Entry, stamps: Mapping[tuple[str, ...], datetime | None]) -> datetime | None:
    return stamps.get(entry.parts[:2])


def _stamp(entry: Entry) -> datetime | None:
    try:
        with entry.open() as file:
            return as_utc(file.read(_MOST_STAMP_BYTES).decode("utf-8-sig"))
    except Exception:  # noqa: BLE001 - readers of damaged archives raise anything; without a stamp there is no time
        return None


def _claim(entry: Entry, student: str, submitted: datetime | None) -> Claim:
    return Claim(entry=entry, key=student, called=student, person=Person(login=student), free=True, submitted=submitted)
