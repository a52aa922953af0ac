"""Any folder: notebooks named after their students, or a folder for each student.

A student is named after the topmost folder that holds no second notebook, or else after the notebook's file. Folders that lie
side by side are one for each student, however many notebooks are in them, when most of them are called like students of the
roster, when most of them hold one notebook, or when the same names of files are in most of them. What else is in such a
folder is that student's too, so that who handed in no notebook is not taken for missing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from grader.intake.archives import stem
from grader.intake.names import reading_order, squeezed
from grader.intake.values import PEOPLE, Claim, Entry, Read, View

Names = tuple[str, ...]
# Below so many folders a name of a file that is in all of them may be there by chance: two sections with a Kim in each.
_MANY_FOLDERS = 3
# Folders beside those of students that have such a name, and no notebook, are nobody's unless the roster says so.
_NOBODYS = {"data", "dataset", "datasets", "images", "img", "figures", "assets", "reports"}


class Plain:
    """Notebooks in folders."""

    name = "folder"
    words = "a folder of notebooks"

    def fits(self, view: View) -> bool:
        """Everything does."""
        del view
        return True

    def read(self, view: View) -> Read:
        """One claim for each notebook, and for each other file in the folder of a student."""
        names = {id(entry): folders_and_file(entry) for entry in view.entries}
        notebooks = {names[id(entry)] for entry in view.entries if entry.notebook}
        others = {names[id(entry)] for entry in view.entries if not entry.ours}
        people = view.known.get(PEOPLE, frozenset())
        unread = {names[id(entry)] for entry in view.entries if entry.trouble and not entry.inside}
        owners = dict(_owners(sorted(notebooks | others), notebooks, unread, people))
        read = Read([], [])
        for entry in view.entries:
            own = names[id(entry)]
            if owner := owners.get(own) if entry.notebook or not entry.ours else None:
                read.claims.append(_claim(entry, own, owner, view.root))
            else:
                read.left_out.append((entry, "is no notebook (.ipynb)"))
        return read


def folders_and_file(entry: Entry) -> Names:
    """The name of a file as it came; an archive that was handed in is one file, whatever is in it."""
    return entry.raw if len(entry.raw) == len(entry.parts) else entry.parts


def _claim(entry: Entry, names: Names, owner: Names, root: str) -> Claim:
    packed = entry.inside or not entry.notebook
    file = stem(names[-1]) if packed else names[-1].rpartition(".")[0] or names[-1]
    called = owner[-1] if len(owner) < len(names) else file
    around = names[-2] if len(names) > 1 else root
    return Claim(entry=entry, key="/".join(owner), called=called, longer=f"{around}-{called}", free=True)


def _owners(
    files: Sequence[Names], notebooks: Collection[Names], unread: Collection[Names], people: Collection[str]
) -> Iterator[tuple[Names, Names]]:
    """For each file that is a student's the student's folder, or the notebook itself.

    Args:
        files: all of them, sorted.
        notebooks: those that are.
        unread: folders and archives that cannot be looked into, and links: beside folders of students one may be a student's.
        people: what students of the roster may be called.
    """
    waiting: list[tuple[Names, Sequence[Names]]] = [((), files)]
    while waiting:
        here, below = waiting.pop()
        children: dict[str, list[Names]] = defaultdict(list)
        for file in below:
            if len(file) > len(here) + 1:
                children[file[len(here)]].append(file)
            elif file in notebooks:
                yield file, file
        held = {name: [file for file in inside if file in notebooks] for name, inside in children.items()}
        graded = {name: inside for name, inside in held.items() if inside}
        depth = len(here) + 1
        each = _called_like_students(depth, children, people) or _one_for_each_student(depth, graded)
        broken = [file for file in below if len(file) == depth and file in unread] if each else []
        yield from ((file, (*here, stem(file[-1]))) for file in broken if _is_called(stem(file[-1]), people))
        for name, inside in children.items():
            if each and (held[name] or name.casefold() not in _NOBODYS or _is_called(name, people)):
                yield from ((file, (*here, name)) for file in inside)
            elif not each and len(held[name]) == 1:
                yield held[name][0], (*here, name)
            elif not each:
                waiting.append(((*here, name), inside))


def _is_called(name: str, people: Collection[str]) -> bool:
    return name.casefold() in people or squeezed(reading_order(name)) in people


def _called_like_students(depth: int, children: Mapping[str, Sequence[Names]], people: Collection[str]) -> bool:
    """Whether most of the folders that lie side by side are called like students, and are no sections with several of them."""
    named = sum(_is_called(name, people) for name in children)
    sections = 0
    for files in children.values():
        inside = {stem(file[depth]) if len(file) > depth + 1 else file[depth].rpartition(".")[0] for file in files}
        sections += sum(_is_called(name, people) for name in inside) > 1
    return len(children) > 1 and named * 2 > len(children) and sections * 2 <= len(children)


def _one_for_each_student(depth: int, children: Mapping[str, Sequence[Names]]) -> bool:
    """Whether folders that lie side by side are one for each student.

    Args:
        depth: number of folders in front of what lies in them.
        children: the files by folder.
    """
    if len(children) < 2:  # noqa: PLR2004 - side by side
        return False
    singles = sum(len(files) == 1 for files in children.values())
    if singles * 2 > len(
        children
    ):  # whatever is in the others: one student's folders must not change whose the others are
        return True
    folders_with = Counter(name for files in children.values() for name in {file[depth:] for file in files})
    usual = {name for name, number in folders_with.items() if number * 2 > len(children)}
    everywhere = any(number == len(children) for number in folders_with.values())
    repeated = sum(file[depth:] in usual for files in children.values() for file in files)
    return repeated * 2 > sum(map(len, children.values())) or (everywhere and len(children) >= _MANY_FOLDERS)
