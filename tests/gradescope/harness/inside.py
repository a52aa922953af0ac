"""Gradescope's harness inside the container, as far as a run can tell it from the real one: python3 harness.py <ORDER >REPORT.

What it does, in this order, is what the published copies of the real one do: it wipes and makes `submission` and `results`, writes
what was handed in and the metadata, runs ./run_autograder with its own environment, kills that process at the timeout and writes results
of its own then, and reads results.json. Then it looks at what is left. Standard library only, for any Python that an image has.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

_ADOPT_ORPHANS = 36
_SECONDS_TO_VANISH = 2
"""That a process which was killed may take to be gone."""
TIMED_OUT = {"score": 0, "output": "Your submission timed out. It took longer than the time that is allowed."}
ABSTRACT = "\0autograder-neighbour"


def main() -> None:
    """Reads the order, carries it out and writes the report."""
    order = json.load(sys.stdin)
    folder = Path(order["folder"])
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    _lay_out(folder, order)
    listeners = _listeners() if order["listen"] else {}
    report = _run(folder, order)
    report["processes"] = _left()
    report["heard"] = [name for name, listener in listeners.items() if _heard(listener)]
    report["results"] = _content(folder / "results" / "results.json")
    report["stdout"] = _content(folder / "results" / "stdout")
    report["peak"] = _peak()
    json.dump(report, sys.stdout)


def _lay_out(folder: Path, order: dict[str, Any]) -> None:
    for name in ("submission", "results"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    for name, content in order["files"].items():
        file = folder / "submission" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(content))
    if order["metadata"] is not None:
        (folder / "submission_metadata.json").write_text(order["metadata"], encoding="utf-8")


def _run(folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    started = time.monotonic()
    with (folder / "results" / "stdout").open("wb") as out:
        child = subprocess.Popen(
            ["./run_autograder"], cwd=folder, env=order["environment"], stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        try:
            child.wait(timeout=order["seconds"])
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            (folder / "results" / "results.json").write_text(json.dumps(TIMED_OUT), encoding="utf-8")
            return {"status": child.returncode, "in_time": False, "seconds": time.monotonic() - started}
    return {"status": child.returncode, "in_time": True, "seconds": time.monotonic() - started}


def _left() -> list[str]:
    """Every process that the run has left, in words; they are killed."""
    until = time.monotonic() + _SECONDS_TO_VANISH
    while _descendants() and time.monotonic() < until:
        time.sleep(0.05)
    left = _descendants()
    told = [_told(number) for number in left]
    for number in left:
        os.kill(number, signal.SIGKILL)
    return told


def _descendants() -> list[int]:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    parents = {number: _parent(number) for number in (int(path.name) for path in Path("/proc").glob("[0-9]*"))}
    found = {os.getpid()}
    while True:
        more = {number for number, parent in parents.items() if parent in found} - found
        if not more:
            return sorted(found - {os.getpid()})
        found |= more


def _parent(number: int) -> int:
    """The parent of a process; 0 if it has ended."""
    try:
        state, parent = (
            Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:2]
        )
    except OSError:
        return 0
    return 0 if state == "Z" else int(parent)


def _told(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()[:200].replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return str(number)


def _listeners() -> dict[str, socket.socket]:
    """What ought to hear nothing from a notebook: on the network of the container, and beside it."""
    kinds: dict[str, tuple[int, int, Any]] = {
        "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 4711)),
        "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 4712)),
        "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, ABSTRACT),
    }
    listeners = {}
    for name, (family, kind, address) in kinds.items():
        listeners[name] = socket.socket(family, kind)
        listeners[name].bind(address)
        if kind == socket.SOCK_STREAM:
            listeners[name].listen()
        listeners[name].settimeout(0)
    return listeners


def _heard(listener: socket.socket) -> bool:
    try:
        listener.recv(1) if listener.type == socket.SOCK_DGRAM else listener.accept()
    except OSError:
        return False
    return True


def _content(file: Path) -> str | None:
    try:
        return base64.b64encode(file.read_bytes()).decode()
    except OSError:
        return None


def _peak() -> int:
    """The most memory of the container in bytes, all its processes and its files in memory together; 0 if nobody counts it."""
    for name in ("memory/memory.max_usage_in_bytes", "memory.peak"):
        with suppress(OSError):
            return int(Path("/sys/fs/cgroup", name).read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    main()
