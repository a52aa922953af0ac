"""Which form of download some files are in, and what it says about them.

A folder or archive beside others may be a student's, who chose what is in it: a list in there, or a name, must not say whose
work it is. So paths side by side are looked at from the folder around them, and what a path looks like by itself counts only
where it is all that was given, where every place that was given looks like a download, or where whoever grades insists.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import InputError
from grader.intake.archives import is_archive, stem
from grader.intake.forms import FORMS, PLAIN, PLATFORMS, Form
from grader.intake.names import well_formed
from grader.intake.values import NOTEBOOK, Entry, Read, View
from grader.intake.walking import ignored, names_of

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
    doubts: tuple[str, ...] = ()
    """What speaks for another form, in words."""

    def read(self) -> Read:
        """Who handed in which file, with keys that are unique among all that was given."""
        read = self.form.read(self.view)
        where = str(self.given[0].path.absolute()) if self.form is PLAIN else self.form.name
        claims = [replace(claim, key=f"{where}: {claim.key}") for claim in read.claims]
        return replace(read, claims=claims, troubles=[*self.doubts, *read.troubles])


def form_named(name: str) -> Form:
    """The form that whoever grades insists on; InputError, with the names there are, when there is none."""
    if name not in FORMS:
        raise InputError(f"there is no form of download {name!r}; there is: {', '.join(FORMS)}")
    return FORMS[name]


Known = Mapping[str, frozenset[str]]
_Found = tuple[Form, View]


def recognise(given: Sequence[Given], wanted: Form | None, known: Known) -> Iterator[Recognised]:
    """The form of the paths that lie side by side in each folder, as where a shell wrote out a wildcard.

    Args:
        given: the paths.
        wanted: the form to insist on; None to find out.
        known: what the roster has, as in `View`.
    """
    beside: dict[Path, list[Given]] = defaultdict(list)
    for one in given:
        beside[one.path.absolute().parent].append(one)
    if wanted is not None:
        for folder, several in beside.items():
            yield from _insisted(folder, several, wanted, known)
        return
    found = {folder: _found(folder, several, PLATFORMS, known) for folder, several in beside.items()}
    all_are_downloads = all(found[folder] for folder, several in beside.items() if _counting(several))
    for folder, several in beside.items():
        download = found[folder]
        if download is not None and all_are_downloads:
            yield Recognised(*download, tuple(several))
        else:
            doubts = tuple(_doubts(several, known))
            yield Recognised(PLAIN, _view(folder, several, known), tuple(several), doubts)


def _insisted(folder: Path, several: Sequence[Given], wanted: Form, known: Known) -> Iterator[Recognised]:
    """Paths side by side in one form: all of them together as one download, else each that is one, and the rest."""
    found = _found(folder, several, (wanted,), known)
    if found is not None:
        yield Recognised(*found, tuple(several))
        return
    rest = []
    for one in several:
        alone = _alone(one, (wanted,), known)
        if alone is None:
            rest.append(one)
        else:
            yield Recognised(*alone, (one,))
    if rest:
        yield Recognised(wanted, _view(folder, rest, known), tuple(rest))


def _counting(several: Sequence[Given]) -> list[Given]:
    """The paths without what a system left there, and without those that were given before."""
    return [one for one in several if one.entries or not (one.notebooks or ignored(one.path.name))]


def _found(folder: Path, several: Sequence[Given], forms: Sequence[Form], known: Known) -> _Found | None:
    """The form of paths side by side, or of the only one."""
    counting = _counting(several)
    if len(counting) == 1 and (found := _alone(counting[0], forms, known)):
        return found
    view = _from_above(folder, several, known)
    return next(((form, view) for form in forms if form is not PLAIN and form.fits(view)), None)


def _alone(one: Given, forms: Sequence[Form], known: Known) -> _Found | None:
    """The form of a folder or an archive by what is in it; one file says little about the others beside it."""
    if any(entry.given for entry in one.entries):
        return None
    return _fitting(View(one.entries, _name(one.path), one.clones, dict(known)), forms)


def _view(folder: Path, several: Sequence[Given], known: Known) -> View:
    """Paths as seen from the folder around them; of a single one what is in it."""
    one = several[0]
    if len(several) == 1:
        return View(one.entries, _name(one.path), one.clones, dict(known))
    return _from_above(folder, several, known)


def _doubts(several: Sequence[Given], known: Known) -> Iterator[str]:
    for one in several:
        if found := _alone(one, PLATFORMS, known):
            form = found[0]
            yield (
                f"{well_formed(str(one.path))}: looks like {form.words}, and is read as a folder of notebooks, since other paths "
                f"were given with it; if all are downloads, give each alone, or insist with --form {form.name}"
            )


def _name(path: Path) -> str:
    whole = path.absolute()
    plain_file = not is_archive(whole.name) and not path.is_dir()
    return names_of((stem((whole.parent if plain_file else whole).name),))[0]


def _fitting(view: View, forms: Sequence[Form]) -> _Found | None:
    """The platform's form that fits, and the view from the folder in which it does."""
    for _ in range(_MOST_AROUND + 1):
        for form in forms:
            if form is not PLAIN and form.fits(view):
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


def _from_above(folder: Path, several: Sequence[Given], known: Known) -> View:
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
