"""How a part stands to each mistake: whether it tells it apart from what is right and from the others."""

from enum import IntEnum

from grader.collisions import Collisions, Mistaken


class Standing(IntEnum):
    """The better first; the worst of its values is a mistake's own."""

    TOLD_APART = 0
    ALIKE = 1
    """Another mistake has its value."""
    NO_ANSWER = 2
    """Its value is none that a student could hand in, such as a size below 1."""
    MARKED_RIGHT = 3


def standing(collisions: Collisions, part: str, one: Mistaken) -> Standing:
    """How the part stands to one value of a mistake."""
    if one.taken_for is not None:
        return Standing.MARKED_RIGHT
    if not one.readings:
        return Standing.NO_ANSWER
    return Standing.ALIKE if collisions.alike(part, one) else Standing.TOLD_APART


def standings(collisions: Collisions, part: str) -> dict[str, Standing]:
    """How the part stands to every mistake that moves its value."""
    found: dict[str, Standing] = {}
    for one in collisions.mistaken(part):
        name = one.mistakes[0]
        found[name] = max(found.get(name, Standing.TOLD_APART), standing(collisions, part, one))
    return found
