"""Lists of students, and who is who in a download by them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import InputError
from grader.intake import Intake, Roster, collect, read_rosters
from grader.intake.rosters import Student
from grader.records import Person
from tests.intake.downloads import tree


def roster(tmp_path: Path, *texts: str | bytes) -> Roster:
    files = []
    for number, text in enumerate(texts, 1):
        files.append(tmp_path / f"roster{number}.csv")
        files[-1].write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_rosters(files)


def only(found: Roster) -> Student:
    assert not found.troubles
    (student,) = found.students
    return student


def joined(tmp_path: Path, names: list[str], *texts: str) -> Intake:
    folder = tree(tmp_path / "class", {f"{name}.ipynb": name.encode() for name in names})
    return collect([folder], tmp_path, roster=roster(tmp_path, *texts))


OWN = "student,name,email,login,number,section,group,submitted,due\nada,Ada Roy,ada@x.edu,aroy,00417,Lab 2,G1,2026-03-01 10:00Z,2026-03-02T00:00:00+01:00\n"


def test_our_own_columns_are_read(tmp_path: Path) -> None:
    ada = only(roster(tmp_path, OWN))
    assert (ada.student, ada.place, ada.group) == ("ada", "roster1.csv, line 2", "G1")
    assert ada.person == Person(name="Ada Roy", email="ada@x.edu", login="aroy", number="00417", section="Lab 2")
    assert ada.submitted == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert ada.due == datetime(2026, 3, 1, 23, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_delimiters_are_found_out(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    text = f"Number{delimiter}NAME{delimiter}E-Mail{end}007{delimiter}Zoë{delimiter}z@x.edu{end}"
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    zoe = only(roster(tmp_path, mark + text.encode(encoding)))
    assert zoe.person == Person(name="Zoë", email="z@x.edu", number="007")


@pytest.mark.parametrize(
    ("text", "student", "person"),
    [
        (
            (
                "Student,ID,SIS User ID,SIS Login ID,Section,HW 1 (1)\n    Points Possible,,,,,10\n,,,,,Manual Posting\n"
                '"Roy, Ada",340934,00417,aroy,Lab 02,9\n"Student, Test",1,,,Lab 02,\n'
            ),
            "aroy",
            Person(name="Roy, Ada", login="aroy", number="00417", section="Lab 02", ids={"canvas": "340934"}),
        ),
        (
            'Student,ID,Section,HW 1 (1)\n"Roy, Ada",340934,Lab 02,9\n',
            "Ada-Roy",
            Person(name="Roy, Ada", section="Lab 02", ids={"canvas": "340934"}),
        ),
        (
            "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\nAda Roy,340934,00417,aroy,L,G,7,\n",
            "aroy",
            Person(name="Ada Roy", login="aroy", number="00417", section="L", ids={"canvas": "340934"}),
        ),
        (
            'Identifier,"Full name","Email address",Status,Grade,"Maximum grade"\n"Participant 77","Ada Roy",ada@x.edu,"Submitted",,10\n',
            "ada",
            Person(name="Ada Roy", email="ada@x.edu", ids={"moodle": "77"}),
        ),
        (
            "Identifiant,Statut,Note,Note maximale,La note peut être modifiée\nParticipant 77,Remis,,10,Oui\n",
            "moodle-77",
            Person(ids={"moodle": "77"}),
        ),
        (
            'First name,Last name,ID number,Email address,Groups\nAda,Roy,00417,ada@x.edu,"G"\n',
            "ada",
            Person(name="Ada Roy", number="00417", email="ada@x.edu"),
        ),
        (
            "First Name,Last Name,SID,Email,Role,Section\nAda,Roy,00417,ada@x.edu,Student,L1\nTea,Cher,,t@x.edu,Instructor,\n",
            "ada",
            Person(name="Ada Roy", number="00417", email="ada@x.edu", section="L1"),
        ),
        (
            "OrgDefinedId,Username,Last Name,First Name,Email,HW 1 Points Grade,End-of-Line Indicator\n#00417,#aroy,Roy,Ada,ada@x.edu,,#\n",
            "aroy",
            Person(name="Ada Roy", login="aroy", number="00417", email="ada@x.edu"),
        ),
        (
            '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"HW 1 [Total Pts: 10 Score] |123456"\nRoy\tAda\taroy\t00417\t\n',
            "aroy",
            Person(name="Ada Roy", login="aroy", number="00417"),
        ),
        (
            "assignment_name,github_username,roster_identifier,student_repository_name,submission_timestamp\nhw1,ada-r,ada@x.edu,hw1-ada-r,\n",
            "ada",
            Person(email="ada@x.edu", ids={"github": "ada-r", "github repository": "hw1-ada-r"}),
        ),
    ],
)
def test_platforms_own_files_are_read(tmp_path: Path, text: str, student: str, person: Person) -> None:
    ada = only(roster(tmp_path, text))
    assert (ada.student, ada.person) == (student, person)


def test_several_files_are_joined_by_what_they_share(tmp_path: Path) -> None:
    canvas = 'Student,ID,SIS User ID,SIS Login ID,Section\n"Roy, Ada",1,00417,aroy,L\n"Li, Bo",2,00418,bli,L\n'
    emails = "number;email\n00417;ada@x.edu\n"
    by_email = "email,due\nADA@x.edu,2026-03-02 00:00Z\n"
    by_name = "name,group\nBo Li,G1\n"
    by_any_word = "student,due\nbli,2026-03-03 00:00Z\n"
    ada, bo = roster(tmp_path, canvas, emails, by_email, by_name, by_any_word).students
    assert ada.person.email == "ada@x.edu"
    assert ada.due == datetime(2026, 3, 2, tzinfo=UTC)
    assert (bo.group, bo.due, bo.student) == ("G1", datetime(2026, 3, 3, tzinfo=UTC), "bli")


def test_rows_that_contradict_each_other_are_not_joined(tmp_path: Path) -> None:
    found = roster(
        tmp_path, "login,email\nada,ada@x.edu\nbo,bo@x.edu\n", "login,email,number\nada,other@x.edu,1\nbo,ada@x.edu,2\n"
    )
    assert [student.person.number for student in found.students] == ["", ""]
    assert found.troubles == (
        "roster2.csv, line 2 is left out: it fits roster1.csv, line 2, but has another email; correct one of them",
        "roster2.csv, line 3 is left out: it fits roster1.csv, line 2 and roster1.csv, line 3, but these are several students; correct one of them",
    )


@pytest.mark.parametrize("column", ["student", "login", "number", "email"])
def test_two_names_for_one_student_in_a_file_are_said(tmp_path: Path, column: str) -> None:
    found = roster(tmp_path, f'{column},name\nk7,Kaito Sato\nk7,"Sato, Kaito"\nk7,Other\n')
    assert [student.person.name for student in found.students] == ["Kaito Sato"]
    assert found.troubles == (
        "roster1.csv, line 4 is left out: it fits roster1.csv, line 2, but has another name; correct one of them",
    )


def test_two_files_may_write_a_name_in_their_own_ways(tmp_path: Path) -> None:
    assert (
        only(roster(tmp_path, "login,name\nk7,Kaito Sato\n", "login,name\nk7,Kai Sato\n")).person.name == "Kaito Sato"
    )


def test_namesakes_are_not_joined_by_name(tmp_path: Path) -> None:
    found = roster(tmp_path, "name,number\nBo Li,1\nBo Li,2\n", "name,email\nBo Li,bo@x.edu\n")
    assert [student.person.email for student in found.students] == ["", "", "bo@x.edu"]
    found = roster(tmp_path, "name,number\nBo Li,1\n", "name,email\nBo Li,b@x.edu\nBo Li,c@x.edu\n")
    assert [student.person.email for student in found.students] == ["", "b@x.edu", "c@x.edu"]


def test_students_are_named_by_their_column_or_login_or_address_or_name(tmp_path: Path) -> None:
    text = 'student,login,email,name\nada!,x,x@x,X\n,bo,b@x,Y\n,,cy@x.edu,Z\n,,di@x.edu,Di Ho\n,,di@y.edu,W\n,,,"Ho, Eve"\n'
    names = [student.student for student in roster(tmp_path, text).students]
    assert names == ["ada", "bo", "cy", "di@x.edu", "di@y.edu", "Eve-Ho"]


def test_two_students_of_one_name_are_told_apart_and_said(tmp_path: Path) -> None:
    found = roster(tmp_path, "student,email\nada,a@x\nADA,b@x\nmaximum,c@x\n")
    # One word for two students in one file is a contradiction; a name that is taken by the gradebook is not.
    assert len({student.student.casefold() for student in found.students}) == len(found.students)
    assert found.troubles


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty; give a CSV file with a header"),
        ("points,grade\n1,2\n", r"line 1: no column says who a student is \(points, grade\)"),
        ('name,email\n"Ada,ada@x\n', r"line \d: unexpected end of data; save it as CSV again"),
        (b"name\nZo\xeb\n", r"is not in UTF-8 \(byte 8\); save it as CSV in UTF-8"),
        (b"\xff\xfen\x00a\x00m", "is not in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_with_the_place(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(InputError, match=rf"roster1\.csv,? {words}"):
        roster(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.csv cannot be opened \(No such file"):
        read_rosters([tmp_path / "no.csv"])


def test_a_line_about_nobody_and_a_time_that_is_none_are_said(tmp_path: Path) -> None:
    found = roster(tmp_path, "name,section,due\nAda,,tomorrow\n,Lab 2,\n\n,,\n")
    assert found.troubles == (
        "roster1.csv, line 2: the time 'tomorrow' is not read; write it as 2026-03-01 23:59",
        "roster1.csv, line 3 is left out: it does not say who the student is",
    )


@given(st.binary(max_size=200) | st.text(alphabet='name,;\t"\n01@#', max_size=80).map(str.encode))
def test_no_file_does_more_than_to_be_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("r") / "r.csv"
    file.write_bytes(content)
    try:
        found = read_rosters([file])
    except InputError as error:
        assert str(file) in str(error)  # noqa: PT017 - to be refused in words is a fair end
    else:
        assert Roster.model_validate_json(found.model_dump_json()) == found


# Joining


@pytest.mark.parametrize(
    "called", ["ada", "aroy", "AROY", "ada@x.edu", "00417", "Ada Roy", "ada_roy", "Roy, Ada", "ada.roy"]
)
def test_a_file_named_by_anything_that_says_who_is_the_students(tmp_path: Path, called: str) -> None:
    found = joined(tmp_path, [called], OWN, "name,email\nBo Li,bo@x.edu\n")
    ada, bo = found.submissions
    assert (ada.student, ada.person.number, ada.missing) == ("ada", "00417", False)
    assert (ada.group, ada.due) == ("G1", datetime(2026, 3, 1, 23, tzinfo=UTC))
    assert (bo.student, bo.missing, bo.digest, bo.path) == ("bo", True, "", Path())
    assert bo.person.name == "Bo Li"
    assert not found.troubles


def test_accents_tell_names_apart(tmp_path: Path) -> None:
    found = joined(tmp_path, ["José Li"], "name,email\nJose Li,a@x\n")
    assert [submission.missing for submission in found.submissions] == [True, False]
    assert "handed in by José Li, whom nobody on the roster fits" in found.troubles[0]


def test_whom_the_roster_does_not_have_is_graded_and_said(tmp_path: Path) -> None:
    found = joined(tmp_path, ["stranger"], OWN)
    assert [(submission.student, submission.missing) for submission in found.submissions] == [
        ("ada", True),
        ("stranger", False),
    ]
    assert found.troubles == (
        f"{tmp_path}/class/stranger.ipynb: handed in by stranger, whom nobody on the roster fits; it is graded as it is; add a row",
    )


def test_whom_several_rows_fit_is_nobodys(tmp_path: Path) -> None:
    found = joined(tmp_path, ["Bo Li"], "name,number\nBo Li,1\nBo Li,2\n")
    assert sorted((s.student, s.missing) for s in found.submissions) == [
        ("Bo-Li", True),
        ("Bo-Li-2", True),
        ("Bo-Li-3", False),
    ]
    assert any(
        "no row of the roster fits without doubt (roster1.csv, line 2, roster1.csv, line 3)" in t
        for t in found.troubles
    )


def test_what_fits_a_row_by_name_alone_as_another_does_is_nobodys(tmp_path: Path) -> None:
    found = joined(tmp_path, ["ada", "aroy"], OWN)
    assert [(s.student, s.origin) for s in found.submissions] == [
        ("ada", ""),
        ("ada-2", "ada.ipynb"),
        ("aroy", "aroy.ipynb"),
    ]
    assert [trouble.partition(": ")[2] for trouble in found.troubles] == [
        f"handed in by {one}, whom no row of the roster fits without doubt, since roster1.csv, line 2 fits "
        f"{tmp_path}/class/{other}.ipynb too; it is graded as it is; add the id, login or address, or rename it"
        for one, other in (("ada", "aroy"), ("aroy", "ada"))
    ]


def test_a_namesake_in_another_folder_takes_nobodys_row(tmp_path: Path) -> None:
    found = joined(
        tmp_path, ["A/kim", "A/bob", "B/kim", "B/zoe"], "student,name\nkim,Kim A\nbob,Bob B\nzoe,Zoe Z\nmal,Mal L\n"
    )
    assert next(s.missing for s in found.submissions if s.student == "kim")
    assert len(found.troubles) >= 2
    assert len({s.student for s in found.submissions if "kim" in s.origin}) == 2


def test_folders_called_like_students_are_whose_they_say_whatever_is_in_them(tmp_path: Path) -> None:
    names = ["kim/x", "mal/kim/x", "mal/zed/y", "bob/bob", "bob/bob-notes", "zoe/zoe", "zoe/zoe-notes"]
    found = joined(tmp_path, names, "student,name,login\nkim,Kim A,\nbob,Bob B,\nzoe,Zoe Z,\n,Mal L,mal\n")
    assert [(s.student, s.origin.partition("/")[0]) for s in found.submissions] == [
        (one, one) for one in ("bob", "bob", "kim", "mal", "mal", "zoe", "zoe")
    ]
    assert not found.troubles


@pytest.mark.parametrize("called", ["{}", "l{}", "{}@x.edu", "{}{}", "Mx {}", "{}, Mx", "MX_{}"])
def test_a_folder_may_be_called_by_all_by_which_a_student_is_known(tmp_path: Path, called: str) -> None:
    names = [f"{called.replace('{}', one)}/{file}" for one in ("ada", "bo") for file in (one, f"{one}-notes")]
    text = "name,email,login,number\n" + "".join(f"Mx {one},{one}@x.edu,l{one},{one}{one}\n" for one in ("ada", "bo"))
    assert [s.student for s in joined(tmp_path, names, text).submissions] == ["lada", "lada", "lbo", "lbo"]


def test_sections_that_are_called_like_numbers_of_students_are_no_students(tmp_path: Path) -> None:
    names = ["1/ada", "1/bo", "2/cy", "2/di"]
    text = "student,number\nada,1\nbo,2\ncy,3\ndi,4\n"
    assert [s.student for s in joined(tmp_path, names, text).submissions if s.has_file] == ["ada", "bo", "cy", "di"]


def test_a_name_does_not_add_to_whom_an_id_is_sure_of(tmp_path: Path) -> None:
    people = ("{':name': K, ':sid': k1}", "{':name': Kim Lee}")
    listed = "".join(f"submission_{n}:\n  :submitters: [{who}]\n" for n, who in enumerate(people, 1))
    files = {"submission_metadata.yml": listed.encode(), "submission_1/hw.ipynb": b"1", "submission_2/hw.ipynb": b"2"}
    found = collect([tree(tmp_path / "c", files)], tmp_path, roster=roster(tmp_path, CANVAS_ROSTER))
    assert [(s.student, s.origin) for s in found.submissions if s.has_file] == [
        ("Kim-Lee", "submission_2/hw.ipynb"),
        ("klee", "submission_1/hw.ipynb"),
    ]
    assert "handed in by Kim Lee, whom no row of the roster fits without doubt, since roster1.csv, line 2 fits" in str(
        found.troubles
    )


def test_that_two_platforms_are_sure_of_one_student_is_said(tmp_path: Path) -> None:
    canvas = tree(tmp_path / "1", {"c/leekim_101_9999101_hw1.ipynb": b"1"})
    listed = b"submission_1:\n  :submitters:\n  - {':name': Kim, ':sid': k1}\n"
    gradescope = tree(tmp_path / "2", {"g/submission_metadata.yml": listed, "g/submission_1/hw.ipynb": b"2"})
    found = collect([canvas / "c", gradescope / "g"], tmp_path, roster=roster(tmp_path, CANVAS_ROSTER))
    assert [s.student for s in found.submissions if s.has_file] == ["klee", "klee"]
    assert "are both klee's by roster1.csv, line 2, as different students; check that they are" in found.troubles[0]


CANVAS_ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section
"Lee, Kim",101,k1,klee,s
"Li, Bo",102,b1,bli,s
"""


