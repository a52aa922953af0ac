"""How many things can be given partners at once, each one of those that it gets on with."""

from collections.abc import Sequence


def matched(allowed: Sequence[Sequence[bool]]) -> dict[int, int]:
    """The most pairs, each with a row and a column of its own, as the row by column (augmenting paths, after Kuhn).

    Args:
        allowed: per row, whether it may be paired with each of the columns.
    """
    row_of: dict[int, int] = {}

    def finds(row: int, tried: set[int]) -> bool:
        """Whether a column is free for the row, or can be made free by moving other rows on."""
        for column, is_allowed in enumerate(allowed[row]):
            if is_allowed and column not in tried:
                tried.add(column)
                if column not in row_of or finds(row_of[column], tried):
                    row_of[column] = row
                    return True
        return False

    for row in range(len(allowed)):
        finds(row, set())
    return row_of
