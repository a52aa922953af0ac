"""Capture, as it runs in a student's kernel: after each cell, the watched variables that changed are handed over as data.

This file is sent to the kernel as text, so it imports the standard library only and nothing of the grader. Values are
known by their exact type; no method that a student can define is called on them. The tags are a contract with
`grader.answers.plain`, which decodes them, and what arrives there is still only a claim.
"""

import json
import math
import sys
from base64 import b64encode
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import EllipsisType
from typing import Any

MAX_DEPTH = 8
"""Levels of containers; no answer has more than four."""
MAX_ITEMS = 100_000
"""Items of one value, over all its levels."""
MAX_DIGITS = 400
"""Of a whole number; more than any float has."""
MAX_CHARACTERS = 10_000
"""Of one text: a long written answer."""
MAX_ARRAY_BYTES = 256 * 1024
"""Of one array: a path of 16 000 points in the plane, in float64."""
MAX_VALUE_BYTES = 512 * 1024
"""Of one encoded value as JSON; base64 makes the largest array 342 KiB."""
MAX_MESSAGE_BYTES = 2 * 1024 * 1024 - 64 * 1024
"""Of one hand-over, a little less than the grader accepts."""

Tagged = dict[str, Any]
_DTYPES = frozenset(
    ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64")
)  # by name, whatever the byte order
_NUMPY_SCALARS = "?bBhHiIlLqQefd"


class _TooLarge(Exception):  # noqa: N818 - no error: the value is described instead of sent
    """The value exceeds a limit."""


def encode(value: object) -> Tagged:
    """The tagged encoding of any object; never raises, and costs little however large the object is."""
    try:
        tagged = _Encoder().encode(value, 0)
    except _TooLarge:
        return _too_large(value)
    except BaseException:  # noqa: BLE001 - a library that fails on its own object must not disturb the cell
        return {"t": "unsupported", "type": _type_name(value)}
    return tagged if len(json.dumps(tagged)) <= MAX_VALUE_BYTES else _too_large(value)


class _Encoder:
    """Encodes one value, counting its items."""

    def __init__(self) -> None:
        self.items = 1

    def encode(self, value: Any, depth: int) -> Tagged:
        kind = type(value)
        if kind in _SCALARS:
            tagged: Tagged = _SCALARS[kind](value)
            return tagged
        if kind in (list, tuple, set):
            return {"t": kind.__name__, "v": self.several(value, depth)}
        if kind in (dict, OrderedDict, defaultdict):
            return {"t": "dict", "v": [self.several(pair, depth) for pair in value.items()]}
        if _is(kind, "pandas", "DataFrame"):
            return self.frame(value, depth)
        plainer = _plainer(value)
        return _library_value(value) if plainer is None else self.encode(plainer, depth)

    def several(self, values: Any, depth: int) -> list[Tagged]:
        if depth == MAX_DEPTH:
            raise _TooLarge
        self.items += len(values)
        if self.items > MAX_ITEMS:
            raise _TooLarge
        return [self.encode(item, depth + 1) for item in values]

    def frame(self, frame: Any, depth: int) -> Tagged:
        if frame.size + len(frame) + len(frame.columns) > MAX_ITEMS:
            raise _TooLarge
        columns = [frame.iloc[:, position].tolist() for position in range(len(frame.columns))]
        return {
            "t": "frame",
            "columns": self.several(frame.columns.tolist(), depth),
            "index": self.several(frame.index.tolist(), depth),
            "rows": [self.several([column[row] for column in columns], depth) for row in range(len(frame))],
        }


def _library_value(value: Any) -> Tagged:
    """numpy, torch and everything else, as far as the student imported it."""
    kind = type(value)
    if _is(kind, "numpy", "ndarray") or _is_numpy_scalar(kind):
        return _array(value)
    if _is(kind, "torch", "Tensor") or _is(kind, "torch.nn", "Parameter"):
        return _tensor(value)
    if _is(kind, "torch", "Size"):
        return {"t": "size", "v": [int(length) for length in value]}
    return {"t": "unsupported", "type": _type_name(value)}


def _plainer(value: Any) -> Any:
    """A series as a frame; an index, a numpy text and an array of texts as plain Python; None for everything else."""
    kind = type(value)
    if _is(kind, "pandas", "Series"):
        return value.to_frame()
    if _is(kind, "pandas", "Index") or _is(kind, "pandas", "RangeIndex"):
        return _listed(value)
    is_of_numpy = _is(kind, "numpy", "ndarray") or _is(kind, "numpy", "str_")
    return _listed(value) if is_of_numpy and value.dtype.kind == "U" else None


def _listed(value: Any) -> Any:
    """What `tolist` gives; measured before, since a view or a range may claim a size that nobody has memory for."""
    # A size of 0 would hide the lists around it: a shape (10**6, 10**6, 0).
    if math.prod(max(size, 1) for size in value.shape) > MAX_ITEMS:
        raise _TooLarge
    if value.dtype.kind == "U" and value.nbytes > MAX_ARRAY_BYTES:
        raise _TooLarge
    return value.tolist()


