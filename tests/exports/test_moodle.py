import csv
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import InputError
from grader.exports import Change, Export, Options, export
from grader.exports.moodle_comment import comment
from grader.records import Lateness, Person, Result, Status
from tests.exports import importers
from tests.exports.classmates import HOMEWORK, half_pending, homework_of, result, saved, verdict

ENGLISH = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Online text","Last modified (grade)","Feedback comments"\r\n'
    '"Participant 101","Jane Doe",jane@x.edu,"Submitted for grading - ",,5.00,Yes,"Monday, 5 October 2026","a\r\nb",-,\r\n'
    '"Participant 102",李小龙,"Li@x.edu",Submitted,"2.00",5.00,Yes,-,"say \\"hi, there\\"",-,"<p>Old ""words""</p>"\r\n'
    '"Participant 103","Zoë O\'Neil",zoe@x.edu,"No submission",3.00,5.00,No,-,,-,\r\n'
    '"Participant 104","Jane Doe",jane2@x.edu,"No submission",1.00,5.00,Yes,-,,-,\r\n'
)
GERMAN = (
    'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden",'
    '"Zuletzt geändert (Bewertung)","Feedback als Kommentar"\n'
    'Teilnehmer/in101,"Jane Doe",jane@x.de,Abgegeben,,"5,00",Ja,-,\n'
    'Teilnehmer/in102,"Jörg Müller",j@x.de,Abgegeben,,"5,00",Nein,-,\n'
)
FRENCH = (
    'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale","La note peut être modifiée",'
    '"Dernière modification (note)","Feedback par commentaires"\n'
    'Participant101,"Jane Doe",jane@x.fr,Remis,,"5,00",Oui,-,\n'
)
SPANISH = (
    'Identificador,"Nombre completo","Dirección de correo",Estado,Calificación,"Calificación máxima",'
    '"La calificación puede ser cambiada","Última modificación (calificación)","Comentarios de retroalimentación"\n'
    'Participante101,"Jane Doe",jane@x.es,Enviado,,"5,00",Sí,-,\n'
)
WORDS = {
    GERMAN: ("Teilnehmer/in", "ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Feedback als Kommentar"),
    FRENCH: ("Participant", "Identifiant", "Note", "Dernière modification (note)", "Feedback par commentaires"),
    SPANISH: (
        "Participante",
        "Identificador",
        "Calificación",
        "Última modificación (calificación)",
        "Comentarios de retroalimentación",
    ),
}
JANE = Person(name="Jane Doe", ids={"moodle": "101"})
LI = Person(email="li@X.edu")
ANY_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def filled(tmp_path: Path, *results: Result, text: str = ENGLISH, encoding: str = "utf-8", **options: object) -> Export:
    file = saved(tmp_path / "worksheet.csv", text, encoding)
    return export("moodle", results, HOMEWORK, Options(into=file, **options))  # type: ignore[arg-type] # by name


def site(**fields: object) -> importers.MoodleSite:
    known = {"101": "", "102": "2", "103": "3", "104": "1"}
    return importers.MoodleSite(known, **{"locked": frozenset({"103"}), **fields})  # type: ignore[arg-type] # by name


def plain(content: bytes) -> bytes:
    """With quotes doubled: the reader of the tests knows no PHP."""
    return content.replace(b'\\"', b'""')


def test_moodle_takes_the_grade_of_each_participant(tmp_path: Path) -> None:
    done = filled(tmp_path, result("jane", "4.125", person=JANE), result("li", "3", person=LI))
    assert importers.moodle(plain(done.content), site()).grades == {"101": 4.13, "102": 3.0}
    assert done.difference.column == f"fills 'Grade' of {tmp_path / 'worksheet.csv'}"
    assert done.difference.changes == (Change("jane", "", "4.13"), Change("li", "2.00", "3"))
    assert done.difference.unmatched_rows == ("Zoë O'Neil (participant 103)", "Jane Doe (participant 104)")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_other_byte_stays(tmp_path: Path, encoding: str) -> None:
    done = filled(tmp_path, result("jane", "4.5", person=JANE), result("li", "3", person=LI), encoding=encoding)
    expected = ENGLISH.replace('grading - ",,5', 'grading - ",4.5,5').replace('"2.00"', '"3"')
    assert done.content == expected.encode(encoding)


