"""From the tagged JSON that the capture code writes, {"t": "int", "v": "123"}, to plain values.

The JSON comes from a process in which student code ran. It is checked field by field and bounded in depth, number of
items and bytes; nothing in it is evaluated, and whatever does not fit raises `Unreadable`.
"""

import base64
import math
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from pydantic import ValidationError

from grader.answers.networks import network_in
from grader.answers.values import Foreign, Frame, Plain
from grader.errors import Unreadable
from grader.records import JsonValue

DEPTH = 8  # containers in containers; answers have two or three
ITEMS = 100_000  # values in all containers together
ARRAY_BYTES = 2**20  # of one array
STRING_LENGTH = 10_000  # characters: a written answer of three pages
DIGITS = 400  # of an integer: beyond the range of a float
DICT_ENTRIES = 500  # numbers can be made to collide in a hash table, which then takes quadratic time
NAME_LENGTH = 100  # characters of a type's name

_INTEGER = re.compile(rf"-?[0-9]{{1,{DIGITS}}}")
_FLOAT = re.compile(r"-?0x[01]\.[0-9a-f]{1,13}p[+-][0-9]{1,4}|-?inf|nan")
_DECIMAL = re.compile(rf"-?[0-9]{{1,{DIGITS}}}(\.[0-9]{{1,{DIGITS}}})?(E[+-]?[0-9]{{1,3}})?")
_NO_DECIMAL = re.compile(r"-?(Infinity|NaN)")
_SHORT_FLOATS = frozenset({"float16", "float32"})
_DTYPES = frozenset({"bool", "float16", "float32", "float64"}) | {
    f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)
}


def decode(data: JsonValue) -> Plain:
    """The value behind the tagged JSON; malformed or beyond a limit it raises Unreadable, and never anything else."""
    return _Decoder().decode(data, depth=0)


class _Decoder:
    """One decoding, which counts its items on the way down."""

    def __init__(self) -> None:
        self.items = 0
        self.containers = {"list": self._list, "tuple": self._list, "set": self._list}
        self.containers |= {"dict": self._dict, "frame": self._frame, "array": self._array, "size": self._size}
        self.containers["network"] = self._network

    def decode(self, data: JsonValue, depth: int) -> Plain:
        """The value of one tagged object inside `depth` containers; a tag nobody knows is a type nobody knows."""
        self._count(1)
        tag = _field(data, "t", str)
        if tag in self.containers:
            if depth >= DEPTH:
                raise Unreadable(f"lists nested deeper than {DEPTH}")
            return self.containers[tag](data, depth + 1)
        return _SCALARS.get(tag, _foreign)(data)

    def _count(self, items: int) -> None:
        self.items += items
        if self.items > ITEMS:
            raise Unreadable(f"more than {ITEMS} values")

    def _members(self, data: list[JsonValue], depth: int) -> tuple[Plain, ...]:
        return tuple(self.decode(member, depth) for member in data)

    def _list(self, data: JsonValue, depth: int) -> Plain:
        return self._members(_field(data, "v", list), depth)

    def _dict(self, data: JsonValue, depth: int) -> Plain:
        pairs = _field(data, "v", list)
        if len(pairs) > DICT_ENTRIES:
            raise Unreadable(f"a dict of more than {DICT_ENTRIES} entries")
        if not all(type(pair) is list and len(pair) == 2 for pair in pairs):  # noqa: PLR2004 - a key and a value
            raise _malformed("dict")
        try:
            return {self.decode(key, depth): self.decode(value, depth) for key, value in pairs}
        except TypeError:  # a key that cannot be one
            raise _malformed("dict") from None

    def _frame(self, data: JsonValue, depth: int) -> Plain:
        columns = self._members(_field(data, "columns", list), depth)
        index = self._members(_field(data, "index", list), depth)
        rows = _field(data, "rows", list)
        if len(rows) != len(index) or not all(type(row) is list and len(row) == len(columns) for row in rows):
            raise _malformed("frame")
        return Frame(columns, index, tuple(self._members(row, depth) for row in rows))

    def _size(self, data: JsonValue, depth: int) -> Plain:  # noqa: ARG002 - the signature of all containers
        sizes = _field(data, "v", list)
        self._count(len(sizes))
        if not all(type(size) is int and 0 <= size < 2**63 for size in sizes):
            raise _malformed("size")
        return tuple(sizes)

    def _array(self, data: JsonValue, depth: int) -> Plain:  # noqa: ARG002 - the signature of all containers
        dtype, shape, encoded = _field(data, "dtype", str), _field(data, "shape", list), _field(data, "data", str)
        if dtype not in _DTYPES or len(shape) > DEPTH or not all(type(n) is int and 0 <= n <= ITEMS for n in shape):
            raise _malformed("array")
        # A size of 0 further in would hide the lists around it: a shape (1000, 1000, 0).
        self._count(math.prod(max(size, 1) for size in shape))
        return _array(dtype, shape, encoded)

    def _network(self, data: JsonValue, depth: int) -> Plain:  # noqa: ARG002 - the signature of all containers
        try:
            network = network_in(data)
        except ValidationError:
            raise _malformed("network") from None
        self._count(len(data.get("steps", ())))
        return network


