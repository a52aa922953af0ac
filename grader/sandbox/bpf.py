"""Classic BPF, the language of seccomp filters, as blocks of instructions that are put one after the other.

Jumps of this language reach at most 255 instructions forward. So a filter consists of short blocks: each answers a
call that is its own, on every path through it, and is passed over by all others. What a filter sees is `struct seccomp_data`
of linux/seccomp.h: the call's number and machine, an address, and six arguments of eight bytes.
"""

import struct
from collections.abc import Collection
from typing import Final, TypeAlias

Block: TypeAlias = list[bytes]
"""Instructions of eight bytes: code, jump if so, jump if not, value (linux/filter.h)."""

NUMBER: Final = 0
"""Offset of the call's number, in bytes."""
ARCHITECTURE: Final = 4
"""Offset of the machine whose conventions the call follows, in bytes."""
_ARGUMENTS: Final = 16
"""Offset of the first argument, in bytes."""

ALLOW: Final = 0x7FFF_0000
KILL_PROCESS: Final = 0x8000_0000
_ERROR: Final = 0x0005_0000

_LOAD, _EQUAL, _GREATER, _AT_LEAST, _ANY_BIT, _ANSWER = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06


def error(number: int) -> int:
    """The answer that makes a call fail with this errno."""
    return _ERROR | number


def load(offset: int) -> Block:
    """What the following comparisons look at: four bytes of the data."""
    return [_instruction(_LOAD, offset)]


def answer(verdict: int) -> Block:
    """The end: allow, kill, or fail with an error."""
    return [_instruction(_ANSWER, verdict)]


def when_equal(value: int, block: Block) -> Block:
    """The block, passed over by all other values."""
    return [_instruction(_EQUAL, value, if_not=len(block)), *block]


def unless_equal(value: int, block: Block) -> Block:
    """The block, passed over by this value."""
    return [_instruction(_EQUAL, value, if_so=len(block)), *block]


def when_at_least(value: int, block: Block) -> Block:
    """The block, passed over by all lower values; numbers have no sign here."""
    return [_instruction(_AT_LEAST, value, if_not=len(block)), *block]


def when_between(low: int, high: int, block: Block) -> Block:
    """The block, passed over by all values below `low` and above `high`."""
    return when_at_least(low, [_instruction(_GREATER, high, if_so=len(block)), *block])


def when_any_bit(mask: int, block: Block) -> Block:
    """The block, passed over by values that have no bit in common with the mask."""
    return [_instruction(_ANY_BIT, mask, if_not=len(block)), *block]


def load_argument(index: int) -> Block:
    """The low half of an argument, for the kernel takes no more of an int, whatever a caller puts into the high one."""
    return load(_ARGUMENTS + 8 * index)


def unless_one_of(values: Collection[int], block: Block) -> Block:
    """The block, passed over by each of these values."""
    for value in values:
        block = unless_equal(value, block)
    return block


def when_one_of(values: Collection[int], block: Block) -> Block:
    """The block, which has to end in an answer, once for each of these values."""
    return [instruction for value in values for instruction in when_equal(value, block)]


def _instruction(code: int, value: int, *, if_so: int = 0, if_not: int = 0) -> bytes:
    """Raises struct.error for a jump that is too far."""
    return struct.pack("<HBBI", code, if_so, if_not, value)
