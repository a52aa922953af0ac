"""Every form of download, from a folder, a zip and a tar, with and without a roster."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import InputError
from grader.intake import Intake, collect, read_rosters
from grader.records import Submission
from tests.intake import downloads
from tests.intake.downloads import Files, named, tarred, tree, zipped


@pytest.fixture(autouse=True)
def _in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local times are told from UTC."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def intake(tmp_path: Path, files: Files, roster: str = "", how: str = "zip", form: str | None = None) -> Intake:
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir(parents=True)
    rosters = []
    if roster:
        rosters = [tmp_path / "roster.csv"]
        rosters[0].write_text(roster, encoding="utf-8")
    given = {
        "folder": lambda: tree(tmp_path / "download", files),
        "zip": lambda: zipped(tmp_path / "download.zip", files),
        "tar": lambda: tarred(tmp_path / "download.tar", files),
        "tgz": lambda: tarred(tmp_path / "download.tar.gz", files),
    }[how]()
    return collect([given], unpacked, roster=read_rosters(rosters) if roster else None, form=form)


def one(found: Intake, student: str) -> Submission:
    (submission,) = (submission for submission in found.submissions if submission.student == student)
    return submission


def brief(found: Intake) -> list[tuple[str, str]]:
    """Students with what they handed in."""
    return [(submission.student, submission.origin) for submission in found.submissions]


@pytest.mark.parametrize("form", downloads.ALL)
@pytest.mark.parametrize("how", ["zip", "tar", "tgz"])
def test_an_archive_is_read_as_the_folder_that_was_packed(tmp_path: Path, form: str, how: str) -> None:
    files = downloads.ALL[form]()
    packed, folder = intake(tmp_path / "1", files, how=how), intake(tmp_path / "2", files, how="folder")
    assert packed.form == folder.form
    where = {"path": Path()}
    assert [a.model_copy(update=where) for a in packed.submissions] == [
        b.model_copy(update=where) for b in folder.submissions
    ]
    assert [a.path.read_bytes() for a in packed.submissions if a.has_file] == [
        b.path.read_bytes() for b in folder.submissions if b.has_file
    ]


@pytest.mark.parametrize("form", downloads.ALL)
def test_every_file_of_a_download_is_handed_in_or_left_out(tmp_path: Path, form: str) -> None:
    files = downloads.ALL[form]()
    found = intake(tmp_path, files)
    seen = [submission.digest for submission in found.submissions if submission.has_file]
    hidden = ("/.", "__MACOSX")
    visible = [name for name in files if not any(part in f"/{name}" for part in hidden)]
    assert len({*seen, *(left.path for left in found.left_out)}) >= len(
        {files[name] for name in visible if name.endswith(".ipynb")}
    )
    notebooks = {submission.origin for submission in found.submissions if submission.has_file}
    for name in visible:
        assert any(name.endswith(origin) for origin in notebooks) or any(
            left.path.endswith(name) for left in found.left_out
        )


@pytest.mark.parametrize(
    ("form", "words", "platform"),
    [
        ("flat", "a folder of notebooks", ""),
        ("folders", "a folder of notebooks", ""),
        ("nbgrader", "nbgrader's folder of submissions", "nbgrader"),
        ("exchange", "nbgrader's folder of submissions", "nbgrader"),
        ("gradescope", "Gradescope's export", "gradescope"),
        ("canvas", "Canvas's submissions.zip", "canvas"),
        ("moodle", "Moodle's archive of submissions", "moodle"),
        ("moodle_teams", "Moodle's archive of submissions", "moodle"),
        ("brightspace", "Brightspace's archive of submissions", "brightspace"),
        ("brightspace_flat", "Brightspace's archive of submissions", "brightspace"),
        ("blackboard", "Blackboard's archive of submissions", "blackboard"),
        ("clones", "a folder of git clones", "github"),
    ],
)
def test_a_download_is_recognised(tmp_path: Path, form: str, words: str, platform: str) -> None:
    found = intake(tmp_path, downloads.ALL[form](), how="folder")
    assert found.form == words
    assert {submission.platform for submission in found.submissions if submission.has_file} == {platform}


@pytest.mark.parametrize("form", downloads.ALL)
def test_a_download_in_two_folders_more_is_recognised(tmp_path: Path, form: str) -> None:
    files = downloads.ALL[form]()
    deeper = {f"new folder/my class/{name}": content for name, content in files.items()}
    deep, plain = intake(tmp_path / "1", deeper), intake(tmp_path / "2", files)
    assert deep.form == plain.form
    if plain.form != "a folder of notebooks":
        assert brief(deep) == brief(plain)


@pytest.mark.parametrize("form", ["canvas", "moodle", "blackboard", "brightspace", "gradescope"])
def test_parts_of_a_download_that_a_shell_wrote_out_are_recognised(tmp_path: Path, form: str) -> None:
    files = {name: content for name, content in downloads.ALL[form]().items() if "__MACOSX" not in name}
    folder = tree(tmp_path / "download", files)
    while len(inside := sorted(folder.iterdir())) == 1:
        folder = inside[0]
    together, alone = (collect(paths, tmp_path) for paths in (inside, [folder]))
    assert together.form == alone.form
    assert brief(together) == brief(alone)


FORGED_LIST = (
    b"submission_1:\n  :submitters:\n  - {':name': Ada, ':email': ada@x.edu}\n  :created_at: 2099-02-27 06:58:05.7 Z\n"
)
FORGED: dict[str, Files] = {
    "list": {"mallory/submission_metadata.yml": FORGED_LIST, "mallory/submission_1/hw1.ipynb": b"m"},
    "name": {"mallory/royada_340934_99999_hw1.ipynb": b"m"},
    "deep": {"mallory/a/b/royada_340934_99999_hw1.ipynb": b"m"},
    "archive": {"mallory/hw1.zip": downloads.zip_bytes({"royada_340934_99999_hw1.ipynb": b"m"})},
}
ROSTER_OF_FOLDERS = (
    "student,name,email,canvas_user_id\nada,Ada,ada@x.edu,340934\nbo,Bo,bo@x.edu,2\nmallory,Mal,mal@x.edu,3\n"
)


def folders_one_by_one(tmp_path: Path, files: Files) -> Intake:
    (tmp_path / "unpacked").mkdir()
    (tmp_path / "roster.csv").write_text(ROSTER_OF_FOLDERS)
    folder = tree(tmp_path / "class", files)
    paths = sorted(folder.iterdir())
    found = [
        collect(given, tmp_path / "unpacked", roster=read_rosters([tmp_path / "roster.csv"]))
        for given in (paths, [folder])
    ]
    assert brief(found[0]) == brief(found[1])
    return found[0]


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("others", [{"ada/hw1.ipynb": b"a", "bo/hw1.ipynb": b"b"}, {"ada/hw1.ipynb": b"a"}])
def test_what_a_student_puts_into_a_folder_does_not_say_whose_it_is(tmp_path: Path, forged: str, others: Files) -> None:
    found = folders_one_by_one(tmp_path, others | FORGED[forged])
    handed_in = {one.student: one.path.read_bytes() for one in found.submissions if one.has_file}
    assert handed_in == {name.partition("/")[0]: content for name, content in (others | {"mallory/": b"m"}).items()}
    assert {one.platform for one in found.submissions} == {""}


def test_a_student_beside_an_empty_folder_is_not_alone(tmp_path: Path) -> None:
    for path in (folder := tree(tmp_path / "class", FORGED["list"])) / "ada", folder / "bo":
        path.mkdir()
    found = collect(sorted(folder.iterdir()), tmp_path)
    assert [one.platform for one in found.submissions] == [""]


def test_that_a_folder_beside_others_looks_like_a_download_is_said(tmp_path: Path) -> None:
    found = folders_one_by_one(tmp_path, {"ada/hw1.ipynb": b"a"} | FORGED["list"])
    (words,) = found.troubles
    assert words.startswith(
        f"{tmp_path}/class/mallory: looks like Gradescope's export, and is read as a folder of notebooks"
    )
    assert words.endswith("if all are downloads, give each alone, or insist with --form gradescope")


def test_a_students_folder_in_another_place_is_no_download_either(tmp_path: Path) -> None:
    folder = tree(
        tmp_path,
        {f"{who}/work/{who}.ipynb": b"" for who in ("ada", "bo")}
        | {f"mallory/work/{name.partition('/')[2]}": content for name, content in FORGED["list"].items()},
    )
    for pattern in ("*/work", "*/work/*"):
        found = collect([folder / pattern], tmp_path)
        assert {one.platform for one in found.submissions} == {""}
        assert any("looks like Gradescope's export" in trouble for trouble in found.troubles) == (pattern == "*/work")


def test_downloads_in_several_places_are_each_read_as_what_they_are(tmp_path: Path) -> None:
    one, two = (
        tree(tmp_path / name, files) for name, files in (("1/a", downloads.canvas()), ("2/b", downloads.moodle()))
    )
    found = collect([one, two], tmp_path)
    assert found.form == "Canvas's submissions.zip and Moodle's archive of submissions"


def test_downloads_beside_each_other_are_read_where_somebody_insists(tmp_path: Path) -> None:
    for user in ("11", "12"):
        zipped(tmp_path / f"{user}.zip", {f"ho_{user}_9999{user}_hw.ipynb": user.encode()})
    (unpacked := tmp_path / "unpacked").mkdir()
    found = collect([tmp_path / "*.zip"], unpacked, form="canvas")
    assert [one.person.ids["canvas"] for one in found.submissions] == ["11", "12"]


def test_what_somebody_insists_on_is_not_guessed(tmp_path: Path) -> None:
    found = intake(tmp_path, {"ada_1_2_hw.ipynb": b"{}", "x.ipynb": b"", "y.ipynb": b"", "z.ipynb": b""}, form="canvas")
    assert brief(found) == [("ada", "ada_1_2_hw.ipynb")]
    assert {left.path.rpartition(" ")[2] for left in found.left_out} == {"x.ipynb", "y.ipynb", "z.ipynb"}


def test_insisting_on_a_form_that_does_not_fit_or_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing in it is of the form Moodle's"):
        intake(tmp_path, downloads.flat(), form="moodle")
    with pytest.raises(InputError, match=r"no form of download 'excel'; there is: gradescope, moodle"):
        collect([tmp_path], tmp_path, form="excel")


def test_a_platforms_form_may_be_refused(tmp_path: Path) -> None:
    found = intake(tmp_path, downloads.canvas(), form="folder")
    assert found.form == "a folder of notebooks"
    assert "royada_340934_208490284_hw1-2" in [submission.student for submission in found.submissions]


# Gradescope


def test_gradescopes_list_says_who_and_when(tmp_path: Path) -> None:
    ada = one(intake(tmp_path, downloads.gradescope()), "Ada-Roy")
    assert (ada.person.name, ada.person.email, ada.person.number) == ("Ada Roy", "ada@x.edu", "00417")
    assert ada.submitted == datetime(2026, 2, 27, 6, 58, 5, 746365, tzinfo=UTC)
    assert ada.origin == "submission_123456789/src/hw1.ipynb"


def test_a_group_is_one_file_for_each_of_its_members(tmp_path: Path) -> None:
    found = intake(tmp_path, downloads.gradescope())
    bo, cy = one(found, "Bo-Li"), one(found, "Cy-O-Neil")
    assert bo.group == cy.group == "submission_123456790"
    assert bo.path == cy.path
    assert cy.person.number == ""


def test_a_submission_of_nobody_is_graded_and_said(tmp_path: Path) -> None:
    found = intake(tmp_path, downloads.gradescope())
    assert one(found, "submission_123456791").person.name == ""
    assert found.troubles == (
        "submission_metadata.yml does not say who handed in submission_123456791; export the submissions again",
    )


def test_without_gradescopes_list_folders_are_named_by_their_numbers(tmp_path: Path) -> None:
    files = {name: content for name, content in downloads.gradescope().items() if not name.endswith(".yml")}
    found = intake(tmp_path, files)
    assert found.form == "Gradescope's export"
    assert len(found.submissions) == 4
    assert "does not say who handed in submission_123456789, submission_123456790" in found.troubles[0]


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "a list",
        "- 1",
        "&a [*a]",
        "x: !!python/object:os.system {}",
        "? [a]\n: 1",
        "\x00",
        "{}",
        "a: &a {<<: [*a, *a]}",
    ],
)
def test_a_list_that_cannot_be_read_costs_names_only(tmp_path: Path, text: str) -> None:
    files = downloads.gradescope() | {"assignment_8046601_export/submission_metadata.yml": text.encode()}
    found = intake(tmp_path, files)
    assert len([submission for submission in found.submissions if submission.has_file]) == 4
    assert found.troubles


def test_a_list_that_explodes_when_it_is_merged_does_not(tmp_path: Path) -> None:
    lines = ["a0: &a0 {x0: 1}"] + [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 40)]
    files = downloads.gradescope() | {"assignment_8046601_export/submission_metadata.yml": "\n".join(lines).encode()}
    assert intake(tmp_path, files).submissions


# Canvas


def test_canvas_says_who_is_late(tmp_path: Path) -> None:
    found = intake(tmp_path, downloads.canvas())
    assert {submission.student for submission in found.submissions if submission.late} == {
        "libo",
        "anon-aB3xZ",
        "sternlea",
    }
    assert one(found, "libo").person.ids == {"canvas": "340935"}


def test_who_handed_in_something_else_waits_for_a_person_and_is_not_missing(tmp_path: Path) -> None:
    found = intake(tmp_path, downloads.canvas())
    typed, printed = one(found, "quaymia"), one(found, "sterntom")
    assert (
        typed.trouble == "quaymia_340938_text.html is text that was typed in, and no file; hand in the notebook itself"
    )
    assert printed.trouble == "sterntom_340940_208490290_hw1.pdf is no notebook (.ipynb); hand in the notebook itself"
    assert (typed.missing, typed.has_file, typed.digest, printed.missing) == (False, False, "", False)
    whys = {left.path.rpartition(" ")[2]: left.why for left in found.left_out}
    assert whys["quaymia_340938_text.html"] == "is text that was typed in, and no file; hand in the notebook itself"
    assert whys["sternlea_LATE_340939_link.html"].startswith("is a link to a web page")


CANVAS_GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (98765)
    Points Possible,,,,,10
"Roy, Ada",340934,00417,aroy,Lab 02,
"Li, Bo",340935,00418,bli,Lab 02,
"Müller, Zoë",340936,00419,zmueller,Lab 03,
"Quay, Mia",340938,00420,mquay,Lab 03,
"Stern, Lea",340939,00421,lstern,Lab 03,
"Stern, Tom",340940,00422,tstern,Lab 03,
"O'Neil, Cy",340937,00423,coneil,Lab 03,
"Absent, Al",340999,00424,aabsent,Lab 03,
"Student, Test",340998,,,Lab 03,
"""


