"""Brightspace: the archive of an assignment's submissions, as tools and courses show it.

    397063-2557369 - Mary-Ann Smith - Sep 24, 2024 926 PM/hw1.ipynb       the time is the local one of whoever downloads
    12345-67890 - Jane Doe- Sep 24, 2024 926 PM - hw1.ipynb               older, flat
    index.html

What the two numbers mean is told differently; one of them is the student's. Several folders of a student are several
submissions.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from grader.intake.forms.form import most, names_no_student
from grader.intake.times import read_time
from grader.intake.values import Claim, Entry, Read, View
from grader.records import Person

_DATE = r"\w+\.? \d{1,2},? \d{4} \d{1,2}:?\d\d(?: ?[AP]M)?|\d{1,2}\.? \w+\.? \d{4},? \d{1,2}:?\d\d(?: ?[AP]M)?"
_FLAT = re.compile(rf"(?P<first>\d+)-(?P<second>\d+) - (?P<name>.+?) ?- (?P<date>{_DATE}) ?- (?P<file>.+)")
_FOLDER = re.compile(r"(?P<first>\d+)-(?P<second>\d+) - (?P<name>.+) ?- (?P<date>[^-]+)")


class Brightspace:
    """Brightspace's archive of submissions."""

    name = "brightspace"
    words = "Brightspace's archive of submissions"

    def fits(self, view: View) -> bool:
        """Most files, or the folders they are in, have such names."""
        return most(sum(_match(entry) is not None for entry in view.entries), view.entries)

    def read(self, view: View) -> Read:
        """One claim for each file, with its folder's time."""
        matches = [(entry, _match(entry)) for entry in view.entries]
        own = _own_number([match for _, match in matches if match])
        read = Read([], [])
        for entry, match in matches:
            if match:
                read.claims.append(_claim(entry, match, own))
            elif entry.parts == ("index.html",):
                read.left_out.append((entry, "is the platform's list of the files"))
            else:
                read.left_out.append(names_no_student(entry, self.words))
        read.troubles.extend(_namesakes(read.claims))
        return read


def _match(entry: Entry) -> re.Match[str] | None:
    return (_FOLDER if len(entry.parts) > 1 else _FLAT).fullmatch(entry.parts[0])


def _own_number(matches: Sequence[re.Match[str]]) -> str:
    """Which of the two numbers is the student's: the first, unless all students have the same one."""
    names = {match["name"].strip() for match in matches}
    firsts, seconds = ({match[number] for match in matches} for number in ("first", "second"))
    return "second" if len(names) > 1 and len(firsts) == 1 < len(seconds) else "first"


def _claim(entry: Entry, match: re.Match[str], own: str) -> Claim:
    name, number = match["name"].strip(), match[own]
    submitted = read_time(match["date"])
    return Claim(
        entry=entry,
        key=f"{number} {name}",
        called=name,
        longer=f"{name}-{number}",
        person=Person(name=name, ids={"brightspace": number}),
        submitted=submitted,
        notes=() if submitted else (f"the time cannot be read: {match['date'].strip()}",),
    )


def _namesakes(claims: Sequence[Claim]) -> list[str]:
    keys: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        keys[claim.person.name].add(claim.key)
    return [
        f"{name}: {len(found)} students of this name in Brightspace's archive, by their numbers; check that they are so many"
        for name, found in sorted(keys.items())
        if len(found) > 1
    ]
