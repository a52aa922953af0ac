"""Zip archives that are the same bytes for the same content, whenever and wherever they are written."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

# The first moment that a zip archive can name.
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_FILE, _PROGRAM = 0o100644, 0o100755


class Member(NamedTuple):
    """A file in an archive."""

    name: str
    """With "/" between folders."""
    content: bytes
    executable: bool = False


def members_below(root: Path, folder: str) -> Iterator[Member]:
    """All files of a folder, sorted, but for caches and what is hidden.

    Args:
        root: from which they are named.
        folder: below it.
    """
    for file in sorted((root / folder).rglob("*")):
        name = file.relative_to(root)
        if file.is_file() and "__pycache__" not in name.parts and not any(part.startswith(".") for part in name.parts):
            yield Member(name.as_posix(), file.read_bytes())


def write_zip(into: BinaryIO, members: Iterable[Member], *, compressed: bool = True) -> None:
    """Writes an archive.

    Args:
        into: where it goes.
        members: in the order in which they are to be in it; each is written before the next is asked for.
        compressed: whether it is to be small. If not, it is the same on machines whose libraries compress differently, too.
    """
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(into, "w") as archive:
        for member in members:
            entry = zipfile.ZipInfo(member.name, _DATE)
            entry.compress_type, entry.create_system = method, _UNIX
            entry.external_attr = (_PROGRAM if member.executable else _FILE) << 16
            archive.writestr(entry, member.content)
