"""Any folder: notebooks named after their students, or a folder for each student.

A student is named after the topmost folder that holds no second notebook, or else after the notebook's file. Folders that lie
side by side are one for each student, however many notebooks are in them, when most of them hold one notebook, or when
the same names of files are in most of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from grader.intake.archives import stem
from grader.intake.values import Claim, Entry, Read, View

Names = tuple[str, ...]
# Below so many folders a name of a file that is in all of them may be there by chance: two sections with a Kim in each.
_MANY_FOLDERS = 3


class Plain:
    """Notebooks in folders."""

    name = "folder"
    words = "a folder of notebooks"

    def fits(self, view: View) -> bool:
        """Everything does."""
        del view
        return True

    def read(self, view: View) -> Read:
        """One claim for each notebook."""
        notebooks = {entry: folders_and_file(entry) for entry in view.entries if entry.notebook}
        owners = dict(_owners((), sorted(set(notebooks.values()))))
        claims = [_claim(entry, names, owners[names], view.root) for entry, names in notebooks.items()]
        others = [(entry, "is no notebook (.ipynb)") for entry in view.entries if not entry.notebook]
        return Read(claims, others)


def folders_and_file(entry: Entry) -> Names:
    """The name of a file as it came; an archive that was handed in is one file, whatever is in it."""
    return entry.raw if len(entry.raw) == len(entry.parts) else entry.parts


def _claim(entry: Entry, names: Names, owner: Names, root: str) -> Claim:
    file = stem(names[-1]) if entry.inside else names[-1].rpartition(".")[0] or names[-1]
    called = owner[-1] if len(owner) < len(names) else file
    around = names[-2] if len(names) > 1 else root
    return Claim(entry=entry, key="/".join(owner), called=called, longer=f"{around}-{called}", free=True)


def _owners(folder: Names, files: Sequence[Names]) -> Iterator[tuple[Names, Names]]:
    """For each file the folder that is its student's, or the file itself."""
    waiting = [(folder, list(files))]
    while waiting:
        here, below = waiting.pop()
        children: dict[str, list[Names]] = defaultdict(list)
        for file in below:
            if len(file) == len(here) + 1:
                yield file, file
            else:
                children[file[len(here)]].append(file)
        each = _one_for_each_student(len(here) + 1, children)
        for name, inside in children.items():
            if each or len(inside) == 1:
                yield from ((file, (*here, name)) for file in inside)
            else:
                waiting.append(((*here, name), inside))


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
