"""Machines of all kinds on this one: how a test enters the surroundings that each tier of isolation is meant for."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from uuid import uuid4

from tests.attacks.container import CAPABILITIES, bundle
from tests.attacks.docker_profile import PROFILE
from tests.attacks.watching import Report, Watch

ROOT = Path(__file__).parents[2]
_ORDINARY_USER = 61_234
"""Of no real user, and outside of every range that systems hand out."""
_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock")


@dataclass(frozen=True)
class World:
    """Surroundings for the grader."""

    name: str
    """What a test is called after."""
    tier: str
    """What `--isolation` is to be there."""
    missing: str = ""
    """Why this machine cannot have it; empty if it can."""
    user: int = 0
    docker_rights: bool = False
    refuse_namespaces: bool = False
    refuse_landlock: bool = False
    in_container: bool = False

    def run(
        self,
        folder: Path,
        command: Sequence[str],
        *,
        seconds: float,
        kill_on: str = "",
        vanish: float = 5,
        **environment: str,
    ) -> Report:
        """Runs a command to its end.

        Args:
            folder: the run's own (see `run_folder`); command.out and command.err in it are what the command printed.
            command: with the interpreter of the tests as its first word, if it is Python.
            seconds: after which it is killed.
            kill_on: the name of a file below the folder that has the command killed as soon as it is there.
            vanish: seconds that its processes may take to be gone after it.
            environment: variables beside those that every run has.
        """
        watch = replace(
            self._watch(folder, command, environment), seconds=seconds, kill_on=kill_on, seconds_to_vanish=vanish
        )
        if self.in_container:
            return _run_in_container(folder, watch)
        return _watched(folder, watch)

    def _watch(self, folder: Path, command: Sequence[str], more: Mapping[str, str]) -> Watch:
        alone = can_mount() or self.in_container
        return Watch(
            command=list(command),
            folder=str(folder),
            environment={**_environment(folder), **more},
            keep=_kept(),
            temporary=[path for path in _TEMPORARY if Path(path).is_dir()] if alone else [],
            fresh=can_mount() and not self.in_container,
            user=self.user,
            capabilities=sorted(CAPABILITIES.values()) if self.docker_rights else None,
            refuse_namespaces=self.refuse_namespaces,
            refuse_landlock=self.refuse_landlock,
            hide_cgroups=self.docker_rights,
        )


@contextmanager
def run_folder(world: World) -> Iterator[Path]:
    """A folder for one run, with a short name, home and tmp in it, that belongs to the world's user."""
    folder = Path(tempfile.mkdtemp(prefix="w-", dir="/tmp"))
    try:
        for path in (folder, folder / "home", folder / "tmp"):
            path.mkdir(exist_ok=True)
            path.chmod(0o755)
            if world.user and os.geteuid() == 0:
                os.chown(path, world.user, world.user)
        yield folder
    finally:
        shutil.rmtree(folder)


@cache
def worlds() -> tuple[World, ...]:
    """All of them, with the reason where this machine cannot have one."""
    if os.geteuid() != 0:
        return _without_root()
    if not can_mount():
        return _inside_a_container()
    return (
        World("root", "A'"),
        World("user", "A", user=_ORDINARY_USER),
        World("root-without-namespaces", "B", docker_rights=True, refuse_namespaces=True),
        World("root-without-landlock", "B'", docker_rights=True, refuse_namespaces=True, refuse_landlock=True),
        World("user-without-namespaces", "C", user=_ORDINARY_USER, refuse_namespaces=True),
        World("container", "B", missing=_no_container(), in_container=True),
    )


def _without_root() -> tuple[World, ...]:
    needs_root = "only root can enter it"
    no_users = "" if _can("confining.unshare(confining.NEW_USERS)") else "user namespaces are refused on this machine"
    return (
        World("root", "A'", needs_root),
        World("user", "A", no_users),
        World("root-without-namespaces", "B", needs_root),
        World("root-without-landlock", "B'", needs_root),
        World("user-without-namespaces", "C", refuse_namespaces=True),
        World("container", "B", needs_root),
    )


def _inside_a_container() -> tuple[World, ...]:
    no_mounts = "this root may not mount, as in a container"
    return (
        World("root", "A'", no_mounts),
        World("user", "A", no_mounts),
        World("root-without-namespaces", "B"),
        World("root-without-landlock", "B'", refuse_landlock=True),
        World("user-without-namespaces", "C", no_mounts),
        World("container", "B", no_mounts),
    )


def _no_container() -> str:
    if shutil.which("runc") is None:
        return "runc is not installed"
    if not PROFILE.exists():
        return f"{PROFILE} is not there (golang-github-containers-common)"
    return "" if platform.machine() in ("x86_64", "aarch64") else f"no profile for {platform.machine()}"


@cache
def can_mount() -> bool:
    """Whether this process may make mounts of its own."""
    return os.geteuid() == 0 and _can("confining.private_mounts()")


def _can(call: str) -> bool:
    """Whether a call of `confining` works here, tried in a process that ends with it."""
    command = [sys.executable, "-c", f"from tests.attacks import confining; {call}"]
    return subprocess.run(command, cwd=ROOT, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _kept() -> list[str]:
    """What a command needs of the machine: this checkout and its interpreter."""
    return [str(ROOT), *dict.fromkeys(os.path.realpath(path) for path in (sys.prefix, sys.base_prefix))]


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "LANG": "C.UTF-8",
        "USER": "caller",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _watched(folder: Path, watch: Watch) -> Report:
    file = folder / "watch.json"
    file.write_text(json.dumps(asdict(watch)), encoding="utf-8")
    subprocess.run(_watching(file), cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    return Report(**json.loads((folder / "report.json").read_text(encoding="utf-8")))


def _watching(file: Path) -> list[str]:
    return [sys.executable, "-m", "tests.attacks.watching", str(file)]


def _run_in_container(folder: Path, watch: Watch) -> Report:
    name = f"grader-{uuid4().hex[:12]}"
    with tempfile.TemporaryDirectory(prefix="container-") as place:
        file = folder / "watch.json"
        file.write_text(json.dumps(asdict(watch)), encoding="utf-8")
        command = ["/usr/bin/env", f"PYTHONPATH={ROOT}", *_watching(file)]
        config = bundle(Path(place) / "files", command, read=_kept(), write=[str(folder)], name=name)
        (Path(place) / "config.json").write_text(json.dumps(config), encoding="utf-8")
        subprocess.run(["runc", "run", "--bundle", place, name], stdin=subprocess.DEVNULL, check=True)
    return Report(**json.loads((folder / "report.json").read_text(encoding="utf-8")))
