"""Notebooks copied out of archives, under names of our own and within limits."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.errors import InputError
from grader.intake.archives import is_archive, is_other_archive, list_archive
from grader.intake.values import NOTEBOOK, Entry

# One more byte than the largest notebook that is read, so that reading it says that it is too large.
MOST_NOTEBOOK_BYTES = 20 * 1024**2 + 1
# A student's own archive, with a data set in it, and what is taken out of it.
MOST_ARCHIVE_BYTES = 200 * 1024**2
MOST_BYTES_INSIDE = 100 * 1024**2
MOST_NOTEBOOKS_INSIDE = 20
# Of one run, so that a class that means harm does not fill the disk: 1,000 students with 16 MiB each.
MOST_BYTES = 16 * 1024**3
# Three times the largest notebook that is read, so that a sparse file of a terabyte holds up nobody.
MOST_BYTES_HASHED = 64 * 1024**2
_STEP_BYTES = 64 * 1024


class CannotCopy(Exception):  # noqa: N818 - why, in words
    """A member cannot be copied; the message says why and what would help."""


@dataclass
class Unpacking:
    """Where copies are put, and how much was copied."""

    folder: Path
    """Ours, and empty before the first copy."""
    copied: int = 0
    """Bytes, of everything."""
    files: int = 0
    _below: Path | None = field(default=None, repr=False)

    def into_a_folder_of_its_own(self) -> None:
        """What is copied from now on is of another archive."""
        self._below = None

    def copy(self, entry: Entry, most: int, suffix: str = NOTEBOOK) -> Path:
        """A copy of the first bytes of a member.

        Args:
            entry: the member.
            most: bytes that are copied, however large the member is.
            suffix: of the copy's name.

        Raises:
            CannotCopy: the member is broken, or there is no room.
        """
        self.files += 1
        try:
            self._below = self._below or Path(tempfile.mkdtemp(dir=self.folder, prefix="archive-"))
        except OSError as error:
            raise CannotCopy(f"cannot be unpacked into {self.folder} ({error.strerror}); make room there") from error
        target = self._below / f"{self.files:04}{suffix}"
        try:
            self._stream(entry, target, most)
        except CannotCopy:
            target.unlink(missing_ok=True)
            raise
        except Exception as error:  # the readers of damaged archives raise anything
            target.unlink(missing_ok=True)
            words = f"cannot be unpacked ({str(error)[:200] or type(error).__name__}); ask for it again, or unpack it yourself"
            raise CannotCopy("".join(c if c.isprintable() else " " for c in words)) from error
        return target

    def _stream(self, entry: Entry, target: Path, most: int) -> None:
        left = most
        with entry.open() as source, target.open("xb") as copy:
            while left and (piece := source.read(min(left, _STEP_BYTES))):
                self.copied += len(piece)
                if self.copied > MOST_BYTES:
                    raise CannotCopy(f"is left out: more than {MOST_BYTES // 1024**3} GiB are unpacked; grade in parts")
                copy.write(piece)
                left -= len(piece)


def opened(entry: Entry, unpacking: Unpacking) -> Iterator[Entry]:
    """An entry itself, or, if it is an archive that a student handed in, its files; archives in those stay closed."""
    name = entry.parts[-1]
    if entry.trouble or not is_archive(name):
        other = not entry.trouble and is_other_archive(name)
        yield (
            replace(entry, trouble="is an archive that is not opened; hand in the notebook itself, or a zip")
            if other
            else entry
        )
        return
    try:
        yield from _inside(entry, unpacking) or [replace(entry, trouble="has no files in it")]
    except (CannotCopy, InputError) as error:
        yield replace(entry, trouble=str(error))


def _inside(entry: Entry, unpacking: Unpacking) -> list[Entry]:
    """The files of a student's archive, with copies of its notebooks."""
    suffix = ".zip" if entry.parts[-1].lower().endswith(".zip") else ".tar"
    copy = unpacking.copy(entry, MOST_ARCHIVE_BYTES + 1, suffix)
    try:
        if copy.stat().st_size > MOST_ARCHIVE_BYTES:
            raise CannotCopy(
                f"is an archive of more than {MOST_ARCHIVE_BYTES // 1024**2} MiB; hand in the notebook alone"
            )
        with ExitStack() as closing:
            members, _, troubles = list_archive(copy, entry.shown, closing, inside=True)
            found = list(_copies(entry, members, unpacking))
        return [*found, *(replace(entry, trouble=trouble) for trouble in troubles)]
    finally:
        copy.unlink(missing_ok=True)


def _copies(outer: Entry, members: list[Entry], unpacking: Unpacking) -> Iterator[Entry]:
    before, notebooks = unpacking.copied, 0
    for member in members:
        one = replace(member, parts=outer.parts, inside=member.parts, raw=outer.raw)
        if not one.notebook:
            closed = not one.trouble and (is_archive(one.inside[-1]) or is_other_archive(one.inside[-1]))
            yield replace(one, trouble="is an archive within an archive; hand in the notebook alone") if closed else one
            continue
        notebooks += 1
        if notebooks > MOST_NOTEBOOKS_INSIDE or unpacking.copied - before > MOST_BYTES_INSIDE:
            limits = f"{MOST_NOTEBOOKS_INSIDE} notebooks or {MOST_BYTES_INSIDE // 1024**2} MiB"
            yield replace(one, trouble=f"is left out: its archive has more than {limits}; hand in the notebook alone")
            continue
        yield copied(one, unpacking)


def copied(entry: Entry, unpacking: Unpacking) -> Entry:
    """A notebook with its copy on the disk, or with the reason why there is none."""
    if entry.path is not None:
        return entry
    try:
        return replace(entry, path=unpacking.copy(entry, MOST_NOTEBOOK_BYTES))
    except CannotCopy as error:
        return replace(entry, trouble=str(error))


def digest(path: Path) -> str:
    """Of the first bytes of a file; empty when it cannot be read, which reading it as a notebook reports."""
    try:
        with path.open("rb") as file:
            return hashlib.sha256(file.read(MOST_BYTES_HASHED)).hexdigest()
    except OSError:
        return ""
