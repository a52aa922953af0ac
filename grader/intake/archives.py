"""What is in an archive that students had a hand in. Nothing is unpacked here, and no member's name becomes a path.

Members are read one by one through limits. A member that cannot be used, whatever is wrong with it, is an entry with its
trouble in words; only an archive that cannot be listed at all is an error.
"""

import re
import zipfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO

from grader.errors import InputError
from grader.intake.guarding import TooMuch
from grader.intake.names import well_formed
from grader.intake.tars import tar_members
from grader.intake.values import Entry
from grader.intake.walking import ignored, names_of
from grader.intake.zips import zip_members

# A class of 1,000 with 100 files each; beyond it the list alone would fill the memory.
MOST_MEMBERS = 100_000
# What the largest class with large notebooks unpacks to, and how long that takes; a student's own archive gets far less.
MOST_UNPACKED_BYTES, MOST_SECONDS = 16 * 1024**3, 600.0
_LIMITS_INSIDE = 1024**3, 20.0
# Deeper folders, and longer names, are nobody's work.
MOST_FOLDERS, MOST_NAME_CHARACTERS = 64, 4096

REMEDY = "download it again, or unpack it and give the folder"
_ARCHIVE = re.compile(r"(.+?)\.(zip|tar|tar\.gz|tgz)", re.IGNORECASE | re.DOTALL)
_OTHER_ARCHIVE = re.compile(
    r".+\.(7z|rar|tar\.(bz2|xz|zst)|tbz2?|txz|bz2|xz|gz|zst|lzh|cab|iso)", re.IGNORECASE | re.DOTALL
)
_DRIVE = re.compile(r"[A-Za-z]:")


def is_archive(name: str) -> bool:
    """Whether a file of this name is opened as an archive."""
    return bool(_ARCHIVE.fullmatch(name))


def is_other_archive(name: str) -> bool:
    """Whether it is an archive of a kind that is not opened."""
    return bool(_OTHER_ARCHIVE.fullmatch(name)) and not is_archive(name)


def stem(name: str) -> str:
    """The name of an archive without its ending."""
    found = _ARCHIVE.fullmatch(name)
    return found[1] if found else name


def list_archive(
    path: Path, shown: str, closing: ExitStack, *, inside: bool = False
) -> tuple[list[Entry], frozenset[tuple[str, ...]], list[str]]:
    """The files in an archive, which folders in it are clones of a git repository, and what is wrong with it.

    Args:
        path: the archive.
        shown: where it is, as a user would find it.
        closing: closes the archive, whose entries can be opened until then.
        inside: whether a student handed it in, so that less is read of it.

    Raises:
        InputError: it cannot be listed at all.
    """
    troubles: list[str] = []
    found: list[Entry] = []
    clones: set[tuple[str, ...]] = set()
    try:
        file = closing.enter_context(path.open("rb"))
        zipped = zipfile.is_zipfile(path) or path.suffix.lower() == ".zip"
        most, seconds = _LIMITS_INSIDE if inside else (MOST_UNPACKED_BYTES, MOST_SECONDS)
        members = zip_members(file, closing, seconds) if zipped else tar_members(file, closing, most, seconds)
        for name, trouble, opens in members:
            if len(found) >= MOST_MEMBERS:
                raise TooMuch(f"has more than {MOST_MEMBERS} members")  # noqa: TRY301 - one place says what becomes of it
            _add(found, clones, shown, (name, trouble, opens))
    except Exception as error:
        words = f"{shown} cannot be read to its end ({_reason(error)}); {REMEDY}"
        if not found:
            raise InputError(words) from error
        troubles.append(f"{words}; of it there are only {len(found)} files")
    return found, frozenset(clones), troubles


_Member = tuple[str, str, partial[IO[bytes]]]


def _add(found: list[Entry], clones: set[tuple[str, ...]], shown: str, member: _Member) -> None:
    name, trouble, opens = member
    raw = tuple(part for part in well_formed(name).split("/") if part not in {"", "."})
    parts = names_of(tuple(part for part in well_formed(name).replace("\\", "/").split("/") if part not in {"", "."}))
    if ".git" in parts:
        clones.add(parts[: parts.index(".git")])
    if not parts or any(ignored(part) and part != ".." for part in parts):
        return
    wrong = trouble or _name_trouble(name, parts)
    found.append(
        Entry(parts[:MOST_FOLDERS], f"{shown}: {well_formed(name)[:MOST_NAME_CHARACTERS]}", opens, None, wrong, raw=raw)
    )


def _name_trouble(name: str, parts: tuple[str, ...]) -> str:
    if name.startswith(("/", "\\")) or ".." in parts or _DRIVE.match(name):
        return "has a name that leads out of its archive"
    if len(parts) > MOST_FOLDERS or len(name) > MOST_NAME_CHARACTERS:
        return f"lies in more than {MOST_FOLDERS} folders, or has a name of more than {MOST_NAME_CHARACTERS} characters"
    return ""


def _reason(error: Exception) -> str:
    words = str(error) or type(error).__name__
    return "".join(c if c.isprintable() else " " for c in words)[:200]
