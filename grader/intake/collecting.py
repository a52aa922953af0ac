"""Submissions out of whatever was given: notebooks, folders, archives, a platform's download."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath

from grader.errors import InputError
from grader.intake.archives import is_archive, is_other_archive, list_archive
from grader.intake.forms import PLAIN
from grader.intake.joining import Owner, owners
from grader.intake.names import reading_order, squeezed, well_formed
from grader.intake.recognising import Given, Recognised, form_named, recognise
from grader.intake.rosters import Roster, called, union
from grader.intake.unpacking import Unpacking, copied, digest, opened
from grader.intake.values import GROUPS, NOTEBOOK, PEOPLE, Claim, Entry, Intake, LeftOut
from grader.intake.walking import check_exists, expanded, one_file, walk
from grader.records import Person, Submission

_NO_NOTEBOOK = "is no notebook (.ipynb)"
# Of the files that a student without a notebook handed in, as many as a note can name.
_MOST_NAMED = 3


def collect(
    paths: Sequence[Path],
    unpacked: Path,
    *,
    reports: Sequence[Path] = (),
    roster: Roster | None = None,
    form: str | None = None,
) -> Intake:
    """Submissions in notebooks, folders and archives, sorted by student; `docs/downloads.md` has every rule.

    A student who handed in several notebooks has several submissions, and one who handed in none, or is on the roster only, has
    one without a file. A file that is given twice counts once. Links are
    followed when they are given, and left out when they are found.

    Args:
        paths: notebooks, folders, archives, or patterns with `*`, `?` and `[...]` where no such file exists.
        unpacked: an empty folder of ours, into which notebooks in archives are copied under names of our own.
        reports: folders side by side that are not searched, since an earlier run has written them.
        roster: the students of the class.
        form: name of the form of download to insist on; by default it is recognised.

    Raises:
        InputError: there is no notebook in any of the paths, and no student either, or a path cannot be read; or no such form.
    """
    wanted = form_named(form) if form else None
    unpacking, troubles, left_out = Unpacking(unpacked), list(roster.troubles if roster else ()), list[LeftOut]()
    unread: list[str] = []
    with ExitStack() as closing:
        given = list(_given(paths, unpacking, reports, closing, unread))
        troubles += unread
        forms = list(recognise(given, wanted, _known(roster)))
        troubles += [
            _without_notebooks(path) for one in forms if one.form is PLAIN for path in one.given if not path.notebooks
        ]
        claims = [claim for one in forms for claim in _claims(one, unpacking, left_out, troubles)]
    found, doubts = owners(claims, roster)
    complete = not unread and not _unread(claims, forms) and bool(claims or not wanted)
    if not any(claim.entry.notebook for claim in claims) and not (found and complete):
        raise InputError(_nothing([*unread, *troubles], claims, forms if wanted else []))
    submissions = [_not_missing(submission, owner, left_out) for owner in found for submission in _submissions(owner)]
    left_out += [LeftOut(path=claim.entry.shown, why=claim.entry.trouble or _NO_NOTEBOOK) for claim in _others(found)]
    return Intake(
        submissions=tuple(submissions),
        left_out=tuple(sorted(_distinct(left_out), key=lambda one: one.path)),
        troubles=tuple(dict.fromkeys([*troubles, *doubts])),
        form=" and ".join(dict.fromkeys(one.form.words for one in forms if one.view.entries)),
    )


def _unread(claims: Sequence[Claim], forms: Sequence[Recognised]) -> bool:
    """Whether a notebook cannot be read, or what nobody knows to be whose: that must not be taken for missing."""
    notebooks = (claim.entry.trouble and claim.entry.origin.lower().endswith(NOTEBOOK) for claim in claims)
    entries = (entry.trouble for one in forms for entry in one.view.entries)
    return any(notebooks) if claims else any(entries)


def _nothing(troubles: Sequence[str], claims: Sequence[Claim], insisted: Sequence[Recognised]) -> str:
    """Why there is nothing to grade."""
    words = [f"{claim.entry.shown} {claim.entry.trouble or _NO_NOTEBOOK}" for claim in claims[:_MOST_NAMED]]
    words += [f"{one.view.root}: nothing in it is of the form {one.form.words}" for one in insisted]
    every = dict.fromkeys([*troubles, *words])
    return "; ".join(every) or "there is no notebook (.ipynb); give a notebook or a folder of notebooks"


def _without_notebooks(given: Given) -> str:
    return f"there is no notebook (.ipynb) in {given.path}; give the folder that holds the submissions"


def _known(roster: Roster | None) -> dict[str, frozenset[str]]:
    """By platform, the ids that the roster has; the names of its groups; and what its students may be called."""
    students = roster.students if roster else ()
    people = [student.person for student in students]
    platforms = {platform for person in people for platform in person.ids}
    ids = {one: frozenset(person.ids[one] for person in people if one in person.ids) for one in platforms}
    groups = frozenset(squeezed(student.group) for student in students) - {""}
    return ids | {GROUPS: groups, PEOPLE: frozenset(word for student in students for word in called(student))}


def _given(
    paths: Sequence[Path], unpacking: Unpacking, reports: Sequence[Path], closing: ExitStack, troubles: list[str]
) -> Iterator[Given]:
    """Each path with what is in it; a file counts for the first path in which it lies."""
    seen: set[str] = set()
    every = list(expanded(paths))
    for path in every:
        if is_archive(path.name) and os.path.isfile(path):  # noqa: PTH113 - whatever the path is
            if (real := os.path.realpath(path)) in seen:
                continue
            seen.add(real)
        try:
            download = _own_archive(path, reports) if len(every) == 1 else None
            one = _look(download or path, unpacking, reports, closing, troubles)
        except InputError as error:
            troubles.append(str(error))
            continue
        fresh = tuple(entry for entry in one.entries if not _seen(entry, seen))
        yield replace(one, entries=fresh, notebooks=any(entry.notebook for entry in one.entries))


def _seen(entry: Entry, seen: set[str]) -> bool:
    """Whether this very file was there before; a link that is left out is no file."""
    if entry.path is None or entry.trouble:
        return False
    real = os.path.realpath(entry.path)
    if real in seen:
        return True
    seen.add(real)
    return False


def _own_archive(path: Path, reports: Sequence[Path]) -> Path | None:
    """The download in a folder of its own; None if the path is anything else."""
    found = walk(path, reports)[0] if os.path.isdir(path) else []  # noqa: PTH112 - whatever the path is
    alone = len(found) == 1 and is_archive(found[0].parts[-1]) and not found[0].trouble
    return found[0].path if alone else None


def _look(path: Path, unpacking: Unpacking, reports: Sequence[Path], closing: ExitStack, troubles: list[str]) -> Given:
    check_exists(path)
    if path.is_dir():
        found, clones = walk(path, reports)
    elif is_archive(path.name):
        found, clones, wrong = list_archive(path, well_formed(str(path)), closing)
        troubles += wrong
    elif is_other_archive(path.name):
        raise InputError(f"{path} is an archive that is not opened; unpack it and give the folder, or pack it as zip")
    else:
        return Given(path, (one_file(path),))
    unpacking.into_a_folder_of_its_own()
    entries = tuple(inner for entry in found for inner in opened(entry, unpacking))
    return Given(path, entries, clones, packed=not path.is_dir())


def _claims(one: Recognised, unpacking: Unpacking, left_out: list[LeftOut], troubles: list[str]) -> Iterator[Claim]:
    """What a form says, with notebooks copied out of their archive; a notebook of a group is copied once."""
    read = one.read()
    troubles += read.troubles
    left_out += [LeftOut(path=entry.shown, why=entry.trouble or why) for entry, why in read.left_out]
    copies: dict[int, Entry] = {}
    unpacking.into_a_folder_of_its_own()
    platform = "" if one.form is PLAIN else one.form.name
    for claim in read.claims:
        if not claim.entry.notebook:
            yield replace(claim, platform=platform)
            continue
        if id(claim.entry) not in copies:
            copies[id(claim.entry)] = copied(claim.entry, unpacking)
        yield replace(claim, entry=copies[id(claim.entry)], platform=platform)


def _submissions(owner: Owner) -> Iterator[Submission]:
    """One for each notebook of a student; one without a file where there is none."""
    notebooks = [claim for claim in owner.claims if claim.entry.notebook]
    for claim in sorted(notebooks, key=lambda claim: (claim.entry.origin, claim.entry.shown)):
        yield _submission(owner, claim)
    if not notebooks:
        yield _without_notebook(owner)


def _submission(owner: Owner, claim: Claim) -> Submission:
    path, row = claim.entry.path or Path(), owner.row
    return Submission(
        student=owner.student,
        path=path,
        digest=digest(path),
        person=_person(owner, claim.person),
        platform=claim.platform,
        origin=claim.entry.origin,
        group=claim.group or (row.group if row else ""),
        submitted=claim.submitted or (row.submitted if row else None),
        due=row.due if row else None,
        late=claim.late,
        notes=claim.notes,
    )


def _without_notebook(owner: Owner) -> Submission:
    """Of a student who handed in something else, which a person has to look at, or nothing."""
    claims = [claim for claim in owner.claims if claim.handed_in]
    row = owner.row
    empty = Submission(
        student=owner.student,
        path=Path(),
        digest="",
        person=_person(owner, owner.claims[0].person if owner.claims else Person()),
        due=row.due if row else None,
        group=row.group if row else "",
    )
    if not owner.claims:
        return empty.model_copy(update={"missing": True})
    first = (claims or owner.claims)[0]
    handed_in = {
        "platform": first.platform,
        "origin": first.entry.origin,
        "submitted": first.submitted or (row.submitted if row else None),
        "late": first.late,
        "trouble": _other_files(claims)
        or f"{first.entry.origin} is of an attempt without a file; see what was typed in",
    }
    return empty.model_copy(update=handed_in)


def _not_missing(submission: Submission, owner: Owner, left_out: Sequence[LeftOut]) -> Submission:
    """Whoever seems to have handed in nothing waits for a person where a file that is no notebook has that student's name."""
    if not submission.missing or owner.row is None:
        return submission
    names = called(owner.row)
    own = [one for one in left_out if one.why == _NO_NOTEBOOK and _names_of_file(one.path) & names]
    if not own:
        return submission
    trouble = f"{'; '.join(f'{one.path} {one.why}' for one in own[:_MOST_NAMED])}; hand in the notebook itself"
    return submission.model_copy(update={"missing": False, "origin": own[0].path, "trouble": trouble})


def _names_of_file(path: str) -> set[str]:
    """What a file may call its student."""
    name = PurePosixPath(path.rpartition(": ")[2]).stem
    return {name.casefold(), squeezed(reading_order(name))}


def _other_files(claims: Sequence[Claim]) -> str:
    """What was handed in instead of a notebook; empty if nothing was."""
    if not claims:
        return ""
    entries = [claim.entry for claim in claims]
    words = [f"{entry.origin} {entry.trouble or _NO_NOTEBOOK}" for entry in entries[:_MOST_NAMED]]
    more = f" and {len(entries) - _MOST_NAMED} more files" if len(entries) > _MOST_NAMED else ""
    remedy = "" if any(entry.trouble for entry in entries) else "; hand in the notebook itself"
    return f"{'; '.join(words)}{more}{remedy}"


def _person(owner: Owner, person: Person) -> Person:
    return union(owner.row.person, person) if owner.row else person


def _others(found: Iterable[Owner]) -> Iterator[Claim]:
    """What students handed in that is no notebook."""
    return (claim for owner in found for claim in owner.claims if not claim.entry.notebook)


def _distinct(left_out: Iterable[LeftOut]) -> list[LeftOut]:
    return list({(one.path, one.why): one for one in left_out}.values())
