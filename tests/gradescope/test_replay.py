"""An archive that hands out results which were computed elsewhere, run as Gradescope runs it."""

import hashlib
import json
import subprocess
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.errors import InputError
from grader.gradescope.examining.checking import check_archive
from grader.gradescope.replay.replaying import Replay, write_replay
from grader.records import Grade, Outcome, Person, Result, Status, Submission
from tests.reports.grades import grade, homework, verdicts

NAME = "hw5_cnn_sizes"
SIZES = homework(NAME)
NOTEBOOK = b"the notebook that was graded"
MARKED = grade("ana", *verdicts(NAME, Outcome.CORRECT, Fraction(1)), name=NAME)
HALF = grade("bo", *verdicts(NAME, Outcome.PARTIAL, Fraction(1, 2)), name=NAME)


def result(graded: Grade, person: Person, **fields: Any) -> Result:
    digest = hashlib.sha256(NOTEBOOK).hexdigest()
    submission = Submission(student=graded.student, path=Path("hw5.ipynb"), digest=digest, person=person, **fields)
    return Result(submission=submission, grade=graded)


ANA = result(MARKED, Person(name="Ana Roy", email="Ana@x.edu", number="00417"))
BO = result(HALF, Person(name="Bo Li", ids={"gradescope submission": "77"}))


def container(tmp_path: Path, *results: Result) -> tuple[Path, Replay]:
    """A folder shaped like /autograder with the archive unpacked and set up in it."""
    made = write_replay(results, SIZES, tmp_path / "replay.zip")
    folder = tmp_path / "autograder"
    zipfile.ZipFile(tmp_path / "replay.zip").extractall(folder / "source")
    (folder / "run_autograder").write_bytes((folder / "source" / "run_autograder").read_bytes())
    subprocess.run(["bash", "setup.sh"], cwd=folder / "source", check=True, capture_output=True)
    return folder, made


