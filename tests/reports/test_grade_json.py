import json
from dataclasses import replace
from fractions import Fraction

from grader.records import CellFailure, Execution, FailureKind, Grade, Lateness, Outcome, Status
from grader.reports import grade_json
from tests.reports.grades import PICTURE, grade, homework, verdicts


def as_json(given: Grade) -> str:
    return grade_json.grade_json(given, homework("hw4_warmup"), None)


def test_the_keys_are_exactly_these() -> None:
    record = json.loads(as_json(grade("al")))
    assert list(record) == [
        "student", "homework", "points", "total", "max_points", "pending_points", "status", "late", "isolation",
        "parts", "failures", "output_cut", "made_from",
    ]  # fmt: skip
    assert list(record["parts"][0]) == [
        "problem", "part", "outcome", "points", "max_points", "extra", "answer", "read_as", "finding", "expected",
        "message", "hint", "convention", "follows", "suggestion", "marked_by", "comment", "pictures",
    ]  # fmt: skip


def test_cells_that_did_not_run_to_their_end_are_told_with_what_ended_them() -> None:
    failure = CellFailure(cell=4, kind=FailureKind.DIED, name="memory_bytes", message="used too much")
    (told,) = json.loads(as_json(grade("al", failures=(failure,))))["failures"]
    assert told == {"cell": 5, "kind": "died", "name": "memory_bytes", "message": "used too much"}


def test_cells_whose_output_was_cut_are_told() -> None:
    assert json.loads(as_json(grade("al", cut=(2, 4))))["output_cut"] == [3, 5]
    assert json.loads(as_json(grade("al")))["output_cut"] == []


def test_the_total_counts_what_is_decided_and_a_pending_part_has_no_points() -> None:
    _, *others = verdicts("hw4_warmup", Outcome.PARTIAL, Fraction(1, 3))
    unread = verdicts("hw4_warmup", Outcome.UNREADABLE, None)[0]
    record = json.loads(as_json(grade("al", unread, *others, status=Status.NEEDS_REVIEW)))
    assert (record["points"], record["max_points"], record["pending_points"]) == (1.0, 5.0, 2.0)
    assert [part["points"] for part in record["parts"]] == [None, 0.67, 0.33]
    assert record["parts"][0]["outcome"] == "unreadable"
    assert record["status"] == "needs review"


def test_what_a_student_wrote_comes_back_unchanged() -> None:
    hostile = '"\\\n\x1b[31m</script>\u202e\u2028é'
    (part, *_) = json.loads(as_json(grade("al", *verdicts("hw4_warmup", Outcome.BLANK, None, answer=hostile))))["parts"]
    assert part["answer"] == hostile


def test_pictures_are_counted_and_what_helps_the_marker_is_told() -> None:
    given = verdicts("hw4_warmup", Outcome.AWAITS_REVIEW, None, suggestion="mentions: slope", pictures=(PICTURE,) * 2)
    text = as_json(grade("al", *given))
    (part, *_) = json.loads(text)["parts"]
    assert (part["suggestion"], part["pictures"]) == ("mentions: slope", 2)
    assert PICTURE.data not in text


def test_what_lateness_costs_is_told_beside_the_points() -> None:
    late = Lateness(seconds=1, share=Fraction(1, 10), words="1 minute late: 10 % off")
    record = json.loads(as_json(grade("al", late=late)))
    assert (record["points"], record["total"], record["late"]) == (5.0, 4.5, "1 minute late: 10 % off")


def test_made_from_changes_with_all_that_a_report_says_and_with_nothing_else() -> None:
    def made(given: Grade, run: Execution | None = None) -> str:
        return grade_json.made_from(given, homework("hw4_warmup"), run)

    assert made(grade("al")) == made(grade("al", seconds=3.0))
    retitled = replace(homework("hw4_warmup"), title="Another")
    others = [made(grade("bo")), made(grade("al", cut=(1,))), grade_json.made_from(grade("al"), retitled, None)]
    runs = [Execution(notebook={"cells": [source]}, isolation="A") for source in ("a = 1", "a = 2")]
    assert len({made(grade("al")), *others, *(made(grade("al"), run) for run in runs)}) == 6