def test_canvass_gradebook_says_who_a_number_is(tmp_path: Path) -> None:
    found = intake(tmp_path, downloads.canvas(), CANVAS_GRADEBOOK)
    ada = one(found, "aroy")
    assert (ada.person.name, ada.person.number, ada.person.ids) == ("Roy, Ada", "00417", {"canvas": "340934"})
    assert one(found, "aabsent").missing
    assert "Test" not in str([submission.person for submission in found.submissions])


def test_of_a_name_that_can_be_read_in_several_ways_the_first_numbers_count_and_it_is_said(tmp_path: Path) -> None:
    for number, roster in enumerate(("", CANVAS_GRADEBOOK)):
        doubtful = intake(tmp_path / str(number), downloads.canvas(), roster)
        assert one(doubtful, "team").person.ids == {"canvas": "3"}
        assert any("can be read in several ways" in trouble for trouble in doubtful.troubles)


@pytest.mark.parametrize("file", ["royada_340934_9999999_hw1-9", "340934_9999999_hw1-9", "team_3_340937_9999999_hw1"])
def test_the_name_that_a_student_gives_a_file_makes_nobody_else_its_owner(tmp_path: Path, file: str) -> None:
    name = f"malx_303_9999303_{file}.ipynb"
    found = intake(
        tmp_path,
        {name: b"m"},
        CANVAS_GRADEBOOK.replace("Section", "Section,Group").replace(",Lab 03,", ",Lab 03,Team 3,"),
    )
    assert one(found, "malx").person.ids == {"canvas": "303"}
    assert any("several ways" in trouble for trouble in found.troubles)
    assert any("handed in by malx, whom nobody on the roster fits" in trouble for trouble in found.troubles)


