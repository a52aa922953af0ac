import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest
import sqlalchemy as sa

from grader import __version__
from grader.conditions import Conditions, conditions
from grader.errors import InfrastructureError
from grader.kernels.limits import Limits
from grader.records import (
    Asked,
    Captured,
    CellFailure,
    Edit,
    Execution,
    FailureKind,
    Grade,
    Outcome,
    Person,
    Status,
    Submission,
)
from grader.store import BATCH, Landed, Store, open_store
from tests.reports.grades import grade, verdicts

HOMEWORK = "hw4_warmup"
NOW: Conditions = conditions({"a": Asked(cell_id="answer-a")}, Limits(), ["numpy"])
RUN = Execution(
    notebook={"cells": [{"source": "a = 1", "outputs": ["é\ud800\0"]}]},
    captured=(Captured(variable="a", cell=0, data={"t": "int", "v": "1"}),),
    isolation="A",
    seconds=0.5,
)


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path, url) as opened:
        yield opened


def handed_in(student: str, content: bytes = b"{}", **fields: object) -> Submission:
    return Submission.model_validate(
        {
            "student": student,
            "path": f"{student}.ipynb",
            "origin": f"{student}.ipynb",
            "digest": content.hex(),
            **fields,
        }
    )


def land(store: Store, *landed: Landed, command: str = "grade") -> None:
    store.land(store.begin(command, HOMEWORK, "hash", "kim"), list(landed), NOW)


def landed(student: str, content: bytes = b"{}", graded: Grade | None = None, **fields: object) -> Landed:
    return Landed(handed_in(student, content, **fields), graded or grade(student), content, RUN)


def rows(store: Store, table: str) -> int:
    with store._reading.connect() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar()
    assert isinstance(count, int)
    return count


