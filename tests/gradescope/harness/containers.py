"""One command in a container: files in layers, of which only the topmost takes changes, and the limits of its size."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

from tests.attacks.container import bundle
from tests.attacks.worlds import worlds
from tests.gradescope.harness.sizes import Size

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MACHINES_OWN = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc")
_LAYERED = 'mount -t overlay overlay -o "$1" "$2" && exec runc run --bundle "$3" "$4"'


@dataclass(frozen=True)
class Layers:
    """The files of an image."""

    folders: tuple[Path, ...]
    """Topmost first."""
    whole: bool
    """Whether they are all that a system needs. If not, the machine's own programs are seen beside them, and cannot be changed."""


@dataclass(frozen=True)
class Place:
    """A container for one command."""

    layers: Layers
    changes: Path
    """An empty folder, which has every file afterwards that was made or changed."""
    size: Size | None = None
    network: bool = False
    """Whether it has the machine's; otherwise it has nobody but itself."""

    def run(
        self, command: Sequence[str], environment: Mapping[str, str], *, order: str = "", seconds: float
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs a command as root, to its end.

        Args:
            command: with the path of the program within the container.
            environment: of it, and no more.
            order: what it reads.
            seconds: after which the container is ended.

        Raises:
            subprocess.TimeoutExpired: it was.
        """
        name = f"autograder-{uuid4().hex[:12]}"
        with tempfile.TemporaryDirectory(prefix="container-") as folder:
            start = self._start(Path(folder), command, environment, name)
            try:
                return subprocess.run(start, input=order.encode(), capture_output=True, check=False, timeout=seconds)
            finally:
                subprocess.run(["runc", "delete", "--force", name], capture_output=True, check=False)

    def _start(self, folder: Path, command: Sequence[str], environment: Mapping[str, str], name: str) -> list[str]:
        root, work = folder / "root", self.changes.with_name(f"{self.changes.name}.work")
        work.mkdir(exist_ok=True)
        config = bundle(
            root,
            command,
            read=(),
            write=(),
            name=name,
            programs=() if self.layers.whole else _MACHINES_OWN,
            limits=self.size.limits if self.size else None,
            network=self.network,
            environment=environment,
        )
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        lower = ":".join(map(str, self.layers.folders))
        options = f"lowerdir={lower},upperdir={self.changes},workdir={work}"
        # In mounts of its own, so that none is left however this ends.
        private = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _LAYERED]
        return [*private, "sh", options, str(root), str(folder), name]


@cache
def no_containers() -> str:
    """Why this machine can run no container; empty if it can."""
    if os.geteuid() != 0:
        return "only root can start a container"
    container = next(world for world in worlds() if world.name == "container")
    if container.missing:
        return container.missing
    if shutil.which("unshare") is None:
        return "unshare is not installed"
    with tempfile.TemporaryDirectory() as name:
        below, changes = Path(name, "below"), Path(name, "changes")
        for folder in (below, changes):
            folder.mkdir()
        try:
            place = Place(Layers((below,), whole=False), changes)
            done = place.run(["/usr/bin/true"], {}, seconds=60)
        except subprocess.TimeoutExpired:
            return "a container does not end"
    return done.stderr.decode(errors="replace").strip().splitlines()[-1] if done.returncode else ""
