"""What the names in an archive tell: what is unsafe to unpack, and what does not belong into an autograder."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from stat import S_ISLNK

from grader.gradescope.examining.findings import Finding, error, warning
from grader.some_of_many import some

_UNSAFE = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)|\\|\0")
_SECRET = re.compile(
    r"(^|/)(\.env(\..*)?|\.netrc|\.pypirc|\.npmrc|id_(rsa|dsa|ecdsa|ed25519)|[^/]*\.(pem|key|p12|pfx)"
    r"|([^/]*[_.-])?token(\.(txt|json))?|credentials(\.[^/]*)?|kaggle\.json)$",
    re.IGNORECASE,
)
_PROGRAM = re.compile(r"^(grader|wheels)/")
"""Of ours, in which such a name means nothing."""
_LITTER = re.compile(
    r"(^|/)(__MACOSX|\.DS_Store|Thumbs\.db|__pycache__|\.git|\.venv|\.ipynb_checkpoints|\.(mypy|pytest|ruff)_cache)(/|$)"
)
_OF_STUDENTS = re.compile(r"(^|/)(expected\.toml|gradebook\.csv|grade\.json|record\.sqlite)$|(^|/)submissions?/")
_NOTEBOOK = re.compile(r"\.ipynb$")
MOST_NAMED = 3
"""Files of which the same is to be said."""


def unsafe_findings(entries: Sequence[zipfile.ZipInfo]) -> Iterator[Finding]:
    """What must not be unpacked."""
    for entry in entries:
        if _UNSAFE.search(entry.orig_filename):
            yield error(
                entry.orig_filename, "leads out of the archive, or is a path of Windows; pack it again as folder/file"
            )
        elif S_ISLNK(entry.external_attr >> 16):
            yield error(entry.orig_filename, "is a link, which leads elsewhere in the container; pack the file itself")
    for name, times in Counter(entry.orig_filename for entry in entries).items():
        if times > 1:
            yield error(name, f"is there {times} times, so that it is chance which is used; pack the archive again")


def is_told_of(name: str) -> bool:
    """Whether `name_findings` has something to say of a name."""
    return bool(_LITTER.search(name) or any(one.search(name) for one in (_SECRET, _OF_STUDENTS, _NOTEBOOK)))


def name_findings(names: Sequence[str]) -> Iterator[Finding]:
    """What is no part of an autograder."""
    for name in (name for name in names if not _PROGRAM.search(name)):
        if _SECRET.search(name):
            yield error(name, "looks like a secret; leave it out, and revoke it if it was uploaded")
        elif _OF_STUDENTS.search(name):
            yield error(name, "looks like work or results of students, which grading does not need; leave it out")
        elif _NOTEBOOK.search(name):
            yield warning(name, "is a notebook; leave it out if it is a student's or has answers")
    litter = [name for name in names if _LITTER.search(name)]
    if litter:
        yield warning(some(litter, MOST_NAMED), "is left over from an editor, a system or a cache; leave it out")