def test_a_number_that_is_a_groups_name_too_is_the_students(tmp_path: Path) -> None:
    found = joined(tmp_path, ["1", "2", "3"], "number,name,group\n1,Ann A,2\n2,Ben B,3\n3,Cyd C,2\n")
    assert [(s.student, s.origin) for s in found.submissions] == [
        ("Ann-A", "1.ipynb"),
        ("Ben-B", "2.ipynb"),
        ("Cyd-C", "3.ipynb"),
    ]
    assert not found.troubles


def test_who_takes_the_name_of_a_group_in_canvas_hands_in_for_nobody_else(tmp_path: Path) -> None:
    groups = "name,canvas_user_id,login_id,group_name\nAda,1,ada,Team 3\nBo,2,bo,Team 3\nMal,3,mal,Team 4\n"
    files = {"team3_1_99991_hw.ipynb": b"1", "team3_3_99993_hw.ipynb": b"3"}
    found = collect([tree(tmp_path / "c", files)], tmp_path, roster=roster(tmp_path, groups))
    assert [(s.student, s.origin) for s in found.submissions] == [
        ("ada", "team3_1_99991_hw.ipynb"),
        ("bo", "team3_1_99991_hw.ipynb"),
        ("mal", "team3_3_99993_hw.ipynb"),
    ]


