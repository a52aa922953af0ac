import io
import zipfile
from collections.abc import Iterable

import pytest

from grader.errors import InputError
from grader.exports import feedback
from grader.records import Person, Result, Status
from tests.exports import importers
from tests.exports.classmates import result


def page(one: Result) -> bytes:
    return f"<!doctype html>{one.submission.student}".encode()


def archive(platform: str, *results: Result) -> tuple[dict[str, bytes], tuple[str, ...]]:
    into = io.BytesIO()
    words = feedback(platform, results, page, into)
    with zipfile.ZipFile(into) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}, words


def of_moodle(student: str, folder: str, number: str = "", group: str = "") -> Result:
    ids = {"moodle": number} if number else {}
    return result(student, person=Person(name=student, ids=ids), origin=folder, group=group, platform="moodle")


def anyone(words: Iterable[str], *texts: str) -> bool:
    return any(all(text in one for text in texts) for one in words)


def test_moodle_gives_each_report_to_the_participant_whose_folder_it_was() -> None:
    names, _ = archive(
        "moodle",
        of_moodle("jane", "Jane Doe_1234567_assignsubmission_file/src/hw1.ipynb"),
        of_moodle("li", "李 小龙_1234568_assignsubmission_file_/hw1.ipynb", "1234568"),
        of_moodle("zoe", "download/Zoë O'Neil_1234569_assignsubmission_file_hw1.ipynb"),
    )
    assert set(names) == {
        "Jane Doe_1234567_assignsubmission_file/report.html",
        "李 小龙_1234568_assignsubmission_file_/report.html",
        "Zoë O'Neil_1234569_assignsubmission_file_report.html",
    }
    got = importers.moodle_feedback(list(names), {"1234567", "1234568", "1234569"})
    assert {number: names[name][15:].decode() for number, name in got.items()} == {
        "1234567": "jane",
        "1234568": "li",
        "1234569": "zoe",
    }


def test_a_team_of_moodle_gets_a_folder_for_each_member_whose_number_is_known() -> None:
    team = "Group A_15_assignsubmission_file/hw1.ipynb"
    names, words = archive(
        "moodle",
        of_moodle("ja_ne", team, "1234567", group="Group A"),
        of_moodle("li", team, "15", group="Group A"),
        of_moodle("zoe", team, group="Group A"),
    )
    assert list(names) == ["ja ne_1234567_assignsubmission_file/report.html"]
    assert importers.moodle_feedback(list(names), {"1234567"})
    assert anyone(words, "li: left out", "participant number")
    assert anyone(words, "zoe: left out", "participant number")


def test_canvas_gets_the_names_that_it_gave_and_shows_them_so() -> None:
    ids = {"canvas": "340934"}
    names, words = archive(
        "canvas",
        result("jane", person=Person(ids=ids), origin="doejane_LATE_340934_208490284_hw1-2.ipynb"),
        result("team", person=Person(ids={"canvas": "14"}), origin="team_3_14_999_hw1.ipynb"),
        result("anon", origin="anon_a1_208490284_hw1.ipynb"),
        result("text", person=Person(ids={"canvas": "7"}), origin="roy_7_text.html"),
    )
    assert list(names) == ["doejane_LATE_340934_208490284_hw1-2.ipynb"]
    assert importers.canvas_feedback(*names) == (340934, 208490284)
    assert anyone(words, "team: left out", "Canvas would take 3")
    assert anyone(words, "anon: left out")
    assert anyone(words, "text: left out")
    assert anyone(words, "2406")


@pytest.mark.parametrize(
    "origin", ["{}/hw1.ipynb", "{}/src/doe_1_2_hw1.ipynb", "submissions/{}/hw1.ipynb", "all.zip/{}/a.tgz/hw1.ipynb"]
)
@pytest.mark.parametrize("uploaded", ["zipper_340944_208490293_work.zip", "zipper_LATE_340944_208490293_w.TAR.GZ"])
def test_canvas_gets_the_name_of_the_archive_in_which_a_notebook_was_handed_in(origin: str, uploaded: str) -> None:
    person = Person(ids={"canvas": "340944"})
    names, words = archive("canvas", result("zipper", person=person, origin=origin.format(uploaded)))
    assert list(names) == [uploaded]
    assert importers.canvas_feedback(*names) == (340944, 208490293)
    assert anyone(words, "rename it to .html")


def test_what_canvas_cannot_take_is_left_out_with_its_own_reason() -> None:
    names, words = archive(
        "canvas",
        result("anon", origin="anon_a1_208490284_work.zip/doe_340934_208490284_hw1.ipynb"),
        result("own", origin="hw1.ipynb"),
        result("typed", origin="roy_7_text.html"),
    )
    assert names == {}
    assert anyone(words, "anon: left out", "is anonymous")
    assert anyone(words, "own: left out", "'hw1.ipynb' has not the numbers")
    assert anyone(words, "typed: left out", "as text that was typed in")
    assert not anyone(words, "own: left out", "anonymous")


