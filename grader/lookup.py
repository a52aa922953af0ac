"""Hypotheses kept so that those which fit a student's answer are found at once, instead of compared one by one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from grader.answers.reading import Reading
from grader.checks.check import Check
from grader.hypotheses import Hypothesis


class Lookup:
    """All hypotheses of one part and one number of mistakes, sorted by a number wherever its kind of answer has one."""

    def __init__(self, check: Check, hypotheses: Iterable[Hypothesis]) -> None:
        self._check, self._all = check, list(hypotheses)
        self._sorted: dict[str, tuple[list[float], list[int]]] = {}

    def fitting(self, readings: Sequence[Reading]) -> list[Hypothesis]:
        """Those that explain one of the readings, in their order."""
        places = {
            place
            for reading in readings
            for place in self._near(reading)
            if self._check.explains(reading, self._all[place].value)
        }
        return [self._all[place] for place in sorted(places)]

    def _near(self, reading: Reading) -> Sequence[int]:
        """The places of all that may fit."""
        span = self._check.span(reading)
        if span is None:
            return range(len(self._all))
        if span.item not in self._sorted:
            self._sorted[span.item] = self._sort(span.item)
        numbers, places = self._sorted[span.item]
        return places[bisect_left(numbers, span.low) : bisect_right(numbers, span.high)]

    def _sort(self, item: str) -> tuple[list[float], list[int]]:
        numbered = [(self._check.landmark(one.value, item), place) for place, one in enumerate(self._all)]
        known = sorted((number, place) for number, place in numbered if number is not None)
        return [number for number, _ in known], [place for _, place in known]
