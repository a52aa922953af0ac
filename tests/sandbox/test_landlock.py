import errno
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from grader.sandbox import landlock, syscalls
from grader.sandbox.landlock import ABI_OF_SCOPES, ABI_OF_SOCKETS, ABI_OF_TCP, restrict
from tests.sandbox.children import errno_in_child, errno_of, in_child, linux, names_in

pytestmark = [
    linux,
    pytest.mark.skipif(not landlock.abi(), reason="needs Landlock, which this kernel has not or does not let be used"),
]

SYSTEM = [*{"/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/dev/null", sys.prefix, sys.base_prefix}]


def needs_abi(version: int) -> pytest.MarkDecorator:
    return pytest.mark.skipif(landlock.abi() < version, reason=f"needs Landlock ABI {version}, has {landlock.abi()}")


class Places:
    """A readable, a writable and a hidden folder with a file each."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.readable, self.writable, self.hidden = (root / name for name in ("readable", "writable", "hidden"))
        self._build()

    def restrict(self, *, network: bool = False) -> None:
        restrict([str(self.readable), *SYSTEM], [str(self.writable)], network=network)

    def errno(self, act: Callable[[], object]) -> int:
        """Of an act of a restricted child. What fails has to leave all as it was, and to succeed in a free child."""
        before = self._contents()
        number = errno_in_child(self.restrict, act)
        if number:
            assert self._contents() == before
            assert errno_in_child(act) == 0, "fails without restrictions, too"
            self._build()
        return number

    def _build(self) -> None:
        for folder in (self.readable, self.writable, self.hidden):
            shutil.rmtree(folder, ignore_errors=True)
            (folder / "inner").mkdir(parents=True)
            (folder / "file").write_text("text", encoding="utf-8")

    def _contents(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() if path.is_file() else b"" for path in self._root.rglob("*")}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


def test_what_is_hidden_can_be_neither_read_nor_listed(places: Places) -> None:
    assert places.errno((places.hidden / "file").read_text) == errno.EACCES
    assert places.errno(lambda: names_in(places.hidden)) == errno.EACCES
    assert places.errno(lambda: names_in(Path("/"))) == errno.EACCES


def test_what_is_readable_can_be_read_and_listed_but_not_changed(places: Places) -> None:
    file, inner = places.readable / "file", places.readable / "inner"
    assert places.errno(file.read_text) == 0
    assert places.errno(lambda: names_in(places.readable)) == 0
    assert places.errno(lambda: file.write_text("other", encoding="utf-8")) == errno.EACCES
    assert places.errno(lambda: os.open(file, os.O_WRONLY)) == errno.EACCES
    assert places.errno(file.unlink) == errno.EACCES
    assert places.errno(inner.rmdir) == errno.EACCES
    assert places.errno((inner / "new").touch) == errno.EACCES
    assert places.errno((inner / "new").mkdir) == errno.EACCES
    assert places.errno(lambda: (inner / "new").symlink_to("/")) == errno.EACCES
    assert places.errno(lambda: os.mkfifo(inner / "new")) == errno.EACCES
    assert places.errno(lambda: socket.socket(socket.AF_UNIX).bind(str(inner / "new"))) == errno.EACCES


def test_what_is_writable_can_be_changed_in_every_way(places: Places) -> None:
    def act() -> list[str]:
        places.restrict()
        os.chdir(places.writable)
        Path("file").write_text("other", encoding="utf-8")
        os.truncate("file", 1)
        Path("new").mkdir()
        Path("link").symlink_to("file")
        os.mkfifo("fifo")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("socket")
        os.link("file", "new/linked")
        Path("file").rename("new/renamed")
        Path("inner").rmdir()
        Path("fifo").unlink()
        return sorted(str(path) for path in Path().rglob("*"))

    assert in_child(act) == ["link", "new", "new/linked", "new/renamed", "socket"]


def test_no_device_can_be_made_even_where_all_else_is_allowed(places: Places) -> None:
    null = os.makedev(1, 3)
    if errno_in_child(lambda: os.mknod(places.hidden / "free", 0o20666, null)):
        pytest.skip("needs a user who may make devices")
    for kind in (0o20666, 0o60666):
        assert places.errno(lambda: os.mknod(places.writable / "null", kind, null)) == errno.EACCES  # noqa: B023


@needs_abi(3)
def test_what_may_not_be_written_cannot_be_cut_short_either(places: Places) -> None:
    for folder in (places.readable, places.hidden):
        assert places.errno(lambda: os.truncate(folder / "file", 0)) == errno.EACCES  # noqa: B023 - at once
        assert places.errno(lambda: os.open(folder / "file", os.O_RDONLY | os.O_TRUNC)) == errno.EACCES  # noqa: B023


def test_nothing_is_moved_out_or_in_or_made_reachable_by_a_link(places: Places) -> None:
    for source, target in (
        (places.writable / "file", places.hidden / "moved"),
        (places.writable / "file", places.readable / "moved"),
        (places.hidden / "file", places.writable / "moved"),
        (places.readable / "file", places.writable / "moved"),
    ):
        for move in (os.rename, os.link):
            assert places.errno(lambda: move(source, target)) in {errno.EACCES, errno.EXDEV}  # noqa: B023 - at once
    assert places.errno(lambda: (places.writable / "inner").rename(places.hidden / "moved")) in {
        errno.EACCES,
        errno.EXDEV,
    }


def test_a_symbolic_link_opens_nothing(places: Places) -> None:
    def act() -> int:
        places.restrict()
        (places.writable / "link").symlink_to(places.hidden / "file")
        return errno_of((places.writable / "link").read_text)

    assert in_child(act) == errno.EACCES


def test_a_file_can_be_listed_by_itself(places: Places) -> None:
    def act() -> list[int]:
        restrict([str(places.readable / "file")], [str(places.writable / "file")], network=False)
        return [
            errno_of((places.readable / "file").read_bytes),
            errno_of(lambda: (places.readable / "file").write_bytes(b"x")),
            errno_of(lambda: (places.writable / "file").write_bytes(b"x")),
            errno_of((places.writable / "file").unlink),
            errno_of(lambda: names_in(places.readable)),
        ]

    assert in_child(act) == [0, errno.EACCES, 0, errno.EACCES, errno.EACCES]


def test_paths_that_do_not_exist_are_skipped(places: Places) -> None:
    missing = [str(places.hidden / "missing"), str(places.hidden / "file" / "below")]
    assert errno_in_child(lambda: restrict(missing, missing, network=False)) == 0


def test_a_listed_link_stands_for_what_it_leads_to(places: Places) -> None:
    link = places.hidden / "link"
    link.symlink_to(places.readable)

    def act() -> int:
        restrict([str(link)], [], network=False)
        return errno_of((places.readable / "file").read_bytes)

    assert in_child(act) == 0


def test_a_path_that_cannot_be_looked_up_is_an_error(places: Places) -> None:
    loop = places.hidden / "loop"
    loop.symlink_to("loop")
    assert errno_in_child(lambda: restrict([str(loop)], [], network=False)) == errno.ELOOP


def test_programs_run_from_readable_places_only_and_are_restricted_too(places: Places) -> None:
    shell = shutil.which("sh") or "/bin/sh"
    shutil.copy(shell, places.hidden / "sh")
    shutil.copy(shell, places.readable / "sh")

    def act() -> tuple[int, int, str]:
        places.restrict()
        read = f"read line < {places.readable}/file; echo $line; read line < {places.hidden}/file && echo leak"
        done = subprocess.run([str(places.readable / "sh"), "-c", read], check=False, capture_output=True, text=True)
        hidden = errno_of(lambda: subprocess.run([str(places.hidden / "sh"), "-c", "true"], check=True))
        return hidden, done.returncode, done.stdout

    hidden, code, said = in_child(act)
    assert hidden == errno.EACCES
    assert code != 0
    assert said == "text\n"


def test_restrictions_add_up(places: Places) -> None:
    def act() -> int:
        places.restrict()
        restrict(["/"], ["/"], network=True)
        return errno_of((places.hidden / "file").read_bytes)

    assert in_child(act) == errno.EACCES


def test_a_restricted_process_cannot_gain_privileges(places: Places) -> None:
    assert in_child(places.restrict, lambda: syscalls.call("prctl", "in a test", 39, 0, 0, 0, 0)) == 1


@needs_abi(ABI_OF_SCOPES)
def test_only_descendants_can_be_signalled(places: Places) -> None:
    parent = os.getpid()

    def own_child() -> int:
        child = os.fork()
        if not child:
            signal.pause()
        os.kill(child, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert errno_in_child(lambda: os.kill(parent, 0)) == 0
    assert places.errno(lambda: os.kill(parent, 0)) == errno.EPERM
    assert places.errno(lambda: os.pidfd_open(parent)) == 0
    assert places.errno(lambda: signal.pidfd_send_signal(os.pidfd_open(parent), 0)) == errno.EPERM
    assert in_child(places.restrict, own_child) == -signal.SIGKILL


@needs_abi(ABI_OF_SCOPES)
def test_abstract_sockets_of_others_cannot_be_reached(places: Places) -> None:
    name = f"\0grader-{os.getpid()}"

    def reach() -> None:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(name)

    def reach_own() -> None:
        with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
            server.bind(name + "-own")
            server.listen()
            client.connect(name + "-own")

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        assert errno_in_child(reach) == 0
        assert places.errno(reach) == errno.EPERM
        assert places.errno(reach_own) == 0


@needs_abi(ABI_OF_SOCKETS)
def test_sockets_of_others_that_are_files_cannot_be_reached(places: Places) -> None:
    path = str(places.readable / "socket")

    def reach() -> None:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        assert places.errno(reach) == errno.EACCES


@needs_abi(ABI_OF_TCP)
def test_tcp_is_for_who_may_use_the_network() -> None:
    def nothing_else(*, network: bool) -> None:
        restrict(["/"], ["/"], network=network)

    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        for act in (
            lambda: socket.create_connection(address).close(),
            lambda: socket.create_server(("127.0.0.1", 0)).close(),
        ):
            assert errno_in_child(lambda: nothing_else(network=True), act) == 0
            assert errno_in_child(lambda: nothing_else(network=False), act) == errno.EACCES


@needs_abi(5)
def test_devices_take_requests_only_where_they_are_writable() -> None:
    main, terminal = os.openpty()
    name = os.ttyname(terminal)

    def size() -> None:
        fcntl.ioctl(os.open(name, os.O_RDONLY | os.O_NOCTTY), termios.TIOCGWINSZ, bytes(8))

    try:
        assert errno_in_child(lambda: restrict([name], [], network=False), size) == errno.EACCES
        assert errno_in_child(lambda: restrict([], [name], network=False), size) == 0
    finally:
        os.close(main)
        os.close(terminal)


def test_files_that_are_open_stay_open(places: Places) -> None:
    def act() -> str:
        with (places.hidden / "file").open(encoding="utf-8") as file:
            places.restrict()
            return file.read()

    assert in_child(act) == "text"


def test_a_process_with_threads_is_not_restricted_by_half() -> None:
    def act() -> None:
        ending = Event()
        Thread(target=ending.wait, daemon=True).start()
        restrict([], [], network=False)

    with pytest.raises(OSError, match="one of 2 threads"):
        in_child(act)


@pytest.mark.parametrize("version", range(1, landlock.abi() + 1))
def test_a_ruleset_of_every_older_abi_is_taken(version: int, places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: version)
    assert places.errno((places.hidden / "file").read_bytes) == errno.EACCES
    assert places.errno((places.writable / "new").touch) == 0
