import pytest

from grader.exports.matching import Keys, cleaned, keys_of, match
from grader.records import Person
from tests.exports.classmates import result

ORDER = ("id", "number", "login", "email", "name")


def test_the_surest_key_wins_over_a_name() -> None:
    rows = [cleaned({"id": "7", "name": "Doe, Jane"}), cleaned({"id": "8", "name": "Roy, Ana"})]
    found, nowhere = match(rows, {"jane": cleaned({"id": "8", "name": "Jane Doe"})}, ORDER)
    assert (found, nowhere) == ({"jane": 1}, {})


def test_a_name_matches_in_either_order_whatever_its_case_and_form() -> None:
    rows = [cleaned({"name": "MÜLLER,  Jörg"}), cleaned({"name": "李小龙"})]
    students = {"j": cleaned({"name": "Jo\u0308rg Müller"}), "b": cleaned({"name": "李小龙"})}
    assert match(rows, students, ORDER)[0] == {"j": 0, "b": 1}


def test_a_name_that_two_rows_have_is_nobody_even_when_one_row_is_taken() -> None:
    rows = [cleaned({"id": "1", "name": "Jane Doe"}), cleaned({"id": "2", "name": "Jane Doe"})]
    students = {"a": cleaned({"id": "1", "name": "Jane Doe"}), "b": cleaned({"name": "Jane Doe"})}
    found, nowhere = match(rows, students, ORDER)
    assert found == {"a": 0}
    assert nowhere == {"b": "several rows of the file have this name"}


def test_two_of_ours_with_one_name_get_no_row_by_it() -> None:
    students = {"a": cleaned({"name": "Jane Doe"}), "b": cleaned({"name": "Jane Doe"})}
    found, nowhere = match([cleaned({"name": "Jane Doe"})], students, ORDER)
    assert (found, set(nowhere)) == ({}, {"a", "b"})


def test_a_name_does_not_do_where_a_number_says_that_it_is_somebody_else() -> None:
    students = {"a": cleaned({"number": "00417", "name": "Jane Doe"})}
    found, nowhere = match([cleaned({"number": "99", "name": "Jane Doe"})], students, ORDER)
    assert (found, nowhere) == ({}, {"a": "the row with its name has another number"})


def test_a_number_is_text_and_keeps_its_zeros() -> None:
    rows = [cleaned({"number": "417"}), cleaned({"number": "00417"})]
    assert match(rows, {"a": cleaned({"number": "00417"})}, ORDER)[0] == {"a": 1}


def test_members_of_a_team_who_share_its_number_are_told_apart_by_what_else_is_known() -> None:
    rows = [cleaned({"id": "7", "login": "a"}), cleaned({"id": "8", "login": "b"})]
    students = {"a": cleaned({"id": "7", "login": "a"}), "b": cleaned({"id": "7", "login": "b"})}
    assert match(rows, students, ORDER)[0] == {"a": 0, "b": 1}


def test_the_number_of_a_team_of_moodle_is_no_students_number() -> None:
    person = Person(name="Jane", ids={"moodle": "15"})
    team = result("jane", person=person, group="Group A", origin="Group A_15_assignsubmission_file/hw.ipynb")
    alone = result("jane", person=person, origin="Jane_15_assignsubmission_file/hw.ipynb")
    assert ("id" in keys_of(team, "moodle"), "id" in keys_of(alone, "moodle")) == (False, True)


def test_a_folder_that_is_all_that_is_known_may_be_named_after_login_number_or_email() -> None:
    for key in ("number", "login", "email"):
        found, _ = match([cleaned({key: "ADA"})], {"ada": keys_of(result("ada", person=Person()), "canvas")}, ORDER)
        assert found == {"ada": 0}


def test_a_row_that_a_surer_key_has_given_away_is_not_given_again() -> None:
    students = {"a": cleaned({"id": "1"}), "b": cleaned({"login": "jdoe"})}
    found, nowhere = match([cleaned({"id": "1", "login": "jdoe"})], students, ORDER)
    assert (found, nowhere) == ({"a": 0}, {"b": "another student of ours fits the same row by login"})


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"id": "202", "number": "b1", "login": "klee", "name": "Bob Roe"}, "the row with its login has another id"),
        ({"number": "b1", "login": "klee", "name": "Bob Roe"}, "the row with its login has another number"),
        ({"id": "202", "number": "k1"}, "the row with its number has another id"),
        ({"login": "broe", "email": "k@x.edu"}, "the row with its email has another login"),
    ],
)
def test_a_row_that_a_surer_key_tells_from_the_student_is_not_the_students(row: Keys, why: str) -> None:
    kim = cleaned({"id": "101", "number": "k1", "login": "klee", "email": "k@x.edu", "name": "Kim Lee"})
    assert match([cleaned(row)], {"kim": kim}, ORDER) == ({}, {"kim": why})


def test_a_less_sure_key_may_differ() -> None:
    row = cleaned({"id": "101", "number": "417", "login": "old", "email": "a@x.edu", "name": "Lee"})
    kim = cleaned({"id": "101", "number": "00417", "login": "new", "email": "b@x.edu", "name": "Kim Lee"})
    assert match([row], {"kim": kim}, ORDER)[0] == {"kim": 0}


def test_a_folders_name_that_stands_for_any_key_contradicts_no_other() -> None:
    row = cleaned({"id": "101", "number": "00417", "login": "ada", "name": "Ada Roy"})
    assert match([row], {"ada": keys_of(result("ada", person=Person()), "canvas")}, ORDER)[0] == {"ada": 0}


def test_an_address_in_the_place_of_the_login_contradicts_no_user_name() -> None:
    row = cleaned({"login": "ada@x.edu", "email": "ada@x.edu"})
    assert match([row], {"ada": cleaned({"login": "ada", "email": "ada@x.edu"})}, ORDER)[0] == {"ada": 0}
