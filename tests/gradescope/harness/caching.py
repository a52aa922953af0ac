"""What takes long to get and stays the same: a Debian, and wheels. Kept in the user's cache, outside of the checkout."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from grader.gradescope.building.environment import LOCK, constraints

_SUITE = "bookworm"
_PACKAGES = "python3,python3-venv,ca-certificates"
_WAIT = 600
"""Seconds for a download."""


class Missing(Exception):  # noqa: N818 - it is what a test skips with
    """Something that this machine has not and cannot get; its text says what."""


def debian(*, get: bool = True) -> Path:
    """A Debian with Python and little else, as debootstrap makes it. Nothing may be changed in it.

    Args:
        get: whether to get it if it is not there, which takes a minute.

    Raises:
        Missing: it is not there.
    """
    place = _cache() / _SUITE
    with _locked("debian"):
        if not place.exists():
            if not get:
                raise Missing("no Debian has been got; make long gets it")
            if shutil.which("debootstrap") is None or os.geteuid() != 0:
                raise Missing("debootstrap is not installed, or not run by root")
            new = place.with_suffix(".new")
            shutil.rmtree(new, ignore_errors=True)
            _run("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", _SUITE, str(new))
            new.rename(place)
    return place


@cache
def wheels(*packages: str) -> Path:
    """A folder of wheels of the pinned environment, and of further packages, for the Python that runs here.

    Args:
        packages: with their versions: "torch==2.13.0".

    Raises:
        Missing: they cannot be got.
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    place = _cache() / "-".join(("wheels", python, *packages))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:", "-d", str(place)]
    with _locked("wheels"):
        stamp = place / "requirements.txt"
        if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            _run(*command, "-r", str(LOCK))
            if packages:
                pinned = place / "constraints.txt"
                pinned.write_bytes(constraints())
                _run(*command, "-c", str(pinned), *packages)
            stamp.write_bytes(LOCK.read_bytes())
    return place


def _cache() -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "deep-learning-grader-tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Only one of the tests that run at a time gets what is missing."""
    with (_cache() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(*command: str) -> None:
    try:
        _checked(command)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{command[0]}: {error}") from error


def _checked(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_WAIT, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Missing(f"{Path(command[0]).name} has failed: {' '.join(last)}")