def test_a_file_that_is_called_like_typed_text_is_its_users(tmp_path: Path) -> None:
    files = {"royada_340934_9999404_lab_2_text.html": b"<p>", "libo_340935_208490285_hw.ipynb": b"{}"}
    found = intake(tmp_path, files, CANVAS_GRADEBOOK)
    assert "is no notebook" in one(found, "aroy").trouble
    assert not any("several ways" in trouble or "nobody" in trouble for trouble in found.troubles)


def test_a_groups_file_is_each_members(tmp_path: Path) -> None:
    groups = """\
name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id
Cy O'Neil,340937,00423,coneil,Lab 03,Team_3,77,
Di Ho,340941,00425,dho,Lab 03,Team_3,77,
Bo Li,340935,00418,bli,Lab 02,Team_4,78,
"""
    found = intake(tmp_path, downloads.canvas(), groups)
    cy, di = one(found, "coneil"), one(found, "dho")
    assert cy.origin == di.origin == "team_3_340937_208490288_hw1.ipynb"
    assert (di.group, di.person.ids, di.person.number) == ("Team_3", {"canvas": "340941"}, "00425")
    assert one(found, "bli").origin == "libo_LATE_340935_208490285_hw_1_2.ipynb"
    assert not any("several ways" in trouble for trouble in found.troubles)


