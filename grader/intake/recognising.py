"""Which form of download some files are in, and what it says about them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import InputError
from grader.intake.archives import is_archive, stem
from grader.intake.forms import FORMS, PLAIN, PLATFORMS, Form
from grader.intake.names import well_formed
from grader.intake.values import NOTEBOOK, Entry, Read, View
from grader.intake.walking import names_of

# Folders around a download: the archive's own, and one or two of whoever unpacked it.
_MOST_AROUND = 3


@dataclass(frozen=True)
class Given:
    """One of the given paths, with what is in it."""

    path: Path
    entries: tuple[Entry, ...]
    clones: frozenset[tuple[str, ...]] = frozenset()
    packed: bool = False
    """Whether it is an archive."""
    notebooks: bool = True
    """Whether it has any, be they in another path that was given too."""


@dataclass(frozen=True)
class Recognised:
    """Files in one form."""

    form: Form
    view: View
    given: tuple[Given, ...]
    """The paths in which they are."""

    def read(self) -> Read:
        """Who handed in which file, with keys that are unique among all that was given."""
        read = self.form.read(self.view)
        where = str(self.given[0].path.absolute()) if self.form is PLAIN else self.form.name
        return replace(read, claims=[replace(claim, key=f"{where}: {claim.key}") for claim in read.claims])


def form_named(name: str) -> Form:
    """The form that whoever grades insists on; InputError, with the names there are, when there is none."""
    if name not in FORMS:
        raise InputError(f"there is no form of download {name!r}; there is: {', '.join(FORMS)}")
    return FORMS[name]


def recognise(given: Sequence[Given], wanted: Form | None, known: Mapping[str, frozenset[str]]) -> Iterator[Recognised]:
    """The form of each path, or of paths that lie side by side, as where a shell wrote out a wildcard.

    Args:
        given: the paths.
        wanted: the form to insist on; None to find out.
        known: by platform, the ids that the roster has.
    """
    beside: dict[Path, list[Given]] = defaultdict(list)
    for one in given:
        view = View(one.entries, _name(one.path), one.clones, dict(known))
        single = any(entry.given for entry in one.entries)  # one file says little about the others beside it
        found = None if single else _fitting(view, wanted)
        if found is not None:
            yield Recognised(*found, (one,))
        else:
            beside[one.path.absolute().parent].append(one)
    for folder, several in beside.items():
        view = _from_above(folder, several, known)
        found = _fitting(view, wanted)
        if found is not None:
            yield Recognised(*found, tuple(several))
        else:
            one = several[0]
            alone = View(one.entries, _name(one.path), one.clones, dict(known))
            yield Recognised(wanted or PLAIN, view if len(several) > 1 else alone, tuple(several))


def _name(path: Path) -> str:
    whole = path.absolute()
    plain_file = not is_archive(whole.name) and not path.is_dir()
    return names_of((stem((whole.parent if plain_file else whole).name),))[0]


def _fitting(view: View, wanted: Form | None) -> tuple[Form, View] | None:
    """The platform's form that fits, and the view from the folder in which it does."""
    forms = PLATFORMS if wanted is None else tuple(form for form in PLATFORMS if form is wanted)
    for _ in range(_MOST_AROUND + 1):
        for form in forms:
            if form.fits(view):
                return form, view
        names = {entry.parts[0] for entry in view.entries}
        if len(names) != 1 or any(len(entry.parts) == 1 for entry in view.entries):
            return None
        view = _within(view, names.pop())
    return None


def _within(view: View, folder: str) -> View:
    """The same files as seen from the folder in which they all are."""
    entries = tuple(replace(entry, parts=entry.parts[1:], raw=entry.raw[1:]) for entry in view.entries)
    clones = frozenset(clone[1:] for clone in view.clones if clone[:1] == (folder,))
    return replace(view, entries=entries, root=folder, clones=clones)


def _from_above(folder: Path, several: Sequence[Given], known: Mapping[str, frozenset[str]]) -> View:
    """Paths as seen from the folder in which they lie side by side."""
    entries, clones = [], set()
    others = any(
        not entry.given or entry.parts[-1].lower().endswith(NOTEBOOK) for one in several for entry in one.entries
    )
    for one in several:
        own = well_formed(one.path.absolute().name)
        raw = (stem(own) if one.packed else own,)
        name = names_of(raw)
        clones |= {name + clone for clone in one.clones}
        for entry in one.entries:
            if entry.given:  # a file beside notebooks is one only if it is called so: a shell writes out all files
                entries.append(replace(entry, given=not others))
            else:
                entries.append(replace(entry, parts=name + entry.parts, raw=raw + entry.raw))
    return View(tuple(entries), names_of((folder.name,))[0], frozenset(clones), dict(known))
