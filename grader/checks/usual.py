"""Numbers within their bounds for which relations hold, found by trying, so that a measurement can be proven."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise

from grader.answers.relations import Relation
from grader.checks.band import Band

# Of choices of a number, so that a course loads in time where there are none: all of four numbers, more of those that soon fail.
MOST_TRIED = 9**4

# Where in a band, from 0 at its low to 1 at its high end: the middle and the ends first.
_PLACES = tuple(Fraction(eighths, 8) for eighths in (4, 0, 8, 2, 6, 1, 3, 5, 7))

Usual = dict[str, Fraction]


def usual_numbers(bands: Mapping[str, Band], relations: Sequence[Relation]) -> Usual | None:
    """One number for each band so that all relations hold; None where none were found."""
    related = [name for name in bands if any(name in relation.names for relation in relations)]
    middles = {name: _at(band, _PLACES[0]) for name, band in bands.items()}
    tried = _tried({}, related, bands, list(_single(relations)))
    found = (one for one in islice(tried, MOST_TRIED) if one is not None)
    return next((middles | one for one in found), None)


def _single(relations: Sequence[Relation]) -> Iterator[Relation]:
    """Each sign for itself: "a < b" and "b < c" for "a < b < c", since that can be held before c is chosen."""
    for relation in relations:
        for sides, sign in zip(pairwise(relation.sides), relation.signs, strict=True):
            yield Relation(sides, (sign,))


def _tried(
    chosen: Usual, names: Sequence[str], bands: Mapping[str, Band], relations: Sequence[Relation]
) -> Iterator[Usual | None]:
    """All numbers by name that keep the relations, and None for every choice on the way; relations are held as soon as they can be."""
    decided = [relation for relation in relations if relation.names <= chosen.keys()]
    if not all(relation.holds(chosen) for relation in decided):
        yield None
    elif not names:
        yield chosen
    else:
        yield None
        first, *others = names
        waiting = [relation for relation in relations if relation not in decided]
        for place in _PLACES:
            yield from _tried({**chosen, first: _at(bands[first], place)}, others, bands, waiting)


def _at(band: Band, place: Fraction) -> Fraction:
    return band.low + place * (band.high - band.low)
