import pytest

from grader.answers.values import Plain
from grader.errors import Unreadable
from tests.checks.answering import declared

DONE = declared("done")


@pytest.mark.parametrize(
    "answer", [True, "yes", "Done!", "x", "[x]", "✓", "☑️", 1, 1.0, "1", "True", "ok", "I have read it.", ("done",)]
)
def test_what_is_said_to_be_done_is_done(answer: Plain) -> None:
    (reading,) = DONE.read(answer)
    assert DONE.compare(reading, None).right


@pytest.mark.parametrize("answer", [False, "no", "No.", 0, "0", "not yet", "not done"])
def test_what_is_said_not_to_be_done_is_zero_and_says_so(answer: Plain) -> None:
    (reading,) = DONE.read(answer)
    found = DONE.compare(reading, None)
    assert (found.note, found.told) == ("not-done", True)
    assert found.credit == 0


@pytest.mark.parametrize(
    "answer", [2, "most of it", "done, no", 0.5, float("nan"), (1, 2), {"a": True}, "✓ no idea", "[ ]"]
)
def test_what_says_neither_is_unreadable(answer: Plain) -> None:
    with pytest.raises(Unreadable, match="True when it is done"):
        DONE.read(answer)