def test_what_is_held_back_keeps_its_grade(tmp_path: Path) -> None:
    done = filled(tmp_path, half_pending("jane", JANE), result("zoe", person=Person(email="zoe@x.edu")))
    assert done.content == ENGLISH.encode()
    assert [aside.why for aside in done.difference.held_back] == [
        "3 of 5 points still pending",
        "Moodle says that its grade cannot be changed",
    ]


def test_a_name_that_two_participants_have_matches_nobody(tmp_path: Path) -> None:
    done = filled(tmp_path, result("jane", person=Person(name="Jane Doe")))
    assert done.difference.unmatched_students == (("jane", "several rows of the file have this name"),)


def test_more_than_the_maximum_is_not_sent(tmp_path: Path) -> None:
    done = filled(tmp_path, result("jane", "5.01", person=JANE))
    assert done.content == ENGLISH.encode()
    assert done.difference.out_of_range == (("jane", "5.01 is more than the maximum of 5"),)


@pytest.mark.parametrize("text", [GERMAN, FRENCH, SPANISH])
def test_worksheets_of_other_languages_get_their_decimal_mark(tmp_path: Path, text: str) -> None:
    done = filled(tmp_path, result("jane", "4.5", person=JANE), text=text, comments=True)
    there = site(mark=",", hidden_user=WORDS[text][0], words=WORDS[text][1:])
    assert importers.moodle(done.content, there).grades == {"101": 4.5}
    assert importers.moodle(done.content, there).comments == {"101": "4.5 of 5 points"}
    assert '"4,5"' in done.content.decode()


def test_the_decimal_mark_can_be_given(tmp_path: Path) -> None:
    done = filled(tmp_path, result("jane", "4.5", person=JANE), decimal_mark=",")
    assert b'- ","4,5",5.00' in done.content


