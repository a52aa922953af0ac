"""Which pictures of a student a report shows: PNG and JPEG, proven by their own bytes, of a size that a browser can bear.

Both run no code. SVG and PDF may, and of the other formats (GIF, WebP, HEIC) each has a decoder more that could be attacked.
What a file or a kernel says of a picture's format is not believed.
"""

import base64
import struct
from typing import Any

from grader.records import Picture

MAX_PICTURES = 8
"""Of one answer. A figure has one, a sketch that was photographed page by page a few."""
MAX_PICTURE_BYTES = 8 * 1024**2
"""Of one picture. A photograph by a telephone has 3 to 6 MB."""
MAX_PIXELS = 50_000_000
"""Of one picture: a telephone's 48 megapixels. A browser unpacks it to 200 MB; a bomb of the same bytes has far more."""
MAX_JPEG_SEGMENTS = 1_000
"""Before the one that has the size. Cameras write about ten, a large colour profile some hundred."""

_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_OTHERS = {b"GIF8": "a GIF", b"RIFF": "a WebP", b"%PDF": "a PDF", b"<svg": "an SVG", b"<?xml": "an SVG", b"BM": "a BMP"}
_AS_PNG = "save it as PNG and attach that"


class NotShown(ValueError):  # noqa: N818 - a finding about a picture, not a failure of the program
    """Why a picture is not shown and what would mend it, to follow its name: "is a GIF; save it as PNG"."""


def proven(data: Any) -> Picture:
    """The picture in base64 text, or in a list of lines of it.

    Raises:
        NotShown: it is none that a report shows.
    """
    content = _decoded(data)
    if content.startswith(_PNG):
        mime, size = "image/png", _png_size(content)
    elif content.startswith(_JPEG):
        mime, size = "image/jpeg", _jpeg_size(content)
    else:
        raise NotShown(f"is {_format(content)}; {_AS_PNG}")
    if size is None or 0 in size:
        raise NotShown(f"is damaged; {_AS_PNG}")
    if size[0] * size[1] > MAX_PIXELS:
        raise NotShown(f"has {size[0]} x {size[1]} pixels; make it smaller, at most {MAX_PIXELS // 10**6} megapixels")
    return Picture.model_validate({"mime": mime, "data": base64.b64encode(content).decode("ascii")})


def _decoded(data: Any) -> bytes:
    if isinstance(data, list) and all(isinstance(line, str) for line in data):
        data = "".join(data)
    if not isinstance(data, str):
        raise NotShown(f"is damaged; {_AS_PNG}")
    if len(data) > 2 * MAX_PICTURE_BYTES:  # before any copy; base64 takes a third more than the picture, and lines end
        raise _too_large()
    if data.lstrip().startswith(("<svg", "<?xml")):  # the one format that notebooks hold as text
        raise NotShown(f"is an SVG; {_AS_PNG}")
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except ValueError:  # not base64, or not even ASCII
        raise NotShown(f"is damaged; {_AS_PNG}") from None
    if len(content) > MAX_PICTURE_BYTES:
        raise _too_large()
    return content


def _too_large() -> NotShown:
    return NotShown(f"is larger than {MAX_PICTURE_BYTES // 1024**2} MB; make it smaller")


def _format(content: bytes) -> str:
    if content[4:12] in {b"ftypheic", b"ftypmif1", b"ftypheix"}:
        return "a HEIC photograph"
    return next((name for start, name in _OTHERS.items() if content.startswith(start)), "no PNG or JPEG")


def _png_size(content: bytes) -> tuple[int, int] | None:
    """Width and height, which stand in the first chunk."""
    if len(content) < 24 or content[12:16] != b"IHDR":  # noqa: PLR2004 - signature, length, name, width and height
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height, which stand in the first "start of frame"; a thumbnail is hidden inside a segment before it."""
    place = 2
    for _ in range(MAX_JPEG_SEGMENTS):
        if len(content) < place + 9 or content[place] != 0xFF:  # noqa: PLR2004 - what opens every segment
            return None
        kind, (length,) = content[place + 1], struct.unpack(">H", content[place + 2 : place + 4])
        if 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:  # noqa: PLR2004 - frames, but for tables among them
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 1 if kind == 0xFF else 2 + length  # noqa: PLR2004 - a segment may be filled up in front
    return None
