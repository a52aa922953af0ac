"""What the self-test runs inside a kernel: it tries what no notebook may do, and says what it could.

Sent to the kernel as text; standard library only. Each trial raises OSError, or what stands for it, where it is refused.
"""

import ctypes
import json
import multiprocessing
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

Trial = Callable[[], Any]
_UNSHARE_USER, _UNSHARE_MOUNT = 0x1000_0000, 0x0002_0000
_LIBC = ctypes.CDLL(None, use_errno=True)
_VSOCK, _ALG, _PACKET = 40, 38, 17
_PTRACE_ATTACH = 16
OWN_PROCESSES = 2
"""In a process table of its own: this one, and the one that looks after it."""


def leaks(facts: dict[str, Any]) -> list[str]:
    """What could be done, in words.

    Args:
        facts: secrets (paths that may not be opened), hidden (folders in which no path may be looked up), writable (folders in
            which nothing may be made), process (the grader's), port (that the grader listens on), namespaces (whether there
            is a file system and process table of one's own), limits by name, and processes_are_limited (whether the system
            refuses one too many).
    """
    return [words for words, trial in _trials(facts) if _succeeds(trial)]


def lacks() -> list[str]:
    """What an ordinary notebook needs and is not there, in words."""
    trials: dict[str, Trial] = {
        f"read {sys.base_prefix}": lambda: _read(os.path.dirname(os.__file__)),
        "import a module": lambda: __import__("wave"),
        "write to its folder": partial(_make, "canary"),
        "write to the temporary folder": partial(_make, os.environ["TMPDIR"] + "/canary"),
        "run a program": lambda: subprocess.run([sys.executable, "-S", "-c", ""], check=True, timeout=30),
        "share locks between processes": multiprocessing.Lock,
    }
    return [words for words, trial in trials.items() if not _succeeds(trial)]


def _succeeds(trial: Trial) -> bool:
    try:
        return trial() is not False
    except (OSError, RuntimeError, MemoryError, ImportError, subprocess.SubprocessError):
        return False


def _trials(facts: dict[str, Any]) -> Iterator[tuple[str, Trial]]:
    # In a process table of its own the grader's number is nobody's, or another's.
    process = 1 if facts["namespaces"] else facts["process"]
    for path in facts["secrets"]:
        yield f"read {path}", partial(_read, path)
    for folder in facts["hidden"]:
        yield f"look into {folder}/.", partial(os.stat, f"{folder}/.")
    for folder in facts["writable"]:
        yield f"write to {folder}", partial(_make, f"{folder}/.canary")
    yield "connect to the grader's machine", lambda: socket.create_connection(("127.0.0.1", facts["port"]), 1)
    for name, family in (("AF_VSOCK", _VSOCK), ("AF_ALG", _ALG), ("AF_PACKET", _PACKET)):
        yield f"make a socket of {name}", partial(socket.socket, family, socket.SOCK_STREAM)
    if not facts["namespaces"]:
        yield "signal the grader", partial(os.kill, process, 0)
    for file in ("mem", "environ", "maps"):
        yield f"open /proc/{process}/{file}", partial(_read, f"/proc/{process}/{file}", 0)
    yield "trace the grader", lambda: _call("ptrace", _PTRACE_ATTACH, process, 0, 0)
    yield "make namespaces", lambda: _call("unshare", _UNSHARE_USER | _UNSHARE_MOUNT)
    yield "mount", lambda: _call("mount", b"none", b"/tmp", b"tmpfs", 0, None)
    yield "change the root", lambda: os.chroot("/")
    yield "become root", lambda: os.setuid(0)
    yield "see other processes", lambda: facts["namespaces"] and len(_processes()) > OWN_PROCESSES
    yield "gain rights from programs", lambda: _status("NoNewPrivs") != "1"
    yield "make any system call", lambda: _status("Seccomp") != "2"
    yield "keep capabilities", lambda: int(_status("CapEff"), 16) or int(_status("CapPrm"), 16) or False
    yield from _limits(facts)


def _limits(facts: dict[str, Any]) -> Iterator[tuple[str, Trial]]:
    limits = facts["limits"]
    yield f"take {limits['memory_bytes']:,} bytes of memory", lambda: len(bytearray(limits["memory_bytes"] + 2**20))
    if facts["processes_are_limited"]:  # elsewhere they are watched, and the kernel would be ended
        yield f"run {limits['processes']} threads", lambda: _threads(limits["processes"])
    yield f"open {limits['open_files']} files", lambda: _open_files(limits["open_files"])
    for words, kind, most in (
        ("write files without end", resource.RLIMIT_FSIZE, limits["disk_bytes"]),
        ("compute without end", resource.RLIMIT_CPU, limits["seconds_of_cpu"]),
        ("leave core dumps", resource.RLIMIT_CORE, 0),
    ):
        yield words, partial(_exceeds, kind, most)


def _exceeds(kind: int, most: int) -> bool:
    """Whether a limit of this process is above what it should be."""
    return not 0 <= resource.getrlimit(kind)[0] <= most


def _threads(count: int) -> bool:
    """Whether so many threads can be started."""
    release = threading.Event()
    threads = [threading.Thread(target=release.wait, daemon=True) for _ in range(count)]
    try:
        for thread in threads:
            thread.start()
    finally:
        release.set()
    return True


def _open_files(count: int) -> bool:
    """Whether so many files can be open."""
    opened: list[int] = []
    try:
        opened.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(count))
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return True


def _read(path: str, most: int = 1) -> None:
    if os.path.isdir(path):
        os.listdir(path)
    else:
        with open(path, "rb") as file:
            file.read(most)


def _make(path: str) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY))


def _call(name: str, *arguments: Any) -> None:
    if getattr(_LIBC, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)


def _processes() -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit()]


def _status(name: str) -> str:
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        return next(line.split()[1] for line in file if line.startswith(f"{name}:"))


def leave_a_daemon(token: str) -> None:
    """Start a process that leaves its group and its parent, and whose command line has the token."""
    program = (
        f"import os, time; os.fork() and os._exit(0); os.setsid(); os.fork() and os._exit(0); time.sleep(600) # {token}"
    )
    with suppress(OSError):
        subprocess.run([sys.executable, "-S", "-c", program], check=False, timeout=30)  # noqa: S603 - the token is ours


def main(facts: dict[str, Any]) -> None:
    """Print what could be done, as JSON on a line of its own."""
    found = {"lacks": lacks(), "leaks": leaks(facts)}
    leave_a_daemon(facts["token"])
    print(json.dumps(found))  # noqa: T201 - that is how it is heard
