"""The units of amounts of memory, of operations and of time, and of ratios: every spelling with all its meanings.

"GB" has two, since makers of memory count in powers of 1024 and makers of disks in powers of 1000; "GiB" has one. A FLOP
has two where multiply-adds are asked for: some count the multiplication and the addition, some write FLOP for the pair.
"""

import re
from collections.abc import Iterable
from fractions import Fraction

from grader.answers.dimensions import ONE, Dimension, Scale
from grader.answers.reading import TIMES

Tag = tuple[str, str]
Units = dict[str, tuple[Scale, ...]]

# "59 s per epoch" is as long as "59 s".
_PER = re.compile(
    r"(?:/|(?<![^\W_])per(?![^\W_])) *(?:epoch|image|picture|sample|example|input|batch|minibatch|step|iteration)\.?$",
    re.IGNORECASE,
)


def _power(base: int, power: int, *tags: Tag) -> Scale:
    return Scale(Fraction(base) ** power, f"{base}^{power}" if power > 1 else f"{base}", tags)


def _prefixed(power: int, letter: str, decimal: str, binary: str, word: str) -> Units:
    """All spellings of one prefix of bytes. "Gb" is none of them: it may be bits."""
    both = _power(1000, power, ("prefix", "decimal")), _power(1024, power, ("prefix", "binary"))
    one = (_power(1024, power),)
    small = letter.lower()
    return {
        **dict.fromkeys([f"{letter}B", f"{small}B", f"{small}b", letter, small], both),
        **dict.fromkeys([f"{letter}bytes", f"{decimal}byte", f"{decimal}bytes"], both),
        **dict.fromkeys([f"{letter}iB", f"{small}iB", f"{small}ib", f"{letter}IB", f"{letter}i"], one),
        **dict.fromkeys([f"{binary}byte", f"{binary}bytes"], one),
        f"{word}bytes": (_power(1000, power),),
    }


_BYTES: Units = {
    **dict.fromkeys(["B", "byte", "bytes", "Byte", "Bytes"], (ONE,)),
    **dict.fromkeys(["b", "bit", "bits", "Bit", "Bits"], (Scale(Fraction(1, 8), "1/8"),)),
    **_prefixed(1, "K", "kilo", "kibi", "thousand"),
    **_prefixed(2, "M", "mega", "mebi", "million"),
    **_prefixed(3, "G", "giga", "gibi", "billion"),
    **_prefixed(4, "T", "tera", "tebi", "trillion"),
}
BYTES = Dimension(_BYTES, "a number with B, KB, MB, GB, TB, KiB, MiB, GiB, TiB or bits", suffix=" bytes")

_PREFIXES = {
    0: [""],
    1: ["k", "kilo", "thousand"],
    2: ["m", "mega", "million"],
    3: ["g", "giga", "b", "billion"],
    4: ["t", "tera", "trillion"],
    5: ["p", "peta", "quadrillion"],
}
_FLOP = [f"{word}{s}" for word in ("flop", "op", "operation", "floatingpointoperation", "floating-pointoperation") for s in ("", "s")]  # fmt: skip
_MAC = [
    f"{word}{s}"
    for word in ("mac", "macc", "madd", "mult-add", "multiply-add", "multiplyadd", "multiply-accumulate")
    for s in ("", "s")
] + ["multiplication", "multiplications", "multiplyaccumulates"]


def _operations(words: Iterable[str], *meanings: tuple[Fraction, str, tuple[Tag, ...]]) -> Units:
    """Every prefix, powers of 1000 alone, with every word, each with these meanings of the word."""
    return {
        prefix + word: tuple(_operation(power, *meaning) for meaning in meanings)
        for power, prefixes in _PREFIXES.items()
        for prefix in prefixes
        for word in words
    }


def _operation(power: int, factor: Fraction, shown: str, tags: tuple[Tag, ...]) -> Scale:
    prefix = _power(1000, power) if power else ONE
    both = f" {TIMES} ".join(part for part in (prefix.shown, shown) if part)
    return Scale(prefix.factor * factor, both, tags)


_ITSELF = (Fraction(1), "", ())
_ONE_A_MAC = (Fraction(1), "", (("flops_per_mac", "1"),))
_EXPECTED = "a number with FLOPs or MACs, also with K, M, G, T or P in front"
FLOPS = Dimension(
    _operations(["", *_FLOP], _ITSELF) | _operations(_MAC, (Fraction(2), "2", (("flops_per_mac", "2"),)), _ONE_A_MAC),
    _EXPECTED,
    suffix=" FLOPs",
    ignored=_PER,
    any_case=True,
)
MACS = Dimension(
    _operations(["", *_MAC], _ITSELF)
    | _operations(_FLOP, (Fraction(1, 2), "1/2", (("flops_per_mac", "2"),)), _ONE_A_MAC),
    _EXPECTED,
    suffix=" MACs",
    ignored=_PER,
    any_case=True,
)


def _times(factor: int | Fraction, *words: str) -> Units:
    """Words for one time, in seconds."""
    scale = Scale(Fraction(factor), "" if factor == 1 else str(Fraction(factor)))
    return {word: (scale,) for name in words for word in (name, f"{name}s") if word != "ss"}


SECONDS = Dimension(
    {
        **_times(1, "s", "sec", "second"),
        **_times(Fraction(1, 10**3), "ms", "msec", "millisecond"),
        **_times(Fraction(1, 10**6), "us", "\N{GREEK SMALL LETTER MU}s", "usec", "microsecond"),
        **_times(Fraction(1, 10**9), "ns", "nsec", "nanosecond"),
        **_times(60, "min", "minute"),
        **_times(3600, "h", "hr", "hour"),
    },
    "a number with s, ms, us, ns, min or h",
    suffix=" s",
    ignored=_PER,
    any_case=True,
)

_PERCENT = dict.fromkeys(["%", "percent", "pct"], (Scale(Fraction(1, 100), "1/100"),))
RATIOS = Dimension(
    {"": (ONE,), **_PERCENT, **dict.fromkeys(["x", TIMES, "times", "fold", "-fold"], (ONE,))},
    "a ratio such as 0.25, 1/4, 1:4, 25 % or 4x",
    any_case=True,
)
# Of a number in percent; one without a sign may also be a share, 0.91 for 91 %.
PERCENT = Dimension(
    {"": (ONE, Scale(Fraction(100), "100", (("percent", "share"),))), **dict.fromkeys(_PERCENT, (ONE,))},
    "a number in percent",
    suffix=" %",
    any_case=True,
)
