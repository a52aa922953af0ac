"""Which answers to one question are alike, so that they are read side by side and marked by one measure."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

# What answers have in common shows in their beginning, and a longer look takes longer for each of ten thousand.
LONGEST_LOOKED_AT = 1_000
# Of the cosine between two answers' n-grams, on average over a group: a fifth of the words changed is alike, other words for the same thought are not.
FURTHEST = 0.6
# So many answers are held against each other one by one, which takes 8 MB and a tenth of a second.
MOST_COMPARED = 1_000
# Of the space in which more than that are told apart.
DIMENSIONS = 256


def alike(texts: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Positions of the texts in groups, each text in one group; positions ascend within a group, and so do first positions.

    Texts that differ in case, spaces and punctuation alone are always together. Texts without letters or digits, such as
    those of answers that are only a picture, are alike to none. The same texts always give the same groups.
    """
    positions: dict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        positions[_plain(text)].append(position)
    groups = [[position] for position in positions.pop("", [])]
    plain = sorted(positions)  # whatever the order of students
    groups += [[position for one in cluster for position in positions[plain[one]]] for cluster in _clusters(plain)]
    return tuple(sorted(tuple(sorted(group)) for group in groups))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text[:LONGEST_LOOKED_AT]).casefold()))


def _clusters(texts: Sequence[str]) -> Iterable[list[int]]:
    if len(texts) <= 1:
        return [[0]] * len(texts)
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - takes a second, and few commands compare

    # Parts of words, so that a slip of the pen or another ending is a small difference.
    grams = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, lowercase=False, max_features=2**16
    )
    vectors = grams.fit_transform(texts)
    if len(texts) <= MOST_COMPARED:
        return _merged(range(len(texts)), vectors.toarray())
    return _merged_in_pieces(vectors)


def _merged_in_pieces(vectors: Any) -> Iterator[list[int]]:
    """Without holding all against all: only those that lie in one region can be alike."""
    from sklearn.preprocessing import normalize  # noqa: PLC0415 - as in _clusters
    from sklearn.random_projection import GaussianRandomProjection  # noqa: PLC0415 - as in _clusters

    if vectors.shape[1] > DIMENSIONS:
        # Cosines stay what they were but for about 1 / sqrt(DIMENSIONS) (Johnson and Lindenstrauss).
        vectors = normalize(GaussianRandomProjection(DIMENSIONS, random_state=0).fit_transform(vectors))
    else:
        vectors = vectors.toarray()
    for region in _regions(list(range(len(vectors))), vectors):
        yield from _merged(region, vectors[region])


def _regions(everything: list[int], vectors: Any) -> Iterator[list[int]]:
    """Parts of space with so few texts that all can be compared."""
    from sklearn.cluster import BisectingKMeans  # noqa: PLC0415 - as in _clusters

    waiting = [everything]
    while waiting:
        region = waiting.pop()
        if len(region) <= MOST_COMPARED:
            yield region
            continue
        sides = BisectingKMeans(n_clusters=2, random_state=0).fit_predict(vectors[region])
        halves = [[one for one, side in zip(region, sides, strict=True) if side == this] for this in (0, 1)]
        # Where all are in one place, any half will do.
        waiting += halves if all(halves) else [region[:MOST_COMPARED], region[MOST_COMPARED:]]


def _merged(positions: Sequence[int], vectors: Any) -> Iterator[list[int]]:
    """Groups of positions, merged from below as long as their texts are alike on average."""
    if len(positions) == 1:
        yield [positions[0]]
        return
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415 - as in _clusters

    merging = AgglomerativeClustering(n_clusters=None, distance_threshold=FURTHEST, metric="cosine", linkage="average")
    groups = defaultdict(list)
    for position, label in zip(positions, merging.fit_predict(vectors), strict=True):
        groups[label].append(position)
    yield from groups.values()
