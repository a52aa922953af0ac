"""How a known mistake is told, wherever it is told."""

from collections.abc import Sequence

# Of the explanations of one answer, which nobody can choose from when there are many.
MOST_NAMED = 2


def one_of(whats: Sequence[str]) -> str:
    """Several mistakes of which one was made: "biases were counted, or padding was ignored, or 3 more"."""
    words = ", or ".join(whats[:MOST_NAMED])
    return f"{words}, or {len(whats) - MOST_NAMED} more" if len(whats) > MOST_NAMED else words


def comes_out_when(what: str, *, certain: bool) -> str:
    """What leads to an answer.

    Args:
        what: as a clause, or several from `one_of`.
        certain: whether it is no luck.
    """
    return f"{'This' if certain else 'Possibly this'} comes out when {what}."
