"""How long reading takes at worst, per kind of answer, and comparing two formulas: adversarial texts.

Usage: python benchmarks/reading.py [REPEATS]
"""

import contextlib
import sys
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from pydantic import TypeAdapter

from grader.answers.values import Plain
from grader.checks import AnyCheck
from grader.checks.check import Check
from grader.errors import Unreadable

# What a text of 64 characters may take, in milliseconds; every reader stops at some length of its own.
BUDGET = 1.0
PER = 64

CHECKS: list[dict[str, Any]] = [
    {"kind": "integer", "rounding": 0.1, "square": True},
    {"kind": "real", "sigfigs": 3},
    *({"kind": "quantity", "unit": unit, "sigfigs": 3} for unit in ("byte", "flop", "mac", "second", "ratio")),
    {"kind": "expression", "symbols": ["n", "W", "F", "P", "S"]},
    {"kind": "shape", "channels_last": True},
    {"kind": "choice", "options": ["1x1", "3x3", "max pool", "squeeze and excitation"]},
    {"kind": "yesno"},
    {"kind": "done"},
    {"kind": "path", "atol": 0.1},
    *({"kind": "set", "items": {"kind": kind}} for kind in ("integer", "shape")),
    {"kind": "set", "items": {"kind": "expression", "symbols": ["n"]}},
    {"kind": "table", "rows": ["a", "b"], "cells": {"kind": "expression", "symbols": ["n"]}},
    {"kind": "measurement", "values": {"a": {"low": 0, "high": 1, "unit": "percent"}}},
]
# Repeated up to the length that is tried.
PIECES = [
    *(
        "(",
        "((1)",
        "(1)+",
        "(1*",
        "[",
        "{",
        "9^9^9",
        "9**9*",
        "1e30",
        "1e30*",
        "9e30/7*",
        "1/7+",
        "1/3*",
        "1/9999991*",
        "2^99*",
    ),
    *(
        ",",
        "1,",
        "1,000,",
        "1,00,",
        "1 000 ",
        "1_000_",
        "0.",
        ".",
        "-",
        "--",
        "- 1",
        "+1",
        "1-",
        "1 - ",
        "=",
        "1=",
        "n=",
        "~",
        "x",
        "1x",
        "%",
    ),
    *(
        "floor(",
        "floor(n/2)+",
        "max(n,",
        "n(",
        "n*",
        "n^9*",
        "n+8=",
        "2n=n+n=",
        "floor(n/3)=",
        "floor((n+1)/1023)+n+n+0+0=",
        "n^30+n^30+n^30+1/9999991n=",
        "(n+1)^30*",
        "⌊",
        "n²",
    ),
    *(
        "and ",
        "a and ",
        "&",
        ";",
        "\n",
        "- a\n",
        " ",
        "\t",
        "a",
        "K",
        "１",
        "٣",
        "\u200b",
        "\u202e",
        "\ud800",
        "é",
        "'",
        "(1,2),",
        "(1 2)",
    ),
]
# Formulas that are the same, so that they are compared at all points: everyday ones, and as bad as 200 characters can be.
PAIRS = [
    (["n"], "n + 8", "2(n-1) + 10 - n"),
    (["n"], "floor((n-1)/2) + 1", "ceil(n/2)"),
    (["W", "F", "P", "S"], "floor((W-F+2P)/S) + 1", "1 + (2P-F+W)//S"),
    (["n"], "(n+1)^30*(n-1)^30", "(n-1)^30*(n+1)^30"),
    (["n"], "floor(n/1023)+" * 13 + "0", "13*floor(n/1023)"),
    (["W", "F", "P", "S"], "floor((W-F+2P)/S)+" * 10 + "0", "10*floor((W-F+2P)/S)"),
]
LENGTHS = (64, 200, 2_000, 10_000)


def main() -> None:
    """Prints the worst text of every kind, and whether it keeps to the budget."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    checks: TypeAdapter[Check] = TypeAdapter(AnyCheck)
    print(f"{'kind':46} {'ms per 64':>9} {'ms':>7} {'length':>6}  worst text")
    for options in CHECKS:
        check = checks.validate_python(options)
        named = options["kind"] in {"table", "measurement"}
        timed = ((_milliseconds(check, {"a": text} if named else text, repeats), text) for text in _texts())
        took, text = max(timed, key=lambda pair: pair[0] / _share(pair[1]))
        over = "" if took / _share(text) <= BUDGET else "  OVER"
        shown = ", ".join(f"{value}" for value in options.values())[:46]
        print(f"{shown:46} {took / _share(text):9.3f} {took:7.2f} {len(text):6}  {text[:24]!r}{over}")

    print(f"\n{'comparing two formulas':46} {'ms':>7}")
    for symbols, one, other in PAIRS:
        formula = checks.validate_python({"kind": "expression", "symbols": symbols})
        expected = formula.expect(one)
        (reading,) = formula.read(other)
        started = perf_counter()
        assert formula.compare(reading, expected).right  # noqa: S101 - else it would not be compared at all points
        print(f"{one[:30] + ' = ' + other:46.46} {1000 * (perf_counter() - started):7.2f}")


def _share(text: str) -> float:
    """Its length in units of 64 characters, at least one."""
    return max(len(text) / PER, 1)


def _texts() -> Iterator[str]:
    for piece in PIECES:
        for length in LENGTHS:
            whole = piece * (length // len(piece))
            yield whole
            yield (whole + "1")[-length:]


def _milliseconds(check: Check, answer: Plain, repeats: int) -> float:
    """The best of several times, since others share the machine."""
    times = []
    for _ in range(repeats):
        started = perf_counter()
        with contextlib.suppress(Unreadable):
            check.read(answer)
        times.append(perf_counter() - started)
    return min(times) * 1000


if __name__ == "__main__":
    main()
