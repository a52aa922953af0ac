"""What Gradescope's documentation says about results.json, as a schema, and what else has to hold for it.

Source: gradescope-autograders.readthedocs.io, "Autograder specifications". Written without a look at how the grader makes the file,
so that a mistake there shows.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

MOST_CHARACTERS = 100_000
"""What is longer is cut in its middle."""
_CENT = Decimal("0.005")
_FORMATS = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
_VISIBILITIES = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
_TEXT = {"type": "string", "maxLength": MOST_CHARACTERS}
_EXTRA = {"type": "object"}
_TEST = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "max_score": {"type": "number"},
        "status": {"enum": ["passed", "failed"]},
        "name": _TEXT,
        "name_format": _FORMATS,
        "number": {"type": "string"},
        "output": _TEXT,
        "output_format": _FORMATS,
        "tags": {"type": "array", "items": {"type": "string"}},
        "visibility": _VISIBILITIES,
        "extra_data": _EXTRA,
    },
    "dependentRequired": {"score": ["max_score"], "max_score": ["score"]},
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number", "minimum": 0},
        "execution_time": {"type": "number", "minimum": 0},
        "output": _TEXT,
        "output_format": _FORMATS,
        "test_output_format": _FORMATS,
        "test_name_format": _FORMATS,
        "visibility": _VISIBILITIES,
        "stdout_visibility": _VISIBILITIES,
        "extra_data": _EXTRA,
        "tests": {"type": "array", "items": _TEST},
        "leaderboard": {"type": "array"},
    },
    "required": ["score"],
}
_ALLOWED = frozenset(
    [
        "p",
        "pre",
        "code",
        "strong",
        "em",
        "ul",
        "ol",
        "li",
        "br",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "h1",
        "h2",
        "h3",
        "h4",
        "span",
        "div",
    ]
)
_WITHOUT_END = frozenset(["br"])


def troubles(raw: bytes, points: float | None = None) -> list[str]:
    """What is wrong with a results.json.

    Args:
        raw: the file.
        points: what was typed as the assignment's autograder points; None if nothing was graded, so that nothing adds up.
    """
    try:
        results = json.loads(raw.decode("utf-8"), parse_constant=_refused)
    except (UnicodeDecodeError, ValueError) as error:
        return [f"no JSON: {error}"]
    found = [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(SCHEMA).iter_errors(results)]
    return found or [*_of_text(results), *_of_points(results, points), *_of_order(results)]


def _refused(name: str) -> None:
    raise ValueError(f"{name} is no number that Gradescope takes")


def _of_text(results: Mapping[str, Any]) -> Iterator[str]:
    for place in (results, *results.get("tests", ())):
        text = place.get("output", "")
        if "\0" in text or "\r" in text:
            yield f"{place.get('name', 'output')}: has NUL or a carriage return"
        if place.get("output_format") == "html":
            yield from (f"{place.get('name', 'output')}: {trouble}" for trouble in Markup(text).troubles)


def _of_points(results: Mapping[str, Any], points: float | None) -> Iterator[str]:
    tests = results.get("tests", ())
    earned = sum((Decimal(str(test["score"])) for test in tests if "score" in test), Decimal(0))
    if abs(earned - Decimal(str(results["score"]))) > _CENT:
        yield f"the scores add up to {earned}, not to {results['score']}"
    worth = sum((Decimal(str(test["max_score"])) for test in tests if "score" in test), Decimal(0))
    if points is not None and worth - Decimal(str(points)) > _CENT:
        yield f"the entries are worth {worth}, more than {points}"
    pending = [test for test in tests if "score" not in test and "pending" in test["name"]]
    if points is not None and not pending and Decimal(str(points)) - worth > _CENT:
        yield f"the entries are worth {worth}, less than {points}, and nothing is pending"


def _of_order(results: Mapping[str, Any]) -> Iterator[str]:
    numbers = [test["number"] for test in results.get("tests", ()) if "number" in test]
    if numbers != sorted(numbers):
        yield f"numbers do not sort as text: {numbers}"
    if len(set(numbers)) < len(numbers):
        yield f"numbers occur twice: {numbers}"


class Markup(HTMLParser):
    """What is wrong with some HTML: elements and attributes that nobody expects, and elements that are not closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.troubles: list[str] = []
        self.words = ""
        """What a reader sees."""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.troubles += [f"<{tag}> is not closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ALLOWED:
            self.troubles.append(f"<{tag}> is not for students' texts")
        self.troubles += [f"<{tag} {name}>" for name, _ in attrs]
        if tag not in _WITHOUT_END:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.troubles.append(f"</{tag}> closes another element")

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.troubles.append(f"a comment: {data[:50]}")
