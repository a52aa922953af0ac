"""A file that a hostile archive is read through, so that neither memory nor time depends on what the archive declares."""

import io
from time import monotonic
from typing import IO

# One read of a tar header: real ones have a few KiB, and the time to parse one grows with its square.
MOST_TAR_HEADER_BYTES = 16 * 1024
# One read of a zip's directory: room for 100,000 members with names of usual length.
MOST_ZIP_DIRECTORY_BYTES = 16 * 1024**2
_STEP_BYTES = 64 * 1024


class TooMuch(Exception):  # noqa: N818 - what was found, in words
    """An archive asks for more than any download needs."""


class Guarded(io.RawIOBase):
    """A readable, seekable file with limits.

    Args:
        file: what is read.
        most_at_once: bytes that one read may ask for.
        most_bytes: that may be read in all until `trust`; None where the file lies on the disk as it is.
        most_seconds: that it may be in use until `trust`.
        packed: whether seeking forward has to read what is skipped, as in a compressed file.
    """

    def __init__(
        self, file: IO[bytes], *, most_at_once: int, most_bytes: int | None, most_seconds: float, packed: bool
    ) -> None:
        self._file, self._most_at_once, self._packed = file, most_at_once, packed
        self._left = most_bytes
        self._end: float | None = monotonic() + most_seconds
        self._reached = 0
        self._last: int | None = None

    def trust(self) -> None:
        """What was listed was so within the limits, and so is reading that much again; nothing behind it is read."""
        self._left = self._end = None
        self._last = self._reached if self._packed else None

    def read(self, size: int | None = -1, /) -> bytes:
        """As of any file; TooMuch beyond a limit."""
        self._check_time()
        wanted = self._most_at_once + 1 if size is None or size < 0 else size
        if wanted > self._most_at_once + (size is None or size < 0):
            raise TooMuch(f"asks to read {wanted} bytes at once")
        content = self._file.read(wanted)
        if len(content) > self._most_at_once:
            raise TooMuch("has a directory that is too large")
        self._count(len(content))
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """As of any file; what is skipped in a compressed one counts as read."""
        self._check_time()
        if not self._packed:
            return self._file.seek(offset, whence)
        if whence != io.SEEK_SET:
            raise TooMuch("is read backwards")
        if offset < self._file.tell():
            self._file.seek(0)
        while (missing := offset - self._file.tell()) > 0:
            self._check_time()
            step = len(self._file.read(min(missing, _STEP_BYTES)))
            self._count(step)
            if not step:
                break
        return self._file.tell()

    def tell(self) -> int:
        """As of any file."""
        return self._file.tell()

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Closes the file as well."""
        self._file.close()
        super().close()

    def _check_time(self) -> None:
        if self._end is not None and monotonic() > self._end:
            raise TooMuch("takes too long to list")

    def _count(self, number: int) -> None:
        self._reached = max(self._reached, self._file.tell()) if self._packed else 0
        if self._last is not None and self._reached > self._last:
            raise TooMuch("ends here")
        if self._left is not None:
            self._left -= number
            if self._left < 0:
                raise TooMuch("unpacks to more than any class hands in")