@pytest.mark.parametrize("name", ["team3_340937", "team_3_340937", "groupa_LATE_340937"])
def test_that_a_groups_file_goes_to_one_member_alone_is_said(tmp_path: Path, name: str) -> None:
    files = {f"{name}_99999_hw1.ipynb": b"{}", "royada_340934_99998_hw1.ipynb": b"[]"}
    (words,) = (words for words in intake(tmp_path, files, CANVAS_GRADEBOOK).troubles if "groups' CSV" in words)
    assert f"{name}_99999_hw1.ipynb" in words


@pytest.mark.parametrize("name", ["royada", "adaroy", "royadamaria", "roy_ada"])
def test_a_name_that_may_be_the_rosters_is_no_groups(tmp_path: Path, name: str) -> None:
    assert not intake(tmp_path, {f"{name}_340934_99998_hw1.ipynb": b"[]"}, CANVAS_GRADEBOOK).troubles


# Moodle


def test_moodles_names_of_all_times_are_read(tmp_path: Path) -> None:
    found = intake(tmp_path, downloads.moodle())
    people = {submission.student: submission.person for submission in found.submissions}
    assert {student: person.ids.get("moodle") for student, person in people.items()} == {
        "Ada-Roy": "1234567",
        "Bo-Li": "1234568",
        "Cy-O-Neil": "1234569",
        "李小龙": "1234570",
        "Participant-1234571": "1234571",
        "Mia-Quay": "1234572",
    }
    assert (people["Ada-Roy"].name, people["Participant-1234571"].name) == ("Ada Roy", "")
    assert "typed in" in one(found, "Mia-Quay").trouble