def test_a_language_that_is_not_known_needs_the_name_of_the_column(tmp_path: Path) -> None:
    text = "Tunniste,Nimi,Arvosana,Enimmäisarvosana,Muokattu\nOsallistuja 101,Jane,,5,-\n"
    with pytest.raises(InputError, match=r"no column Identifier or Grade or .*but 'Tunniste', 'Nimi', 'Arvosana'"):
        filled(tmp_path, result("jane", "4.5", person=JANE), text=text)
    done = filled(tmp_path, result("jane", "4.5", person=JANE), text=text, column="arvosana")
    assert done.content.decode() == text.replace(",,5", ",4.5,5")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("5.00,Yes", '"poor, good",Yes', "line 2: behind the grade there is no maximum but 'poor, good'"),
        ("5.00", "10.00", "has 10 points and hw4_warmup has 5; give --scale 2"),
        ("Participant 104", "Someone", "line 6: 'Someone' is no participant"),
        ("Last modified (grade)", "Last", r"no column Last modified \(grade\)"),
    ],
)
def test_a_worksheet_that_cannot_be_filled_is_named_with_the_place(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        filled(tmp_path, result("jane", person=JANE), text=ENGLISH.replace(old, new))


def test_without_a_worksheet_the_remedy_is_told() -> None:
    with pytest.raises(InputError, match=r"download it .* and give it with --into"):
        export("moodle", [result("jane")], HOMEWORK, Options())


def test_comments_are_written_when_asked_and_are_no_markup(tmp_path: Path) -> None:
    hostile = verdict(Fraction(2), message='<script>alert("1")</script>\nC:\\', comment="")
    silent = verdict(Fraction(0), Fraction(3), part="convolution_outputs")
    late = Lateness(seconds=90_000.0, share=Fraction(1, 2), words="2 days late: 50 % off")
    done = filled(tmp_path, result("li", person=LI, verdicts=(hostile, silent), late=late), comments=True)
    title = HOMEWORK.problems[0].sections["linear_parameters"].title
    comment = (
        f"1 of 5 points<br>2 days late: 50 % off<br>{title}: &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; C:&#92;"
    )
    assert f'-,"{comment}"\r\n'.encode() in done.content
    assert done.difference.changes[0].note == "2 days late: 50 % off; replaces a comment"


def told(done: Export) -> str:
    return importers.moodle(plain(done.content), site()).comments["101"]


def test_a_comment_says_what_is_pending_and_nothing_of_parts_that_wait(tmp_path: Path) -> None:
    parts = (
        verdict(Fraction(1), message="One bias is missing."),
        verdict(None, Fraction(3), part="convolution_outputs", message="A person reads this."),
    )
    done = filled(tmp_path, result("jane", person=JANE, verdicts=parts), comments=True, pending=True)
    title = HOMEWORK.problems[0].sections["linear_parameters"].title
    assert told(done) == f"1 of 5 points, 3 more pending<br>{title}: One bias is missing."
    assert "linear_parameters" not in title


def test_a_person_s_word_on_a_part_that_waits_is_told(tmp_path: Path) -> None:
    parts = (
        verdict(Fraction(2)),
        verdict(None, Fraction(3), part="convolution_outputs", comment="See me.", message="x"),
    )
    done = filled(tmp_path, result("jane", person=JANE, verdicts=parts), comments=True, pending=True)
    title = HOMEWORK.problems[0].sections["convolution_outputs"].title
    assert told(done) == f"2 of 5 points, 3 more pending<br>{title}: See me."


def test_a_comment_says_that_extra_points_are_pending() -> None:
    extra = verdict(None, Fraction(3), part="convolution_outputs", extra=True, message="x")
    there = homework_of("convolution_outputs", linear_parameters=2, convolution_outputs=3)
    assert (
        comment(result("jane", verdicts=(verdict(Fraction(2)), extra)), there) == "2 of 2 points, extra points pending"
    )


def test_a_comment_on_nothing_has_the_maximum_of_the_homework() -> None:
    assert comment(result("jane", verdicts=(), status=Status.NO_SUBMISSION), HOMEWORK) == "0 of 5 points"


def test_parts_with_one_title_are_told_apart_by_their_problems() -> None:
    (one,) = HOMEWORK.problems
    other = replace(one, name="again", spec=one.spec.model_copy(update={"title": "Once more"}))
    both = replace(HOMEWORK, problems=(one, other))
    words = comment(result("jane", verdicts=(verdict(Fraction(0), problem="again", message="No."),)), both)
    assert words.endswith(f"<br>Once more, {one.sections['linear_parameters'].title}: No.")


def test_a_comment_alone_is_a_change_that_is_shown(tmp_path: Path) -> None:
    done = filled(tmp_path, result("li", "2", person=LI), comments=True)
    assert done.difference.changes == (Change("li", "2.00", "2.00", "replaces a comment"),)
    assert done.difference.unchanged == 0
    again = filled(tmp_path, result("li", "2", person=LI), text=done.content.decode(), comments=True)
    assert (again.difference.changes, again.difference.unchanged) == ((), 1)


def test_an_export_that_is_filled_in_again_changes_nothing(tmp_path: Path) -> None:
    people = (result("jane", "4.5", person=JANE), result("li", "3", person=LI))
    once = filled(tmp_path, *people)
    twice = filled(tmp_path, *people, text=once.content.decode())
    assert (twice.content, twice.difference.unchanged) == (once.content, 2)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\\"), max_size=6)


@ANY_FOLDER
@given(
    st.fractions(0, 5),
    st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_any_grade_arrives_at_two_decimals_and_no_other_byte_changes(
    tmp_path: Path, points: Fraction, odd: list[tuple[str, str]], end: str, quoting: int
) -> None:
    header = [
        "Identifier",
        "Full name",
        "Status",
        "Grade",
        "Maximum grade",
        "Last modified (grade)",
        "Feedback comments",
    ]
    rows = [[f"Participant {at}", name, "x", "9", "5.00", "-", text] for at, (name, text) in enumerate(odd, 100)]
    text = io.StringIO()
    csv.writer(text, lineterminator=end, quoting=quoting).writerows([header, *rows])  # type: ignore[arg-type] # an int will do
    last = str(99 + len(odd))
    done = filled(tmp_path, result("jane", points, person=Person(ids={"moodle": last})), text=text.getvalue())
    there = importers.MoodleSite({last: ""})
    assert abs(Fraction(str(importers.moodle(done.content, there).grades[last])) - points) <= Fraction(1, 200)
    rows[-1][3] = done.difference.changes[0].new
    expected = io.StringIO()
    csv.writer(expected, lineterminator=end, quoting=quoting).writerows([header, *rows])  # type: ignore[arg-type] # as above
    assert done.content == expected.getvalue().encode()
