"""The worlds are what they say they are, and nothing that a command leaves in one is overlooked."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.watching import Report
from tests.attacks.worlds import World, run_folder

PROBE = """
import ctypes, json, os, subprocess
libc = ctypes.CDLL(None, use_errno=True)

def works(*call):
    child = os.fork()
    if child == 0:
        result = libc.unshare(*call) if len(call) == 1 else libc.syscall(*call)
        os._exit(result < 0)
    return os.waitpid(child, 0)[1] == 0

status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps({
    "root": os.geteuid() == 0,
    "may administer": bool(int(status["CapEff"], 16) >> 21 & 1),
    "namespaces": works(0x10000000),
    "landlock": works(444, 0, 0, 1),
    "reads passwords": os.access("/etc/shadow", os.R_OK),
}))
"""
LEAVES = """
import ctypes, os, subprocess, time
for folder in ("/tmp", "/dev/shm", os.environ["TMPDIR"]):
    open(folder + "/left", "w").close()
ctypes.CDLL(None).msgget(77, 0o1600)
subprocess.Popen(["setsid", "sleep", "500"], start_new_session=True)
filled = bytearray(100 * 2**20)
time.sleep(0.5)
"""


@pytest.fixture
def folder(world: World) -> Iterator[Path]:
    with run_folder(world) as folder:
        yield folder


def facts(world: World, folder: Path) -> dict[str, Any]:
    report = world.run(folder, [sys.executable, "-c", PROBE], seconds=60)
    assert report.status == 0
    found: dict[str, Any] = json.loads((folder / "command.out").read_text("utf-8"))
    return found


def test_a_world_gives_what_its_tier_is_for_and_no_more(world: World, folder: Path) -> None:
    root, namespaces = world.tier in ("A'", "B", "B'"), world.tier in ("A'", "A")
    found = facts(world, folder)
    assert found.pop("landlock") in (world.tier != "B'", False)  # the machine may have none
    assert found == {
        "root": root,
        "may administer": world.tier == "A'",
        "namespaces": namespaces,
        "reads passwords": root,
    }


def test_whatever_a_command_leaves_is_told_and_ended(world: World, folder: Path) -> None:
    report = world.run(folder, [sys.executable, "-c", LEAVES], seconds=60, vanish=0.5)
    assert (report.status, report.in_time, report.bystander) == (0, True, "S")
    assert [line.split()[1] for line in report.processes] == ["sleep"]
    assert {"'/tmp/left'", "'/dev/shm/left'"} < set(report.files) or not report.files[1:]
    assert ascii(f"{folder}/tmp/left") in report.files
    assert len([line for line in report.others if line.startswith("msg")]) == 1
    assert 100 * 1024 < report.peak_kib < 200 * 1024


def test_a_command_that_leaves_nothing_and_one_that_is_killed_are_told_so(world: World, folder: Path) -> None:
    assert world.run(folder, ["true"], seconds=60).status == 0
    waits = [sys.executable, "-c", "import time; open('here', 'w'); time.sleep(500)"]
    report = world.run(folder, waits, seconds=60, kill_on="here")
    expected = Report(status=-9, seconds=report.seconds, peak_kib=report.peak_kib, bystander="S")
    assert report == expected
