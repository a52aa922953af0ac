"""Whatever Gradescope says about a submission is read, and what cannot be read costs nothing but itself."""

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.gradescope.inside import reading_metadata
from grader.gradescope.inside.for_staff import said_of_points
from grader.gradescope.inside.metadata import Metadata
from grader.gradescope.inside.reading_metadata import MOST_CHARACTERS, read_metadata
from grader.gradescope.manifest import Manifest, Points

DOCUMENTED = {
    "id": 123456,
    "created_at": "2026-07-01T16:09:27.331524-07:00",
    "assignment_id": 25828,
    "assignment": {
        "due_date": "2026-07-31T23:00:00.000000-07:00",
        "group_size": None,
        "group_submission": True,
        "id": 25828,
        "course_id": 1234,
        "late_due_date": None,
        "release_date": "2026-07-02T00:00:00.000000-07:00",
        "title": "Homework 5",
        "total_points": "20.0",
    },
    "submission_method": "upload",
    "users": [
        {"email": "jane@example.com", "id": 1, "name": "Jane Doe"},
        {"email": "al@example.com", "id": 2, "name": "Al"},
    ],
    "previous_submissions": [
        {"submission_time": "2026-06-30T16:09:27-07:00", "score": 0.0, "autograder_error": True},
        {"submission_time": "2026-07-01T10:00:00-07:00", "score": 5.0, "results": {"score": 5.0, "output": "x"}},
    ],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NAMES = [
    "id", "created_at", "assignment", "due_date", "late_due_date", "title", "total_points", "users", "name", "email", "sid",
    "previous_submissions", "submission_time", "autograder_error", "results", "submission_method", "extra_data",
]  # fmt: skip
TIMES = st.sampled_from(
    ["2026-07-01T16:09:27-07:00", "2026-07-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "now"]
)


@st.composite
def likely(draw: st.DrawFn) -> Any:
    """JSON in which the documented names stand at places that may be wrong."""
    leaves = JSON | TIMES
    inner = st.recursive(
        leaves, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.sampled_from(NAMES), one, max_size=6)
    )
    return draw(st.dictionaries(st.sampled_from(NAMES), inner, max_size=8))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("metadata") / "submission_metadata.json"


def read(file: Path, content: Any) -> Metadata:
    file.write_text(json.dumps(content), encoding="utf-8")
    return read_metadata(file)


def test_the_documented_file_is_read_without_a_trouble(file: Path) -> None:
    found = read(file, DOCUMENTED)
    assert found.id == "123456"
    assert found.submitted == datetime(2026, 7, 1, 23, 9, 27, 331524, tzinfo=UTC)
    assert found.submitted.utcoffset() == timedelta(hours=-7)  # so that students read their own time
    assert found.total_points == Fraction(20)
    assert found.due == datetime(2026, 8, 1, 6, tzinfo=UTC)
    assert [(one.name, one.email) for one in found.submitters] == [
        ("Jane Doe", "jane@example.com"),
        ("Al", "al@example.com"),
    ]
    assert [one.failed for one in found.previous] == [True, False]
    assert [one.results for one in found.previous] == [None, {"score": 5.0, "output": "x"}]
    assert found.troubles == ()


@settings(max_examples=50)
@given(content=JSON | likely())
def test_any_json_is_read(file: Path, content: Any) -> None:
    found = read(file, content)
    json.dumps(found.model_dump(mode="json"), allow_nan=False)
    assert found.model_dump_json().encode()


@given(content=st.binary(max_size=200))
def test_any_bytes_are_read(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert read_metadata(file).submitted is None


def test_a_file_that_is_missing_is_a_trouble_and_no_error(tmp_path: Path) -> None:
    assert read_metadata(tmp_path / "none.json") == Metadata(
        troubles=("none.json: cannot be read (No such file or directory)",)
    )


def test_an_empty_object_says_nothing(file: Path) -> None:
    assert read(file, {}) == Metadata()


def test_nests_and_numbers_that_json_cannot_hold_are_troubles(file: Path) -> None:
    for content in ("[" * 100_000, '{"id": ' + "9" * 5000 + "}", "", "NaN"):
        file.write_text(content, encoding="utf-8")
        assert read_metadata(file).id == ""
    previous = '{"submission_time": "2026-07-01T16:09:27Z", "results": {"score": NaN, "a": 1e999}}'
    file.write_text(f'{{"id": "7", "previous_submissions": [{previous}]}}', encoding="utf-8")
    assert read_metadata(file).previous[0].results == {"score": None, "a": None}


def test_a_file_without_end_is_read_no_further_than_it_may_be(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_metadata, "MOST_BYTES", 1024**2)
    file.write_text('{"id": 1, "title": "' + "x" * 1024**2 + '"}', encoding="utf-8")
    assert read_metadata(file).troubles == ("submission_metadata.json: has more than 1 MiB",)


@pytest.mark.parametrize(
    "own", [{"due_date": "2026-08-03T00:00:00Z"}, {"assignment": {"due_date": "2026-08-03T00:00:00Z"}}]
)
def test_a_students_own_due_date_stands_beside_the_assignments(file: Path, own: dict[str, Any]) -> None:
    found = read(file, DOCUMENTED | {"users": [{"name": "Jane"}, {"name": "Al", "sid": "007", **own}]})
    assert [one.due for one in found.submitters] == [None, datetime(2026, 8, 3, tzinfo=UTC)]
    assert (found.submitters[1].sid, found.due) == ("007", datetime(2026, 8, 1, 6, tzinfo=UTC))


def test_what_cannot_be_read_is_named_with_its_place(file: Path) -> None:
    wrong = {
        "created_at": "yesterday",
        "assignment": [],
        "users": [3, {"name": []}],
        "previous_submissions": {},
    }
    assert read(file, wrong).troubles == (
        "assignment: is no object",
        "users: is no object",
        "users.name: is neither text nor a number",
        "created_at: is no time",
        "previous_submissions: is no list",
    )


def test_a_time_without_a_zone_is_taken_as_utc_which_the_staff_is_told(file: Path) -> None:
    found = read(file, {"created_at": "2026-07-01T16:09:27", "assignment": {"due_date": "2026-07-01"}})
    assert (found.submitted, found.due) == (datetime(2026, 7, 1, 16, 9, 27, tzinfo=UTC), None)
    assert found.troubles == (
        "created_at: has no time zone; UTC is assumed",
        "assignment.due_date: is a day without a time, or has a year that cannot be meant",
    )


def test_an_earlier_submission_without_a_time_is_not_looked_at(file: Path) -> None:
    found = read(file, DOCUMENTED | {"previous_submissions": [{"score": 1}, DOCUMENTED["previous_submissions"][0]]})  # type: ignore[index]
    assert len(found.previous) == 1
    assert found.troubles == ("previous_submissions: one has no time, and is not looked at",)


def test_staff_is_warned_of_an_assignment_with_fewer_points_than_its_autograder(file: Path) -> None:
    def warned(total: str | None) -> list[str]:
        about = read(file, {"assignment": {"total_points": total}})
        points = Points(autograder=20.33, written=4)
        manifest = Manifest(
            format=1, grader="0.1.0", homework="hw1", seconds=600, on_fault="message", points=points, course=""
        )
        return list(said_of_points(about, manifest))

    assert [warned(total) for total in ("20.33", "24.33", None)] == [[], [], []]
    (words,) = warned("20.0")
    assert words.startswith("points: the assignment has 20 in all, the autograder alone gives 20.33; type 20.33 as")


def test_times_at_the_ends_of_the_calendar_are_no_times(file: Path) -> None:
    for time in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        assert read(file, {"created_at": time}).submitted is None


def test_texts_are_cut_and_made_printable_as_json(file: Path) -> None:
    found = read(file, {"id": "\ud800" + "x" * 1000, "assignment": {"total_points": 7.5}})
    assert (len(found.id), found.id[0], found.total_points) == (
        MOST_CHARACTERS,
        "\N{REPLACEMENT CHARACTER}",
        Fraction("7.5"),
    )


def test_earlier_submissions_are_put_in_order(file: Path) -> None:
    turned = read(file, DOCUMENTED | {"previous_submissions": DOCUMENTED["previous_submissions"][::-1]})  # type: ignore[index]
    assert turned.previous == read(file, DOCUMENTED).previous
