"""A folder of git clones, one per student, as GitHub Classroom and its successors make it.

hw1-submissions/hw1-janedoe/...       the repository's name begins with the assignment's

Where the folder around them is not named after the assignment, what all names have in common may be more than the assignment:
"hw1-x-ray" and "hw1-x-men". Then the roster's GitHub names say where a name begins.
"""

from collections.abc import Collection
from itertools import takewhile

from grader.intake.forms.form import most
from grader.intake.values import Claim, Entry, Read, View
from grader.records import Person

_ENDING = "-submissions"
# What fewer have in common may be there by chance.
_MANY_CLONES = 3


class Clones:
    """Clones of git repositories."""

    name = "github"
    words = "a folder of git clones"

    def fits(self, view: View) -> bool:
        """Most folders are clones, or all are named after the folder they are in."""
        folders = {entry.parts[0] for entry in view.entries if len(entry.parts) > 1}
        cloned = sum((folder,) in view.clones for folder in folders)
        slug = view.root.removesuffix(_ENDING)
        named = view.root.endswith(_ENDING) and all(folder.startswith(f"{slug}-") for folder in folders)
        return bool(folders) and (most(cloned, list(folders)) or named)

    def read(self, view: View) -> Read:
        """One claim for each file of each clone."""
        read = Read([], [])
        folders = {entry.parts[0] for entry in view.entries if len(entry.parts) > 1}
        start, sure = _start(view.root, folders, view.known.get(self.name, frozenset()))
        for entry in view.entries:
            if len(entry.parts) > 1:
                read.claims.append(_claim(entry, entry.parts[0], start, sure=sure))
            else:
                read.left_out.append((entry, "lies beside the clones, and belongs to nobody"))
        return read


def _start(root: str, folders: Collection[str], users: Collection[str]) -> tuple[str, bool]:
    """What all repositories' names begin with, in front of a student's, and whether that is sure.

    Args:
        root: name of the folder around them.
        folders: the repositories' names.
        users: the roster's GitHub names.
    """
    slug = f"{root.removesuffix(_ENDING)}-"
    if folders and all(folder.startswith(slug) for folder in folders):
        return slug, True
    if len(folders) == 1:
        return "", False
    common = list(takewhile(lambda letters: len(set(letters)) == 1, zip(*folders, strict=False)))
    starts = ["".join(letters[0] for letters in common[: at + 1]) for at, same in enumerate(common) if same[0] == "-"]
    said = [start for start in starts if most(sum(one.removeprefix(start) in users for one in folders), list(folders))]
    if len(said) == 1:
        return said[0], True
    return (starts[0] if len(starts) == 1 and len(folders) >= _MANY_CLONES else ""), False


def _claim(entry: Entry, repository: str, start: str, *, sure: bool) -> Claim:
    user = repository.removeprefix(start) or repository
    ids = {"github repository": repository}
    return Claim(
        entry=entry,
        key=repository,
        called=user,
        longer=repository,
        person=Person(ids={"github": user, **ids} if sure else ids),
        free=True,
    )
