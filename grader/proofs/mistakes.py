"""What a part makes of known mistakes is what its author means."""

from grader.collisions import Mistaken
from grader.proofs.flaw import Flaw, Tried
from grader.proofs.trial import Trial, finding
from grader.shortened import shortened
from grader.solver import SolveError

# What arithmetic does with values that make no sense, and what a solver says of them: a window that no longer fits.
_LEADING_NOWHERE = (ArithmeticError, ValueError)


def solved(trial: Trial) -> Tried:
    """A solver may find that a mistake leads nowhere, but it fails in no other way, such as for a typo in a key."""
    for part in trial.problem.parts:
        for name, error in trial.collisions.failures(part).items():
            broken = isinstance(error, SolveError) and not isinstance(error.__cause__, _LEADING_NOWHERE)
            words = f"under it the solver fails: {error.place} {error.trouble}; mend {error.file}"
            yield Flaw(f"mistakes.{name}", words) if broken else None


def declared(trial: Trial, part: str) -> Tried:
    """Mistakes that meet are declared so, and only those. One that is marked right undeclared stops the course from loading."""
    yield from _meeting(trial, part)
    spec, hidden = trial.problem.parts[part], trial.collisions.hidden(part)
    for name in spec.indistinguishable:
        words = "is told apart here, or leaves the part's value as it is; remove this"
        yield None if name in hidden else Flaw(f"parts.{part}.indistinguishable.{name}", words, warning=True)
    meeting = {pair for pair, _ in _pairs(trial, part)}
    for key, names in spec.alike_groups.items():
        apart = [one for one in names if not any(frozenset((one, other)) in meeting for other in names)]
        words = f"{apart[0]!r} gives another value here; leave it out" if apart else ""
        yield Flaw(f'parts.{part}.alike."{key}"', words, warning=True) if apart else None


def named(trial: Trial, part: str) -> Tried:
    """A mistake's own value, handed in, is explained by that mistake; and that of two mistakes by something."""
    check = trial.problem.parts[part].check
    for order in (1, 2):
        for one in trial.collisions.mistaken(part, order):
            if one.taken_for is not None or not one.readings:
                yield None  # it is right, or no answer
                continue
            found = finding(trial.mark_one(part, check.right_answers(one.value)[0]))
            yield None if _names(found, one) else _not_named(part, one, found)


def _meeting(trial: Trial, part: str) -> Tried:
    """Mistakes with one value, of which the student cannot be told the right one."""
    allowed = trial.problem.parts[part].alike_pairs
    for pair, value in _pairs(trial, part):
        first, second = sorted(pair)
        words = f"the mistakes {first!r} and {second!r} both give {shortened(value)}, so that students are told both"
        remedy = f'change the numbers, or declare alike = {{ "{first}, {second}" = "why" }}'
        yield None if pair in allowed else Flaw(f"parts.{part}", f"{words}; {remedy}", warning=True)


def _pairs(trial: Trial, part: str) -> list[tuple[frozenset[str], object]]:
    """Every two mistakes that share a value which is not marked right, each once with the first such value."""
    found: dict[frozenset[str], object] = {}
    for one in trial.collisions.mistaken(part):
        if one.taken_for is None:
            for (other,) in trial.collisions.alike(part, one):
                found.setdefault(frozenset((one.mistakes[0], other)), one.value)
    return list(found.items())


def _names(found: str, one: Mistaken) -> bool:
    """Whether a finding says that these mistakes were made; of two it is enough that it says something."""
    if len(one.mistakes) > 1:
        return not found.startswith("unexplained")
    return one.mistakes[0] in found.split("|")


def _not_named(part: str, one: Mistaken, found: str) -> Flaw:
    if len(one.mistakes) > 1:
        words = (
            f"{shortened(one.value)}, which comes of {' and '.join(map(repr, one.mistakes))}, is explained by nothing"
        )
        return Flaw(f"parts.{part}", f"{words}; remove one of them")
    words = f"{shortened(one.value)}, which comes of the mistake {one.mistakes[0]!r}, is not explained by it but by {found!r}"
    return Flaw(f"parts.{part}", f"{words}; change the numbers or remove the mistake")
