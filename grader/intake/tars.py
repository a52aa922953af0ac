"""What is in a tar."""

import gzip
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import IO, cast

from grader.intake.guarding import MOST_TAR_HEADER_BYTES, Guarded


def tar_members(
    file: IO[bytes], closing: ExitStack, most_bytes: int, most_seconds: float
) -> Iterator[tuple[str, str, partial[IO[bytes]]]]:
    """Each member with its name, what is wrong with it, and how to open it.

    Args:
        file: the tar, plain or packed by gzip.
        closing: closes the tar, whose members can be opened until then.
        most_bytes: that a packed one may unpack to.
        most_seconds: that listing it may take.

    Raises:
        tarfile.ReadError: after the last member that can be read, when something is behind it that cannot.
    """
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    plain = cast("IO[bytes]", closing.enter_context(gzip.GzipFile(fileobj=file))) if packed else file
    guarded = Guarded(
        plain,
        most_at_once=MOST_TAR_HEADER_BYTES,
        most_bytes=most_bytes if packed else None,
        most_seconds=most_seconds,
        packed=packed,
    )
    archive = closing.enter_context(tarfile.open(fileobj=cast("IO[bytes]", guarded), mode="r:"))  # noqa: SIM115 - closing closes it
    try:
        for info in archive:
            if not info.isdir():
                yield info.name, _tar_trouble(info), partial(_open_tar, archive, info)
        guarded.seek(archive.offset)
        if guarded.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
            raise tarfile.ReadError("it is cut off or damaged")  # which tarfile takes for its end
    finally:
        guarded.trust()


def _open_tar(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    return cast("IO[bytes]", archive.extractfile(info))  # regular members only, of which there is a file


def _tar_trouble(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "is a link, which may lead to another student's work"
    return "" if info.isreg() and not info.issparse() else "is no regular file"
