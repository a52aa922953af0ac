"""Which row of a platform's file is which of our students."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from grader.records import Person, Result

Keys = Mapping[str, str]
"""What tells a student from others, by "id" (the platform's own number), "number", "login", "email" and "name"."""


def keys_of(result: Result, platform: str) -> Keys:
    """The keys of one of ours. Of somebody of whom nothing is known, the folder may be named after any of them."""
    submission, person = result.submission, result.submission.person
    if person == Person():
        return cleaned(dict.fromkeys(("number", "login", "email"), submission.student))
    return cleaned(
        {
            "id": platform_id(result, platform),
            "number": person.number,
            "login": person.login,
            "email": person.email,
            "name": person.name,
        }
    )


def platform_id(result: Result, platform: str) -> str:
    """The student's own number on a platform. In a team's folder Moodle has the team's number, which is nobody's."""
    submission = result.submission
    number = submission.person.ids.get(platform, "")
    of_team = platform == "moodle" and submission.group and re.search(rf"_{re.escape(number)}_", submission.origin)
    return "" if of_team else number


def cleaned(keys: Keys) -> Keys:
    """Keys as they are compared: without case and odd spaces, names in reading order; empty ones left out."""
    plain = {key: " ".join(unicodedata.normalize("NFC", value).split()).casefold() for key, value in keys.items()}
    if "name" in plain:
        last, comma, first = plain["name"].partition(",")
        plain["name"] = f"{first.strip()} {last.strip()}" if comma else plain["name"]
    return {key: value for key, value in plain.items() if value}


def match(
    rows: Sequence[Keys], students: Mapping[str, Keys], order: Sequence[str]
) -> tuple[dict[str, int], dict[str, str]]:
    """The position of each student's row, and why the others have none.

    One key after the other: a row belongs to the one student whose key it has, if no other row has it. A name alone does not
    do where another key says that it is somebody else.

    Args:
        rows: what the file says of each row.
        students: what is known of ours.
        order: the keys, the surest first.
    """
    found: dict[str, int] = {}
    why: dict[str, str] = {}
    for key in order:
        taken = set(found.values())
        fits = _fitting(rows, {name: keys for name, keys in students.items() if name not in found}, key)
        claims = Counter(at[0] for at in fits.values() if len(at) == 1)
        for student, at in fits.items():
            if len(at) > 1:
                why[student] = f"several rows of the file have this {key}"
            elif claims[at[0]] > 1 or at[0] in taken:
                why[student] = f"another student of ours fits the same row by {key}"
            else:
                found[student] = at[0]
    nowhere = (student for student in students if student not in found)
    return found, {student: why.get(student, "the file has no such student") for student in nowhere}


def _fitting(rows: Sequence[Keys], students: Mapping[str, Keys], key: str) -> dict[str, list[int]]:
    """The rows that have the same key, for students who have it and of whom there are any."""
    by_value: defaultdict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if key in row:
            by_value[row[key]].append(at)
    fits = {
        student: [at for at in by_value.get(keys.get(key, ""), []) if key != "name" or not _differ(rows[at], keys)]
        for student, keys in students.items()
    }
    return {student: at for student, at in fits.items() if at}


def _differ(row: Keys, keys: Keys) -> bool:
    return any(row[key] != keys[key] for key in ("id", "number", "login", "email") if key in row and key in keys)
