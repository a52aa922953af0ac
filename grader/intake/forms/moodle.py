"""Moodle: the archive of "Download all submissions" (moodle, mod/assign/classes/downloader.php).

    Jane Doe_1234567_assignsubmission_file/hw1.ipynb        since 4.1; sub-folders are kept
    Jane Doe_1234567_assignsubmission_file_/hw1.ipynb       before
    Jane Doe_1234567_assignsubmission_file_hw1.ipynb        without "download in folders"
    Jane Doe_1234567_assignsubmission_onlinetext/onlinetext.html
    Participant_1234567_..., Group A_15_..., Default group_...

The number is the participant's in this one assignment, or the group's.
"""

import re
from dataclasses import replace

from grader.intake.forms.form import most, names_no_student
from grader.intake.values import Claim, Entry, Read, View
from grader.records import Person

_NAME = re.compile(
    r"(?P<name>[^_]+?)(?:_(?P<id>\d+))?_(?P<sub>assignsubmission|assignfeedback)_(?P<plugin>[a-z]+)(?:_(?P<flat>.+)|_)?"
)
# What Moodle writes in place of a name that is not to be seen, in the languages that tell it apart from a name.
_NOBODY = re.compile(
    r"(participant|teilnehmer(/?in)?|participante|partecipante|deelnemer|deltagare|deltager|uczestnik|участник|参与者|参加者)",
    re.IGNORECASE,
)


class Moodle:
    """Moodle's archive of submissions."""

    name = "moodle"
    words = "Moodle's archive of submissions"

    def fits(self, view: View) -> bool:
        """Most files, or the folders they are in, have such names."""
        return most(sum(bool(_NAME.fullmatch(entry.parts[0])) for entry in view.entries), view.entries)

    def read(self, view: View) -> Read:
        """One claim for each file that is no text typed in and no feedback."""
        read = Read([], [])
        for entry in view.entries:
            found = _NAME.fullmatch(entry.parts[0])
            if found is None:
                read.left_out.append(names_no_student(entry, self.words))
            elif found["sub"] == "assignfeedback":
                read.left_out.append((entry, "is feedback, and no submission"))
            else:
                read.claims.append(_claim(entry, found))
        return read


def _claim(entry: Entry, found: re.Match[str]) -> Claim:
    name, number = found["name"].strip(), found["id"] or ""
    nobody = bool(_NOBODY.fullmatch(name))
    if found["plugin"] == "onlinetext":
        entry = replace(entry, trouble="is text that was typed in, and no file; hand in the notebook itself")
    return Claim(
        entry=entry,
        key=f"{number} {name}",
        called=f"{name}-{number}" if nobody else name,
        longer=f"{name}-{number}",
        person=Person(name="" if nobody else name, ids={"moodle": number} if number else {}),
    )
