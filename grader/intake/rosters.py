"""Lists of the students of a class, of our own or a platform's, joined into one.

Rows of several files are of one student when an id, an address, a login, a number or else the name says so, and nothing
contradicts. What is doubtful is said and never guessed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import AwareDatetime

from grader.intake.names import FreeNames, reading_order, safe_name, sortable_orders, squeezed
from grader.intake.roster_files import Row, read_rows
from grader.records import Person, Record


class Student(Record):
    """One student of the roster."""

    student: str
    """Safe as a folder name, and unique in the roster."""
    place: str
    """The file and line, for messages."""
    chosen: str = ""
    """What the roster's own column `student` says, as it was written."""
    person: Person = Person()
    group: str = ""
    submitted: AwareDatetime | None = None
    due: AwareDatetime | None = None


class Roster(Record):
    """The students of a class."""

    students: tuple[Student, ...] = ()
    troubles: tuple[str, ...] = ()
    """Rows that cannot be used, and rows that contradict each other, in words."""


def read_rosters(files: Sequence[Path]) -> Roster:
    """The students in some files, in the order of their first rows.

    Args:
        files: CSV with a header, or a platform's own file; `docs/downloads.md` has the columns.

    Raises:
        InputError: a file cannot be read, or has no column that says who a student is.
    """
    rows: list[Row] = []
    troubles: list[str] = []
    for file in files:
        read, wrong = read_rows(file)
        troubles += wrong
        rows = _joined(rows, read, troubles)
    return Roster(students=tuple(_named(rows, troubles)), troubles=tuple(troubles))


def _joined(rows: Sequence[Row], more: Sequence[Row], troubles: list[str]) -> list[Row]:
    """Rows of one more file, each added to the one student whom it is about, or as a new one."""
    joined, index = list(rows), _Index(rows)
    names = Counter(squeezed(reading_order(row.person.name)) for row in more)
    said: dict[int, Row] = {}  # in this file: others may write a name in another way
    for row in more:
        fitting = index.by_keys(row) or index.by_name(row, names) or index.by_any_word(row)
        wrong = _contradiction([joined[at] for at in fitting], row) or _other_name(
            [said[at] for at in fitting if at in said], row
        )
        if not fitting:
            index.add(row, len(joined))
            said[len(joined)] = row
            joined.append(row)
        elif wrong:
            others = " and ".join(joined[at].place for at in fitting)
            troubles.append(f"{row.place} is left out: it fits {others}, but {wrong}; correct one of them")
        else:
            joined[fitting[0]] = _both(joined[fitting[0]], row)
            index.add(row, fitting[0])
            said.setdefault(fitting[0], row)
    return joined


class _Index:
    """Which rows a row of another file may be about."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._keys: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._words: dict[str, set[int]] = defaultdict(set)
        self._names: dict[str, list[int]] = defaultdict(list)
        for at, row in enumerate(rows):
            self.add(row, at)
            self._names[squeezed(reading_order(row.person.name))].append(at)

    def add(self, row: Row, at: int) -> None:
        for key in _keys(row):
            self._keys[key].add(at)
        for word in words_of(row.student, row.person):
            self._words[word].add(at)

    def by_keys(self, row: Row) -> list[int]:
        return sorted(set().union(*(self._keys.get(key, set()) for key in _keys(row))))

    def by_name(self, row: Row, names: Mapping[str, int]) -> list[int]:
        """Only rows of other files: two students of one file may have one name."""
        name = squeezed(reading_order(row.person.name))
        found = self._names.get(name, [])
        return found if name and names[name] == 1 and len(found) == 1 else []

    def by_any_word(self, row: Row) -> list[int]:
        """For a row that has nothing but a name for the student, which may be a login, an address or a number."""
        return sorted(self._words.get(row.student.casefold(), set())) if row.person == Person() else []


def _keys(row: Row) -> Iterator[tuple[str, str]]:
    yield from keys_of(row.person)
    if row.student:
        yield "student", row.student.casefold()


def words_of(chosen: str, person: Person) -> set[str]:
    """All by which somebody may call a student in one word, in lower case."""
    local = person.email.partition("@")[0]
    return {word.casefold() for word in (chosen, person.login, person.email, local, person.number) if word}


def called(student: Student) -> set[str]:
    """All by which somebody may call the folder of a student: in one word as in `words_of`, or the name squeezed."""
    name = squeezed(reading_order(student.person.name))
    return words_of(student.chosen, student.person) | {student.student.casefold()} | ({name} - {""})


def _contradiction(rows: Sequence[Row], row: Row) -> str:
    if len(rows) > 1:
        return "these are several students"
    return contradiction(rows[0].person, row.person) if rows else ""


def _other_name(rows: Sequence[Row], row: Row) -> str:
    """That a row has another name than those of the same file, in whatever order; empty where it has not, or there is none."""
    name = sortable_orders(row.person.name)
    names = [sortable_orders(one.person.name) for one in rows]
    return "has another name" if name and any(one and not one & name for one in names) else ""


def keys_of(person: Person) -> Iterator[tuple[str, str]]:
    """What tells a person from all others: kind and value, to be compared as they are."""
    yield from ((platform, number) for platform, number in person.ids.items())
    if person.email:
        yield "email", person.email.casefold()
    if person.login:
        yield "login", person.login.casefold()
    if person.number:
        yield "number", person.number.casefold()


def contradiction(one: Person, other: Person) -> str:
    """Which field two descriptions of a person have differently, in words; empty if none."""
    ones, others = dict(keys_of(one)), dict(keys_of(other))
    kinds = [kind for kind in ones if kind in others and ones[kind] != others[kind]]
    return f"has another {kinds[0]}" if kinds else ""


def union(first: Person, second: Person) -> Person:
    """All that two descriptions of a person say; where both say something, what the first one says."""
    return Person(
        name=first.name or second.name,
        email=first.email or second.email,
        login=first.login or second.login,
        number=first.number or second.number,
        section=first.section or second.section,
        ids={**second.ids, **first.ids},
    )


def _both(first: Row, second: Row) -> Row:
    return Row(
        place=first.place,
        student=first.student or second.student,
        person=union(first.person, second.person),
        group=first.group or second.group,
        submitted=first.submitted or second.submitted,
        due=first.due or second.due,
    )


def _named(rows: Sequence[Row], troubles: list[str]) -> Iterator[Student]:
    """Students with names: the roster's own, else the login, else what stands in front of the address's @, else the name."""
    names = FreeNames()
    local_parts = [row.person.email.partition("@")[0].casefold() for row in rows]
    bearers = Counter(local_parts)
    for row, local in zip(rows, local_parts, strict=True):
        person = row.person
        unique = local if bearers[local] == 1 else person.email
        anyone = next((f"{platform}-{number}" for platform, number in person.ids.items()), "")
        wanted = row.student or person.login or unique or reading_order(person.name) or person.number or anyone
        student = names.take(wanted)
        if student != safe_name(wanted):
            troubles.append(
                f"{row.place}: another student is called {safe_name(wanted)} too; this one becomes {student}"
            )
        yield Student(
            student=student,
            place=row.place,
            chosen=row.student,
            person=person,
            group=row.group,
            submitted=row.submitted,
            due=row.due,
        )
