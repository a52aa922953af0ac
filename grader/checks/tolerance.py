"""The one place where numbers are compared.

`near` is measured from the reference, inclusive, and never a rounding: |s - r| <= max(atol, rtol * |r|). Exact numbers are
compared exactly; the last bits of a float mean nothing, so that 8.58 is within 0.005 of 8.575. NaN is never near anything,
and infinities only equal themselves. `rounded` judges an answer that was written with few digits ("160K"), by
what was written.
"""

import math
from fractions import Fraction

from grader.answers.reading import Reading, digits_of
from grader.checks.check import RIGHT, WRONG, Match, Span

Number = int | float | Fraction

# Explaining asks for more than marking: so close that no other explanation fits by chance.
EXPLAINING_RTOL = Fraction(1, 10**6)
# Just outside of a tolerance, as its multiple: far enough for the noise of floats, near enough to prove the edge.
BEYOND = Fraction(1001, 1000)
# Left to the right number cut off after its last written digit, where rounded answers are allowed.
CUT_OFF_CREDIT = Fraction(3, 4)
# What is further off is no slip: nothing is credited for following from it.
MOST_FACTOR = 1000
# A float computed by another but equal route differs in its last bits; such noise is no wrong count.
FLOAT_NOISE = Fraction(1, 10**9)
# Share of a float that rounding in a few steps of computing puts in doubt: four units in the last place.
LAST_BITS = Fraction(1, 2**50)
# Nearer than this to the edge of a tolerance, relative to the numbers, floats are not trusted to tell the side.
EDGE = 1e-12


def near(student: Number, reference: Number, *, rtol: Number = 0, atol: Number = 0) -> bool:
    """Whether |student - reference| <= max(atol, rtol * |reference|), but for the last bits of floats.

    Args:
        student: a finite or non-finite number.
        reference: what it is measured from.
        rtol: allowed distance relative to the reference.
        atol: allowed distance in the unit of the reference.
    """
    if student == reference:
        return True  # also inf and inf; nan equals nothing
    floats = [number for number in (student, reference) if isinstance(number, float)]
    if not all(map(math.isfinite, floats)) or not (floats or rtol or atol):
        return False  # counts are exact
    clear = _clearly_near(student, reference, rtol, atol)
    if clear is not None:
        return clear
    difference = abs(Fraction(student) - Fraction(reference))
    doubt = sum(LAST_BITS * abs(Fraction(number)) for number in floats)
    return difference <= max(Fraction(atol), Fraction(rtol) * abs(Fraction(reference))) + doubt


def _clearly_near(student: Number, reference: Number, rtol: Number, atol: Number) -> bool | None:
    """What floats can tell, which is a hundred times faster than fractions; None near the edge."""
    try:
        one, other, allowed = float(student), float(reference), max(float(atol), float(rtol) * abs(float(reference)))
    except OverflowError:
        return None
    distance, doubt = abs(one - other), EDGE * (abs(one) + abs(other) + allowed)
    return distance < allowed if abs(distance - allowed) > doubt else None


def span_of(reading: Reading) -> Span:
    """Where a number lies that explains a reading: within half a unit of its last digit, and the noise of a computed one."""
    number = as_float(reading.value)
    room = as_float(reading.unit_in_last_place) / 2 + 2 * float(EXPLAINING_RTOL) * abs(number)
    return Span(number - room, number + room)


def as_float(number: Number) -> float:
    """The nearest float; what is beyond all floats is infinite."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def is_finite(number: Number) -> bool:
    """Whether it is neither infinite nor NaN; an int may be too large to ask `math`."""
    return not isinstance(number, float) or math.isfinite(number)


def of_one_order(student: Number, reference: Number) -> bool:
    """Whether a number is of the sign of the reference and within a factor of `MOST_FACTOR` of it; NaN never is."""
    if reference == 0 or not (is_finite(student) and is_finite(reference)):
        return False
    one, other = as_float(student), as_float(reference)
    return other != 0 and 1 / MOST_FACTOR <= one / other <= MOST_FACTOR


def as_computed(reading: Reading) -> Number:
    """The number that was read: the float that it was where nobody wrote its digits, else exact."""
    is_float = reading.unit_in_last_place and reading.significant_digits is None
    return float(reading.value) if is_float else reading.value


def leading_place(number: Number) -> int:
    """The place of the first significant digit, as a power of ten: 2 for 163.7, -2 for 0.05.

    A float that falls short of a power of ten by its last bits alone counts as that power.

    Args:
        number: neither 0 nor infinite.
    """
    size = abs(Fraction(number))
    if isinstance(number, float):
        size *= 1 + LAST_BITS
    # The logarithm tells the place but for a rounding, also of numbers beyond every float.
    place = math.floor(math.log10(size.numerator) - math.log10(size.denominator))
    while Fraction(10) ** place > size:
        place -= 1
    while Fraction(10) ** (place + 1) <= size:
        place += 1
    return place


def rounded(reading: Reading, reference: Number, *, at_most: Number = 0, sigfigs: int | None = None) -> Match:
    """Judges an answer that was written with few digits: right when it is the reference rounded to its last digit.

    Args:
        reading: a number with the unit of its last written digit.
        reference: what it is measured from.
        at_most: the greatest relative distance at which a rounded answer still counts.
        sigfigs: the digits from which it counts at whatever distance.
    """
    unit = reading.unit_in_last_place
    if not unit or not reading.value or not is_finite(reading.value):  # 0 has no digit that anything is rounded to
        return Match(WRONG)
    if not ((sigfigs and digits_of(reading.value, unit) >= sigfigs) or near(reading.value, reference, rtol=at_most)):
        return Match(WRONG)
    if near(reading.value, reference, atol=unit / 2):
        return Match(RIGHT)
    if 0 < abs(Fraction(reference)) - abs(reading.value) < unit:
        words = "The right number cut off after its last digit gives this; rounded it is another. Give more digits."
        return Match(CUT_OFF_CREDIT, note="cut-off", message=words, told=True)
    return Match(WRONG)


def is_the_value(reading: Reading, reference: Number, *, rtol: Number = 0) -> bool:
    """Whether the reading is this very number, as far as it was written out (half a unit of its last digit).

    Args:
        reading: a number with the unit of its last written digit, 0 when it is exact.
        reference: the number it may be.
        rtol: noise that a computed number may carry, relative to the reference.
    """
    unit = reading.unit_in_last_place
    return near(reading.value, reference, rtol=rtol, atol=unit / 2 if unit else 0)
