"""The file of sealed keys: what is asked, and right answers and hints that only an answer opens.

Everything but `Entry.box` and `SealedPart.hints` may be read by everybody.
"""

import base64
import hashlib
import json
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, PlainValidator, PositiveInt, field_validator, model_validator

from grader.check_level import CheckLevel
from grader.checks import AnyCheck
from grader.errors import InputError
from grader.kernels.limits import Limits
from grader.records import Asked, Record
from grader.whole_file import replacing

FORMAT: Literal["homework-seal.v1"] = "homework-seal.v1"
SUFFIX = ".seal.json"
_CHECKSUM = "checksum"
_MOST_WORK = 2**20
"""Of a guess, as n r p: four times what it is by default. A file may come from anybody."""
MAX_BYTES = 50 * 1024**2
"""Of a file of keys. That of a homework with forty parts has about one megabyte."""


def _from_text(text: object) -> bytes:
    if isinstance(text, bytes):
        return text
    return base64.b64decode(str(text), validate=True)


Base64 = Annotated[
    bytes,
    PlainValidator(_from_text),
    PlainSerializer(lambda data: base64.b64encode(data).decode("ascii"), return_type=str),
]


class Cost(Record):
    """What one guess costs: the parameters of scrypt (RFC 7914)."""

    n: PositiveInt = Field(default=2**15, le=2**18)
    """Steps, a power of two."""
    r: PositiveInt = Field(default=8, le=16)
    """Block size; one guess takes 128 n r bytes of memory."""
    p: PositiveInt = Field(default=1, le=16)
    """Independent repetitions."""

    @property
    def memory(self) -> int:
        """Bytes that one guess takes."""
        return 128 * self.n * self.r

    @model_validator(mode="after")
    def _is_bounded(self) -> "Cost":
        if self.n * self.r * self.p > _MOST_WORK:
            raise ValueError("a guess would take too long")
        return self

    @field_validator("n")
    @classmethod
    def _is_a_power_of_two(cls, n: int) -> int:
        if n < 2 or n & (n - 1):  # noqa: PLR2004 - as RFC 7914 has it
            raise ValueError("n has to be a power of two")
        return n


class Entry(Record):
    """A piece of a value, right or of a known mistake, and what it belongs to. Only a clue opens it, see `grader.checks.clues`."""

    id: Base64
    """By which whoever has the clue finds it."""
    box: Base64
    """Nonce and ciphertext."""


class Choice(Record):
    """One accepted choice of the conventions that matter to a part."""

    of: dict[str, int] = Field(default_factory=dict)
    """By convention, which of its values: 0 is the sheet's own. What the value is stands in sealed words."""
    read_under: dict[str, str | bool | int | float] = Field(default_factory=dict)
    """How answers are read by it (see `grader.checks.check.Check.under`)."""


class SealedPart(Record):
    """One part as a student may know it."""

    part: str
    variable: str
    title: str
    """The heading of the question."""
    level: CheckLevel
    """How much is told."""
    form_only: str = ""
    """Why nothing but its form is checked although the teacher allows more, in words; else empty."""
    check: AnyCheck
    """Reads answers as grading does; what it knows of right ones is taken out."""
    asked: Asked
    items: tuple[str, ...] = ()
    """Of a path, the names of its steps; of a table, of its rows."""
    points: Fraction
    """What the released notebook says that it is worth."""
    accepted: tuple[Choice, ...] = (Choice(),)
    """Every accepted choice of the conventions that matter to it, the sheet's own first."""
    builds_on: tuple[str, ...] = ()
    """The earlier parts of the problem from whose answers this one follows."""
    salt: Base64 = b""
    entries: tuple[Entry, ...] = ()
    hints: dict[str, Base64] = Field(default_factory=dict)
    """By case: nonce and ciphertext. Entries have the keys."""

    @property
    def told(self) -> CheckLevel:
        """How much is told in fact: nothing but the form, where nothing else can be."""
        return CheckLevel.FORM if self.form_only else self.level


class SealedProblem(Record):
    """The parts of one problem, in which a student keeps to one convention."""

    name: str
    mixed_credit: Fraction
    """Share of the points of a part that is right under another convention than the rest."""
    parts: tuple[SealedPart, ...]


class SealedHomework(Record):
    """All that a self-check needs of a homework."""

    format: Literal["homework-seal.v1"] = FORMAT
    homework: str
    title: str
    made_by: str
    """Version of the grader that sealed it."""
    made_at: str
    """Day on which it was sealed."""
    cost: Cost = Cost()
    limits: Limits = Limits()
    problems: tuple[SealedProblem, ...]

    @property
    def parts(self) -> tuple[SealedPart, ...]:
        """All parts, in the order of the sheet."""
        return tuple(part for problem in self.problems for part in problem.parts)

    @property
    def asked(self) -> dict[str, Asked]:
        """What is watched for each part, by its variable."""
        return {part.variable: part.asked for part in self.parts}


def read_sealed(path: Path) -> SealedHomework:
    """The sealed keys in a file.

    Raises:
        InputError: it cannot be read, is damaged, or has no sealed keys that this version knows; the message names file and remedy.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path} is too large for a file of sealed keys; ask for it again")
        content = json.loads(path.read_bytes())
        if isinstance(content, dict) and content.pop(_CHECKSUM, None) != _checksum(content):
            raise InputError(f"{path} is no file of sealed keys, or has been changed since it was made; fetch it again")
        return SealedHomework.model_validate(content)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:  # of JSON, of its encoding, or of the records
        raise InputError(
            f"{path} is no file of sealed keys, was cut short, or was made by a newer grader; fetch it again, or update the grader"
        ) from error


def write_sealed(sealed: SealedHomework, path: Path) -> None:
    """Writes the file, as a whole or not at all; OSError if it cannot be written."""
    content = sealed.model_dump(mode="json")
    text = json.dumps({_CHECKSUM: _checksum(content), **content}, ensure_ascii=False)
    with replacing(path) as new:
        new.write_text(text + "\n", encoding="utf-8")


def _checksum(content: dict[str, Any]) -> str:
    """Of all that is in the file, so that damage is not taken for a wrong answer. No secret: who changes the file can change this."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