def test_what_lands_comes_back_as_it_was(store: Store) -> None:
    person = Person(name="Ana Roy", number="00417", ids={"canvas": "340934"})
    when = datetime(2026, 11, 20, 23, 59, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    land(store, landed("al", person=person, submitted=when, notes=("the newest of 2",), late=True))
    (latest,) = store.latest(HOMEWORK)
    assert latest.submission.person == person
    assert latest.submission.submitted == when
    assert latest.submission.path == Path("al.ipynb")
    assert latest.grade == grade("al")
    assert latest.edits == ()
    assert store.contents([latest.submission.digest]) == {latest.submission.digest: b"{}"}
    assert latest.execution is not None
    execution = store.executions([latest.execution])[latest.execution]
    assert execution.captured == RUN.captured
    assert (execution.isolation, execution.seconds) == ("A", 0.5)
    assert execution.notebook["cells"][0]["outputs"] == ["é\ufffd\ufffd"]


def test_a_run_is_recorded_with_its_conditions(store: Store) -> None:
    land(store, landed("al"))
    (ran,) = store.ran(HOMEWORK).values()
    assert ran.conditions == NOW
    assert ran.conditions.limits == Limits()
    assert ran.conditions.seed == 0
    assert {"python", "ipykernel", "numpy"} <= ran.conditions.versions.keys()
    assert (ran.isolation, ran.within_limits) == ("A", True)


def test_a_run_that_met_a_limit_is_known_as_one(store: Store) -> None:
    slow = RUN.model_copy(update={"failures": (CellFailure(cell=0, kind=FailureKind.TIMEOUT),)})
    land(store, Landed(handed_in("al"), grade("al"), b"{}", slow))
    assert [ran.within_limits for ran in store.ran(HOMEWORK).values()] == [False]


def test_what_has_not_changed_is_not_repeated(store: Store) -> None:
    land(store, landed("al"))
    (latest,) = store.latest(HOMEWORK)
    land(store, Landed(latest.submission, latest.grade, ran=latest.execution))
    assert [rows(store, table) for table in ("runs", "submissions", "executions", "grades")] == [2, 1, 1, 1]


def test_a_changed_grade_is_added_and_the_old_one_stays(store: Store) -> None:
    land(store, landed("al"))
    (first,) = store.latest(HOMEWORK)
    none = grade("al", *verdicts(HOMEWORK, Outcome.INCORRECT, Fraction(0)))
    land(store, Landed(first.submission, none, ran=first.execution), command="regrade")
    (second,) = store.latest(HOMEWORK)
    assert [first.grade.points, second.grade.points] == [Fraction(5), Fraction(0)]
    events = [(event.command, type(event.what).__name__) for event in store.history(HOMEWORK, "al")]
    assert events == [("grade", "Submission"), ("grade", "Grade"), ("regrade", "Grade")]
    assert {(event.by, event.grader_version, event.course_hash) for event in store.history(HOMEWORK, "al")} == {
        ("kim", __version__, "hash")
    }


def test_a_second_file_of_a_student_counts_and_the_first_stays(store: Store) -> None:
    land(store, landed("al", b"first"))
    land(store, landed("al", b"second"))
    (latest,) = store.latest(HOMEWORK)
    assert latest.submission.digest == b"second".hex()
    assert set(store.ran(HOMEWORK)) == {b"first".hex(), b"second".hex()}


def test_equal_files_of_two_students_are_kept_once(store: Store) -> None:
    land(store, landed("al"), landed("bo"))
    assert rows(store, "contents") == 1
    assert store.students(HOMEWORK) == ["al", "bo"]


def test_results_land_all_or_none(store: Store) -> None:
    broken = Landed(handed_in("bo"), grade("bo"), ran=999)  # there is no such run
    with pytest.raises(InfrastructureError, match="cannot be used"):
        land(store, landed("al"), broken)
    assert store.students(HOMEWORK) == []
    assert rows(store, "contents") == 0


def test_students_come_sorted_and_in_as_many_batches_as_it_takes(store: Store) -> None:
    names = [f"s{number:03}" for number in range(BATCH + 7)]
    land(store, *(landed(name) for name in reversed(names)))
    assert [latest.submission.student for latest in store.latest(HOMEWORK)] == names
    assert [one.submission.student for one in store.latest(HOMEWORK, ["s005", "nobody", "s002"])] == ["s005", "s002"]


def test_homeworks_do_not_mix(store: Store) -> None:
    land(store, landed("al"))
    other = grade("al", name="hw5_cnn_sizes")
    store.land(store.begin("grade", "hw5_cnn_sizes", "", "kim"), [Landed(handed_in("al", b"x"), other, b"x", RUN)], NOW)
    assert store.homeworks() == [HOMEWORK, "hw5_cnn_sizes"]
    assert [len(list(store.latest(homework))) for homework in store.homeworks()] == [1, 1]


def edit(student: str, points: Fraction | None, **fields: object) -> Edit:
    values = {
        "student": student, "problem": "layer_sizes", "part": "linear_parameters", "points": points, "by": "kim",
        "at": datetime(2026, 11, 27, 12, tzinfo=UTC), "old_points": None, "old_outcome": Outcome.AWAITS_REVIEW,
        "max_points": Fraction(2), "digest": b"{}".hex(), "answer": "0" * 64,
    }  # fmt: skip
    return Edit.model_validate(values | fields)


def test_marks_of_persons_are_kept_with_who_when_why_and_the_old_value_in_their_order(store: Store) -> None:
    land(store, landed("al"), landed("bo"))
    given = [edit("al", Fraction(1, 3), why="argued well", comment="good"), edit("al", None), edit("bo", Fraction(2))]
    store.add_edits(store.begin("mark", HOMEWORK, "", "kim"), HOMEWORK, given)
    al, bo = store.latest(HOMEWORK)
    assert al.edits == tuple(given[:2])
    assert bo.edits == tuple(given[2:])
    assert al.grade == grade("al")  # as the grader says
    assert [event.what for event in store.history(HOMEWORK, "al") if event.command == "mark"] == given[:2]


def test_who_is_withdrawn_leaves_the_class_and_comes_back_when_graded_again(store: Store) -> None:
    land(store, landed("al"), landed("bo"))
    store.withdraw(store.begin("withdraw", HOMEWORK, "", "kim"), HOMEWORK, ["al"])
    assert store.students(HOMEWORK) == ["bo"]
    assert len(store.history(HOMEWORK, "al")) == 3
    land(store, landed("al"))
    assert store.students(HOMEWORK) == ["al", "bo"]


def test_a_student_without_a_file_has_a_place(store: Store) -> None:
    missing = Submission(student="al", path=Path(), digest="", missing=True)
    land(store, Landed(missing, grade("al", status=Status.NO_SUBMISSION)))
    (latest,) = store.latest(HOMEWORK)
    assert (latest.submission.missing, latest.execution) == (True, None)


def test_text_that_a_database_refuses_is_replaced(store: Store) -> None:
    land(store, landed("al", origin="a\0b\udcff.ipynb", graded=grade("al", note="\ud800\0")))
    (latest,) = store.latest(HOMEWORK)
    assert latest.submission.origin == "a\ufffdb\ufffd.ipynb"
    assert latest.grade.note in {"\ufffd\0", "\ufffd\ufffd"}


def test_several_graders_may_write_at_once(url: str, tmp_path: Path) -> None:
    def write(name: str) -> None:
        with open_store(tmp_path, url) as store:
            for number in range(10):
                land(store, landed(f"{name}{number}"))

    writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with open_store(tmp_path, url) as store:
        assert len(store.students(HOMEWORK)) == 30
