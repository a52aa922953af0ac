"""Gradescope: "Export Submissions" of a programming or a PDF assignment.

    assignment_8046601_export/
      submission_metadata.yml
      submission_123456789/hw1.ipynb      sub-folders are kept
      123456790.pdf

The list's keys are Ruby's symbols, as text (":submitters"); times are UTC. Several submitters are a group.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, cast

from grader.intake.forms.form import most
from grader.intake.times import as_utc
from grader.intake.values import Claim, Entry, Read, View
from grader.records import Person
from grader.some_of_many import some

LIST = "submission_metadata.yml"
# A class of 1,000 with the results of 100 tests each.
MOST_LIST_BYTES = 64 * 1024**2
# Few for real lists, and so few that a small list whose parts are repeated by reference stays small.
_MOST_SUBMITTERS = 100
# Submissions without a student, as many as a warning names.
_MOST_NAMED = 5
_FOLDER = re.compile(r"submission_(\d+)")
_FILE = re.compile(r"(\d{5,})\.[^.]+")


class Gradescope:
    """Gradescope's export of submissions."""

    name = "gradescope"
    words = "Gradescope's export"

    def fits(self, view: View) -> bool:
        """There is its list, or most files are in folders named as in it."""
        in_folders = sum(len(entry.parts) > 1 and bool(_FOLDER.fullmatch(entry.parts[0])) for entry in view.entries)
        return any(entry.parts == (LIST,) for entry in view.entries) or most(in_folders, view.entries)

    def read(self, view: View) -> Read:
        """One claim for each file and submitter."""
        read = Read([], [])
        listed = self._listed(view, read)
        for entry in view.entries:
            name = entry.parts[0]
            about = listed.get(name)
            if entry.parts == (LIST,):
                read.left_out.append((entry, "is the platform's list, read for names and times"))
            elif about is not None:
                read.claims.extend(_claims(entry, name, about))
            elif _FOLDER.fullmatch(name) or (_FILE.fullmatch(name) and len(entry.parts) == 1):
                read.claims.append(_nameless(entry, name))
            else:
                read.left_out.append((entry, f"is in none of the folders that {LIST} names"))
        nameless = sorted({claim.called for claim in read.claims if claim.person == Person(ids=claim.person.ids)})
        if nameless:
            read.troubles.append(
                f"{LIST} does not say who handed in {some(nameless, _MOST_NAMED)}; export the submissions again"
            )
        return read

    @staticmethod
    def _listed(view: View, read: Read) -> Mapping[str, Mapping[str, Any]]:
        """What the list says, by the name of the folder or file."""
        entry = next((entry for entry in view.entries if entry.parts == (LIST,)), None)
        if entry is None:
            return {}
        try:
            return {str(key): about for key, about in load_list(entry).items() if isinstance(about, dict)}
        except Exception as error:  # noqa: BLE001 - readers of damaged archives and of YAML raise anything
            words = "".join(c if c.isprintable() else " " for c in str(error))[:200]
            read.troubles.append(f"{entry.shown} cannot be read ({words}); export the submissions again")
            return {}


def load_list(entry: Entry) -> dict[Any, Any]:
    """The list as plain data, whatever Ruby classes it names.

    Raises:
        ValueError: it is too large, or no list of submissions.
        yaml.YAMLError: it is no YAML.
    """
    import yaml  # noqa: PLC0415 - only this form needs it

    class Loader(yaml.CSafeLoader):
        """Safe; a tag of Ruby's is the plain map, list or text below it."""

        def plain(self, _suffix: str, node: yaml.Node) -> object:
            if isinstance(node, yaml.MappingNode):
                return self.construct_mapping(node, deep=True)
            if isinstance(node, yaml.SequenceNode):
                return self.construct_sequence(node, deep=True)
            return cast("yaml.ScalarNode", node).value

    Loader.add_multi_constructor("!", Loader.plain)
    with entry.open() as file:
        content = file.read(MOST_LIST_BYTES + 1)
    if len(content) > MOST_LIST_BYTES:
        raise ValueError(f"it has more than {MOST_LIST_BYTES // 1024**2} MiB")
    listed = yaml.load(content, Loader)  # noqa: S506 - it is derived from the safe one
    if not isinstance(listed, dict):
        raise ValueError("it is no list of submissions")
    return listed


def _field(about: Mapping[Any, Any], name: str) -> Any:
    """A field by its name, with Ruby's colon or without."""
    return about.get(f":{name}", about.get(name))


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()[:500]


def _claims(entry: Entry, name: str, about: Mapping[str, Any]) -> Iterator[Claim]:
    submitters = _field(about, "submitters")
    people = [one for one in submitters if isinstance(one, dict)] if isinstance(submitters, list) else []
    known = [person for one in people[:_MOST_SUBMITTERS] if (person := _person(one)) != Person()]
    if not known:
        yield _nameless(entry, name, _moment(about))
    for person in known:
        number = _number(name)
        yield Claim(
            entry=entry,
            key=person.email or person.number or f"{number} {person.name}",
            called=person.name or person.email.partition("@")[0] or person.number,
            longer="-".join(filter(None, [person.name, person.number or person.email.partition("@")[0] or number])),
            person=person.model_copy(update={"ids": {"gradescope submission": number}}),
            group=name if len(known) > 1 else "",
            submitted=_moment(about),
        )


def _person(submitter: Mapping[Any, Any]) -> Person:
    name, email, number, section = (
        _text(_field(submitter, field)) for field in ("name", "email", "sid", "section_name")
    )
    return Person(name=name, email=email, number=number, section=section) if name or email or number else Person()


def _moment(about: Mapping[Any, Any]) -> datetime | None:
    value = _field(about, "created_at")
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return as_utc(_text(value))


def _number(name: str) -> str:
    found = _FOLDER.fullmatch(name) or _FILE.fullmatch(name)
    return found[1] if found else name


def _nameless(entry: Entry, name: str, submitted: datetime | None = None) -> Claim:
    number = _number(name)
    return Claim(
        entry=entry,
        key=number,
        called=f"submission_{number}" if number != name else name,
        person=Person(ids={"gradescope submission": number}),
        submitted=submitted,
    )
