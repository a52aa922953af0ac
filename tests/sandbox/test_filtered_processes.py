import ctypes
import errno
import fcntl
import mmap
import os
import platform
import resource
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.sandbox import syscalls
from grader.sandbox.seccomp import install, program
from tests.sandbox.children import FEW, MANY, Killed, errno_in_child, errno_of, filtered, in_child, linux

pytestmark = linux


def made(name: str, *arguments: int | bytes | None) -> Callable[[], object]:
    """A call by its number, past what the C library does."""
    return lambda: syscalls.call(name, "in a test", *arguments)


HARMLESS = {  # calls that do nothing even where they are allowed
    "unshare": (0,),
    "ptrace": (0xFFFF,),
    "process_vm_readv": (0, None, 0, None, 0, 0),
    "bpf": (0xFFFF, None, 0),
    "perf_event_open": (None, 0, -1, -1, 0),
    "userfaultfd": (0xFFFF,),
    "io_uring_setup": (0, None),
    "keyctl": (0xFFFF, 0, 0, 0, 0),
    "mount": (None, None, None, 0, None),
    "open_tree": (-1, b"", 0),
    "memfd_create": (b"x", 0),
    "shmget": (0, 4096, 0o1600),
    "msgget": (0, 0),
    "personality": (0xFFFF_FFFF,),
    "name_to_handle_at": (-1, None, None, None, 0),
    "open_by_handle_at": (-1, None, 0),
    "adjtimex": (None,),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_the_kernel_refuses_what_the_filter_says(name: str) -> None:
    assert errno_in_child(lambda: filtered(**MANY), made(name, *HARMLESS[name])) == errno.EPERM


def test_a_filter_keeps_its_process_from_gaining_privileges() -> None:
    def act() -> int:
        filtered(**MANY)
        return syscalls.call("prctl", "no new privileges?", 39, 0, 0, 0, 0)

    assert in_child(act) == 1


def test_a_filter_binds_descendants_and_new_programs() -> None:
    code = "import ctypes; libc = ctypes.CDLL(None, use_errno=True); print(libc.unshare(0), ctypes.get_errno())"

    def act() -> str:
        filtered(**MANY)
        return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout

    assert in_child(act).split() == ["-1", str(errno.EPERM)]


def test_what_is_not_a_filter_is_refused() -> None:
    for rubbish in (b"", b"\xff" * 8, program(platform.machine(), **MANY)[:-8]):
        assert errno_in_child(lambda: install(rubbish)) == errno.EINVAL  # noqa: B023 - used up at once


@pytest.mark.skipif(platform.machine() != "x86_64", reason="needs x86_64: other machines have no second convention")
def test_the_other_convention_of_this_machine_kills() -> None:
    def act() -> int:
        filtered(**MANY)
        libc = ctypes.CDLL(None)
        return int(libc.syscall(0x4000_0000 | 39))

    with pytest.raises(Killed, match=str(-signal.SIGSYS)):
        in_child(act)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="needs x86_64: calls of i386 from its programs")
def test_calls_of_a_32_bit_machine_kill() -> None:
    getpid_of_i386 = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"  # mov eax, 20; int 0x80; ret

    def called() -> int:
        with mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC) as code:
            code.write(getpid_of_i386)
            place = (ctypes.c_char * 1).from_buffer(code)
            result = int(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(place))())
            del place
            return result

    try:
        in_child(called)
    except Killed:
        pytest.skip("needs a kernel that runs programs of i386")
    with pytest.raises(Killed, match=str(-signal.SIGSYS)):
        in_child(lambda: filtered(**MANY), called)


@pytest.mark.parametrize(
    ("own_network", "family", "kind", "protocol", "expected"),
    [
        (True, socket.AF_UNIX, socket.SOCK_STREAM, 0, 0),
        (True, socket.AF_INET, socket.SOCK_STREAM, 0, 0),
        (True, socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_UDP, 0),
        (True, 16, socket.SOCK_RAW, 0, 0),
        (True, socket.AF_INET, socket.SOCK_STREAM, 132, errno.EACCES),
        (True, socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP, errno.EACCES),
        (True, 40, socket.SOCK_STREAM, 0, errno.EACCES),
        (True, 38, socket.SOCK_SEQPACKET, 0, errno.EACCES),
        (True, 17, socket.SOCK_RAW, 0, errno.EACCES),
        (False, socket.AF_UNIX, socket.SOCK_STREAM, 0, 0),
        (False, socket.AF_INET, socket.SOCK_STREAM, 0, errno.EACCES),
        (False, socket.AF_INET6, socket.SOCK_DGRAM, 0, errno.EACCES),
        (False, 16, socket.SOCK_RAW, 0, errno.EACCES),
    ],
)
def test_sockets_reach_no_further_than_the_network_of_the_process(
    own_network: bool,  # noqa: FBT001 - one of the cases
    family: int,
    kind: int,
    protocol: int,
    expected: int,
) -> None:
    choice = MANY | {"own_network": own_network}
    assert errno_in_child(lambda: filtered(**choice), lambda: socket.socket(family, kind, protocol)) == expected


