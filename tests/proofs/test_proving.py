"""Each kind of flaw, in a small course that is sound but for it, is found and told in words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.answers.reading import Reading
from grader.checks.check import RIGHT, WRONG, Encoded, Match
from grader.checks.choice import Choice
from grader.checks.integer import Integer
from grader.checks.path import Trajectory
from grader.errors import Unreadable
from grader.explaining import Explainer
from grader.handing_in import handed_in
from grader.kernels.inside import encode
from grader.loading import load_course
from grader.proofs.proving import Proven, prove
from grader.proofs.rubbish import nonsense
from grader.proofs.trial import Trial
from grader.records import Picture
from tests.courses import PROBLEM, SOLVER, STATEMENT, replaced, write_course
from tests.marks import ROOT

# A float such as 640.0 is read as rounded to tens, so that no mistake is told from it; an exact number is not.
SOUND = "from fractions import Fraction\n" + replaced(SOLVER, "side * area / 6", "Fraction(side * area, 6)")
PAINTED = replaced(
    replaced(SOUND, 'unit="inch"):', 'unit="inch", paint=0):'),
    '(1 if unit == "inch" else 12)',
    '(1 if unit == "inch" else 12) + paint',
)
PAINT = '\n[mistakes.painted]\nassume = { paint = -16 }\nwhat = "x"\n'  # in inches, what the lid takes
ALIKE = '\n[parts.{part}.alike]\n"lid_forgotten, painted" = "both are sixteen"\n'


def proven(root: Path, problem: str = PROBLEM, solver: str = SOUND) -> Proven:
    return prove(load_course(write_course(root, problem=problem, solver=solver)).homework("hw1").problems[0])


def words(found: Proven) -> list[str]:
    return [f"{'warning' if flaw.warning else 'error'}: {flaw}" for flaw in found.flaws]


def test_a_sound_problem_is_proven_in_every_part(tmp_path: Path) -> None:
    found = proven(tmp_path)
    assert words(found) == []
    assert {proof.name for proof in found.of("volume", "reference", "edges", "mistakes", "rubbish") if proof.tried} == {
        "reference",
        "edges",
        "mistakes",
        "rubbish",
    }


@pytest.mark.parametrize("name", sorted(file.parent.name for file in ROOT.glob("problems/*/problem.toml")))
def test_every_problem_of_the_project_is_proven(name: str) -> None:
    problems = {p.name: p for homework in load_course(ROOT).homeworks.values() for p in homework.problems}
    assert words(prove(problems[name])) == []


def test_a_reference_that_cannot_be_given_under_one_convention_is_found(tmp_path: Path) -> None:
    huge = replaced(SOUND, "def sizes(side):", 'def sizes(side, unit="inch"):')
    huge = replaced(huge, '"width": side,', '"width": side if unit == "inch" else 10**500,')
    first, *_ = words(proven(tmp_path, solver=huge))
    assert first.startswith("error: parts.sizes: with all parts right, unit=foot, the reference earns no points yet")
    assert "unit=inch" not in first


def test_a_further_right_answer_that_is_not_marked_right_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Integer, "right_answers", lambda _, expected: (expected, f"{expected} apples"))
    assert words(proven(tmp_path))[0] == (
        "error: parts.area: the right answer 96 apples, unit=inch earns no points yet (unreadable); mend its options"
    )


def test_a_near_miss_that_is_marked_right_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lenient(_: Integer, reading: Reading, expected: int) -> Match:
        return Match(RIGHT if abs(reading.value - expected) <= 1 else 1 - RIGHT)

    monkeypatch.setattr(Integer, "compare", lenient)
    found = words(proven(tmp_path))
    assert (
        "error: parts.area: the wrong answer 95, unit=inch earns 2 of 2 points (correct); tighten its options" in found
    )


def test_a_near_miss_that_is_right_under_another_convention_is_none(tmp_path: Path) -> None:
    neighbour = replaced(SOUND, '(1 if unit == "inch" else 12)', '1 + (unit == "foot")')
    assert words(proven(tmp_path, solver=neighbour)) == []


def test_two_mistakes_with_one_value_are_a_warning_that_names_the_declaration(tmp_path: Path) -> None:
    area, volume = words(proven(tmp_path, PROBLEM + PAINT, PAINTED))
    assert area.startswith("warning: parts.area: the mistakes 'lid_forgotten' and 'painted' both give 80, so that")
    assert area.endswith('declare alike = { "lid_forgotten, painted" = "why" }')
    assert volume.startswith("warning: parts.volume: the mistakes 'lid_forgotten' and 'painted' both give 53.3333")


def test_declared_mistakes_with_one_value_are_no_warning(tmp_path: Path) -> None:
    declared = PROBLEM + PAINT + ALIKE.format(part="area") + ALIKE.format(part="volume")
    assert words(proven(tmp_path, declared, PAINTED)) == []


@pytest.mark.parametrize(
    ("declaration", "flaw"),
    [
        (
            '[parts.area.indistinguishable]\nlid_forgotten = "x"',
            "parts.area.indistinguishable.lid_forgotten: is told apart",
        ),
        (
            '[parts.sizes.indistinguishable]\nlid_forgotten = "x"',
            "parts.sizes.indistinguishable.lid_forgotten: is told",
        ),
        (
            ALIKE.format(part="sizes"),
            "parts.sizes.alike.\"lid_forgotten, painted\": 'lid_forgotten' gives another value",
        ),
    ],
)
def test_a_declaration_that_is_not_needed_is_a_warning(tmp_path: Path, declaration: str, flaw: str) -> None:
    other = replaced(PAINT, "-16", "40")
    (found,) = words(proven(tmp_path, f"{PROBLEM}{other}\n{declaration}\n", PAINTED))
    assert found.startswith(f"warning: {flaw}")


def test_a_mistake_whose_value_gets_another_finding_is_found(tmp_path: Path) -> None:
    bytes_ = replaced(PROBLEM, 'kind = "integer"\npoints = 2', 'kind = "quantity"\npoints = 2')
    thousand = replaced(SOUND, "(6 if lid else 5)", "(6000 if lid else 6)")
    found = words(proven(tmp_path, bytes_, thousand))
    assert (
        "error: parts.area: 96, which comes of the mistake 'lid_forgotten', is not explained by it but by"
        " 'unit-missing'; change the numbers or remove the mistake"
    ) in found


def test_mistakes_that_nothing_explains_are_found_alone_and_in_pairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Explainer, "explain", lambda *_: [])
    found = words(proven(tmp_path, PROBLEM + replaced(PAINT, "-16", "40"), PAINTED))
    assert (
        "error: parts.area: 80, which comes of the mistake 'lid_forgotten', is not explained by it but by"
        " 'unexplained=80'; change the numbers or remove the mistake"
    ) in found
    assert (
        "error: parts.area: 120, which comes of 'lid_forgotten' and 'painted', is explained by nothing;"
        " remove one of them"
    ) in found


def test_a_mistake_whose_value_nobody_can_hand_in_is_no_flaw(tmp_path: Path) -> None:
    huge = replaced(SOUND, "def sizes(side):", "def sizes(side, lid=True):").replace(
        "2 * side}", "2 * side if lid else 10**500}"
    )
    assert words(proven(tmp_path, solver=huge)) == []


def test_a_kind_without_a_reference_is_proven_when_its_right_answers_wait_for_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As written answers do; a kind that has no answer as data has nothing to prove here."""
    monkeypatch.setattr(Choice, "solved", False)
    monkeypatch.setattr(Choice, "compare", lambda *_: Match(WRONG, awaits="A person marks this."))
    monkeypatch.setattr(Choice, "right_answers", lambda *_: ("red", "blue"))
    part = '\n[parts.colour]\nkind = "choice"\noptions = ["red", "blue"]\npoints = 1\n'
    root = write_course(
        tmp_path,
        problem=PROBLEM + part,
        statement=f"{STATEMENT}\n## Colour {{#colour}}\n\nWhich?\n",
        solver=SOUND,
    )
    (problem,) = load_course(root).homework("hw1").problems
    monkeypatch.setattr(Choice, "wrong_answers", lambda *_: ())
    assert words(prove(problem)) == []
    monkeypatch.setattr(Choice, "right_answers", lambda *_: ())
    assert words(prove(problem)) == []


