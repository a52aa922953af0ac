"""Zip archives that may be damaged in any way: what `zipfile` and the libraries below it raise for them."""

import lzma
import struct
import zipfile
import zlib

DAMAGES: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError,
    RuntimeError,  # it is encrypted, or compressed in a way that is not known
    ValueError,  # also UnicodeDecodeError: a name or a number that cannot be
)  # fmt: skip
_PIECE = 1 << 20


def is_damaged(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a member cannot be read to its end, or is another than it was.

    Args:
        archive: which is open.
        entry: of it.
    """
    try:
        with archive.open(entry) as file:
            while file.read(_PIECE):
                pass
    except DAMAGES:
        return True
    return False
