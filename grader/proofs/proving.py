"""All proofs of a problem, one by one or at once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from grader.course import Problem
from grader.proofs import edges, mistakes, reference, rubbish
from grader.proofs.author_tests import author_test
from grader.proofs.flaw import Flaw, Tried
from grader.proofs.trial import Trial

# What is proved of every part, by the name under which pytest lists it.
OF_EACH_PART: dict[str, tuple[Callable[[Trial, str], Tried], ...]] = {
    "reference": (reference.each_way_to_write_it,),
    "edges": (edges.near_misses,),
    "mistakes": (mistakes.declared, mistakes.named),
    "rubbish": (rubbish.nonsense,),
}


@dataclass(frozen=True)
class Proof:
    """Something to be proved."""

    part: str
    """Empty for what concerns the problem as a whole."""
    name: str
    attempts: tuple[Callable[[], Tried], ...]

    def prove(self) -> "Proved":
        """Try everything."""
        tried = [flaw for attempt in self.attempts for flaw in attempt()]
        flaws = [flaw for flaw in tried if flaw]
        return Proved(self.part, self.name, len(tried), len(flaws), tuple(dict.fromkeys(flaws)))


@dataclass(frozen=True)
class Proved:
    """What became of a proof."""

    part: str
    name: str
    tried: int
    failed: int
    """How many trials did not come out; several may have one flaw."""
    flaws: tuple[Flaw, ...]
    """Each once."""


def proofs_of(trial: Trial) -> tuple[Proof, ...]:
    """What is to be proved of a problem, in the order of its file."""
    tests = [
        Proof("", f"test: {test.about}", (partial(author_test, trial, index),))
        for index, test in enumerate(trial.problem.spec.tests)
    ]
    of_parts = [
        Proof(part, name, tuple(partial(attempt, trial, part) for attempt in attempts))
        for part in trial.problem.parts
        for name, attempts in OF_EACH_PART.items()
    ]
    of_all = (
        Proof("", "reference", (partial(reference.all_together, trial),)),
        Proof("", "mistakes", (partial(mistakes.solved, trial),)),
    )
    return *of_all, *of_parts, *tests


@dataclass(frozen=True)
class Proven:
    """A problem with all its proofs carried out."""

    trial: Trial
    proofs: tuple[Proved, ...]

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Everything that is wrong, errors first."""
        return tuple(sorted((flaw for proof in self.proofs for flaw in proof.flaws), key=lambda flaw: flaw.warning))

    @property
    def tried(self) -> int:
        """How many things were tried."""
        return sum(proof.tried for proof in self.proofs)

    def of(self, part: str, *names: str) -> tuple[Proved, ...]:
        """The proofs of a part with these names."""
        return tuple(proof for proof in self.proofs if proof.part == part and proof.name in names)


def prove(problem: Problem) -> Proven:
    """Carries out all proofs of a problem."""
    trial = Trial(problem)
    return Proven(trial, tuple(proof.prove() for proof in proofs_of(trial)))
