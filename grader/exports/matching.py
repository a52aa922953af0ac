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

    One key after the other: a row belongs to the one student whose key it has, if no other row has it, and no surer key says that
    it is somebody else.

    Args:
        rows: what the file says of each row.
        students: what is known of ours.
        order: the keys, the surest first.
    """
    found: dict[str, int] = {}
    why: dict[str, str] = {}
    telling = _telling(students)
    for place, key in enumerate(order):
        taken = set(found.values())
        left = {student: keys for student, keys in students.items() if student not in found}
        fits, others = _fitting(rows, left, key, {student: _only(telling[student], order[:place]) for student in left})
        why |= others
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


def _telling(students: Mapping[str, Keys]) -> dict[str, Keys]:
    """Of each student's keys those that nobody else of ours has: a number that a team shares tells of none of its members."""
    times = Counter(pair for keys in students.values() for pair in keys.items())
    return {
        student: {key: value for key, value in keys.items() if times[key, value] == 1}
        for student, keys in students.items()
    }


def _only(keys: Keys, names: Sequence[str]) -> Keys:
    return {name: keys[name] for name in names if name in keys}


def _fitting(
    rows: Sequence[Keys], students: Mapping[str, Keys], key: str, surer: Mapping[str, Keys]
) -> tuple[dict[str, list[int]], dict[str, str]]:
    """By student, the rows that have the same key, where there are any; and why none is left of them.

    Args:
        rows: of the file.
        students: who have no row yet.
        key: which has to be the same.
        surer: by student, the keys that must not differ.
    """
    by_value: defaultdict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if key in row:
            by_value[row[key]].append(at)
    fits: dict[str, list[int]] = {}
    others: dict[str, str] = {}
    for student, keys in students.items():
        same = by_value.get(keys.get(key, ""), [])
        differing = [_differing(rows[at], surer[student], keys.get(key, "")) for at in same]
        kept = [at for at, other in zip(same, differing, strict=True) if not other]
        if kept:
            fits[student] = kept
        elif same:
            others[student] = f"the row with its {key} has another {differing[0]}"
    return fits, others


def _differing(row: Keys, surer: Keys, value: str) -> str:
    """The first key that says that a row is somebody else's; empty when none does.

    A folder's name may stand for several keys, so that the value by which the row was found does not speak against it; nor does
    an address against a user name.
    """
    return next(
        (
            key
            for key, own in surer.items()
            if key in row and row[key] != own and own != value and ("@" in row[key]) == ("@" in own)
        ),
        "",
    )
