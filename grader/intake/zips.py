"""What is in a zip."""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import IO, cast

from grader.intake.guarding import MOST_ZIP_DIRECTORY_BYTES, Guarded

_ENCRYPTED, _UTF8_NAME = 0x1, 0x800  # bits of a member's flags (PKWARE's APPNOTE, 4.4.4)
_HEADER_BYTES = 30


def zip_members(
    file: IO[bytes], closing: ExitStack, most_seconds: float
) -> Iterator[tuple[str, str, partial[IO[bytes]]]]:
    """Each member with its name, what is wrong with it, and how to open it.

    Args:
        file: the zip.
        closing: closes the zip, whose members can be opened until then.
        most_seconds: that listing it may take.
    """
    guarded = Guarded(
        file, most_at_once=MOST_ZIP_DIRECTORY_BYTES, most_bytes=None, most_seconds=most_seconds, packed=False
    )
    archive = closing.enter_context(_open_zip(guarded))
    guarded.trust()
    overlapping = _overlapping(archive.infolist())
    for info in archive.infolist():
        if info.is_dir():
            continue
        trouble = "overlaps with another member of the archive" if id(info) in overlapping else _zip_trouble(info)
        yield _zip_name(info), trouble, partial(archive.open, info)


def _open_zip(guarded: Guarded) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(cast("IO[bytes]", guarded))
    except UnicodeDecodeError:  # one name that says it is UTF-8, and is not
        return zipfile.ZipFile(cast("IO[bytes]", _OldNames(guarded)))


class _OldNames:
    """A zip in which no name claims to be UTF-8, so that all can be listed; `_zip_name` finds out which are."""

    def __init__(self, file: Guarded) -> None:
        self._file = file

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        if size == _HEADER_BYTES and content.startswith(b"PK\x03\x04"):
            return content[:7] + bytes([content[7] & ~(_UTF8_NAME >> 8)]) + content[8:]
        if not content.startswith(b"PK\x01\x02"):
            return content
        directory, at = bytearray(content), 0
        while directory[at : at + 4] == b"PK\x01\x02" and at + 46 <= len(directory):
            directory[at + 9] &= ~(_UTF8_NAME >> 8)
            lengths = (int.from_bytes(directory[at + place : at + place + 2], "little") for place in (28, 30, 32))
            at += 46 + sum(lengths)
        return bytes(directory)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A name as it was meant: many programs write UTF-8 without saying so, which reads as signs and lines of cp437."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _zip_trouble(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a link, which may lead to another student's work"
    if kind not in {0, stat.S_IFREG}:
        return "is no regular file"
    return "is encrypted; pack it without a password" if info.flag_bits & _ENCRYPTED else ""


def _overlapping(members: list[zipfile.ZipInfo]) -> set[int]:
    """Members that begin before the one in front of them ends, as only in archives that are made to explode."""
    found, end, before = set(), 0, None
    for info in sorted(members, key=lambda info: info.header_offset):
        if info.header_offset < end and before is not None:
            found |= {id(info), id(before)}
        if info.header_offset + info.compress_size >= end:
            end, before = info.header_offset + info.compress_size, info
    return found
