"""Canvas: the archive of "Download Submissions" (canvas-lms, lib/content_zipper.rb).

    <name>[_LATE]_<user id>_<attachment id>_<file>      doejane_LATE_340934_208490284_hw1-2.ipynb
    [LATE_]anon_<anonymous id>_<attachment id>_<file>
    <prefix>_text.html, <prefix>_link.html              text and links that were typed in; no attachment id

A group's name may have numbers of its own ("team_3_14_999_hw1.ipynb"), and so may a file's, which its student chose: the
first numbers count, unless what is in front of others is the name of a group on the roster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from grader.intake.forms.form import most, names_no_student
from grader.intake.names import squeezed
from grader.intake.values import GROUPS, Claim, Entry, Read, View
from grader.records import Person

# A short number is more likely a homework's than an attachment's: "lab_1_2_x.ipynb" is somebody's own name for a file.
_USUAL = re.compile(r"(LATE_)?anon_[^\W_]+_\d{3,}_.+|.+?_\d+_\d{3,}_.+|.+_\d+_(text|link)\.html")
_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?anon_(?P<id>[^\W_]+)_(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<typed>text|link)\.html)"
)
_TYPED = re.compile(r"(?P<name>.*?)(?P<late>_LATE)?_(?P<id>\d+)_(?P<typed>text|link)\.html")
_SPLIT = re.compile(r"(?=_(\d+)_(\d+)_(.+))")
# What Canvas appends to a file's name when it is uploaded again.
_UPLOADED_AGAIN = re.compile(r"(?P<first>.+?)-(?P<number>\d+)(?P<ending>(\.[^.]+)+)")


@dataclass(frozen=True)
class Parsed:
    """The fields of a file's name."""

    name: str
    user: str
    file: str
    """As the student named it; empty for what was typed in."""
    late: bool
    anonymous: bool = False
    typed: str = ""
    doubtful: bool = False
    """Whether it can be split in several ways, and nothing says which is meant."""


def parse(name: str, users: frozenset[str] = frozenset(), groups: frozenset[str] = frozenset()) -> Parsed | None:
    """The fields of a name; None if it is not of this form.

    Args:
        name: of the file.
        users: the ids that the roster has.
        groups: the names of the roster's groups, squeezed.
    """
    if found := _ANONYMOUS.fullmatch(name):
        return Parsed(
            "", found["id"], found["file"] or "", bool(found["late"]), anonymous=True, typed=found["typed"] or ""
        )
    ways = list(_ways(name))
    if not ways:
        return None
    # A student chooses the end of the name and not its beginning, so that only the whole of it can be a group's.
    if of_groups := [way for way in ways if squeezed(way.name) in groups]:
        return of_groups[0]
    known = [way.user for way in ways if way.user in users]
    return replace(ways[0], doubtful=len(ways) > 1 and known != [ways[0].user])


def _ways(name: str) -> Iterator[Parsed]:
    """All that a name may mean; that text was typed in comes last, since a file may be called so."""
    for split in _SPLIT.finditer(name):
        before = name[: split.start()]
        if before:
            yield Parsed(before.removesuffix("_LATE"), split[1], split[3], before.endswith("_LATE"))
    if found := _TYPED.fullmatch(name):
        yield Parsed(found["name"], found["id"], "", bool(found["late"]), typed=found["typed"])


def uploaded_again(origin: str) -> tuple[str, int]:
    """The name under which a file was uploaded first, and how many times it was again: ("hw1.ipynb", 2) for "hw1-2.ipynb"."""
    parsed = parse(origin.rpartition("/")[2])
    file = parsed.file if parsed else origin
    found = _UPLOADED_AGAIN.fullmatch(file)
    return (found["first"] + found["ending"], int(found["number"][:9])) if found else (file, 0)


class Canvas:
    """Canvas's submissions.zip."""

    name = "canvas"
    words = "Canvas's submissions.zip"

    def fits(self, view: View) -> bool:
        """Most files have such names."""
        return most(sum(bool(_USUAL.fullmatch(entry.parts[0])) for entry in view.entries), view.entries)

    def read(self, view: View) -> Read:
        """One claim for each file; what was typed in is left out by what it is."""
        read = Read([], [])
        users, groups = (view.known.get(kind, frozenset()) for kind in (self.name, GROUPS))
        doubtful = []
        for entry in view.entries:
            parsed = parse(entry.parts[0], users, groups)
            if parsed is None:
                read.left_out.append(names_no_student(entry, self.words))
                continue
            if parsed.doubtful:
                doubtful.append(f"{entry.parts[0]} (read as user {parsed.user})")
            read.claims.append(_claim(entry, parsed))
        if doubtful:
            more = f" and {len(doubtful) - 1} more" if len(doubtful) > 1 else ""
            words = "can be read in several ways; give Canvas's gradebook, and the groups' CSV, with --roster"
            read.troubles.append(f"{doubtful[0]}{more}: the name {words}")
        return read


def _claim(entry: Entry, parsed: Parsed) -> Claim:
    called = f"anon-{parsed.user}" if parsed.anonymous else parsed.name or parsed.user
    return Claim(
        entry=_typed(entry, parsed),
        key=parsed.user,
        called=called,
        longer=f"{called}-{parsed.user}",
        person=Person(ids={"canvas": parsed.user})
        if not parsed.anonymous
        else Person(ids={"canvas anonymous": parsed.user}),
        squeezed=parsed.name,
        late=parsed.late,
    )


def _typed(entry: Entry, parsed: Parsed) -> Entry:
    words = {"text": "is text that was typed in, and no file", "link": "is a link to a web page, and no file"}
    return replace(entry, trouble=f"{words[parsed.typed]}; hand in the notebook itself") if parsed.typed else entry
