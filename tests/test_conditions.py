import pytest

from grader.conditions import Conditions, conditions, stands, within_limits
from grader.kernels.causes import with_cause
from grader.kernels.limits import Limits
from grader.records import Asked, CellFailure, Execution, FailureKind

ASKED = {"a": Asked(cell_id="answer-a"), "net": Asked(cell_id="answer-net", model_input=(3, 32, 32))}
NOW = conditions(ASKED, Limits(), ["torch", "no_such_module"])


def before(**changes: object) -> Conditions:
    return NOW.model_copy(update=changes)


def holds(recorded: Conditions, *, isolation: str = "A", contained: bool = True, within: bool = True) -> bool:
    return stands(recorded, NOW, isolation=isolation, contained=contained, within=within)


def test_versions_of_what_is_installed_are_noted() -> None:
    assert NOW.versions["torch"].startswith("2.13.0")
    assert "no_such_module" not in NOW.versions


def test_a_run_under_the_same_conditions_stands() -> None:
    assert holds(before())


def test_a_run_stands_whatever_the_libraries_since_only_another_run_could_tell() -> None:
    assert holds(before(versions={"python": "3.9"}))


def test_a_run_that_watched_more_stands_and_one_that_watched_less_does_not() -> None:
    assert holds(before(asked=ASKED | {"b": Asked(cell_id="answer-b")}))
    assert not holds(before(asked={"a": ASKED["a"]}))


def test_a_run_that_described_a_network_with_another_input_does_not_stand() -> None:
    assert not holds(before(asked=ASKED | {"net": Asked(cell_id="answer-net", model_input=(1, 28, 28))}))


def test_how_an_answer_is_taken_changes_no_run() -> None:
    assert holds(before(asked=ASKED | {"a": Asked(cell_id="other", written=True)}))


def test_other_limits_matter_only_to_a_run_that_met_one() -> None:
    smaller = before(limits=Limits(seconds_per_cell=1))
    assert holds(smaller, within=True)
    assert not holds(smaller, within=False)
    assert holds(before(), within=False)


@pytest.mark.parametrize(
    ("isolation", "contained", "expected"), [("none", True, False), ("none", False, True), ("A", False, True)]
)
def test_a_run_without_isolation_stands_for_no_contained_one(
    *, isolation: str, contained: bool, expected: bool
) -> None:
    assert holds(before(), isolation=isolation, contained=contained) is expected


@pytest.mark.parametrize("change", [{"seed": 1}, {"encoding": "other"}])
def test_another_seed_or_encoding_is_another_run(change: dict[str, object]) -> None:
    assert not holds(before(**change))


def test_an_error_behind_which_a_limit_stands_has_met_it() -> None:
    failure = with_cause(CellFailure(cell=0, kind=FailureKind.ERROR, name="MemoryError"), Limits())
    assert failure.limit == "memory_bytes"
    assert not within_limits(Execution(notebook={}, isolation="A", failures=(failure,)))


@pytest.mark.parametrize(("kind", "expected"), [
    (FailureKind.ERROR, True), (FailureKind.TIMEOUT, False), (FailureKind.DIED, False), (FailureKind.NOT_REACHED, False),
])  # fmt: skip
def test_only_an_error_of_the_student_is_within_limits(*, kind: FailureKind, expected: bool) -> None:
    run = Execution(notebook={}, isolation="A", failures=(CellFailure(cell=0, kind=kind),))
    assert within_limits(run) is expected


def test_a_run_whose_output_was_cut_met_a_limit() -> None:
    assert not within_limits(Execution(notebook={}, isolation="A", cut=(1,)))
