"""What is wrong with an archive before it is uploaded. Of anybody's autograder; of one of ours, also what is inside."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from grader.errors import InputError
from grader.gradescope.building.archive import SCRIPTS
from grader.gradescope.building.zip_reading import DAMAGES, is_damaged
from grader.gradescope.examining.checking_course import course_findings
from grader.gradescope.examining.checking_names import name_findings, unsafe_findings
from grader.gradescope.examining.checking_replay import is_replay, replay_findings
from grader.gradescope.examining.findings import Finding, error, warning
from grader.gradescope.manifest import MANIFEST

MOST_BYTES = 100 * 1000**2
"""Beyond this an upload may fail or take long."""
MOST_UNPACKED = 4 * 1000**3
"""Bytes; beyond this nothing is unpacked here. Wheels of torch with CUDA come near."""
_BOM = b"\xef\xbb\xbf"
_WITH_ADDRESSES = {"packages.txt", "requirements.txt"}
_PASSWORD = re.compile(rb"https?://[^/\s]*@")
_UNIX, _EXECUTABLE = 3, 0o111
_AGAIN = "build it again with grader gradescope build"


def check_archive(path: Path) -> list[Finding]:
    """Everything that is wrong with an archive, errors first.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            found = list(_of_file(file, path))
    except OSError as trouble:
        raise InputError(f"{path} cannot be read: {trouble.strerror}") from trouble
    return sorted(found, key=lambda one: not one.serious)


def _of_file(file: BinaryIO, path: Path) -> Iterator[Finding]:
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGES:
        yield error(path.name, f"is no zip archive, or is damaged; {_AGAIN}")
        return
    with archive:
        yield from _findings(archive, path)


def _findings(archive: zipfile.ZipFile, path: Path) -> Iterator[Finding]:
    entries = archive.infolist()
    files = {entry.filename: entry for entry in entries if not entry.is_dir()}
    unsafe = list(unsafe_findings(entries))
    yield from unsafe
    yield from name_findings([entry.orig_filename for entry in entries])
    if (size := path.stat().st_size) > MOST_BYTES:
        yield warning(
            path.name, f"has {size // 1000**2} MB, which may take long to upload; without wheels it is smaller"
        )
    if unreadable := _unreadable(archive, path):
        yield unreadable
        return
    yield from _scripts(archive, files)
    yield from _passwords(archive, files)
    if MANIFEST in files and not unsafe:
        yield from course_findings(archive, files)
    elif is_replay(files):
        yield from replay_findings(archive, files)
    elif not any(name.rpartition("/")[2] == MANIFEST for name in files):
        yield warning(
            MANIFEST,
            "is missing: this is not one of our archives, of which only what holds for every autograder is checked",
        )


def _unreadable(archive: zipfile.ZipFile, path: Path) -> Finding | None:
    """Why its content is not looked at."""
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        return error(path.name, "is encrypted, which Gradescope cannot read; pack it without a password")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        return error(path.name, f"has more than {MOST_UNPACKED // 1000**3} GB when it is unpacked; {_AGAIN}")
    if damaged := next((entry for entry in entries if is_damaged(archive, entry)), None):
        return error(damaged.filename, f"is damaged; {_AGAIN}")
    return None


def _passwords(archive: zipfile.ZipFile, files: Mapping[str, zipfile.ZipInfo]) -> Iterator[Finding]:
    for name in _WITH_ADDRESSES & files.keys():
        if _PASSWORD.search(archive.read(name)):
            yield error(
                name,
                "has a name or a password in the address of an index; leave it out, and revoke it if it was uploaded",
            )


def _scripts(archive: zipfile.ZipFile, files: Mapping[str, zipfile.ZipInfo]) -> Iterator[Finding]:
    """What keeps Gradescope from running the two scripts of every autograder."""
    for name in SCRIPTS:
        if name in files:
            yield from _script(files[name], archive.read(name))
        elif deeper := next((one for one in files if one.count("/") == 1 and one.endswith(f"/{name}")), None):
            folder = deeper.removesuffix(name)
            yield error(name, f"lies in {folder}: the folder was packed instead of its files; pack what is inside it")
        else:
            yield error(name, f"is missing, and without it nothing is graded; {_AGAIN}")


def _script(entry: zipfile.ZipInfo, content: bytes) -> Iterator[Finding]:
    name, first = entry.filename, content.removeprefix(_BOM).split(b"\n", 1)[0].rstrip()
    program = first.removeprefix(b"#!").strip()
    if content.startswith(_BOM):
        yield error(name, "begins with a byte order mark, behind which #! is not seen; save it as UTF-8 without one")
    if not first.startswith(b"#!") or not program.startswith(b"/"):
        yield error(name, "names no program in its first line; it has to be #!/usr/bin/env bash")
    elif not program.endswith((b"sh", b"python3")):
        words = program.decode(errors="replace")
        yield warning(
            name, f"is run by {words!r}, which the base image may not have; #!/usr/bin/env bash is in all of them"
        )
    if b"\r" in content:
        yield error(name, "has line ends of Windows (CR LF), with which it may not run; save it with LF")
    if entry.create_system == _UNIX and not entry.external_attr >> 16 & _EXECUTABLE:
        yield warning(name, f"may not be executed; chmod +x {name} before it is packed")
