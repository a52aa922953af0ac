import pytest

from grader.errors import BadNotebook, GraderError, InfrastructureError, InputError, ProblemError, Unreadable


def test_a_fault_of_the_course_names_file_and_place() -> None:
    assert (
        str(ProblemError("problem.toml", "parts.a.points", "is missing")) == "problem.toml: parts.a.points: is missing"
    )
    assert str(ProblemError("problem.toml", "", "cannot be read")) == "problem.toml: cannot be read"


def test_a_finding_names_its_place_and_what_was_expected() -> None:
    finding = Unreadable("two decimal points", place="character 4", expected="a number such as 1.5")
    assert str(finding) == "two decimal points (character 4); expected a number such as 1.5"
    assert str(Unreadable("two decimal points")) == "two decimal points"


def test_seen_from_the_table_around_it_a_finding_keeps_its_own_place() -> None:
    finding = Unreadable("two points", place="character 4", expected="one").within("row conv1")
    assert str(finding) == "two points (row conv1, character 4); expected one"
    assert Unreadable("two points").within("row conv1").place == "row conv1"


@pytest.mark.parametrize("kind", [InputError, BadNotebook, ProblemError, InfrastructureError])
def test_everything_that_is_told_without_a_traceback_is_one_kind(kind: type[Exception]) -> None:
    assert issubclass(kind, GraderError)
    assert not issubclass(Unreadable, GraderError)