def with_test(**keys: str) -> str:
    table = {"about": '"the lid"', "answers": "{ area = 80 }"} | keys
    return PROBLEM + "\n[[tests]]\n" + "".join(f"{key} = {value}\n" for key, value in table.items())


@pytest.mark.parametrize(
    "test",
    [
        with_test(findings='{ area = "lid_forgotten" }', points="{ area = 0 }", outcomes='{ area = "incorrect" }'),
        with_test(
            answers='{ area = "96", volume = 1 }', findings='{ volume = "unexplained" }', points='{ area = "2" }'
        ),
        with_test(outcomes='{ volume = "blank" }'),
        with_test(answers='{ area = "nine" }', outcomes='{ area = "unreadable" }'),
        with_test(answers="{ sizes = { width = 4, height = 9 } }", points="{ sizes = 0.5 }"),
        with_test(answers="{ area = 1152, volume = 64 }", findings='{ volume = "mixed(unit=inch)" }'),
    ],
)
def test_an_authors_test_that_comes_out_is_no_flaw(tmp_path: Path, test: str) -> None:
    found = proven(tmp_path, test)
    assert words(found) == []
    assert found.proofs[-1].name == "test: the lid"
    assert found.proofs[-1].tried


@pytest.mark.parametrize(
    ("test", "flaw"),
    [
        (with_test(findings='{ area = "lid" }'), "tests.0.findings.area: the lid: findings should be lid, but the answer"),
        (with_test(points="{ area = 2 }"), "tests.0.points.area: the lid: points should be 2, but the answer 80 earns 0"),
        (with_test(outcomes='{ volume = "correct" }'), "tests.0.outcomes.volume: the lid: outcomes should be correct, but the"),
    ],
)  # fmt: skip
def test_an_authors_test_that_does_not_come_out_is_told_with_what_did(tmp_path: Path, test: str, flaw: str) -> None:
    (found,) = words(proven(tmp_path, test))
    assert found.startswith(f"error: {flaw}")


