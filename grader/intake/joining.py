"""Who handed in what: the claims of a download joined with the roster.

A platform's own id says who it is, and so do an address, a login and a number, where they do not contradict each other; then
what a file is called, and the name, when exactly one student fits, and nothing else fits that student. What fits nobody, or
several, stays as the download has it, and is said.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.intake.names import FreeNames, reading_order, safe_name, sortable_orders, squeezed
from grader.intake.rosters import Roster, Student, contradiction, keys_of, union, words_of
from grader.intake.values import Claim
from grader.records import Person
from grader.some_of_many import some

# Whose groups hand in one file, under the group's name. Anywhere else a name that is a group's too is a student's.
_HAND_IN_AS_GROUPS = {"canvas", "moodle"}
# Letters of a word that is in another name hardly by chance.
_TELLING = 3
# Of files, as many as a warning names.
_MOST_NAMED = 3


@dataclass(frozen=True)
class Owner:
    """A student with what is claimed to be theirs."""

    student: str
    claims: tuple[Claim, ...]
    row: Student | None = None
    """Of the roster."""


def owners(claims: Sequence[Claim], roster: Roster | None) -> tuple[list[Owner], list[str]]:
    """All students who handed something in or are on the roster, sorted, and what is doubtful, in words.

    Args:
        claims: of one run; those of one student have the same key.
        roster: the class; None where there is none.
    """
    if roster is None:
        return _without_roster(claims, FreeNames()), []
    join = _Join(roster)
    by_key: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        for one in join.members(claim):
            by_key[one.key].append(one)
    rows, troubles = join.rows(by_key)
    names = FreeNames()
    students = {student.student: names.take(student.student) for student in roster.students}
    theirs: dict[str, list[Claim]] = defaultdict(list)
    for key, row in rows.items():
        theirs[row.student] += by_key[key]
    found = [Owner(students[row.student], tuple(theirs[row.student]), row) for row in roster.students]
    nobody = [claim for key, several in by_key.items() if key not in rows for claim in several]
    return sorted([*found, *_without_roster(nobody, names)], key=_place), troubles


def _place(owner: Owner) -> tuple[str, str]:
    return owner.student.casefold(), owner.student


def _without_roster(claims: Sequence[Claim], names: FreeNames) -> list[Owner]:
    """Students named after what the download says, with more of it where several would have one name."""
    by_key: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_key[claim.key].append(claim)
    bearers: dict[str, set[str]] = defaultdict(set)
    for key, several in by_key.items():
        bearers[safe_name(several[0].called).casefold()].add(key)
    found = []
    for several in sorted(by_key.values(), key=lambda several: (several[0].called.casefold(), several[0].entry.shown)):
        first = several[0]
        alone = len(bearers[safe_name(first.called).casefold()]) == 1
        wanted = first.called if alone or not first.longer else first.longer
        found.append(Owner(names.take(wanted), tuple(several)))
    return sorted(found, key=_place)


@dataclass
class _Join:
    roster: Roster
    _keys: dict[tuple[str, str], list[Student]] = field(default_factory=lambda: defaultdict(list))
    _words: dict[str, list[Student]] = field(default_factory=lambda: defaultdict(list))
    _names: dict[str, list[Student]] = field(default_factory=lambda: defaultdict(list))
    _sortable: dict[str, list[Student]] = field(default_factory=lambda: defaultdict(list))
    _groups: dict[str, list[Student]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for row in self.roster.students:
            for key in keys_of(row.person):
                self._keys[key].append(row)
            for word in words_of(row.chosen, row.person) | {row.student.casefold()}:
                self._words[word].append(row)
            self._names[squeezed(reading_order(row.person.name))].append(row)
            for name in sortable_orders(row.person.name):
                self._sortable[name].append(row)
            self._groups[squeezed(row.group)].append(row)
        for index in (self._names, self._groups):
            index.pop("", None)

    def members(self, claim: Claim) -> Iterator[Claim]:
        """A claim for each member, where what handed it in is a group of the roster; else the claim itself."""
        group = squeezed(claim.called)
        members = [] if claim.group or claim.platform not in _HAND_IN_AS_GROUPS else self._groups.get(group, [])
        outside = self._canvas_user(claim) not in [None, *members]  # who took a group's name is not the group
        if not members or outside or group in self._names or group in self._sortable:
            yield claim
            return
        for member in members:
            # Ids of the download are the group's, or those of the one member who pressed the button.
            yield replace(
                claim, key=f"roster {member.student}", person=member.person, group=member.group, squeezed="", free=False
            )

    def _canvas_user(self, claim: Claim) -> Student | None:
        """Whoever pressed the button in Canvas, where that is a student of the roster."""
        return next(iter(self._keys.get(("canvas", claim.person.ids.get("canvas", "")), [])), None)

    def rows(self, by_key: dict[str, list[Claim]]) -> tuple[dict[str, Student], list[str]]:
        """The student of the roster for each key, and what is doubtful."""
        surely: dict[str, Student] = {}
        by_name: dict[str, Student] = {}
        troubles = []
        direct = {f"roster {student.student}": student for student in self.roster.students}
        for key, claims in by_key.items():
            if key in direct:
                surely[key] = direct[key]
                continue
            person = self._person(claims)
            strong = _distinct(row for one in keys_of(person) for row in self._keys.get(one, []))
            weak = strong or self._by_words(claims[0], person)
            if len(weak) == 1 and not (strong and self._contradicts(person, strong[0])):
                (surely if strong else by_name)[key] = weak[0]
            else:
                troubles.append(_nobody(claims[0], weak))
        troubles += _other_names([(by_key[key][0], row) for key, row in surely.items()])
        for row, keys in _grouped(surely, by_name).values():
            if len(keys) > 1:
                troubles += self._shared(row, {key: by_key[key][0] for key in keys}, by_name)
        return surely | by_name, troubles

    @staticmethod
    def _shared(row: Student, claims: Mapping[str, Claim], by_name: dict[str, Student]) -> Iterator[str]:
        """One row that fits several: whatever fits by name alone is nobody's, since nothing says which of them is the student's."""
        first, second, *_ = claims
        sure = [claim for key, claim in claims.items() if key not in by_name]
        for key, claim in claims.items():
            if by_name.pop(key, None):
                yield _too(claim, claims[second if key == first else first], row)
        if len(sure) > 1:
            yield _both_surely(sure, row)

    @staticmethod
    def _person(claims: Sequence[Claim]) -> Person:
        person = Person()
        for claim in claims:
            person = union(person, claim.person)
        return person

    @staticmethod
    def _contradicts(person: Person, row: Student) -> bool:
        return bool(contradiction(person, row.person))

    def _by_words(self, claim: Claim, person: Person) -> list[Student]:
        """Those whom what is less than sure fits: what somebody called a file, then the name."""
        if claim.free and (found := _distinct(self._words.get(claim.called.casefold(), []))):
            return found
        name = person.name or (claim.called if claim.free else "")
        if found := self._names.get(squeezed(reading_order(name)), []):
            return found
        return _distinct(self._sortable.get(squeezed(claim.squeezed), [])) if claim.squeezed else []


def _other_names(found: Sequence[tuple[Claim, Student]]) -> Iterator[str]:
    """That Canvas names files otherwise than the roster names their users: with a group's name each is all its members'."""
    other = [
        claim.entry.shown for claim, row in found if claim.squeezed and not _may_be(row.person.name, claim.squeezed)
    ]
    if other:
        yield (
            f"{some(other, _MOST_NAMED)}: the name is not the roster's for this Canvas user, and is graded as this user's alone; where it is a "
            "group's, give the groups' CSV (People > groups) with --roster"
        )


def _may_be(name: str, given: str) -> bool:
    """Whether Canvas may have squeezed this name so; a middle name that one of them does not have says nothing."""
    said = squeezed(given)
    words = [word for word in map(squeezed, name.split()) if len(word) >= _TELLING]
    return (
        not name
        or said in sortable_orders(name) | {squeezed(reading_order(name))}
        or any(word in said for word in words)
    )


def _grouped(*found: Mapping[str, Student]) -> dict[str, tuple[Student, list[str]]]:
    """The keys by the student of the roster for whom they stand."""
    grouped: dict[str, tuple[Student, list[str]]] = {}
    for rows in found:
        for key, row in rows.items():
            grouped.setdefault(row.student, (row, []))[1].append(key)
    return grouped


def _distinct(rows: Iterable[Student]) -> list[Student]:
    return list({row.student: row for row in rows}.values())


def _too(claim: Claim, other: Claim, row: Student) -> str:
    """That a row fits a file no more than another, or one that it fits more surely."""
    return (
        f"{claim.entry.shown}: handed in by {claim.called}, whom no row of the roster fits without doubt, since {row.place} fits "
        f"{other.entry.shown} too; it is graded as it is; add the id, login or address, or rename it"
    )


def _both_surely(claims: Sequence[Claim], row: Student) -> str:
    first, second = (claim.entry.shown for claim in claims[:2])
    return f"{first} and {second} are both {row.student}'s by {row.place}, as different students; check that they are"


def _nobody(claim: Claim, fitting: Sequence[Student]) -> str:
    who = f"{claim.entry.shown}: handed in by {claim.called}, whom"
    if not fitting:
        return f"{who} nobody on the roster fits; it is graded as it is; add a row"
    places = ", ".join(row.place for row in fitting)
    return (
        f"{who} no row of the roster fits without doubt ({places}); it is graded as it is; add the id, login or address"
    )