def handed_out(folder: Path, metadata: object, notebook: bytes = NOTEBOOK) -> tuple[int, dict[str, Any]]:
    """Exit code and results of a submission."""
    for name in ("submission", "results"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "submission" / "any name.ipynb").write_bytes(notebook)
    (folder / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    ran = subprocess.run(["bash", folder / "run_autograder"], check=False, capture_output=True)
    results: dict[str, Any] = json.loads((folder / "results" / "results.json").read_text(encoding="utf-8"))
    return ran.returncode, results


@pytest.mark.parametrize(
    ("metadata", "score"),
    [
        ({"users": [{"email": "ana@X.edu "}]}, 31),
        ({"users": [{"sid": "00417", "email": "new@x.edu"}]}, 31),
        ({"users": [{"email": "other@x.edu"}, {"email": "ana@x.edu"}]}, 31),
        ({"id": 77, "users": [{"email": "ana@x.edu"}]}, 15.5),
        ({"id": 78, "users": [{"name": "Bo  li", "email": None}]}, 15.5),
    ],
)
def test_a_student_is_found_by_submission_address_number_or_name(
    tmp_path: Path, metadata: object, score: float
) -> None:
    folder, _ = container(tmp_path, ANA, BO)
    code, results = handed_out(folder, metadata)
    assert (code, results["score"]) == (0, score)
    assert "not graded yet" not in results["output"]


@pytest.mark.parametrize("metadata", [{}, [], None, {"users": [{"email": "nobody@x.edu"}]}, {"users": {"email": 3}}])
def test_whoever_has_no_result_is_told_that_it_is_not_graded_yet(tmp_path: Path, metadata: object) -> None:
    folder, _ = container(tmp_path, ANA)
    code, results = handed_out(folder, metadata)
    assert code == 1
    assert "Not graded yet" in results["output"]
    assert results["extra_data"]["fault"] is True


def test_marks_of_persons_count_and_written_parts_are_no_manual_questions(tmp_path: Path) -> None:
    folder, _ = container(tmp_path, ANA)
    _, results = handed_out(folder, {"users": [{"email": "ana@x.edu"}]})
    assert results["score"] == float(SIZES.max_points) == sum(entry["max_score"] for entry in results["tests"])
    assert "marked by a person" not in json.dumps(results)


def test_another_file_than_the_graded_one_is_told_to_have_no_result_yet(tmp_path: Path) -> None:
    folder, _ = container(tmp_path, ANA)
    _, results = handed_out(folder, {"users": [{"email": "ana@x.edu"}]}, b"a newer notebook")
    assert "not graded yet" in results["output"]
    assert results["score"] == 31


def test_students_with_one_name_are_not_taken_for_each_other(tmp_path: Path) -> None:
    twins = [
        result(MARKED, Person(name="Kim Lee", email="a@x.edu")),
        result(HALF, Person(name="Kim Lee", email="b@x.edu")),
    ]
    folder, _ = container(tmp_path, *twins)
    assert handed_out(folder, {"users": [{"name": "Kim Lee", "email": "b@x.edu"}]})[1]["score"] == 15.5
    assert handed_out(folder, {"users": [{"name": "Kim Lee"}]})[0] == 1


def test_whoever_has_no_result_keeps_a_namesake_from_being_found_by_name(tmp_path: Path) -> None:
    fault = grade("kim 2", *verdicts(NAME, Outcome.GRADER_FAULT, None), name=NAME, status=Status.FAULT)
    first = MARKED.model_copy(update={"student": "kim 1"})
    namesakes = [result(first, Person(name="Kim Lee")), result(fault, Person(name="Kim Lee"))]
    folder, made = container(tmp_path, *namesakes, ANA)
    assert handed_out(folder, {"users": [{"name": "Kim Lee"}]})[0] == 1
    assert made.left_out[-1] == "kim 1: another student has the same name or address"


def test_a_name_is_found_however_its_letters_are_composed(tmp_path: Path) -> None:
    folder, _ = container(tmp_path, result(MARKED, Person(name="Jos\u00e9")))
    assert handed_out(folder, {"users": [{"name": "Jose\u0301"}]})[1]["score"] == 31


def test_a_group_gets_its_result_once_and_none_where_its_members_have_different_ones(tmp_path: Path) -> None:
    ids = {"gradescope submission": "9"}
    alike = [result(MARKED, Person(email=f"{name}@x.edu", ids=ids)) for name in "ab"]
    apart = [result(HALF, Person(email="c@x.edu")), result(MARKED, Person(email="d@x.edu"))]
    folder, _ = container(tmp_path, *alike, *apart)
    assert len(list((folder / "source" / "results").iterdir())) == 2
    both = [{"email": "a@x.edu"}, {"email": "b@x.edu"}, {"email": "new@x.edu"}]
    assert handed_out(folder, {"id": 9, "users": both})[1]["score"] == 31
    assert handed_out(folder, {"id": 10, "users": both})[1]["score"] == 31
    code, results = handed_out(folder, {"users": [{"email": "c@x.edu"}, {"email": "d@x.edu"}]})
    assert (code, results["score"]) == (1, 0)
    assert "Not graded yet" in results["output"]


def test_members_who_were_marked_differently_are_found_by_their_own_addresses_only(tmp_path: Path) -> None:
    ids = {"gradescope submission": "9"}
    folder, _ = container(
        tmp_path, result(MARKED, Person(email="a@x.edu", ids=ids)), result(HALF, Person(email="b@x.edu", ids=ids))
    )
    assert handed_out(folder, {"id": 9, "users": []})[0] == 1
    assert handed_out(folder, {"id": 9, "users": [{"email": "b@x.edu"}]})[1]["score"] == 15.5


def test_metadata_that_is_nested_without_end_leaves_words(tmp_path: Path) -> None:
    folder, _ = container(tmp_path, ANA)
    (folder / "submission").mkdir()
    (folder / "results").mkdir()
    (folder / "submission_metadata.json").write_text("[" * 100_000, encoding="utf-8")
    assert subprocess.run(["bash", folder / "run_autograder"], check=False, capture_output=True).returncode == 1
    assert "Not graded yet" in (folder / "results" / "results.json").read_text(encoding="utf-8")


def test_who_has_nothing_to_hand_out_is_named_and_so_is_who_is_found_by_name_only(tmp_path: Path) -> None:
    missing = grade("cy", *verdicts(NAME, Outcome.BLANK, Fraction(0)), name=NAME, status=Status.NO_SUBMISSION)
    fault = grade("di", *verdicts(NAME, Outcome.GRADER_FAULT, None), name=NAME, status=Status.FAULT)
    _, made = container(tmp_path, ANA, result(missing, Person()), result(fault, Person()), result(HALF, Person()))
    assert made.left_out == ("cy: no submission", "di: fault of the grader: grade it again")
    assert made.by_name == ("bo",)
    assert made.students == 2
    assert made.pending == ()


def test_who_waits_for_a_person_is_named(tmp_path: Path) -> None:
    waiting = grade("wu", *verdicts(NAME, Outcome.AWAITS_REVIEW, None), name=NAME, status=Status.NEEDS_REVIEW)
    _, made = container(tmp_path, result(waiting, Person(email="wu@x.edu")))
    assert made.pending == ("wu",)


def test_marks_that_are_older_than_the_course_are_refused(tmp_path: Path) -> None:
    old = MARKED.model_copy(update={"verdicts": MARKED.verdicts[1:]})
    with pytest.raises(InputError, match=r"ana was marked before the course changed; grader regrade"):
        write_replay([result(old, Person())], SIZES, tmp_path / "replay.zip")


def test_such_an_archive_is_checked_before_it_is_uploaded(tmp_path: Path) -> None:
    container(tmp_path, ANA, BO)
    assert check_archive(tmp_path / "replay.zip") == []
    content = {}
    with zipfile.ZipFile(tmp_path / "replay.zip") as made:
        content = {name: made.read(name) for name in made.namelist()}
    for name, changed in (("results/00001.json", None), ("replay.py", b"pass"), ("index.json", b"[]")):
        with zipfile.ZipFile(tmp_path / "changed.zip", "w") as other:
            for one, data in ({**content, name: changed}).items():
                if data is not None:
                    other.writestr(one, data)
        assert name in [found.place for found in check_archive(tmp_path / "changed.zip") if found.serious]


def test_the_same_results_make_the_same_bytes(tmp_path: Path) -> None:
    for name, order in (("a", (ANA, BO)), ("b", (BO, ANA))):
        write_replay(order, SIZES, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
