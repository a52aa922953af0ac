"""The teacher's side: a homework's right answers and hints, each under the answers that are to open it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from grader.check_level import CheckLevel
from grader.checks.check import Check
from grader.checks.clues import Clue
from grader.checks.tolerance import is_finite, leading_place
from grader.course import Assignment, Homework, Problem
from grader.explaining import Explainer
from grader.hypotheses import Hypotheses, Hypothesis
from grader.selfcheck.keys.locking import all_stretched, box, decoy, fresh_key, fresh_salt, padded
from grader.selfcheck.keys.opened import Contents, Hint, Meaning
from grader.selfcheck.keys.sealed import Choice, Cost, Entry, SealedHomework, SealedPart, SealedProblem
from grader.selfcheck.making.pieces import Pieces
from grader.version import __version__

ENTRIES = 16
"""Of a part there are a multiple of so many entries: how many cells a value lies in would tell how it begins."""
ABOUT_A_CHOICE = "it asks about an answer of your own, and not for one that can be known beforehand"
FOR_A_PERSON = "a person reads it"
NO_ONE_ANSWER = "there is no one right answer"
NOT_SEALABLE = "answers of this kind cannot be sealed"


def seal(homework: Homework, cost: Cost | None = None) -> SealedHomework:
    """A homework as students may know it before they hand in.

    Args:
        homework: a validated one.
        cost: of a guess; by default some hours for a million on a laptop.

    Raises:
        ProblemError: a solver fails.
    """
    cost = cost or Cost()
    return SealedHomework(
        homework=homework.name,
        title=homework.title,
        made_by=__version__,
        made_at=datetime.now(UTC).date().isoformat(),
        cost=cost,
        limits=homework.limits,
        problems=tuple(
            SealedProblem(
                name=problem.name,
                mixed_credit=problem.spec.mixed_credit,
                parts=tuple(_Part(homework, problem, part, cost).sealed() for part in problem.parts),
            )
            for problem in homework.problems
        ),
    )


def why_form_only(problem: Problem, part: str) -> str:
    """Why a part can only be checked for its form, whatever its teacher allows; else empty."""
    check: Check = problem.parts[part].check
    if not check.secret:
        return ""
    if not check.solved or check.has_many_answers:
        return FOR_A_PERSON if check.written else NO_ONE_ANSWER
    if not check.sealable:
        return NOT_SEALABLE
    is_about_a_choice = any(problem.parts[other].check.has_many_answers for other in problem.earlier(part))
    return ABOUT_A_CHOICE if is_about_a_choice else ""


@dataclass(frozen=True)
class _Part:
    """One part while it is sealed."""

    homework: Homework
    problem: Problem
    part: str
    cost: Cost
    salt: bytes = field(default_factory=fresh_salt)

    @property
    def check(self) -> Check:
        check: Check = self.problem.parts[self.part].check  # one signature, whatever the kind
        return check

    def sealed(self) -> SealedPart:
        problem, part, variable = self.problem, self.part, self.problem.variable(self.part)
        spec, level = problem.parts[part], self.homework.check_level(problem, part)
        form_only = why_form_only(problem, part) if level.includes(CheckLevel.VERDICT) else ""
        plain = SealedPart(
            part=part,
            variable=variable,
            title=problem.sections[part].title,
            level=level,
            form_only=form_only,
            check=self.check.without_answers(),
            asked=self.homework.asked[variable],
            points=spec.points,
            accepted=tuple(self._choice(assignment) for assignment in problem.accepted(part)),
            builds_on=tuple(problem.earlier(part)),
        )
        if plain.told is CheckLevel.FORM or not self.check.secret:
            return plain
        return plain.model_copy(update={"salt": self.salt, "items": self._items(), **self._sealed_values(level)})

    def _items(self) -> tuple[str, ...]:
        return self.check.items_of(self.problem.expected(self.part, self.problem.assignments[0]))

    def _choice(self, assignment: Assignment) -> Choice:
        """What may be known of a choice of conventions: which ones it is, and how it is read."""
        conventions = self.problem.spec.conventions
        of = {name: list(conventions[name]).index(str(value)) for name, value in assignment.items()}
        return Choice(of=of, read_under={n: v for n, v in assignment.items() if n in self.check.read_by})

    def _sealed_values(self, level: CheckLevel) -> dict[str, Any]:
        accepted = [self.problem.expected(self.part, one) for one in self.problem.accepted(self.part)]
        pieces = Pieces(self.check)
        for number, (assignment, value) in enumerate(zip(self.problem.accepted(self.part), accepted, strict=True)):
            pieces.add_right(value, f"a{number}", self._words(assignment, value))
        hints = self._hints(accepted, pieces) if level is CheckLevel.HINT else {}
        return {"entries": self._entries(pieces.contents), "hints": hints}

    def _hints(self, accepted: Sequence[Any], pieces: Pieces) -> dict[str, bytes]:
        """By case, the hints to known mistakes; their values go to the pieces, with the keys."""
        explainer, hypotheses = Explainer(self.problem), Hypotheses(self.problem).of(self.part, 1)
        keys = [fresh_key() for _ in hypotheses]
        for number, (hypothesis, key) in enumerate(zip(hypotheses, keys, strict=True)):
            pieces.add_mistaken(hypothesis.value, f"m{number}", key)
        hints = padded(self._hint(one, explainer, accepted).model_dump(mode="json") for one in hypotheses)
        return {f"m{number}": box(key, hint) for number, (key, hint) in enumerate(zip(keys, hints, strict=True))}

    def _words(self, assignment: Assignment, value: Any) -> dict[str, Meaning]:
        """Of each convention what is chosen."""
        own, conventions = self.problem.assignments[0], self.problem.spec.conventions
        return {
            name: Meaning(
                words=conventions[name][str(chosen)],
                changes=not self.check.same(value, self.problem.expected(self.part, {**assignment, name: own[name]})),
            )
            for name, chosen in assignment.items()
        }

    def _hint(self, hypothesis: Hypothesis, explainer: Explainer, accepted: Sequence[Any]) -> Hint:
        (mistake,) = (self.problem.spec.mistakes[name] for name in hypothesis.mistakes)
        widest = explainer.coarsest(self.part, 1)
        return Hint(
            what=mistake.what,
            hint=mistake.hint.strip(),
            certain=not explainer.is_crowded(self.part, 1, Fraction(0)),
            grain=int(explainer.grain(self.part)),
            coarsest=None if widest is None else min(widest, *(_apart(hypothesis.value, one) for one in accepted)),
        )

    def _entries(self, contents: Mapping[Clue, Contents]) -> tuple[Entry, ...]:
        """So many, of such a length and in such an order that they tell nothing."""
        keys = all_stretched(contents, self.salt, self.cost)
        texts = padded(one.model_dump(mode="json") for one in contents.values())
        entries = [
            Entry(id=keys[one][0], box=box(keys[one][1], text)) for one, text in zip(contents, texts, strict=True)
        ]
        for _ in range(-len(entries) % ENTRIES):
            name, nothing = decoy(len(entries[0].box))
            entries.append(Entry(id=name, box=nothing))
        return tuple(sorted(entries, key=lambda entry: entry.id))


def _apart(value: Any, right: Any) -> Fraction:
    """The greatest power of ten that is no more than the distance of two numbers; 0 where there is none."""
    if value == right or not is_finite(value) or not is_finite(right):
        return Fraction(0)
    return Fraction(10) ** leading_place(Fraction(value) - Fraction(right))