def test_bits_that_the_kernel_ignores_do_not_open_a_socket() -> None:
    disguised = made("socket", (1 << 32) | socket.AF_INET, socket.SOCK_STREAM, 0)
    assert errno_in_child(lambda: filtered(**FEW), disguised) == errno.EACCES


def test_a_terminal_takes_no_typed_input_from_the_inside() -> None:
    def act() -> int:
        _, terminal = os.openpty()
        filtered(**MANY)
        return errno_of(lambda: fcntl.ioctl(terminal, termios.TIOCSTI, b"x"))

    assert in_child(act) == errno.EPERM


def test_bits_that_the_kernel_ignores_do_not_hide_a_request() -> None:
    def act() -> int:
        _, terminal = os.openpty()
        filtered(**MANY)
        return errno_of(made("ioctl", terminal, (1 << 32) | termios.TIOCSTI, b"x"))

    assert in_child(act) == errno.EPERM


def test_files_cannot_be_held_up_by_a_lease(tmp_path: Path) -> None:
    (tmp_path / "shared").touch()

    def lease() -> None:
        fcntl.fcntl(os.open(tmp_path / "shared", os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK)

    if errno_in_child(lease):
        pytest.skip("needs a file system with leases")
    assert errno_in_child(lambda: filtered(**MANY), lease) == errno.EPERM


def test_clone_makes_no_namespace() -> None:
    new_user = made("clone", 0x1000_0000 | signal.SIGCHLD, 0, 0, 0, 0)
    assert errno_in_child(lambda: filtered(**MANY), new_user) == errno.EPERM


def test_clone3_does_not_exist() -> None:
    assert errno_in_child(lambda: filtered(**MANY), made("clone3", None, 0)) == errno.ENOSYS


NOBODYS = 0x7FFF_1234
"""A user id that has no processes, for what is set per user."""
OF_OTHERS: dict[str, Callable[[int], object]] = {
    "limits": lambda parent: resource.prlimit(parent, resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE)),
    "processors": lambda parent: os.sched_setaffinity(parent, os.sched_getaffinity(parent)),
    "niceness": lambda parent: os.setpriority(os.PRIO_PROCESS, parent, os.getpriority(os.PRIO_PROCESS, parent)),
    "niceness of all": lambda _: os.setpriority(os.PRIO_USER, NOBODYS, 0),
    "disk priority": lambda _: syscalls.call("ioprio_set", "in a test", 3, NOBODYS, 0),
}


@pytest.mark.parametrize("what", OF_OTHERS)
def test_limits_and_priorities_of_others_of_the_same_user_stay(what: str) -> None:
    parent = os.getpid()
    assert errno_in_child(lambda: OF_OTHERS[what](parent)) != errno.EPERM
    for choice in (FEW, MANY):
        assert errno_in_child(lambda: filtered(**choice), lambda: OF_OTHERS[what](parent)) == errno.EPERM  # noqa: B023 - called at once


def test_the_scheduling_of_others_seems_to_change_and_does_not() -> None:
    parent, policy = os.getpid(), os.sched_getscheduler(0)

    def act() -> tuple[int, int]:
        filtered(**MANY)
        os.sched_setscheduler(parent, os.SCHED_IDLE, os.sched_param(0))
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        return os.sched_getscheduler(parent), os.sched_getscheduler(0)

    assert in_child(act) == (policy, os.SCHED_BATCH)


def test_limits_and_priorities_of_ones_own_can_be_set() -> None:
    def act() -> tuple[int, int, int]:
        filtered(**FEW)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.sched_setaffinity(0, os.sched_getaffinity(0))
        return resource.getrlimit(resource.RLIMIT_CORE)[1], os.nice(1), os.getpriority(os.PRIO_PROCESS, 0)

    assert in_child(act)[0] == 0


def test_modes_and_times_of_files_seem_to_change_and_do_not(tmp_path: Path) -> None:
    file = tmp_path / "answers"
    file.write_text("42", encoding="utf-8")
    before = file.stat()

    def act() -> None:
        filtered(**FEW)
        file.chmod(0)
        with file.open("rb") as opened:
            os.fchmod(opened.fileno(), 0)
            os.utime(opened.fileno(), (0, 0))
        os.chown(file, 1, 1)
        os.lchown(file, 1, 1)
        os.utime(file, (0, 0))
        os.setxattr(file, "user.grader", b"x")

    in_child(act)
    after = file.stat()
    assert (after.st_mode, after.st_uid, after.st_mtime) == (before.st_mode, before.st_uid, before.st_mtime)


def test_who_may_not_connect_can_neither_connect_nor_send_but_listens(tmp_path: Path) -> None:
    path = str(tmp_path / "service")
    with socket.socket(socket.AF_UNIX) as service:
        service.bind(path)
        service.listen()

        def act() -> list[int]:
            filtered(**FEW)
            with socket.socket(socket.AF_UNIX) as mine, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as other:
                mine.bind(str(tmp_path / "mine"))
                mine.listen()
                return [
                    errno_of(lambda: other.connect(path)),
                    errno_of(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)),
                    errno_of(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_RAW)),
                    errno_of(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)),
                    errno_of(socket.socketpair),
                ]

        assert in_child(act) == [errno.EACCES] * 4 + [0]