def patched_read(found: Callable[[], tuple[Reading, ...]]) -> Callable[[Integer, Any], tuple[Reading, ...]]:
    read = Integer.read

    def lenient(check: Integer, answer: Any) -> tuple[Reading, ...]:
        return found() if answer == "see above" else read(check, answer)

    return lenient


def failing() -> tuple[Reading, ...]:
    raise TypeError("no such thing")


@pytest.mark.parametrize(
    ("found", "what"),
    [
        (lambda: (Reading(96, "96"),), "earns 2 of 2 points (correct)"),
        (failing, "earns no mark: The grader failed on this answer"),
    ],
)
def test_a_kind_that_accepts_nonsense_or_breaks_on_it_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Callable[[], tuple[Reading, ...]], what: str
) -> None:
    monkeypatch.setattr(Integer, "read", patched_read(found))
    (problem,) = load_course(write_course(tmp_path)).homework("hw1").problems
    (flaw,) = filter(None, nonsense(Trial(problem), "area"))
    assert str(flaw).startswith("parts.area: the nonsense see above")
    assert what in flaw.words


def with_part(root: Path, part: str, solver: str) -> Path:
    """A course with one more part, "more", of which the solver says what is given."""
    return write_course(
        root,
        problem=f"{PROBLEM}\n[parts.more]\npoints = 3\n{part}\n",
        statement=f"{STATEMENT}\n## More {{#more}}\n\nWhat else?\n",
        solver=f"{SOUND}\n\ndef more():\n    return {solver}\n",
    )