def _array(array: Any) -> Tagged:
    if array.dtype.name not in _DTYPES:
        return {"t": "unsupported", "type": _type_name(array)}
    if (
        array.nbytes > MAX_ARRAY_BYTES or array.size > MAX_ITEMS
    ):  # before any copy: a view may claim a size that nobody has memory for
        raise _TooLarge
    little_endian = array.astype(array.dtype.newbyteorder("<"))
    data = b64encode(little_endian.tobytes("C")).decode("ascii")
    return {"t": "array", "dtype": array.dtype.name, "shape": list(array.shape), "data": data}


def _tensor(tensor: Any) -> Tagged:
    torch = sys.modules["torch"]
    if tensor.layout is not torch.strided or tensor.is_meta or tensor.is_quantized:
        return {"t": "unsupported", "type": _type_name(tensor)}
    if tensor.numel() > MAX_ARRAY_BYTES:  # each has a byte at least
        raise _TooLarge
    if tensor.dtype is torch.bfloat16:  # numpy has none
        tensor = tensor.float()
    return _array(tensor.numpy(force=True))


def _integer(value: int) -> Tagged:
    return {"t": "int", "v": _digits(value)}


def _digits(value: int) -> str:
    if value.bit_length() > 4 * MAX_DIGITS:  # before str(), which takes the square of the length
        raise _TooLarge
    return _text(str(value), MAX_DIGITS + (value < 0))


def _text(text: str, most: int = MAX_CHARACTERS) -> str:
    """The text, without the lone surrogates which no message can carry."""
    if len(text) > most:
        raise _TooLarge
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_SCALARS: dict[type, Any] = {
    type(None): lambda _: {"t": "none"},
    EllipsisType: lambda _: {"t": "ellipsis"},
    bool: lambda value: {"t": "bool", "v": value},
    int: _integer,
    float: lambda value: {"t": "float", "v": value.hex()},  # of the special values: "inf", "-inf", "nan"
    complex: lambda value: {"t": "complex", "re": value.real.hex(), "im": value.imag.hex()},
    str: lambda value: {"t": "str", "v": _text(value)},
    Fraction: lambda value: {"t": "fraction", "n": _digits(value.numerator), "d": _digits(value.denominator)},
    Decimal: lambda value: {"t": "decimal", "v": _text(str(value), MAX_DIGITS)},
}


def _is(kind: type, module: str, name: str) -> bool:
    """Whether it is that very class. Looked up among what is imported, so that nothing is imported for it."""
    return kind is getattr(sys.modules.get(module), name, None)


def _is_numpy_scalar(kind: type) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and any(kind is numpy.dtype(code).type for code in _NUMPY_SCALARS)


def _too_large(value: object) -> Tagged:
    return {"t": "too large", "type": _type_name(value)}


def _type_name(value: object) -> str:
    """Where the class says it comes from, read past any metaclass."""
    kind = type(value)
    parts = (type.__dict__["__module__"].__get__(kind), type.__dict__["__qualname__"].__get__(kind))
    name = ".".join(part if type(part) is str else "?" for part in parts)
    return _text(name.removeprefix("builtins.")[:MAX_DIGITS])


class Capture:
    """Hands over watched variables as they change.

    Args:
        shell: IPython's shell.
        mime: the type under which the values are published.
        variables: the names to watch.
        describers: by variable, what describes values that no encoding has; None where it finds nothing to describe.
    """

    def __init__(
        self,
        shell: Any,
        mime: str,
        variables: Sequence[str],
        describers: Mapping[str, Callable[[object], Tagged | None]] | None = None,
    ) -> None:
        self.shell, self.mime, self.variables = shell, mime, variables
        self.describers = describers or {}
        self.sent: dict[str, str] = {}

    def install(self) -> None:
        """Have every cell followed by a hand-over, also one that fails or is interrupted."""
        self.shell.events.register("post_run_cell", self.after_cell)

    def after_cell(self, _result: object) -> None:
        """Publish what changed, as messages that belong to the cell; whatever goes wrong stays in here.

        What needs code of the student to be described comes last, so that it cannot keep the rest back.
        """
        plain = [name for name in self.variables if name not in self.describers]
        self._hand_over(plain)
        self._hand_over([name for name in self.variables if name in self.describers])

    def _hand_over(self, names: Sequence[str]) -> None:
        try:
            changed = self.changed(names)
            if changed:
                self.shell.display_pub.publish({self.mime: {"values": changed}})
                self.sent.update((name, json.dumps(tagged)) for name, tagged in changed.items())
        except BaseException:  # noqa: BLE001, S110 - the student's cell did nothing wrong
            pass

    def changed(self, names: Sequence[str]) -> dict[str, Tagged]:
        """The encodings, of these variables, which differ from the last ones handed over."""
        values: dict[str, Tagged] = {}
        budget = MAX_MESSAGE_BYTES
        for name in names:
            if name not in self.shell.user_ns:
                continue
            value = self.shell.user_ns[name]
            describe = self.describers.get(name)
            tagged = (describe(value) if describe else None) or encode(value)
            text = json.dumps(tagged)
            if text != self.sent.get(name):
                values[name] = tagged if len(text) <= budget else _too_large(value)
                budget -= len(text) if len(text) <= budget else 0
        return values
