"""Runs one command in a world and tells what became of it and what it left behind: python -m tests.attacks.watching FILE.

FILE is a `Watch` as JSON. Every process that the command starts, however far it runs, stays a descendant of this one, and
folders for temporary files are fresh, so that what is left at the end is left by the command.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic, sleep

from tests.attacks import confining

_SECONDS_BETWEEN_LOOKS = 0.05
_CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Watch:
    """A command and the world it is to run in."""

    command: list[str]
    folder: str
    """The run's own: its user owns it, and the output of the command and the report go there."""
    environment: dict[str, str]
    keep: list[str]
    """Paths that have to be there for the command, such as those of its interpreter."""
    temporary: list[str]
    """Where to look for files that were left, besides TMPDIR."""
    fresh: bool
    """Whether to put fresh folders over these first, which takes root."""
    user: int = 0
    capabilities: list[int] | None = None
    refuse_namespaces: bool = False
    refuse_landlock: bool = False
    hide_cgroups: bool = False
    seconds: float = 60
    """After which the command is killed."""
    kill_on: str = ""
    """A file below the folder: as soon as it is there, the command itself is killed."""
    seconds_to_vanish: float = 5
    """How long processes may take to be gone after the command; what kills them needs a processor."""


@dataclass
class Report:
    """What became of a command."""

    status: int = 0
    """Its exit code, negative for a signal."""
    seconds: float = 0
    in_time: bool = True
    peak_kib: int = 0
    """The most memory that the command's own process ever had."""
    bystander: str = ""
    """The state of a process of the same user that stood by: S while it sleeps unharmed."""
    processes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Mounts, queues, shared memory and control groups."""


def main(file: Path) -> None:
    """Run, look, and write the report beside the watch."""
    watch = Watch(**json.loads(file.read_text(encoding="utf-8")))
    confining.adopt_orphans()
    if watch.fresh:
        _make_fresh(watch)
    bystander = _started(watch, [sys.executable, "-c", "import time; time.sleep(600)"], "bystander")
    report = Report()
    started = monotonic()
    before = _others()
    command = _started(watch, watch.command, "command")
    _follow(command, watch, started, report)
    report.seconds = monotonic() - started
    report.bystander = _state(bystander.pid)
    bystander.kill()
    bystander.wait()
    report.processes = _left_processes(watch.seconds_to_vanish)
    report.files = _left_files(watch)
    groups = _left_groups(f"grader-{command.pid}-")
    report.others = sorted([*(_others() - before), *groups])
    file.with_name("report.json").write_text(json.dumps(asdict(report)), encoding="utf-8")


def _make_fresh(watch: Watch) -> None:
    keep = [*watch.keep, watch.folder]
    confining.private_mounts()
    confining.unshare(confining.NEW_IPC)
    for folder in watch.temporary:
        confining.cover(folder, keep)
    for folder in confining.closed_folders(keep) if watch.user or watch.capabilities else ():
        confining.cover(folder, keep, mode="755")
    if watch.hide_cgroups and _CGROUPS.is_dir():
        confining.hide(str(_CGROUPS))


def _started(watch: Watch, command: list[str], name: str) -> subprocess.Popen[bytes]:
    def confine() -> None:
        if watch.capabilities is not None:
            confining.keep_only(watch.capabilities)
        if watch.refuse_namespaces or watch.refuse_landlock:
            confining.refuse(namespaces=watch.refuse_namespaces, landlock=watch.refuse_landlock)
        if watch.user and os.geteuid() == 0:
            confining.become(watch.user)

    folder = Path(watch.folder)
    with (folder / f"{name}.out").open("wb") as out, (folder / f"{name}.err").open("wb") as err:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=watch.environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            preexec_fn=confine,  # noqa: PLW1509 - this process has one thread
        )


def _follow(command: subprocess.Popen[bytes], watch: Watch, started: float, report: Report) -> None:
    """Look at the command until it ends, or until it is to be ended."""
    while command.poll() is None:
        report.peak_kib = max(report.peak_kib, _peak_kib(command.pid))
        if monotonic() - started > watch.seconds:
            report.in_time = False
            command.kill()
        if watch.kill_on and (Path(watch.folder) / watch.kill_on).exists():
            command.kill()
        sleep(_SECONDS_BETWEEN_LOOKS)
    report.status = command.returncode


def _status(pid: int) -> dict[str, str]:
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
        return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}
    return {}


def _peak_kib(pid: int) -> int:
    return int(_status(pid).get("VmHWM", "0 kB").split()[0])


def _state(pid: int) -> str:
    return _status(pid).get("State", "gone")[:1]


def _left_processes(seconds: float) -> list[str]:
    """Every descendant that is still there after a while; they are killed."""
    until = monotonic() + seconds
    while (left := _descendants()) and monotonic() < until:
        sleep(_SECONDS_BETWEEN_LOOKS)
    told = [_told(pid) for pid in left]
    while left := _descendants():
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        sleep(_SECONDS_BETWEEN_LOOKS)
    return told


def _descendants() -> list[int]:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    parents = {
        int(folder.name): int(_status(int(folder.name)).get("PPid", 0)) for folder in Path("/proc").glob("[0-9]*")
    }
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {os.getpid()})


def _told(pid: int) -> str:
    command = b""
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    status = _status(pid)
    return f"{pid} {status.get('Name')} {status.get('State')} uid {status.get('Uid')}: {command[:200]!r}"


def _left_files(watch: Watch) -> list[str]:
    kept = [os.path.realpath(path) for path in (*watch.keep, watch.folder)]
    found = []
    for top in (*watch.temporary, watch.environment["TMPDIR"]):
        for parent, folders, files in os.walk(top, topdown=True):
            found += [os.path.join(parent, name) for name in files if parent not in kept]  # noqa: PTH118 - names may be no text
            paths = {name: os.path.join(parent, name) for name in folders}  # noqa: PTH118 - as above
            found += [path for path in paths.values() if not _is_above(path, kept)]
            folders[:] = [name for name, path in paths.items() if _is_above(path, kept) and path not in kept]
    return [ascii(path) for path in found]


def _is_above(path: str, kept: list[str]) -> bool:
    return any(one == path or one.startswith(f"{path}/") for one in kept)


def _left_groups(prefix: str) -> list[str]:
    """Control groups whose names begin in this way, since other graders have some; they are removed."""
    found = [
        os.path.join(parent, name)  # noqa: PTH118 - as os.walk gives them
        for parent, folders, _ in os.walk(_CGROUPS)  # which, unlike pathlib, goes on where a group vanishes
        for name in folders
        if name.startswith(prefix)
    ]
    for group in found:
        with suppress(OSError):
            Path(group).rmdir()
    return [f"cgroup {group}" for group in found]


def _others() -> set[str]:
    """What else there is that a command might leave."""
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    found = {f"mount {line.split()[4]}" for line in mounts}
    for kind in ("shm", "msg", "sem"):
        with suppress(OSError):
            found |= {
                f"{kind} {line.split()[1]}" for line in Path(f"/proc/sysvipc/{kind}").read_text("ascii").splitlines()
            }
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
