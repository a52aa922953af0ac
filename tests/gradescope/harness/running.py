"""One submission as Gradescope grades it: a fresh container of the image, and what comes out of it."""

import base64
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.gradescope.harness.containers import PATH, Place
from tests.gradescope.harness.images import INSIDE, Image, plain_environment
from tests.gradescope.harness.schema import Markup
from tests.gradescope.harness.sizes import SMALLEST, Size

_MORE_SECONDS = 60
"""Than the timeout, for the container itself."""
_EXPECTED = ("autograder/results", "autograder/submission", "autograder/submission_metadata.json")
_AROUND = {
    "SUBMISSION_URL": "https://www.gradescope.invalid/submissions/1",
    "SUBMIT_RESULTS_URL": "https://www.gradescope.invalid/submissions/1/results",
    "ASSET_HOST": "https://assets.gradescope.invalid",
    "BASIC_AUTH": "made-up:not-a-password",
    "HOME": "/root",
    "PATH": PATH,
}


@dataclass(frozen=True)
class Submission:
    """What is handed in, and how it is graded."""

    files: Mapping[str, bytes]
    metadata: str | None = "{}"
    """None if there is no such file."""
    size: Size = SMALLEST
    seconds: float = 600
    """The timeout of the assignment."""
    listen: bool = False
    """Whether the harness has ports and sockets open that ought to hear nothing."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Of the environment, besides those that Gradescope sets."""


@dataclass(frozen=True)
class Ran:
    """What became of a submission."""

    status: int
    in_time: bool
    seconds: float
    raw: bytes | None
    """results.json; None if there is none."""
    stdout: str
    processes: tuple[str, ...]
    """Command lines of those that outlived the run."""
    changed: tuple[str, ...]
    """Files of the image that were made, changed or removed by the run, besides those that it is for; none are known without a container."""
    heard: tuple[str, ...]
    peak: int
    """The most memory that was taken, in bytes; 0 if nobody counted."""

    @cached_property
    def results(self) -> dict[str, Any]:
        """results.json."""
        assert self.raw is not None, self.stdout
        found: dict[str, Any] = json.loads(self.raw)
        return found

    @property
    def outcomes(self) -> dict[str, str]:
        """Outcome by part."""
        return {part: str(data["outcome"]) for part, data in self._data()}

    @property
    def findings(self) -> dict[str, str]:
        """Finding by part."""
        return {part: str(data["finding"]).partition(":")[2] for part, data in self._data()}

    def _data(self) -> Iterator[tuple[str, Any]]:
        for entry in self.results["tests"]:
            data = entry.get("extra_data", {})
            if "part" in data:
                yield data["part"].partition(".")[2], data

    @property
    def told(self) -> str:
        """All that a student reads."""
        texts = [self.results["output"], *(test.get("output", "") for test in self.results.get("tests", ()))]
        return "\n".join(Markup(text).words for text in texts)


class Killed(AssertionError):  # noqa: N818 - it says what happened
    """The harness itself was killed, as it is where a container takes too much memory."""


def graded(image: Image, submission: Submission, folder: Path) -> Ran:
    """Grades a submission.

    Args:
        image: which was built.
        submission: to be graded.
        folder: an empty one, for what is changed.

    Raises:
        Killed: there is nothing to report.
    """
    if image.layers is None:
        return _report(_in_plain_folders(image, submission), ())
    changes = folder / "changes"
    changes.mkdir(parents=True)
    environment = {**_AROUND, "TIMEOUT_SECONDS": f"{submission.seconds:g}", **submission.variables}
    done = Place(image.layers, changes, submission.size).run(
        ["/usr/bin/python3", "-I", f"/{INSIDE}"],
        environment,
        order=_order(submission, "/autograder", environment),
        seconds=submission.seconds + _MORE_SECONDS,
    )
    return _report(done, tuple(sorted(_changed(changes, image.layers.folders))))


def _in_plain_folders(image: Image, submission: Submission) -> subprocess.CompletedProcess[bytes]:
    environment = {**_AROUND, "HOME": str(image.folder), **plain_environment(image.folder)}
    environment |= {"TIMEOUT_SECONDS": f"{submission.seconds:g}", **submission.variables}
    return subprocess.run(
        [sys.executable, "-I", image.folder / INSIDE],
        input=_order(submission, str(image.folder / "autograder"), environment).encode(),
        capture_output=True,
        check=False,
        timeout=submission.seconds + _MORE_SECONDS,
    )


def _order(submission: Submission, folder: str, environment: Mapping[str, str]) -> str:
    return json.dumps(
        {
            "folder": folder,
            "files": {name: base64.b64encode(content).decode() for name, content in submission.files.items()},
            "metadata": submission.metadata,
            "environment": dict(environment),
            "seconds": submission.seconds,
            "listen": submission.listen,
        }
    )


def _report(done: subprocess.CompletedProcess[bytes], changed: tuple[str, ...]) -> Ran:
    if done.returncode:
        raise Killed(f"the harness ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    told = json.loads(done.stdout)
    return Ran(
        status=told["status"],
        in_time=told["in_time"],
        seconds=told["seconds"],
        raw=None if told["results"] is None else base64.b64decode(told["results"]),
        stdout=base64.b64decode(told["stdout"] or "").decode(errors="replace"),
        processes=tuple(told["processes"]),
        changed=changed,
        heard=tuple(told["heard"]),
        peak=told["peak"],
    )


def _changed(changes: Path, below: Sequence[Path]) -> Iterator[str]:
    """The files of a topmost layer, and the folders that no other layer has."""
    for parent, folders, files in os.walk(changes):
        names = [os.path.relpath(Path(parent, name), changes) for name in (*files, *folders)]
        folders[:] = [name for name in folders if os.path.relpath(Path(parent, name), changes) not in _EXPECTED]
        for name in names:
            old = next((folder / name for folder in below if os.path.lexists(folder / name)), None)
            if name not in _EXPECTED and (old is None or _is_other(changes / name, old)):
                yield name


def _is_other(new: Path, old: Path) -> bool:
    """Whether a file is another one now. That others may do less with it than before is no change."""
    mine, before = new.lstat(), old.lstat()
    if stat.S_IFMT(mine.st_mode) != stat.S_IFMT(before.st_mode) or mine.st_uid != before.st_uid:
        return True
    more_rights = stat.S_IMODE(mine.st_mode) & ~stat.S_IMODE(before.st_mode)
    return bool(more_rights) or (stat.S_ISREG(mine.st_mode) and new.read_bytes() != old.read_bytes())
