"""An image as Gradescope builds it from an archive."""

import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.gradescope.harness import caching, inside
from tests.gradescope.harness.containers import PATH, Layers, Place, no_containers

INSIDE = "autograder/harness.py"
_SCRIPTS = ("setup.sh", "run_autograder")
_TEMPORARY = ("tmp", "var/tmp")
_MOST_SECONDS = 1800


@dataclass(frozen=True)
class Base:
    """What an image is built on."""

    layers: Layers | None
    """None for plain folders without a container."""
    note: str
    """What it is, and why it is nothing better."""


@dataclass(frozen=True)
class Image:
    """What a build has made."""

    base: Base
    folder: Path
    """The root of the files that it added."""
    status: int
    """Exit code of setup.sh."""
    log: str
    seconds: float

    @property
    def layers(self) -> Layers | None:
        """For a container of it."""
        if self.base.layers is None:
            return None
        return Layers((self.folder, *self.base.layers.folders), self.base.layers.whole)

    @property
    def size(self) -> int:
        """Bytes that it added to its base."""
        return sum(path.lstat().st_size for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink())


def best_base(folder: Path, *, get: bool) -> Base:
    """The base that comes nearest to Gradescope's on this machine.

    Args:
        folder: an empty one, which may become part of it.
        get: whether to get a Debian if there is none yet.
    """
    if why := no_containers():
        return Base(None, f"plain folders without a container, for {why}")
    try:
        return Base(Layers((caching.debian(get=get),), whole=True), "a Debian of its own in a container")
    except caching.Missing as error:
        for name in ("root", *_TEMPORARY):
            (folder / name).mkdir(parents=True)
            (folder / name).chmod(0o700 if name == "root" else 0o1777)
        return Base(Layers((folder,), whole=False), f"this machine's own programs in a container, for {error}")


def build(
    base: Base, archive: bytes, folder: Path, *, network: bool = False, environment: Mapping[str, str] | None = None
) -> Image:
    """Builds an image, whether or not its setup.sh succeeds.

    Args:
        base: to build it on.
        archive: the zip file that was uploaded.
        folder: an empty one, for the image.
        network: whether the build has one.
        environment: of setup.sh, besides PATH and HOME.
    """
    autograder = folder / "autograder"
    source = autograder / "source"
    source.mkdir(parents=True)
    _unpack(archive, source)
    for name in _SCRIPTS:
        _made_runnable(source / name)
    shutil.copy2(source / "run_autograder", autograder / "run_autograder")
    shutil.copy2(inside.__file__, folder / INSIDE)
    started = monotonic()
    done = _set_up(base, folder, environment or {}, network=network)
    for name in _TEMPORARY:
        shutil.rmtree(folder / name, ignore_errors=True)
    log = (done.stdout + done.stderr).decode(errors="replace")
    return Image(base, folder, done.returncode, log, monotonic() - started)


def plain_environment(folder: Path) -> dict[str, str]:
    """What the scripts of an image are told where there is no container."""
    return {
        "PATH": f"{Path(sys.base_prefix, 'bin')}:{os.environ['PATH']}",
        "DEEP_LEARNING_GRADER_PREFIX": f"{folder / 'opt'}",
    }


def _unpack(archive: bytes, source: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(source)


def _made_runnable(script: Path) -> None:
    """What dos2unix and chmod do."""
    script.write_bytes(script.read_bytes().replace(b"\r\n", b"\n"))
    script.chmod(0o755)


def _set_up(base: Base, folder: Path, more: Mapping[str, str], *, network: bool) -> subprocess.CompletedProcess[bytes]:
    if base.layers is None:
        environment = {"HOME": str(folder), **plain_environment(folder), **more}
        return subprocess.run(
            ["bash", "setup.sh"],
            cwd=folder / "autograder" / "source",
            env=environment,
            capture_output=True,
            check=False,
            timeout=_MOST_SECONDS,
        )
    place = Place(base.layers, folder, network=network)
    start = ["/bin/bash", "-c", "cd /autograder/source && exec bash setup.sh 2>&1"]
    return place.run(start, {"PATH": PATH, "HOME": "/root", **more}, seconds=_MOST_SECONDS)
