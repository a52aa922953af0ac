"""A filter of system calls: what student code has no use for and an attack has is refused by the kernel itself.

The list says what is refused, for what ordinary programs and libraries call differs too much between versions to list
what is allowed. What this list cannot know, because it is newer than the list, does not exist for the student. A call
that is always allowed is told by its number alone; the kernel remembers that, so it costs nothing.
"""

import ctypes
import errno
import struct
from collections.abc import Collection
from typing import Final, TypeAlias

from grader.sandbox import bpf, policy, syscalls
from grader.sandbox.bpf import Block, answer
from grader.sandbox.call_numbers import HIGHEST, UNUSED, numbers

ARCHITECTURES: Final = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
"""AUDIT_ARCH_* of linux/audit.h."""
_FIRST_OF_X32: Final = 0x4000_0000
"""The other calling convention of x86_64, with numbers of its own for some calls."""
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_BYTES_PER_INSTRUCTION: Final = 8

Conditions: TypeAlias = Collection[tuple[int, Collection[int]]]
"""Indices of arguments with the values that each may have."""


def program(machine: str, *, own_network: bool, own_user: bool, connects: bool, looks_after: bool = False) -> bytes:
    """The filter as the kernel takes it.

    Args:
        machine: as `os.uname` names it.
        own_network: the process is in a network namespace of its own, so that no socket leads out of it.
        own_user: no file that it could name belongs to its user but its own. Otherwise changes of modes, owners
            and times are not made, but reported as made: Landlock does not keep them from files of the teacher.
        connects: it may connect to sockets that are files. If not, it can still listen: no service of the
            same user can be asked to do what the process itself may not, which Landlock prevents from ABI 9 on only.
            The price: processes of one notebook cannot hand over open files, which torch does with tensors.
        looks_after: it is no kernel, but looks after one, and may set the priorities of other processes.

    Returns:
        instructions of eight bytes each.

    Raises:
        OSError: there is no table of calls for this machine.
    """
    number_of = numbers(machine)
    blocks = {
        **_in_part(own_network=own_network, connects=connects),
        **({} if looks_after else _of_the_caller()),
        **({} if own_user else dict.fromkeys(policy.PRETENDED, _pretended())),
        **dict.fromkeys(policy.REFUSED, _fails(errno.EPERM)),
    }
    known = [bpf.when_equal(number_of[name], block) for name, block in blocks.items() if name in number_of]
    return b"".join(_joined([_foreign(machine), *known, answer(bpf.ALLOW)]))


def install(filter_program: bytes) -> None:
    """Filter the calls of this process and its descendants for good; it cannot gain privileges any more.

    Args:
        filter_program: of `program`, for the machine that this is.

    Raises:
        OSError: the kernel does not take it, or another thread has a filter of its own.
    """
    syscalls.no_new_privileges()
    count = len(filter_program) // _BYTES_PER_INSTRUCTION
    code = ctypes.create_string_buffer(filter_program, len(filter_program))
    argument = struct.pack("HP", count, ctypes.addressof(code))
    words = f"filter of {count} instructions, all threads"
    thread = syscalls.call("seccomp", words, _SET_MODE_FILTER, _ALL_THREADS, argument)
    if thread:
        raise OSError(errno.EBUSY, f"seccomp({words}): thread {thread} has another filter")


def _foreign(machine: str) -> Block:
    """Other conventions of calling, under which numbers mean other calls; then numbers that are nobody's."""
    unused = UNUSED[machine]
    x32 = bpf.when_at_least(_FIRST_OF_X32, answer(bpf.KILL_PROCESS)) if machine == "x86_64" else []
    return [
        *bpf.load(bpf.ARCHITECTURE),
        *bpf.unless_equal(ARCHITECTURES[machine], answer(bpf.KILL_PROCESS)),
        *bpf.load(bpf.NUMBER),
        *x32,
        *bpf.when_at_least(HIGHEST + 1, _fails(errno.ENOSYS)),
        *bpf.when_between(unused.start, unused.stop - 1, _fails(errno.ENOSYS)),
    ]


def _in_part(*, own_network: bool, connects: bool) -> dict[str, Block]:
    """Calls whose arguments decide. Where clone3 does not exist, the C library goes on with clone, which can be judged."""
    refused = _fails(errno.EPERM)
    families = policy.FAMILIES if own_network else policy.LOCAL_FAMILY
    types = policy.SOCKET_TYPES if connects else policy.CONNECTED_TYPES
    return {
        "fcntl": [*bpf.load_argument(1), *bpf.when_one_of(policy.FILE_COMMANDS, refused), *answer(bpf.ALLOW)],
        "ioctl": [*bpf.load_argument(1), *bpf.when_one_of(policy.DEVICE_REQUESTS, refused), *answer(bpf.ALLOW)],
        "clone": [*bpf.load_argument(0), *bpf.when_any_bit(policy.CLONE_FLAGS, refused), *answer(bpf.ALLOW)],
        "clone3": _fails(errno.ENOSYS),
        "socket": _only([(0, families), (1, types), (2, policy.PROTOCOLS)], _fails(errno.EACCES)),
        "socketpair": _only([(0, policy.LOCAL_FAMILY), (1, types)], _fails(errno.EACCES)),
        **({} if connects else {"connect": _fails(errno.EACCES)}),
    }


def _of_the_caller() -> dict[str, Block]:
    limits = {name: _only(conditions, _fails(errno.EPERM)) for name, conditions in policy.OF_THE_CALLER.items()}
    threads = {name: _only(conditions, _pretended()) for name, conditions in policy.OF_ITS_THREADS.items()}
    return limits | threads


def _only(conditions: Conditions, refused: Block) -> Block:
    """Allowed when each of these arguments has one of its values."""
    checks = [[*bpf.load_argument(index), *bpf.unless_one_of(values, refused)] for index, values in conditions]
    return [*_joined(checks), *answer(bpf.ALLOW)]


def _pretended() -> Block:
    return answer(bpf.error(0))


def _fails(error_number: int) -> Block:
    return answer(bpf.error(error_number))


def _joined(blocks: Collection[Block]) -> Block:
    return [instruction for block in blocks for instruction in block]
