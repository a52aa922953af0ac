"""Hands out results that were computed elsewhere. Goes into a replay archive as it is, and runs there on the system's own Python.

Python 3.8 and its standard library only: nothing is installed in such a container, and no code of a student runs in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_BYTES = 64 * 1024**2
"""Of a file that is compared with what was graded; what the grader looks at."""
_NONE = (
    "<p><strong>Not graded yet</strong></p><p>There is no result for you here. That is no fault of yours and costs you nothing: "
    "this assignment is graded on the course's own machines, and what you handed in may have come after that. Ask the course staff if it stays so.</p>"
)
_OTHER = (
    "<p><strong>This is the result of a notebook that you handed in before.</strong> What you have handed in now is another file, which is not "
    "graded yet.</p>"
)


def main(folder: Path) -> int:
    """Write results.json for the submission in a folder shaped like /autograder.

    Returns:
        The exit code: 0 if there was a result.
    """
    index = json.loads((folder / "source" / "index.json").read_text(encoding="utf-8"))
    metadata = _metadata(folder / "submission_metadata.json")
    numbers = found(metadata, index["students"])
    if len(numbers) != 1:
        what = f"different results, {', '.join(sorted(numbers))}," if numbers else "no result"
        print(what, "for", ", ".join(keys_of(metadata)) or "a submission without metadata", file=sys.stderr)
        _write(folder, {"score": 0, "output": _NONE, "output_format": "html", "extra_data": {"fault": True}})
        return 1
    (number,) = numbers
    results = json.loads((folder / "source" / "results" / f"{number}.json").read_text(encoding="utf-8"))
    graded = index["files"].get(number)
    if graded and graded not in set(_digests(folder / "submission")):
        results["output"] = _OTHER + results["output"]
        results.setdefault("extra_data", {})["other_file"] = True
    print("result", number, "of", index["homework"])
    _write(folder, results)
    return 0


def found(metadata: dict[str, Any], students: dict[str, str]) -> set[str]:
    """The results of a submission: its own, or else those of everybody who handed it in, which are to be the same."""
    own = students.get(key_of("submission", metadata.get("id")))
    if own:
        return {own}
    every = (next((students[key] for key in _keys_of(user) if key in students), None) for user in _people(metadata))
    return {number for number in every if number}


def keys_of(metadata: dict[str, Any]) -> list[str]:
    """Everything under which a submission is looked for, for the staff."""
    keys = [key_of("submission", metadata.get("id")), *(key for user in _people(metadata) for key in _keys_of(user))]
    return [key for key in keys if key]


def key_of(kind: str, value: object) -> str:
    """A key of the index: of the kinds "submission", "email", "sid" and "name"; empty if there is no value."""
    text = " ".join(str(value).split()) if isinstance(value, (str, int)) else ""
    return f"{kind}:{unicodedata.normalize('NFC', text).casefold()}" if text else ""


def _people(metadata: dict[str, Any]) -> list[dict[str, Any]]:
    users = metadata.get("users")
    return [user for user in users if isinstance(user, dict)] if isinstance(users, list) else []


def _keys_of(user: dict[str, Any]) -> list[str]:
    """Of one student, the surest first."""
    return [key_of(kind, user.get(kind)) for kind in ("email", "sid", "name")]


def _metadata(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(file.read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _digests(folder: Path) -> Iterator[str]:
    """Of every file that was handed in, whatever it is called. Links are not followed."""
    for place, _, names in os.walk(str(folder)):
        for name in names:
            file = Path(place, name)
            if file.is_file() and not file.is_symlink():
                with file.open("rb") as opened:
                    yield hashlib.sha256(opened.read(MOST_BYTES)).hexdigest()


def _write(folder: Path, results: dict[str, Any]) -> None:
    new = folder / "results" / "results.json.new"
    new.write_text(json.dumps(results, allow_nan=False), encoding="utf-8")
    new.replace(folder / "results" / "results.json")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
