"""The files that kernels see: an allow-list of what they need, read-only, and empty folders of their own.

The view is built once for the fork server and inherited by its kernels; what each kernel writes is mounted for it alone.
Everything that is not listed is not there, so that nothing has to be hidden.
"""

import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from grader.sandbox import syscalls

SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc/alternatives", "/etc/ca-certificates",
    "/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/mime.types",
    "/etc/ssl/certs",
)  # fmt: skip
"""What programs and libraries need of a system, and nothing that tells about its users."""
HOME, TEMPORARY, SHARED_MEMORY, SOCKETS = "/run/home", "/tmp", "/dev/shm", "/run/job"
HOSTNAME = "notebook"
DEVICES = ("null", "zero", "full", "random", "urandom")

_JOBS, _SCRATCH = "/run/jobs", "/run/scratch"
_TREE_BYTES = "256k"
"""Of the tmpfs that only holds the folders and links of the view."""
_WRITTEN = {
    "/etc/passwd": "student:x:1000:1000::/run/home:/bin/bash\n",
    "/etc/group": "student:x:1000:\n",
    "/etc/hosts": "127.0.0.1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
_NO_DEVICES = syscalls.MS_NOSUID | syscalls.MS_NODEV
_NO_PROGRAMS = _NO_DEVICES | syscalls.MS_NOEXEC


def build(jobs: str, readable: Iterable[str]) -> None:
    """Make the allow-list this process's root. It has to be in a mount namespace of its own, with rights over it.

    Args:
        jobs: the folder of all kernels' folders; an empty folder "view" in it is where the view is built.
        readable: files and folders besides the system's, bound at their own places.

    Raises:
        OSError: the machine forbids a step; the message says which.
    """
    syscalls.mount(None, "/", flags=syscalls.MS_REC | syscalls.MS_PRIVATE)
    new = f"{jobs}/view"
    with ExitStack() as opened:
        # Opened first, since what is mounted below may hide them.
        bound = {path: _opened(path, opened) for path in _bound_in_view(readable)}
        devices = {name: _opened(f"/dev/{name}", opened) for name in DEVICES}
        own = _opened(jobs, opened)
        syscalls.mount("tmpfs", new, "tmpfs", _NO_DEVICES, f"size={_TREE_BYTES},mode=755")
        for path, source in bound.items():
            if source is not None:
                _bind(source, new + path)
        for path in filter(os.path.islink, SYSTEM):
            _link(os.readlink(path), new + path)
        for name, source in devices.items():
            if source is not None:
                _bind(source, f"{new}/dev/{name}", read_only=False)
        _folders(new)
        if own is not None:
            syscalls.mount(own, new + _JOBS, flags=syscalls.MS_BIND)
        syscalls.mount("proc", f"{new}/proc", "proc", _NO_PROGRAMS)
        # For what is imported before there are kernels; each kernel has an empty one instead.
        syscalls.mount("tmpfs", f"{new}{TEMPORARY}", "tmpfs", _NO_DEVICES, "size=64m,mode=1777")
        _rebind_below(f"{new}{TEMPORARY}", TEMPORARY, bound)
    os.chdir(new)
    syscalls.pivot_root(".", ".")
    syscalls.unmount(".", detach=True)
    os.chdir("/")
    syscalls.mount(None, "/", flags=syscalls.MS_BIND | syscalls.MS_REMOUNT | syscalls.MS_RDONLY | _NO_DEVICES)


def make_private(name: str, readable: Iterable[str], disk_bytes: int, files: int, owner: int) -> None:
    """Give this process, in a mount namespace of its own, its kernel's folders: all it can write to, and no other's.

    Args:
        name: of the kernel's folder below the folder of all kernels.
        readable: as in `build`.
        disk_bytes: what all that it writes may take together.
        files: how many files and folders it may have.
        owner: whose folders they are, as a user and a group id.
    """
    syscalls.mount(f"{_JOBS}/{name}", SOCKETS, flags=syscalls.MS_BIND)
    syscalls.mount(None, SOCKETS, flags=syscalls.MS_BIND | syscalls.MS_REMOUNT | _NO_PROGRAMS)
    syscalls.mount("tmpfs", _JOBS, "tmpfs", _NO_PROGRAMS | syscalls.MS_RDONLY, "size=4k")
    syscalls.mount("tmpfs", _SCRATCH, "tmpfs", _NO_DEVICES, f"size={disk_bytes},nr_inodes={files},mode=755")
    with ExitStack() as opened:
        bound = {path: _opened(path, opened) for path in _bound_in_view(readable)}
        for place, mode in ((HOME, 0o755), (TEMPORARY, 0o1777), (SHARED_MEMORY, 0o1777)):
            source = f"{_SCRATCH}/{Path(place).name}"
            os.mkdir(source)
            os.chmod(source, mode)
            os.chown(source, owner, owner)
            syscalls.mount(source, place, flags=syscalls.MS_BIND)
        _rebind_below(TEMPORARY, TEMPORARY, bound)
    syscalls.unmount(_SCRATCH, detach=True)
    syscalls.mount("proc", "/proc", "proc", _NO_PROGRAMS)
    syscalls.mount("devpts", "/dev/pts", "devpts", syscalls.MS_NOSUID | syscalls.MS_NOEXEC, "newinstance,ptmxmode=0666")


def seal_sockets() -> None:
    """Make the folder of the sockets read-only, the one place of the host that a kernel could write to.

    They can be connected to as before; nobody can put a link in the place of one, or fill the disk.
    """
    flags = syscalls.MS_BIND | syscalls.MS_REMOUNT | syscalls.MS_RDONLY | _NO_PROGRAMS
    syscalls.mount(None, SOCKETS, flags=flags)


def _bound_in_view(readable: Iterable[str]) -> list[str]:
    """The places that are bound: those that exist and lie below no other of them. Links of the system stay links."""
    paths = (*(path for path in SYSTEM if not os.path.islink(path)), *map(os.path.normpath, readable))
    there = sorted({path for path in paths if os.path.exists(path)})
    return [path for path in there if not any(path.startswith(f"{other}/") for other in there)]


def _opened(path: str, stack: ExitStack) -> str | None:
    """A name for what is at a path now, which holds whatever is mounted over it later; None if there is nothing."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return None
    stack.callback(os.close, descriptor)
    return f"/proc/self/fd/{descriptor}"


def _bind(source: str, target: str, *, read_only: bool = True) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    syscalls.mount(source, target, flags=syscalls.MS_BIND | syscalls.MS_REC)
    if read_only:
        syscalls.read_only(target)


def _link(to: str, path: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.symlink(to, path)


def _folders(new: str) -> None:
    for path in ("/proc", "/dev/pts", SHARED_MEMORY, TEMPORARY, _JOBS, SOCKETS, _SCRATCH, HOME):
        os.makedirs(new + path, exist_ok=True)
    for path, text in _WRITTEN.items():
        os.makedirs(os.path.dirname(new + path), exist_ok=True)
        Path(new + path).write_text(text, encoding="ascii")
    links = {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2", "ptmx": "pts/ptmx"}
    for name, to in links.items():
        _link(to, f"{new}/dev/{name}")


def _rebind_below(target: str, place: str, bound: dict[str, str | None]) -> None:
    """Bind again what was below a place over which something has been mounted."""
    for path, source in bound.items():
        if source is not None and path.startswith(f"{place}/"):
            _bind(source, target + path.removeprefix(place))
