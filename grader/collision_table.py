"""The collision matrix of a part on a terminal: which values meet."""

from collections.abc import Iterator

from rich.table import Table

from grader.collisions import Collisions, Mistaken
from grader.console import inert
from grader.proofs.trial import under
from grader.shortened import shortened

TOLD_APART, NO_ANSWER = "told apart", "no answer"


def collision_table(collisions: Collisions, part: str) -> Table:
    """Every value of a part and what it meets: accepted ones, mistakes, and those pairs of mistakes that meet something.

    To fit 100 columns.
    """
    table = Table(box=None, pad_edge=False, header_style="bold", title=inert(part), title_justify="left")
    table.add_column("mistake", overflow="fold", max_width=40)
    table.add_column("value", no_wrap=True)
    table.add_column("stands", overflow="fold")
    accepted = collisions.accepted(part)
    for one in accepted:
        table.add_row(
            "", inert(shortened(one.value)), inert(f"accepted{under(one.assignment) if accepted[1:] else ''}")
        )
    for mistaken, stands in _rows(collisions, part):
        value = shortened(mistaken.value, beside=accepted[0].value)
        table.add_row(inert(" + ".join(mistaken.mistakes)), inert(value), inert(stands))
    if unmoved := collisions.unmoved_by(part):
        table.add_row(inert(", ".join(unmoved)), "", "leaves it as it is", style="dim")
    if leading_nowhere := collisions.leading_nowhere(part):
        table.add_row(inert(", ".join(leading_nowhere)), "", "leads nowhere", style="dim")
    return table


def _rows(collisions: Collisions, part: str) -> Iterator[tuple[Mistaken, str]]:
    for one in collisions.mistaken(part):
        yield one, _meets(collisions, part, one, 1) or TOLD_APART
    for one in collisions.mistaken(part, 2):
        if meets := _meets(collisions, part, one, 2):
            yield one, meets


def _meets(collisions: Collisions, part: str, one: Mistaken, most: int) -> str:
    """What a value meets: what is accepted, or else the fewest mistakes, at most so many at once, that have it as well."""
    if one.taken_for:
        return f"marked right{under(one.taken_for.assignment)}"
    if not one.readings:
        return NO_ANSWER
    each = (collisions.alike(part, one, order) for order in range(1, most + 1))
    others = next(filter(None, each), ())
    return f"as {', '.join(' + '.join(other) for other in others)}" if others else ""
