import errno
import fcntl
import re
import socket
import termios
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox import policy
from grader.sandbox.bpf import ALLOW, KILL_PROCESS, error
from grader.sandbox.call_numbers import HIGHEST, MACHINES, UNUSED, numbers
from grader.sandbox.seccomp import ARCHITECTURES, program
from tests.sandbox.bpf_machine import check, run
from tests.sandbox.children import linux

CHOICES = [*product((False, True), repeat=3)]
PROGRAMS = {
    (machine, *choice): program(machine, own_network=choice[0], own_user=choice[1], connects=choice[2])
    for machine in MACHINES
    for choice in CHOICES
}
HEADERS = {"x86_64": "x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "asm-generic/unistd.h"}

everywhere = pytest.mark.parametrize("machine", MACHINES)
whatever_the_choice = pytest.mark.parametrize("choice", CHOICES, ids=str)


def numbers_in_header(machine: str) -> dict[str, int]:
    path = Path("/usr/include") / HEADERS[machine]
    if not path.exists():
        pytest.skip(f"needs the C header {HEADERS[machine]}")
    found = re.findall(r"^#define\s+__NR(?:3264)?_(\w+)\s+(\d+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: int(number) for name, number in found if name not in {"syscalls", "arch_specific_syscall"}}


def verdict(machine: str, choice: tuple[bool, bool, bool], number: int, *arguments: int) -> int:
    return run(PROGRAMS[machine, *choice], ARCHITECTURES[machine], number, arguments).answer


@everywhere
@whatever_the_choice
def test_a_program_is_one_that_the_kernel_takes(machine: str, choice: tuple[bool, bool, bool]) -> None:
    check(PROGRAMS[machine, *choice])


@everywhere
def test_numbers_of_calls_are_those_of_the_headers(machine: str) -> None:
    headers, table = numbers_in_header(machine), numbers(machine)
    known = table.keys() & headers.keys()
    assert {name: table[name] for name in known} == {name: headers[name] for name in known}
    missing = table.keys() - headers.keys()
    assert all(table[name] > max(headers.values()) for name in missing), "an old call that the header does not know"


@everywhere
def test_a_call_without_a_number_is_one_that_the_machine_does_not_have(machine: str) -> None:
    everywhere_else = {name for other in MACHINES for name in numbers(other)} - numbers(machine).keys()
    assert not everywhere_else & numbers_in_header(machine).keys()


@everywhere
def test_no_call_of_the_headers_has_a_number_that_the_filter_takes_for_unused(machine: str) -> None:
    unused = {name for name, number in numbers_in_header(machine).items() if number in UNUSED[machine]}
    assert all(name.endswith("64") for name in unused), unused  # those exist on machines of 32 bits only


def test_every_call_of_the_policy_has_a_number() -> None:
    named = {*policy.REFUSED, *policy.PRETENDED, *policy.OF_THE_CALLER, *policy.OF_ITS_THREADS}
    assert named <= numbers("x86_64").keys()


def test_no_call_is_in_two_lists_of_the_policy() -> None:
    in_part = {"fcntl", "ioctl", "clone", "clone3", "socket", "socketpair", "connect"}
    of_the_caller = {*policy.OF_THE_CALLER, *policy.OF_ITS_THREADS}
    lists: list[set[str]] = [{*policy.REFUSED}, {*policy.PRETENDED}, of_the_caller, in_part]
    assert len(set().union(*lists)) == sum(map(len, lists))


@everywhere
@whatever_the_choice
def test_refused_calls_fail_whatever_their_arguments(machine: str, choice: tuple[bool, bool, bool]) -> None:
    for name in policy.REFUSED:
        if name in numbers(machine):
            assert verdict(machine, choice, numbers(machine)[name]) == error(errno.EPERM), name
            assert verdict(machine, choice, numbers(machine)[name], *[2**64 - 1] * 6) == error(errno.EPERM), name


@everywhere
@whatever_the_choice
def test_all_calls_that_no_list_names_are_allowed_by_number_alone(
    machine: str, choice: tuple[bool, bool, bool]
) -> None:
    ordinary = numbers_in_header(machine).items() - numbers(machine).items()
    for name, number in ordinary:
        if number not in UNUSED[machine]:
            outcome = run(PROGRAMS[machine, *choice], ARCHITECTURES[machine], number)
            assert (outcome.answer, set(outcome.looked_at)) == (ALLOW, {0, 4}), name


@everywhere
def test_sandboxes_within_the_sandbox_are_allowed(machine: str) -> None:
    for name in ("seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "prctl"):
        assert verdict(machine, (False, False, False), numbers(machine)[name]) == ALLOW


@given(
    machine=st.sampled_from(MACHINES),
    choice=st.sampled_from(CHOICES),
    architecture=st.integers(0, 2**32 - 1) | st.sampled_from([0x4000_0003, 0x4000_0028, *ARCHITECTURES.values()]),
    number=st.integers(0, 2**32 - 1) | st.integers(0, HIGHEST),
)
def test_a_call_of_another_machine_kills(
    machine: str, choice: tuple[bool, bool, bool], architecture: int, number: int
) -> None:
    answer = run(PROGRAMS[machine, *choice], architecture, number).answer
    assert (answer == KILL_PROCESS) == (
        architecture != ARCHITECTURES[machine] or (machine == "x86_64" and number >= 0x4000_0000)
    )


@everywhere
@whatever_the_choice
def test_a_call_that_nobody_knew_does_not_exist(machine: str, choice: tuple[bool, bool, bool]) -> None:
    for number in (*UNUSED[machine], *range(HIGHEST + 1, HIGHEST + 1000), 0x3FFF_FFFF):
        assert verdict(machine, choice, number) == error(errno.ENOSYS)


GARBAGE = st.sampled_from([0, 1 << 32, 2**64 - 2**32, 0xDEAD_BEEF << 32])
"""In the half of a register that the kernel does not look at for an int."""
INTERESTING = st.sampled_from(
    [
        *(0, 1, 2, 3, 5, 6, 10, 15, 16, 17, 38, 40, 132, 262, 1023, 1024, 1025, 2**31, 2**32 - 1),
        *(0x5412, 0x541C, 0x5423, 0x5401, 0x4008_6602, 0x401C_5820, 0x0002_0000, 0x1000_0000, 0x8000, 0x80),
        *(0x7D_0F00, 0x4111, 17, 0x80001, 0x80801, 0x80802, 0x80005, 0x80006, 0x803),
    ]
)
ARGUMENTS = st.lists(st.builds(int.__or__, INTERESTING | st.integers(0, 2**32 - 1), GARBAGE), min_size=6, max_size=6)
IN_PART = st.sampled_from(
    [
        *("fcntl", "ioctl", "clone", "clone3", "socket", "socketpair", "connect"),
        *policy.OF_THE_CALLER,
        *policy.OF_ITS_THREADS,
        *policy.PRETENDED,
    ]
)


@settings(max_examples=1000)
@given(machine=st.sampled_from(MACHINES), choice=st.sampled_from(CHOICES), name=IN_PART, arguments=ARGUMENTS)
def test_calls_allowed_in_part_are_judged_by_the_low_halves_of_their_arguments(
    machine: str, choice: tuple[bool, bool, bool], name: str, arguments: list[int]
) -> None:
    if name in numbers(machine):
        first, second, third = (argument % 2**32 for argument in arguments[:3])
        expected = in_words(name, choice, first, second, third)
        assert verdict(machine, choice, numbers(machine)[name], *arguments) == (
            error(expected) if expected >= 0 else ALLOW
        )


def in_words(name: str, choice: tuple[bool, bool, bool], first: int, second: int, third: int) -> int:  # noqa: C901, PLR0911 - one case per line
    """The errno that the policy means, -1 for an allowed call: said once more, in other words."""
    own_network, own_user, connects = choice
    kinds = {1, 2, 3, 5} if connects else {1, 5}
    a_kind = second & ~0x80800 in kinds
    match name:
        case "fcntl":
            return errno.EPERM if second == 1024 else -1
        case "ioctl":
            return errno.EPERM if second in {0x5412, 0x541C, 0x5423, 0x40086602, 0x401C5820} else -1
        case "clone":
            return errno.EPERM if first & 0x7E02_8000 else -1
        case "clone3":
            return errno.ENOSYS
        case "socket":
            families = {1, 2, 10, 16} if own_network else {1}
            return -1 if first in families and a_kind and third in {0, 6, 17} else errno.EACCES
        case "socketpair":
            return -1 if first == 1 and a_kind else errno.EACCES
        case "connect":
            return -1 if connects else errno.EACCES
        case "setpriority":
            return -1 if (first, second) == (0, 0) else errno.EPERM
        case "ioprio_set":
            return -1 if (first, second) == (1, 0) else errno.EPERM
        case _ if name in policy.OF_THE_CALLER:
            return -1 if first == 0 else errno.EPERM
        case _ if name in policy.OF_ITS_THREADS:
            return -1 if first == 0 else 0
        case _:
            return -1 if own_user else 0


@everywhere
def test_threads_and_processes_can_be_made_but_no_namespaces(machine: str) -> None:
    for of_a_thread, allowed in ((0x3D_0F00, True), (0x120_0011, True), (0x4111, True), (0x1000_0011, False)):
        answer = verdict(machine, (False, False, False), numbers(machine)["clone"], of_a_thread)
        assert (answer == ALLOW) == allowed, hex(of_a_thread)


@linux
def test_values_of_the_policy_are_those_of_the_system() -> None:
    assert {termios.TIOCSTI, termios.TIOCSETD} < {*policy.DEVICE_REQUESTS}
    assert policy.FILE_COMMANDS == (fcntl.F_SETLEASE,)
    assert set(policy.FAMILIES) == {socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK}
    kinds = {socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM, socket.SOCK_RAW}
    flags = {0, socket.SOCK_CLOEXEC, socket.SOCK_NONBLOCK, socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK}
    assert {*policy.SOCKET_TYPES} == {kind | flag for kind in kinds for flag in flags}
    assert policy.PROTOCOLS == (0, socket.IPPROTO_TCP, socket.IPPROTO_UDP)


def test_a_machine_without_a_table_has_no_filter() -> None:
    with pytest.raises(OSError, match="riscv64 are not known"):
        program("riscv64", own_network=True, own_user=True, connects=True)


@everywhere
def test_who_looks_after_a_kernel_may_set_the_priorities_of_others_and_all_else_is_as_for_the_kernel(
    machine: str,
) -> None:
    keeper = program(machine, own_network=True, own_user=True, connects=True, looks_after=True)
    check(keeper)
    judged = policy.OF_THE_CALLER.keys() | policy.OF_ITS_THREADS.keys()
    for name, number in numbers(machine).items():
        answer = run(keeper, ARCHITECTURES[machine], number, (7,) * 6).answer
        assert answer == (ALLOW if name in judged else verdict(machine, (True, True, True), number, *(7,) * 6)), name
