import asyncio
import os
import site
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.kernels import plain
from grader.kernels.plain import PlainKernels, _environment, fresh_folder, remove
from tests.runs import failure_kinds, run, values


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A short folder in which all temporary files of a test appear."""
    with tempfile.TemporaryDirectory(prefix="t-", dir="/tmp") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def test_the_kernel_gets_nothing_of_the_callers_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    monkeypatch.setenv("PYTHONPATH", "x")
    environment = _environment(tmp_path)
    assert not {"SECRET_TOKEN", "PYTHONPATH"} & environment.keys()
    assert environment["TZ"] == "UTC"


def test_on_windows_the_kernel_has_what_a_process_needs_there_and_homes_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(plain, "_ON_WINDOWS", True)
    monkeypatch.setenv("SYSTEMROOT", "C:\\Windows")
    environment = _environment(tmp_path)
    assert environment["SYSTEMROOT"] == "C:\\Windows"
    own = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP", "IPYTHONDIR")
    assert all(Path(environment[name]).parent == tmp_path for name in own)


def test_the_kernel_finds_what_was_installed_for_the_user_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(site, "ENABLE_USER_SITE", True)
    assert _environment(tmp_path)["PYTHONUSERBASE"] == site.getuserbase()
    monkeypatch.setattr(site, "ENABLE_USER_SITE", False)
    assert "PYTHONUSERBASE" not in _environment(tmp_path)


def test_on_windows_a_folder_is_removed_as_soon_as_nobody_holds_it(
    monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    root, tries = fresh_folder(("home", "tmp")), []

    def held_twice(folder: Path, *, ignore_errors: bool) -> None:
        tries.append(ignore_errors)
        if len(tries) > 2:
            (folder / "home").rmdir()
            (folder / "tmp").rmdir()
            folder.rmdir()

    with monkeypatch.context() as patch:
        patch.setattr(plain, "_ON_WINDOWS", True)
        patch.setattr("shutil.rmtree", held_twice)
        remove(root)
    assert list(temporary.iterdir()) == []
    assert tries == [True] * 3


@pytest.mark.kernel
def test_a_kernel_is_reached_over_tcp_where_there_are_no_unix_sockets(
    monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    monkeypatch.delattr(asyncio, "open_unix_connection")
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    execution = run("a = 1", "while True: pass", "b = 2", kernels=PlainKernels("tcp"), seconds_per_cell=0.3)
    assert values(execution) == {"a": 1, "b": 2}
    assert list(failure_kinds(execution)) == [1]
    assert list(temporary.iterdir()) == []


def test_socket_paths_stay_short_below_a_long_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    root = fresh_folder(("home", "tmp"))
    try:
        assert len(os.fsencode(root / "k-ipc-5")) < 104
        assert stat.S_IMODE(root.stat().st_mode) == 0o700
        assert list(long.iterdir()) == []
    finally:
        remove(root)
    assert not root.exists()


def test_locked_and_very_deep_folders_areremoved(temporary: Path) -> None:
    root = fresh_folder(("home", "tmp"))
    (root / "home" / "locked" / "inner").mkdir(parents=True)
    (root / "home" / "locked").chmod(0)
    here = os.open(root / "tmp", os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    remove(root)
    assert list(temporary.iterdir()) == []


@pytest.mark.kernel
def test_leaving_the_context_by_an_error_ends_process_and_files(temporary: Path) -> None:
    pids: list[int] = []

    async def leave() -> None:
        async with PlainKernels().kernel() as kernel:
            provisioner: Any = kernel.manager.provisioner
            pids.append(provisioner.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(leave())
    assert not Path(f"/proc/{pids[0]}").exists()
    assert list(temporary.iterdir()) == []