def _array(dtype: str, shape: list[int], encoded: str) -> Plain:
    """Nested tuples, or a scalar, from the base64 text of its little-endian bytes in C order."""
    if len(encoded) > ARRAY_BYTES * 4 // 3 + 4:
        raise Unreadable(f"an array of more than {ARRAY_BYTES} bytes")
    little_endian = np.dtype(dtype).newbyteorder("<")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise _malformed("array") from None
    if len(raw) != math.prod(shape) * little_endian.itemsize:
        raise _malformed("array")
    values = np.ndarray(shape, little_endian, raw)
    if dtype in _SHORT_FLOATS:
        # What a student sees of it: as a float64, a third or a large sum would show digits that were never there.
        return _tuples(np.array([float(str(value)) for value in values.ravel()]).reshape(shape).tolist())
    return _tuples(values.tolist())


def _tuples(nested: Any) -> Plain:
    """Lists in lists as tuples in tuples."""
    return tuple(map(_tuples, nested)) if isinstance(nested, list) else nested


def _int(data: JsonValue) -> Plain:
    return int(_text(data, "v", _INTEGER))


def _float(data: JsonValue) -> Plain:
    try:
        return float.fromhex(_text(data, "v", _FLOAT))
    except OverflowError:
        raise _malformed("float") from None


def _string(data: JsonValue) -> Plain:
    text: str = _field(data, "v", str)
    if len(text) > STRING_LENGTH:
        raise Unreadable(f"a text of more than {STRING_LENGTH} characters")
    return text


def _fraction(data: JsonValue) -> Plain:
    denominator = int(_text(data, "d", _INTEGER))
    if denominator == 0:
        raise _malformed("fraction")
    return Fraction(int(_text(data, "n", _INTEGER)), denominator)


def _decimal(data: JsonValue) -> Plain:
    text: str = _field(data, "v", str)
    if _NO_DECIMAL.fullmatch(text):
        return float(text)
    return Decimal(_text(data, "v", _DECIMAL))


def _foreign(data: JsonValue) -> Plain:
    """A value that stayed behind in the kernel; "unsupported" and "too large" tell its type."""
    tag: str = data["t"]
    name = _field(data, "type", str) if tag in {"unsupported", "too large"} else tag
    harmless = "".join(filter(str.isprintable, name[:NAME_LENGTH]))
    return Foreign(harmless, too_large=tag == "too large")


_SCALARS: dict[str, Callable[[JsonValue], Plain]] = {
    "none": lambda _: None,
    "ellipsis": lambda _: ...,
    "bool": lambda data: bool(_field(data, "v", bool)),
    "int": _int,
    "float": _float,
    "str": _string,
    "fraction": _fraction,
    "decimal": _decimal,
}


def _field(data: JsonValue, name: str, kind: type) -> Any:
    """A field of an object, of exactly this type."""
    value = data.get(name) if type(data) is dict else None
    if type(value) is not kind:
        raise _malformed(name)
    return value


def _text(data: JsonValue, name: str, pattern: re.Pattern[str]) -> str:
    """A field of text that fits the pattern."""
    text: str = _field(data, name, str)
    if not pattern.fullmatch(text):
        raise _malformed(name)
    return text


def _malformed(what: str) -> Unreadable:
    return Unreadable(
        f"the notebook handed over something that is no value (field {what})", expected="an answer as data"
    )
