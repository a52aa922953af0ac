from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake import choose
from grader.records import Submission


@dataclass(frozen=True)
class Handed:
    submission: Submission
    homework: str | None = "hw5"
    trouble: str = ""
    answers: int = 0


def handed(student: str, origin: str, digest: str = "", day: int = 0, **fields: object) -> Handed:
    of_submission = {name: fields.pop(name) for name in ("group", "platform", "missing") if name in fields}
    at = datetime(2026, 3, day, tzinfo=UTC) if day else None
    submission = Submission.model_validate(
        {
            "student": student,
            "path": Path(origin),
            "digest": digest or origin,
            "origin": origin,
            "submitted": at,
            **of_submission,
        }
    )
    return Handed(submission, **fields)  # type: ignore[arg-type]  # the test says which


def chosen(*several: Handed) -> tuple[str, tuple[str, ...], dict[str, str]]:
    (one,), left_out = choose(several, "hw5")
    return one.submission.origin, one.submission.notes, {left.path: left.why for left in left_out}


def test_one_alone_is_chosen_without_a_word() -> None:
    assert chosen(handed("ada", "a")) == ("a", (), {})


def test_the_newest_that_answers_the_homework_is_chosen() -> None:
    several = [handed("ada", "a", day=1), handed("ada", "b", day=2), handed("ada", "c", day=3, homework="hw6")]
    assert chosen(*several) == (
        "b",
        ("the newest of 3 notebooks",),
        {"a": "is older; b is graded instead", "c": "answers hw6; b is graded instead"},
    )


def test_the_one_uploaded_last_is_chosen_of_one_name() -> None:
    names = [f"ada_1_9990{n}_hw1{again}.ipynb" for n, again in enumerate(["", "-10", "-2"])]
    origin, notes, _ = chosen(*(handed("ada", name, platform="canvas", answers=9 - n) for n, name in enumerate(names)))
    assert (origin, notes) == (names[1], ("the one uploaded last of 3 notebooks",))


def test_a_number_at_the_end_of_a_name_is_no_later_upload_by_itself() -> None:
    names = ["ada_1_99901_lab-2.ipynb", "ada_1_99902_hw1.ipynb"]
    origin, notes, _ = chosen(*(handed("ada", name, platform="canvas", answers=n) for n, name in enumerate(names)))
    assert (origin, notes) == (names[1], ("the one with most answers of 2 notebooks",))


def test_the_one_with_most_answers_is_chosen_and_then_the_first_by_name() -> None:
    assert chosen(handed("ada", "a", answers=1), handed("ada", "b", answers=2))[:2] == (
        "b",
        ("the one with most answers of 2 notebooks",),
    )
    assert chosen(handed("ada", "b"), handed("ada", "a"))[:2] == ("a", ("the first by name of 2 notebooks",))


def test_another_homework_is_better_than_no_notebook_and_anything_than_nothing() -> None:
    broken, other = handed("ada", "x", day=9, trouble="it is empty"), handed("ada", "y", day=1, homework="hw6")
    assert chosen(broken, other) == (
        "y",
        ("the only readable one of 2 notebooks",),
        {"x": "is no notebook: it is empty; y is graded instead"},
    )
    assert chosen(broken, handed("ada", "", "-", missing=True))[0] == "x"
    assert chosen(other, handed("ada", "z", day=0))[:2] == (
        "z",
        ("the only one that answers the homework of 2 notebooks",),
    )


def test_the_same_file_twice_counts_once() -> None:
    assert chosen(handed("ada", "a", "same"), handed("ada", "b", "same")) == ("a", (), {"b": "is the same file as a"})


def test_files_that_cannot_be_read_are_not_the_same() -> None:
    unread = [handed("ada", name, trouble="cannot be read") for name in "ab"]
    unread = [Handed(one.submission.model_copy(update={"digest": ""}), trouble="no") for one in unread]
    assert chosen(*unread)[0] == "a"
    two = [Handed(one.submission.model_copy(update={"student": one.submission.origin})) for one in unread]
    assert [one.submission.notes for one in choose(two, "hw5")[0]] == [(), ()]


def test_the_same_file_of_several_students_stays_and_is_noted() -> None:
    ones, left_out = choose([handed(name, f"{name}.ipynb", "same") for name in ("di", "ada", "bo", "cy", "eve")], "hw5")
    notes = {one.submission.student: one.submission.notes for one in ones}
    assert list(notes) == ["ada", "bo", "cy", "di", "eve"]
    assert notes["bo"] == ("the same file as ada, cy, di and 1 more",)
    assert not left_out


def test_the_file_of_a_group_is_not_noted() -> None:
    group = [handed(name, "hw", "same", group="G1") for name in ("ada", "bo")]
    ones, _ = choose([*group, handed("cy", "c", "same")], "hw5")
    assert [one.submission.notes for one in ones] == [
        ("the same file as cy",),
        ("the same file as cy",),
        ("the same file as ada, bo",),
    ]


MANY = st.lists(
    st.builds(
        handed,
        st.sampled_from(["ada", "Bo", "cy"]),
        st.text("abc", min_size=1, max_size=3),
        st.sampled_from(["", "x", "y"]),
        st.integers(0, 3),
        homework=st.sampled_from(["hw5", "hw6", None]),
        trouble=st.sampled_from(["", "broken"]),
        answers=st.integers(0, 3),
    ),
    max_size=12,
)


@given(MANY)
def test_everything_is_chosen_or_left_out(several: list[Handed]) -> None:
    ones, left_out = choose(several, "hw5")
    assert len(ones) + len(left_out) == len(several)
    names = [one.submission.student for one in ones]
    assert names == sorted({one.submission.student for one in several}, key=str.casefold)
    for one in ones:
        if one.homework != "hw5" or one.trouble:
            theirs = [other for other in several if other.submission.student == one.submission.student]
            assert not any(other.homework == "hw5" and not other.trouble for other in theirs)


def test_what_was_given_is_not_changed() -> None:
    first = handed("ada", "a", day=1)
    choose([first, handed("ada", "b", day=2)], "hw5")
    assert first.submission.notes == ()
    with pytest.raises(AttributeError):
        first.answers = 3  # type: ignore[misc]  # frozen