@pytest.mark.parametrize(
    ("header", "word", "when"),
    [
        (
            "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments",
            "Participant",
            '"Thursday, 5 March 2026, 11:38 PM"',
        ),
        (
            "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback",
            "Teilnehmer/in",
            '"Donnerstag, 5. März 2026, 23:38"',
        ),
        (
            "Identificador,Nombre completo,Dirección de correo,Estado,Calificación,Calificación máxima,La calificación puede ser cambiada,Última modificación (entrega),Última modificación (calificación),Comentarios",
            "Participante",
            '"jueves, 5 de marzo de 2026, 23:38"',
        ),
    ],
)
def test_moodles_worksheet_says_who_and_when_in_any_language(tmp_path: Path, header: str, word: str, when: str) -> None:
    worksheet = f"{header}\n{word} 1234567,Ada Roy,ada@x.edu,,,10,Yes,{when},-,\n{word} 1234571,Hid Den,hid@x.edu,,,10,Yes,-,-,\n"
    found = intake(tmp_path, downloads.moodle(), worksheet)
    ada = one(found, "ada")
    assert (ada.person.email, ada.person.ids) == ("ada@x.edu", {"moodle": "1234567"})
    assert ada.submitted == datetime(2026, 3, 6, 4, 38, tzinfo=UTC)
    assert one(found, "hid").person.name == "Hid Den"


