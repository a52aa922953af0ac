import errno
import os
import re
import signal
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from time import sleep

import pytest

from grader.sandbox import syscalls
from tests.sandbox.children import (
    Killed,
    errno_in_child,
    in_child,
    linux,
    names_in,
    new_namespaces,
    skip_without_namespaces,
)

pytestmark = linux

NOBODY = 65534


def constants_of(header: str) -> dict[str, int]:
    path = Path("/usr/include") / header
    if not path.exists():
        pytest.skip(f"needs the C header {header}")
    pattern = r"^#define\s+(\w+)\s+\(?(0x[0-9a-fA-F]+|\d+)(?:\s*<<\s*(\d+))?"
    found = re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: int(value, 0) << int(shift or 0) for name, value, shift in found}


def status(name: str) -> str:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith(f"{name}:"))


def own_mounts() -> None:
    new_namespaces(syscalls.NEW_NS)
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)


def memory_at(path: Path, options: str = "") -> None:
    path.mkdir(exist_ok=True)
    syscalls.mount("memory", str(path), "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, options)


def test_flags_have_the_values_of_the_headers() -> None:
    clone, mount = constants_of("linux/sched.h"), constants_of("linux/mount.h")
    assert {flag.name: flag.value for flag in syscalls.Namespace} == {
        flag.name: clone[f"CLONE_{(flag.name or '').replace('_', '')}"] for flag in syscalls.Namespace
    }
    assert {flag.name: flag.value for flag in syscalls.MountFlag} == {
        flag.name: mount[flag.name or ""] for flag in syscalls.MountFlag
    }


def test_names_of_flags_are_those_of_their_values() -> None:
    for flag in (*syscalls.Namespace, *syscalls.MountFlag):
        assert getattr(syscalls, flag.name or "") is flag


def test_an_error_says_which_call_failed_with_which_arguments() -> None:
    with pytest.raises(OSError, match=r"mount\(memory on /no/such, tmpfs, MS_RDONLY\|MS_NODEV, size=4k\)"):
        syscalls.mount("memory", "/no/such", "tmpfs", syscalls.MS_RDONLY | syscalls.MS_NODEV, "size=4k")
    with pytest.raises(OSError, match=r"setns\(file -1, NEW_UTS\)") as bad_file:
        syscalls.setns(-1, syscalls.NEW_UTS)
    assert bad_file.value.errno in {errno.EBADF, errno.EPERM}  # the latter where that is refused altogether
    with pytest.raises(OSError, match=r"mount_setattr\(/no/such, read-only, recursive\)"):
        syscalls.read_only("/no/such")
    with pytest.raises(OSError, match=r"umount2\(/no/such, detached\)"):
        syscalls.unmount("/no/such", detach=True)
    with pytest.raises(OSError, match=r"unshare\(no flags\)|unshare\(0x1\)"):
        syscalls.unshare(0x1)


def test_a_text_with_a_null_character_is_refused_rather_than_cut_short() -> None:
    acts: list[Callable[[], None]] = [
        lambda: syscalls.mount("memory", "/no\0/such", "tmpfs"),
        lambda: syscalls.mount("memory", "/no/such", "tmpfs", 0, "size=4k\0,ro"),
        lambda: syscalls.unmount("/no\0"),
        lambda: syscalls.pivot_root("/no\0", "/"),
        lambda: syscalls.read_only("/no\0"),
    ]
    for act in acts:
        with pytest.raises(OSError, match="null character") as refused:
            act()
        assert refused.value.errno == errno.EINVAL


def test_a_machine_without_a_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.uname()
    monkeypatch.setattr(os, "uname", lambda: os.uname_result((*here[:4], "riscv64")))
    with pytest.raises(OSError, match="riscv64 are not known"):
        syscalls.no_new_privileges()


def test_a_mount_made_read_only_takes_all_below_it_with_it(tmp_path: Path) -> None:
    skip_without_namespaces()

    def act() -> tuple[int, int]:
        own_mounts()
        memory_at(tmp_path)
        memory_at(tmp_path / "below")
        syscalls.read_only(str(tmp_path))
        return errno_in_child((tmp_path / "a").touch), errno_in_child((tmp_path / "below" / "b").touch)

    assert in_child(act) == (errno.EROFS, errno.EROFS)


def test_a_mount_made_read_only_alone_leaves_those_below_it(tmp_path: Path) -> None:
    skip_without_namespaces()

    def act() -> tuple[int, int]:
        own_mounts()
        memory_at(tmp_path)
        memory_at(tmp_path / "below")
        syscalls.read_only(str(tmp_path), recursive=False)
        return errno_in_child((tmp_path / "a").touch), errno_in_child((tmp_path / "below" / "b").touch)

    assert in_child(act) == (errno.EROFS, 0)


def test_a_file_system_has_the_size_that_its_options_say(tmp_path: Path) -> None:
    skip_without_namespaces()

    def fill() -> None:
        (tmp_path / "file").write_bytes(bytes(1 << 20))

    def small() -> None:
        memory_at(tmp_path, "size=64k")

    assert errno_in_child(own_mounts, small, fill) == errno.ENOSPC


def test_unmounting_shows_what_was_there_before(tmp_path: Path) -> None:
    skip_without_namespaces()
    (tmp_path / "before").touch()

    def act() -> list[list[str]]:
        own_mounts()
        seen = [names_in(tmp_path)]
        for detach in (False, True):
            memory_at(tmp_path)
            seen.append(names_in(tmp_path))
            syscalls.unmount(str(tmp_path), detach=detach)
            seen.append(names_in(tmp_path))
        return seen

    assert in_child(act) == [["before"], [], ["before"], [], ["before"]]


def test_unmounting_does_not_follow_a_link(tmp_path: Path) -> None:
    skip_without_namespaces()

    def act() -> None:
        own_mounts()
        memory_at(tmp_path / "mount")
        (tmp_path / "link").symlink_to(tmp_path / "mount")
        syscalls.unmount(str(tmp_path / "link"))

    with pytest.raises(OSError, match="umount2") as refused:
        in_child(act)
    assert refused.value.errno == errno.EINVAL


def test_after_pivoting_only_the_new_root_is_there(tmp_path: Path) -> None:
    skip_without_namespaces()

    def act() -> list[str]:
        own_mounts()
        memory_at(tmp_path)
        (tmp_path / "only").touch()
        os.chdir(tmp_path)
        syscalls.pivot_root(".", ".")
        syscalls.unmount(".", detach=True)
        os.chdir("/")
        return names_in(Path("/"))

    assert in_child(act) == ["only"]


def test_a_hostname_changes_in_its_namespace_only() -> None:
    skip_without_namespaces()
    before = socket.gethostname()

    def act() -> str:
        new_namespaces(syscalls.NEW_UTS)
        syscalls.set_hostname("grader")
        return socket.gethostname()

    assert in_child(act) == "grader"
    assert socket.gethostname() == before


def test_setns_goes_back_into_a_namespace_that_is_held_open() -> None:
    skip_without_namespaces()

    def act() -> tuple[str, str]:
        new_namespaces(syscalls.NEW_UTS)
        syscalls.set_hostname("first")
        with Path("/proc/self/ns/uts").open("rb") as first:
            syscalls.unshare(syscalls.NEW_UTS)
            syscalls.set_hostname("second")
            inside = os.uname().nodename
            syscalls.setns(first.fileno(), syscalls.NEW_UTS)
        return inside, os.uname().nodename

    assert in_child(act) == ("second", "first")


def test_a_new_network_has_a_loopback_once_it_is_up() -> None:
    skip_without_namespaces()

    def exchange() -> None:
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with socket.create_server((address, 0), family=family) as server:
                socket.create_connection(server.getsockname()[:2]).close()

    def act() -> tuple[bool, int]:
        new_namespaces(syscalls.NEW_NET)
        before = errno_in_child(exchange)
        syscalls.loopback_up()
        return before != 0, errno_in_child(exchange)

    failed_before, now = in_child(act)
    assert failed_before
    assert now in {0, errno.EADDRNOTAVAIL}  # the latter where there is no IPv6


def test_a_loopback_cannot_be_changed_without_capabilities() -> None:
    with pytest.raises(PermissionError, match=r"ioctl\(SIOCSIFFLAGS, lo up\)"):
        in_child(syscalls.no_new_privileges, syscalls.drop_capabilities, syscalls.loopback_up)


def capabilities() -> dict[str, int]:
    return {name: int(status(name), 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}


def test_no_capability_is_left_once_they_are_dropped() -> None:
    skip_without_namespaces()

    def act() -> dict[str, int]:
        new_namespaces(syscalls.NEW_NS)
        syscalls.drop_capabilities()
        return capabilities()

    assert set(in_child(act).values()) == {0}


def test_no_ambient_capability_outlives_the_others() -> None:
    skip_without_namespaces()
    net_raw, all_sets = 13, struct.pack("IIIIII", *[1 << 13] * 3, 0, 0, 0)

    def act() -> tuple[int, int]:
        new_namespaces(syscalls.NEW_NS)
        syscalls.call("capset", "in a test", struct.pack("Ii", 0x2008_0522, 0), all_sets)
        syscalls.call("prctl", "ambient, raise", 47, 2, net_raw, 0, 0)
        before = capabilities()["CapAmb"]
        syscalls.no_new_privileges()
        syscalls.drop_capabilities()
        return before, capabilities()["CapAmb"]

    assert in_child(act) == (1 << net_raw, 0)


def test_dropping_the_bounding_set_leaves_what_is_held() -> None:
    skip_without_namespaces()

    def act() -> dict[str, int]:
        new_namespaces(syscalls.NEW_NS)
        syscalls.drop_bounding_set()
        return capabilities()

    left = in_child(act)
    assert left["CapBnd"] == 0
    assert left["CapEff"] != 0


def become_somebody() -> None:
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def test_who_can_still_gain_capabilities_on_exec_cannot_say_they_are_dropped() -> None:
    if status("NoNewPrivs") == "1" or not int(status("CapBnd"), 16):
        pytest.skip("needs a process that may still gain privileges")
    with pytest.raises(PermissionError, match="from the bounding set"):
        in_child(become_somebody, syscalls.drop_capabilities)


def test_who_cannot_gain_privileges_needs_no_empty_bounding_set() -> None:
    def act() -> dict[str, int]:
        become_somebody()
        syscalls.no_new_privileges()
        syscalls.drop_capabilities()
        return capabilities()

    left = in_child(act)
    assert {name for name, held in left.items() if held} <= {"CapBnd"}


def test_no_new_privileges_are_gained_by_descendants_either() -> None:
    if status("NoNewPrivs") == "1":
        pytest.skip("needs a process that may still gain privileges")
    assert in_child(syscalls.no_new_privileges, lambda: in_child(lambda: status("NoNewPrivs"))) == "1"


def test_a_process_that_dies_with_its_parent_is_told_of_its_end() -> None:
    reading, writing = os.pipe()

    def tell(*_: object) -> None:
        os.write(writing, b"told")
        os._exit(0)

    def parent() -> None:
        ready, said = os.pipe()
        if not os.fork():
            signal.signal(signal.SIGTERM, tell)
            syscalls.die_with_parent(signal.SIGTERM)
            os.write(said, b"x")
            sleep(20)
            os._exit(0)
        os.read(ready, 1)

    in_child(parent)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b"told"


def test_another_signal_than_those_there_are_is_refused() -> None:
    with pytest.raises(OSError, match="signal 99 when the parent ends"):
        syscalls.die_with_parent(99)


def test_a_process_that_is_not_dumpable_says_so() -> None:
    def act() -> tuple[int, int]:
        before = syscalls.call("prctl", "dumpable?", 3, 0, 0, 0, 0)
        syscalls.not_dumpable()
        return before, syscalls.call("prctl", "dumpable?", 3, 0, 0, 0, 0)

    assert in_child(act) == (1, 0)


def test_orphans_are_adopted() -> None:
    def act() -> bool:
        syscalls.adopt_orphans()
        me, (reading, writing) = os.getpid(), os.pipe()
        parent = os.fork()
        if not parent:
            if not os.fork():
                while os.getppid() not in {me, 1}:
                    sleep(0.01)
                os.write(writing, str(os.getppid()).encode())
                os._exit(0)
            os._exit(0)
        os.waitpid(parent, 0)
        return int(os.read(reading, 20)) == me

    assert in_child(act)


def test_a_child_that_is_killed_is_not_taken_for_one_that_succeeded() -> None:
    with pytest.raises(Killed, match="-9"):
        in_child(lambda: os.kill(os.getpid(), signal.SIGKILL))
