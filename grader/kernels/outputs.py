"""What a kernel prints and shows, rebuilt from the few fields that a notebook needs, and kept within limits.

A kernel belongs to its student: any field of any message may have any type, size or depth.
"""

import json
import math
import re
from itertools import groupby
from typing import Any

from grader.kernels.limits import MAX_DEPTH, MAX_MESSAGE_CHARACTERS, MAX_TRACEBACK_CHARACTERS
from grader.notebooks import clean_text
from grader.records import ANSWERS_MIME, JsonValue

Output = dict[str, Any]
OUTPUT_KINDS = ("stream", "error", "display_data", "execute_result")
"""Messages that stand for an output of a notebook."""

_MIME_TYPES = (
    "text/plain", "text/html", "text/markdown", "text/latex",
    "image/png", "image/jpeg", "image/gif", "image/svg+xml",
)  # fmt: skip
# Colours and other control sequences of terminals, and the control characters that are left.
_TERMINAL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]{0,1000}(?:\x07|\x1b\\)?|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
# Where the grader's Python is installed is nobody's business who reads a traceback.
_INSTALLED = re.compile(r"(?:/[\w.@+-]{1,100}){1,30}/(site-packages/|lib/python3\.\d+/)")


def clean(value: Any, depth: int = MAX_DEPTH) -> JsonValue:
    """The JSON value with sound text, without NaN and infinities, and cut off below a depth."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if depth == 0 and isinstance(value, list | dict):
        return "..."
    if isinstance(value, list):
        return [clean(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {clean_text(key): clean(item, depth - 1) for key, item in value.items()}
    return value


def plain_text(value: Any, most: int) -> str:
    """Text without terminal colours, its middle left out if it is longer than `most` characters; "" if it is no text."""
    if not isinstance(value, str):
        return ""
    if len(value) > 4 * most:  # colours are at most three quarters of a traceback
        value = value[: 2 * most] + value[-2 * most :]
    text = _TERMINAL.sub("", clean_text(value))
    return text if len(text) <= most else f"{text[: most // 2]}\n[...]\n{text[-(most // 2) :]}"


def error_fields(content: Any) -> dict[str, str]:
    """Name, message and traceback of an error as a kernel reports it, each plain and of bounded length."""
    content = content if isinstance(content, dict) else {}
    lines = content.get("traceback")
    traceback = "\n".join(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else ""
    return {
        "name": plain_text(content.get("ename"), MAX_MESSAGE_CHARACTERS),
        "message": plain_text(content.get("evalue"), MAX_MESSAGE_CHARACTERS),
        "traceback": _INSTALLED.sub(r"\1", plain_text(traceback, MAX_TRACEBACK_CHARACTERS)),
    }


def answers_in(message_type: Any, content: Any, variables: frozenset[str]) -> dict[str, Any]:
    """The claims about known variables in a message, or {} if it is no well-formed hand-over."""
    payload = _data(content).get(ANSWERS_MIME) if message_type == "display_data" else None
    values = payload.get("values") if isinstance(payload, dict) else None
    if not isinstance(values, dict):
        return {}
    return {name: clean(tagged) for name, tagged in values.items() if name in variables and isinstance(tagged, dict)}


def output_in(message_type: Any, content: Any) -> Output | None:
    """The notebook output that a message stands for, or None if it stands for none."""
    if not isinstance(content, dict):
        return None
    if message_type == "stream":
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        return stream(name, content["text"]) if isinstance(content.get("text"), str) else None
    if message_type == "error":
        fields = error_fields(content)
        traceback = fields["traceback"].splitlines()
        return {"output_type": "error", "ename": fields["name"], "evalue": fields["message"], "traceback": traceback}
    if message_type not in ("display_data", "execute_result"):
        return None
    data = {
        mime: clean_text(text) for mime, text in _data(content).items() if mime in _MIME_TYPES and isinstance(text, str)
    }
    return display(data) if data else None


def stream(name: str, text: str) -> Output:
    """Text printed to stdout or stderr."""
    return {"output_type": "stream", "name": name, "text": clean_text(text)}


def display(data: dict[str, Any]) -> Output:
    """Something shown; the result of a cell, too, since its number adds nothing."""
    return {"output_type": "display_data", "data": data, "metadata": {}}


def joined(outputs: list[Output]) -> list[Output]:
    """The outputs with adjacent pieces of one stream made one."""
    result: list[Output] = []
    for name, run in groupby(outputs, key=lambda output: output.get("name")):
        pieces = list(run)
        result += pieces if name is None else [stream(name, "".join(piece["text"] for piece in pieces))]
    return result


def json_bytes(value: JsonValue) -> int:
    """The size of a value as JSON."""
    return len(json.dumps(value))


def _data(content: Any) -> dict[Any, Any]:
    data = content.get("data") if isinstance(content, dict) else None
    return data if isinstance(data, dict) else {}