def test_a_teams_file_is_each_members(tmp_path: Path) -> None:
    roster = "name,email,groups\nAda Roy,ada@x.edu,Group A\nBo Li,bo@x.edu,Group A\nCy Ho,cy@x.edu,\n"
    found = intake(tmp_path, downloads.moodle_teams(), roster)
    assert [(s.student, s.group, s.missing) for s in found.submissions] == [
        ("ada", "Group A", False),
        ("bo", "Group A", False),
        ("cy", "", True),
        ("Default-group", "", False),
    ]
    assert any("Default group, whom nobody on the roster fits" in trouble for trouble in found.troubles)


# Brightspace, Blackboard, nbgrader, clones


def test_brightspaces_folders_say_when_in_local_time(tmp_path: Path) -> None:
    found = intake(tmp_path, downloads.brightspace())
    times = [submission.submitted for submission in found.submissions if submission.student == "Mary-Ann-Smith"]
    assert times == [datetime(2026, 9, 25, 1, 26, tzinfo=UTC), datetime(2026, 9, 25, 4, 4, tzinfo=UTC)]
    assert one(found, "Bo-Li").person.ids == {"brightspace": "397064"}


def test_brightspaces_numbers_tell_namesakes_apart(tmp_path: Path) -> None:
    files = {f"{number}-9 - Bo Li - Sep 24, 2026 926 PM/hw.ipynb": named(number) for number in ("1", "2")}
    found = intake(tmp_path, files)
    assert [submission.student for submission in found.submissions] == ["Bo-Li-1", "Bo-Li-2"]
    assert any("2 students of this name" in trouble for trouble in found.troubles)


def test_brightspaces_second_number_is_the_students_where_the_first_is_the_same_for_all(tmp_path: Path) -> None:
    files = {f"9-{n} - {who} - Sep 24, 2026 926 PM/hw.ipynb": b"" for n, who in ((1, "Bo"), (2, "Bo"), (3, "Cy"))}
    found = intake(tmp_path, files)
    assert [submission.person.ids["brightspace"] for submission in found.submissions] == ["1", "2", "3"]


def test_blackboards_lists_say_which_part_of_a_name_is_the_login(tmp_path: Path) -> None:
    found = intake(tmp_path, downloads.blackboard())
    bo = one(found, "b_li")
    assert (bo.person.name, bo.person.login) == ("Bo Li", "b_li")
    assert bo.submitted == datetime(2026, 1, 30, 21, 0, tzinfo=UTC)


