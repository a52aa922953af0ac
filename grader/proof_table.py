"""What `grader validate` shows of a problem: a row per part, what is wrong, and the verdict."""

from collections import Counter
from collections.abc import Iterator

from rich.table import Table

from grader.collisions import Collisions
from grader.console import inert
from grader.proofs.proving import Proved, Proven
from grader.proofs.standings import Standing, standings
from grader.shortened import shortened

# Columns, where the output goes to a file: the table wraps its words badly in fewer.
WIDTH = 100
# Of the values that a part accepts; the others are counted.
MOST_ACCEPTED = 2
_IN_WORDS = {Standing.MARKED_RIGHT: "marked right", Standing.ALIKE: "alike", Standing.NO_ANSWER: "no answer"}


def proof_table(proven: Proven) -> Table:
    """One row per part, to fit 100 columns."""
    problem, collisions = proven.trial.problem, proven.trial.collisions
    title = inert(f"{problem.name}: {problem.spec.title}")
    table = Table(box=None, pad_edge=False, header_style="bold", title=title, title_justify="left", title_style="bold")
    table.add_column("part", overflow="ellipsis", max_width=28, no_wrap=True)
    table.add_column("kind", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("accepted", overflow="fold", max_width=24)
    for name in ("edges", "nonsense", "told apart"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("notes")
    for part, spec in problem.parts.items():
        points = f"{'+' * spec.extra}{spec.points}"
        held = (_held(proven.of(part, *names)) for names in (("reference", "edges"), ("rubbish",)))
        apart, notes = _told_apart(collisions, part), _notes(collisions, part)
        table.add_row(inert(part), spec.check.kind, points, _accepted(collisions, part), *held, apart, notes)
    return table


def explained(proven: Proven) -> Iterator[str]:
    """What the file itself says of mistakes that a part does not tell apart; not where that is wrong."""
    wrong = {flaw.place for flaw in proven.flaws}
    for part, spec in proven.trial.problem.parts.items():
        for name, why in spec.indistinguishable.items():
            if f"parts.{part}.indistinguishable.{name}" not in wrong:
                yield inert(f"parts.{part}: {name} is marked right: {why}")
        for names, why in spec.alike.items():
            if f'parts.{part}.alike."{names}"' not in wrong:
                yield inert(f"parts.{part}: {names} are alike: {why}")


def verdict(proven: Proven) -> str:
    """Whether the problem is proven, in a line."""
    problem, warnings = proven.trial.problem, sum(flaw.warning for flaw in proven.flaws)
    if proven.flaws:
        errors = len(proven.flaws) - warnings
        return inert(f"{problem.name} is not proven: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}.")
    return inert(
        f"{problem.name} is proven: {_counted(len(problem.parts), 'part')}, {_counted(proven.tried, 'trial')}."
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _accepted(collisions: Collisions, part: str) -> str:
    first, *others = (one.value for one in collisions.accepted(part))
    values = [shortened(first), *(shortened(other, beside=first) for other in others)]
    more = f" or {len(values) - MOST_ACCEPTED} more" if len(values) > MOST_ACCEPTED else ""
    return inert(" or ".join(values[:MOST_ACCEPTED]) + more)


def _held(proofs: tuple[Proved, ...]) -> str:
    """How many trials came out as they should."""
    tried, wrong = sum(proof.tried for proof in proofs), sum(proof.failed for proof in proofs)
    return f"[red]{tried - wrong} of {tried}[/]" if wrong else f"{tried} ok"


def _told_apart(collisions: Collisions, part: str) -> str:
    found = standings(collisions, part).values()
    return f"{sum(one is Standing.TOLD_APART for one in found)} of {len(found)}" if found else ""


def _notes(collisions: Collisions, part: str) -> str:
    counts = Counter(standings(collisions, part).values())
    notes = [f"{counts[kind]} {words}" for kind, words in _IN_WORDS.items() if counts[kind]]
    if leading_nowhere := collisions.leading_nowhere(part):
        notes.append(f"{len(leading_nowhere)} lead{'s' * (len(leading_nowhere) == 1)} nowhere")
    if cancelling := {one.mistakes for one in collisions.mistaken(part, 2) if one.taken_for}:
        notes.append(f"{_counted(len(cancelling), 'pair')} cancelling out")
    return inert("; ".join(notes))