@pytest.mark.parametrize(
    ("part", "solver"),
    [
        ('kind = "set"\nitems = { kind = "integer" }', "{1, 2, 4}"),
        ('kind = "set"\nitems = { kind = "quantity" }', "[1, 5 * 10**9]"),
        ('kind = "set"\nmay_be_empty = true\nitems = { kind = "integer" }', "[]"),
        ('kind = "set"\nitems = { kind = "choice", options = ["a", "nan", "see above"] }', '["nan", "see above"]'),
        ('kind = "count"', "0"),
        ('kind = "table"\nrows = ["a", "b"]\ncells = { kind = "integer" }', '{"a": 0, "b": 5}'),
        ('kind = "real"\nrtol = 0.1', 'float("inf")'),
        ('kind = "choice"\noptions = ["nan", "None of these I think"]', '"nan"'),
        ('kind = "choice"\noptions = ["nan", "None of these I think"]', '"None of these I think"'),
        ('kind = "shape"', "(1, 5)"),
        ('kind = "expression"\nsymbols = ["x"]', '"0"'),
    ],
)  # fmt: skip
def test_what_is_right_in_a_part_is_no_nonsense_there(tmp_path: Path, part: str, solver: str) -> None:
    (problem,) = load_course(with_part(tmp_path, part, solver)).homework("hw1").problems
    assert list(filter(None, nonsense(Trial(problem), "more"))) == []


@pytest.mark.parametrize("usual", [(0, 10), (-10, 10**9)])
def test_a_usual_number_is_no_nonsense_however_it_is_spelled(tmp_path: Path, usual: tuple[int, int]) -> None:
    part = 'kind = "measurement"\nvalues = {{ loss = {{ low = {}, high = {} }} }}'.format(*usual)
    (problem,) = load_course(with_part(tmp_path, part, "0")).homework("hw1").problems
    assert list(filter(None, nonsense(Trial(problem), "more"))) == []


def test_a_flaw_that_many_trials_have_is_told_once_and_counted_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Integer, "wrong_answers", lambda _, expected: (expected,) * 3)
    found = proven(tmp_path)
    (edges,) = found.of("area", "edges")
    assert (len(edges.flaws), edges.failed) == (2, 6)  # one for each convention
    assert len(words(found)) == len(set(words(found)))


@pytest.mark.parametrize(
    ("failure", "flaws"),
    [
        ("{}['red']", ["error: mistakes.painted: under it the solver fails: volume raised KeyError: 'red'; mend"]),
        ("[][0]", ["error: mistakes.painted: under it the solver fails: volume raised IndexError: list index"]),
        ("1 // 0", []),
        ("int('no')", []),
    ],
)
def test_a_solver_that_fails_under_a_mistake_otherwise_than_by_leading_nowhere_is_found(
    tmp_path: Path, failure: str, flaws: list[str]
) -> None:
    volume = "Fraction(side * area, 6)"
    solver = replaced(PAINTED, volume, f"{volume} if area != 116 else {failure}")
    found = words(proven(tmp_path, PROBLEM + replaced(PAINT, "-16", "20"), solver))
    assert len(found) == len(flaws)
    assert all(told.startswith(flaw) for told, flaw in zip(found, flaws, strict=True))


def test_nonsense_is_tried_as_cells_and_points_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = load_course(write_course(tmp_path)).homework("hw1").problems
    seen: list[Any] = []

    def recorded(_: Trajectory, answer: Any) -> tuple[Reading, ...]:
        seen.append(answer)
        raise Unreadable("nothing is read here")

    monkeypatch.setattr(Trajectory, "read", recorded)
    list(nonsense(Trial(problem), "trail"))
    assert ("see above",) * 3 in seen


def test_what_is_encoded_and_what_is_a_picture_is_handed_in_as_it_is() -> None:
    data = encode(3)
    assert handed_in("x", 3) == handed_in("x", Encoded(data))
    picture = Picture(mime="image/png", data="iVBORw0KGgo=")
    assert handed_in("x", picture).pictures == (picture,)
    assert handed_in("x", picture).data is None