def test_an_attempt_without_a_file_waits_for_a_person_and_is_not_missing(tmp_path: Path) -> None:
    cy = one(intake(tmp_path, downloads.blackboard()), "coneil")
    assert (cy.missing, cy.has_file) == (False, False)
    assert "an attempt without a file; see what was typed in" in cy.trouble


def test_a_students_file_cannot_pass_for_somebody_elses_attempt(tmp_path: Path) -> None:
    name = "HW_eve_attempt_2026-01-30-15-00-00_HW_ada_attempt_2026-01-31-15-00-00_hw.ipynb"
    assert brief(intake(tmp_path, {name: b"{}"})) == [("eve", name)]


def test_nbgraders_time_stamps_are_read(tmp_path: Path) -> None:
    found = intake(tmp_path, downloads.nbgrader())
    assert one(found, "ada").submitted == datetime(2026, 2, 2, 15, 58, 23, 948203, tzinfo=UTC)
    assert one(found, "zoë").submitted is None


def test_a_folder_called_submitted_is_nbgraders_without_time_stamps_too(tmp_path: Path) -> None:
    files = {"submitted/ada/ps1/a.ipynb": b"{}", "submitted/ada/ps2/b.ipynb": b"", "submitted/bo/ps1/a.ipynb": b"[]"}
    found = collect([tree(tmp_path, files) / "submitted"], tmp_path)
    assert (found.form, [s.student for s in found.submissions]) == (
        "nbgrader's folder of submissions",
        ["ada", "ada", "bo"],
    )


def test_clones_are_named_after_what_tells_their_repositories_apart(tmp_path: Path) -> None:
    roster = (
        "assignment_name,assignment_url,starter_code_url,github_username,roster_identifier,student_repository_name,"
        "student_repository_url,submission_timestamp,points_awarded,points_available\n"
        "hw1,u,u,ada-roy,ada@x.edu,hw1-ada-roy,u,2026-03-01 10:00:00 UTC,0,0\n"
    )
    found = intake(tmp_path, downloads.clones(), roster)
    ada, again = (submission for submission in found.submissions if submission.student == "ada")
    assert {ada.origin, again.origin} == {"hw1-ada-roy/README.ipynb", "hw1-ada-roy/src/hw1.ipynb"}
    assert ada.submitted == datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    assert any("handed in by bo, whom nobody on the roster fits" in trouble for trouble in found.troubles)


def cloned(*repositories: str) -> Files:
    names = {f"clones/{one}/.git/config": b"" for one in repositories}
    return names | {f"clones/{one}/hw.ipynb": one.encode() for one in repositories}


@pytest.mark.parametrize("logins", ["men,men@x.edu\nray,ray@x.edu\n", "men,men@x.edu\nada,ada@x.edu\n"])
def test_what_two_clones_have_in_common_by_chance_is_not_cut_off(tmp_path: Path, logins: str) -> None:
    roster = f"login,email\n{logins}"
    found = intake(tmp_path, cloned("hw1-x-men", "hw1-x-ray"), roster)
    assert [s.student for s in found.submissions if s.has_file] == ["hw1-x-men", "hw1-x-ray"]
    assert all("github" not in s.person.ids for s in found.submissions)


@pytest.mark.parametrize("users", [("x-men", "x-ray"), ("men", "ray")])
def test_the_rosters_github_names_say_where_a_name_begins(tmp_path: Path, users: tuple[str, str]) -> None:
    roster = "student,github_username\n" + "".join(f"{number},{user}\n" for number, user in enumerate(users))
    found = intake(tmp_path, cloned("hw1-x-men", "hw1-x-ray"), roster)
    assert [(s.student, s.person.ids["github"]) for s in found.submissions] == [("0", users[0]), ("1", users[1])]


