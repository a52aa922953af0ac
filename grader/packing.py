"""Records as compact bytes for a database, and back."""

import zlib
from collections.abc import Collection
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from grader.errors import InfrastructureError
from grader.notebooks import clean_text
from grader.records import JsonValue, Record

_QUICK = 3
"""Of zlib's nine levels: a third larger than with the best, in a third of the time."""


def packed(content: bytes) -> bytes:
    """Bytes made smaller."""
    return zlib.compress(content, _QUICK)


def unpacked(content: bytes) -> bytes:
    """The bytes as they were.

    Raises:
        InfrastructureError: they are damaged.
    """
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise InfrastructureError(
            f"the record is damaged ({error}); put back a copy of it, or grade whom it concerns again with --force --only"
        ) from error


def as_json(record: Record, without: Collection[str] = ()) -> bytes:
    """A record as JSON text in UTF-8, with everything replaced that UTF-8 or a database refuses.

    Args:
        record: any record.
        without: fields that are left out.
    """
    try:
        return record.model_dump_json(exclude=set(without)).encode()
    except PydanticSerializationError:  # a lone surrogate somewhere, which is rare
        return to_json(clean(record.model_dump(mode="json", exclude=set(without))), inf_nan_mode="strings")


def json_bytes(value: JsonValue) -> bytes:
    """Plain JSON as text in UTF-8, cleaned as `as_json` does."""
    try:
        return to_json(value, inf_nan_mode="constants")
    except PydanticSerializationError:
        return to_json(clean(value), inf_nan_mode="constants")


def clean(value: JsonValue) -> JsonValue:
    """Plain JSON with clean text everywhere, names included."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean(one) for one in value]
    if isinstance(value, dict):
        return {clean_text(name): clean(one) for name, one in value.items()}
    return value


def plain(record: Record, without: Collection[str] = ()) -> dict[str, Any]:
    """A record as plain JSON with clean text, for a column of its own."""
    dumped: dict[str, Any] = clean(record.model_dump(mode="json", exclude=set(without)))
    return dumped
