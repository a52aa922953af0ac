"""A folder of git clones, one per student, as GitHub Classroom and its successors make it.

hw1-submissions/hw1-janedoe/...       the repository's name begins with the assignment's
"""

from collections.abc import Collection
from itertools import takewhile

from grader.intake.forms.form import most
from grader.intake.values import Claim, Entry, Read, View
from grader.records import Person

_ENDING = "-submissions"


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
        start = _common_start(view.root, folders)
        for entry in view.entries:
            if len(entry.parts) > 1:
                read.claims.append(_claim(entry, entry.parts[0], start))
            else:
                read.left_out.append((entry, "lies beside the clones, and belongs to nobody"))
        return read


def _common_start(root: str, folders: Collection[str]) -> str:
    """What all repositories' names begin with: the assignment's name and a hyphen."""
    slug = f"{root.removesuffix(_ENDING)}-"
    if root.endswith(_ENDING) and all(folder.startswith(slug) for folder in folders):
        return slug
    if len(folders) == 1:
        return ""
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*folders, strict=False))
    common = "".join(letters[0] for letters in same)
    return common[: common.rfind("-") + 1]


def _claim(entry: Entry, repository: str, start: str) -> Claim:
    user = repository.removeprefix(start) or repository
    return Claim(
        entry=entry,
        key=repository,
        called=user,
        longer=repository,
        person=Person(ids={"github": user, "github repository": repository}),
        free=True,
    )