def test_one_github_name_that_fits_does_not_say_where_all_names_begin(tmp_path: Path) -> None:
    found = intake(tmp_path, cloned("hw1-x-men", "hw1-x-ray"), "student,github_username\nm,men\na,ada\n")
    assert [s.student for s in found.submissions if s.has_file] == ["hw1-x-men", "hw1-x-ray"]


def test_github_names_that_fit_in_two_ways_say_nothing(tmp_path: Path) -> None:
    roster = "student,github_username\n" + "".join(
        f"{n},{user}\n" for n, user in enumerate(("men", "ray", "x-men", "x-ray"))
    )
    found = intake(tmp_path, cloned("hw1-x-men", "hw1-x-ray"), roster)
    assert [s.student for s in found.submissions if s.has_file] == ["hw1-x-men", "hw1-x-ray"]


def test_two_repositories_may_be_alike_by_chance(tmp_path: Path) -> None:
    assert [s.student for s in intake(tmp_path, cloned("x-men", "x-ray")).submissions] == ["x-men", "x-ray"]


def test_many_clones_of_one_assignment_are_named_after_their_students(tmp_path: Path) -> None:
    assert [s.student for s in intake(tmp_path, cloned("hw1-ada", "hw1-bo", "hw1-cy")).submissions] == [
        "ada",
        "bo",
        "cy",
    ]


# Archives of students


@pytest.mark.parametrize("pack", [downloads.zip_bytes])
def test_a_students_archive_is_a_folder(tmp_path: Path, pack: Callable[[Files], bytes]) -> None:
    inner = pack({"work/hw1.ipynb": named("ada"), "data.csv": b"1", "more.zip": pack({"x.ipynb": b""})})
    found = intake(tmp_path, {"royada_340934_208490284_hw1.zip": inner, "libo_340935_208490285_hw1.ipynb": b"{}"})
    assert brief(found) == [
        ("libo", "libo_340935_208490285_hw1.ipynb"),
        ("royada", "royada_340934_208490284_hw1.zip/work/hw1.ipynb"),
    ]
    assert [left.path.rpartition(": ")[2] for left in found.left_out] == ["data.csv", "more.zip"]
    assert "archive within an archive" in found.left_out[1].why


def test_archives_beside_each_other_are_a_student_each(tmp_path: Path) -> None:
    for student in ("ada", "bo"):
        zipped(tmp_path / f"{student}.zip", {"hw1.ipynb": named(student)})
    (unpacked := tmp_path / "unpacked").mkdir()
    for paths in ([tmp_path], [tmp_path / "*.zip"], [tmp_path / "ada.zip", tmp_path / "bo.zip"]):
        assert [s.student for s in collect(paths, unpacked).submissions] == ["ada", "bo"]


def test_a_download_alone_in_a_folder_is_opened_as_if_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "downloads").mkdir()
    zipped(tmp_path / "downloads/class.zip", {"al.ipynb": b"{}", "bo.ipynb": b"[]"})
    (unpacked := tmp_path / "unpacked").mkdir()
    assert [s.student for s in collect([tmp_path / "downloads"], unpacked).submissions] == ["al", "bo"]


@pytest.mark.parametrize("name", ["x.7z", "x.rar", "x.tar.bz2"])
def test_archives_that_are_not_opened_are_named_with_the_remedy(tmp_path: Path, name: str) -> None:
    found = intake(tmp_path, {name: b"7z", "ada.ipynb": b"{}"})
    assert found.left_out[0].why == "is an archive that is not opened; hand in the notebook itself, or a zip"
    tree(tmp_path, {name: b""})
    with pytest.raises(InputError, match=r"unpack it and give the folder, or pack it as zip"):
        collect([tmp_path / name], tmp_path)


def test_the_same_archive_in_two_paths_is_read_once_more_harmlessly(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"ada.ipynb": b"{}", "bo.ipynb": b"[]"})
    os.link(archive, tmp_path / "b.zip")
    (unpacked := tmp_path / "unpacked").mkdir()
    students = [s.student for s in collect([archive, archive], unpacked).submissions]
    assert students == ["ada", "bo"]
