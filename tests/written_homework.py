"""A small homework with answers that a person marks, and pictures as students hand them in."""

import base64
import struct
import zlib
from pathlib import Path

from grader.course import Homework
from grader.loading import load_course
from tests.courses import write_course

PROBLEM = """
title = "What a person marks"

[parts.dropout]
kind = "text"
points = 2
words_at_most = 60
rubric = [
    { points = "1/2", what = "it is for training only", keywords = ["training", "train-time"] },
    { points = "3/2", what = "it regularises", keywords = ["overfit", "co-adapt"] },
]

[parts.losses]
kind = "figure"
points = 1

[parts.sketch]
kind = "figure"
by_hand = true
points = 1
extra = true

[parts.side]
kind = "integer"
points = 1
"""
STATEMENT = """# Words and pictures

## Dropout {#dropout}

What is dropout for?

## Losses {#losses}

Draw two losses.

## Sketch {#sketch}

Sketch a path.

## Side {#side}

How long is the side?
"""
SOLVER = """
def side():
    return 4
"""


def homework(root: Path, problem: str = PROBLEM, statement: str = STATEMENT, solver: str = SOLVER) -> Homework:
    """The homework, from files below `root`."""
    return load_course(write_course(root, problem=problem, statement=statement, solver=solver)).homework("hw1")


def png(width: int = 4, height: int = 3, *, claimed: tuple[int, int] | None = None, behind: bytes = b"") -> bytes:
    """A picture that every browser shows, unless it claims another size than it has."""
    rows = b"".join(b"\0" + b"\x30\x60\xa0" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", *(claimed or (width, height)), 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body + behind


def jpeg(width: int = 4, height: int = 3) -> bytes:
    """The beginning of a photograph, with a thumbnail's size in a segment before its own."""
    thumbnail = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 9, 9)
    segment = b"\xff\xe1" + struct.pack(">H", len(thumbnail) + 2) + thumbnail
    return b"\xff\xd8" + segment + b"\xff\xc2\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"


def text(content: bytes) -> str:
    """As notebooks hold it."""
    return base64.b64encode(content).decode()
