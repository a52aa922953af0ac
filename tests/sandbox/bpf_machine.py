"""The machine that runs classic BPF, as far as filters of system calls use it; after the kernel's own checks."""

import struct
from collections.abc import Sequence
from typing import NamedTuple

_MAX_INSTRUCTIONS = 4096
_LOAD, _EQUAL, _GREATER, _AT_LEAST, _ANY_BIT, _ANSWER = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06
_JUMPS = {
    _EQUAL: lambda left, right: left == right,
    _GREATER: lambda left, right: left > right,
    _AT_LEAST: lambda left, right: left >= right,
    _ANY_BIT: lambda left, right: left & right != 0,
}


class Outcome(NamedTuple):
    """The filter's answer, and the offsets of the data that it looked at."""

    answer: int
    looked_at: frozenset[int]


def instructions(program: bytes) -> list[tuple[int, int, int, int]]:
    """Code, two jumps and value each."""
    assert len(program) % 8 == 0
    return [*struct.iter_unpack("<HBBI", program)]


def check(program: bytes) -> None:
    """What the kernel refuses fails here: unknown codes, jumps past the end, no answer at the end."""
    lines = instructions(program)
    assert 0 < len(lines) <= _MAX_INSTRUCTIONS
    assert lines[-1][0] == _ANSWER
    for place, (code, if_so, if_not, value) in enumerate(lines):
        assert code in {_LOAD, _ANSWER, *_JUMPS}
        if code == _LOAD:
            assert value % 4 == 0
            assert value < 64
        if code in _JUMPS:
            assert place + 1 + max(if_so, if_not) < len(lines)


def run(program: bytes, architecture: int, number: int, arguments: Sequence[int] = ()) -> Outcome:
    """The answer to one call; numbers and arguments as the registers hold them."""
    data = struct.pack("<IIQ6Q", number, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    lines, place, held = instructions(program), 0, 0
    looked_at: set[int] = set()
    while True:
        code, if_so, if_not, value = lines[place]
        place += 1
        if code == _ANSWER:
            return Outcome(value, frozenset(looked_at))
        if code == _LOAD:
            (held,) = struct.unpack_from("<I", data, value)
            looked_at.add(value)
        else:
            place += if_so if _JUMPS[code](held, value) else if_not