def test_a_group_of_canvas_gets_one_report() -> None:
    origin = "groupa_340934_208490284_hw1.ipynb"
    people = [result(name, origin=origin, group="Group A", person=Person(ids={"canvas": name})) for name in ("1", "2")]
    names, words = archive("canvas", *people)
    assert names == archive("canvas", *people[::-1])[0]
    assert list(names) == [origin]
    assert anyone(words, "2: gets the report of 1, which is its group's")


def test_brightspace_gets_its_folders_unchanged() -> None:
    folder = "397063-2557369 - Mary-Ann Smith - Sep 24, 2024 926 PM"
    names, words = archive("brightspace", result("m", origin=f"{folder}/a/hw.ipynb"), result("n", origin="n/hw.ipynb"))
    assert list(names) == [f"{folder}/report.html"]
    assert anyone(words, "n: left out", "does not come from a folder of Brightspace's download")


def test_nbgrader_gets_its_folders_of_feedback() -> None:
    names, _ = archive(
        "nbgrader",
        result("ada", origin="submitted/ada/hw4/Networks.IPYNB"),
        result("bo", person=Person(login="bob"), origin="bo.ipynb"),
        result("cy", origin="cy+hw4+2026-02-02 15:58:23.948203 UTC/n.ipynb"),
        result("di", origin="submitted/di/hw4/src/n.ipynb"),
    )
    assert list(names) == [
        "feedback/ada/hw4/Networks.html",
        "feedback/bob/hw4_warmup/bo.html",
        "feedback/cy/hw4/n.html",
        "feedback/di/hw4/n.html",
    ]


@pytest.mark.parametrize("platform", ["csv", "blackboard"])
def test_where_there_is_no_such_upload_it_is_said_what_to_do(platform: str) -> None:
    with pytest.raises(InputError, match="hand out the folders in OUT/students"):
        archive(platform, result("al"))


@pytest.mark.parametrize(
    "hostile", ["../../x", "a\\b", "C:", "..", ".hidden", "~x", "a\nb", "\u202e", "\ud800", "n" * 300]
)
@pytest.mark.parametrize(
    ("platform", "origin"),
    [
        ("moodle", "{}_1234567_assignsubmission_file/hw.ipynb"),
        ("canvas", "{}_340934_208490284_hw.ipynb"),
        ("canvas", "x_340934_208490284_{}"),
        ("brightspace", "1-2 - {} - Sep 24/hw.ipynb"),
        ("nbgrader", "submitted/x/hw/{}.ipynb"),
        ("nbgrader", "submitted/x/{}/x.ipynb"),
    ],
)
def test_no_name_leaves_the_archive_or_means_something_else(platform: str, origin: str, hostile: str) -> None:
    names, words = archive(platform, result("x", origin=origin.format(hostile)))
    assert len(names) + sum("left out" in one for one in words) == 1
    for name in names:
        parts = name.split("/")
        assert name.isprintable()
        assert not set(name) & set('\\:*?"<>|')
        assert not any(part in {"", "."} or part.startswith((".", "~")) or len(part.encode()) > 255 for part in parts)


def test_students_whose_reports_would_have_one_name_get_none() -> None:
    folder = "Jane_1_assignsubmission_file/hw.ipynb"
    names, words = archive("moodle", of_moodle("a", folder), of_moodle("b", folder.replace("Jane", "JANE")))
    assert names == {}
    assert anyone(words, "a: left out", "the same name")
    assert anyone(words, "b: left out", "the same name")
    assert words[-1] == "there is no report to upload"


def test_who_handed_nothing_in_or_met_a_fault_of_ours_gets_no_report() -> None:
    names, words = archive(
        "nbgrader",
        result("a", status=Status.FAULT),
        result("b", status=Status.NO_SUBMISSION, missing=True),
        result("c", None, status=Status.NEEDS_REVIEW),
    )
    assert list(names) == ["feedback/c/hw4_warmup/c.html"]
    assert anyone(words, "a: left out, fault of the grader")
    assert anyone(words, "b: left out, no submission")


def test_the_same_reports_give_the_same_bytes_in_any_order() -> None:
    logins = {"zoe": "a", "al": "c", "bo": "b"}
    people = [result(name, person=Person(login=login)) for name, login in logins.items()]
    archives = []
    for order in (people, people[::-1]):
        into = io.BytesIO()
        feedback("nbgrader", order, page, into)
        archives.append(into.getvalue())
    assert archives[0] == archives[1]
    with zipfile.ZipFile(io.BytesIO(archives[0])) as opened:
        assert opened.namelist() == sorted(opened.namelist())