def test_two_numbers_of_a_platform_are_not_one_student(tmp_path: Path) -> None:
    files = {f"roYAda_{n}_9999{n}_hw.ipynb".lower(): str(n).encode() for n in (11, 12)}
    found = collect([tree(tmp_path / "c", files)], tmp_path, roster=roster(tmp_path, "name,email\nAda Roy,ada@x\n"))
    assert [(s.student, s.missing) for s in found.submissions] == [
        ("ada", True),
        ("royada-11", False),
        ("royada-12", False),
    ]
    assert len(found.troubles) == 2


def test_canvass_squeezed_names_are_found_in_either_order(tmp_path: Path) -> None:
    text = 'name,email\nAda van Roy,ada@x\n"Li, Bo",bo@x\n'
    files = {"vanroyada_11_99911_hw.ipynb": b"1", "libo_12_99912_hw.ipynb": b"2"}
    found = collect([tree(tmp_path / "c", files)], tmp_path, roster=roster(tmp_path, text))
    assert [(s.student, s.person.ids) for s in found.submissions] == [
        ("ada", {"canvas": "11"}),
        ("bo", {"canvas": "12"}),
    ]


def test_an_id_that_contradicts_the_address_is_not_joined(tmp_path: Path) -> None:
    yaml = "submission_1:\n  :submitters:\n  - {':name': Ada, ':email': ada@x, ':sid': '2'}\n"
    files = {"submission_metadata.yml": yaml.encode(), "submission_1/hw.ipynb": b"{}"}
    found = collect([tree(tmp_path / "c", files)], tmp_path, roster=roster(tmp_path, "email,number\nada@x,1\nbo@x,2\n"))
    assert [(s.student, s.missing) for s in found.submissions] == [("ada", True), ("Ada-2", False), ("bo", True)]
    assert "no row of the roster fits without doubt" in found.troubles[0]


def test_a_number_that_contradicts_the_address_is_not_joined(tmp_path: Path) -> None:
    yaml = "submission_1:\n  :submitters:\n  - {':name': Ada, ':email': ada@x, ':sid': '2'}\n"
    files = {"submission_metadata.yml": yaml.encode(), "submission_1/hw.ipynb": b"{}"}
    found = collect([tree(tmp_path / "c", files)], tmp_path, roster=roster(tmp_path, "email,number\nada@x,1\n"))
    assert [(s.student, s.missing) for s in found.submissions] == [("ada", True), ("Ada-2", False)]
    assert "no row of the roster fits without doubt" in found.troubles[0]


def test_a_due_date_of_one_student_stays_with_a_missing_submission(tmp_path: Path) -> None:
    found = joined(tmp_path, ["bo"], OWN, "login\nbo\n")
    assert found.submissions[0].due == datetime(2026, 3, 1, 23, tzinfo=UTC)
