from typing import Any

import pytest

from grader.attachments import as_far_as_shown, attached, best_of, named_references, only_references, without_pictures
from grader.pictures import MAX_PICTURES
from tests.written_homework import jpeg, png, text

PNG = {"image/png": text(png())}


def test_attached_pictures_are_read_whatever_they_are_called() -> None:
    found = attached(
        "", {"image.png": PNG, "wrong.png": {"image/png": text(jpeg())}, "x": {"image/svg+xml": text(png())}}
    )
    assert [picture.mime for picture in found.pictures] == ["image/png", "image/jpeg", "image/png"]
    assert found.not_shown == ()


def test_of_several_formats_one_that_is_shown_is_taken() -> None:
    assert attached("", {"a": {"image/svg+xml": "<svg/>"} | PNG}).not_shown == ()


@pytest.mark.parametrize(
    ("formats", "others", "best"),
    [
        ({"image/svg+xml": "s", "image/jpeg": "j", "image/png": "p"}, "image/", "p"),
        ({"text/plain": "t", "image/svg+xml": "s", "image/jpeg": "j"}, "image/", "j"),
        ({"text/plain": "t", "image/svg+xml": "s"}, "image/", "s"),
        ({"text/plain": "t"}, "image/", None),
        ({"application/pdf": "f"}, "", "f"),
        ({}, "", None),
    ],
)
def test_the_format_that_is_shown_is_best(formats: dict[str, str], others: str, best: str | None) -> None:
    assert best_of(formats, others) == best


def test_a_picture_that_is_not_shown_does_not_stop_the_others() -> None:
    found = as_far_as_shown([("first", "<svg/>"), ("second", text(png()))])
    assert [picture.data for picture in found.pictures] == [text(png())]
    assert found.not_shown == ("first is an SVG; save it as PNG and attach that",)


def test_what_is_not_shown_is_named_with_its_remedy() -> None:
    (words,) = attached("", {"path.svg": {"image/svg+xml": ["<svg/>"]}}).not_shown
    assert words == "'path.svg' is an SVG; save it as PNG and attach that"


@pytest.mark.parametrize("attachments", [None, [], "x", {"a": None}, {"a": []}, {"a": {}}])
def test_what_has_no_pictures_has_none(attachments: Any) -> None:
    assert attached("words", attachments) == attached("", None)


def test_of_ten_thousand_attachments_the_first_are_looked_at_and_the_number_is_told() -> None:
    found = attached("", {str(number): PNG for number in range(10_000)})
    assert len(found.pictures) == MAX_PICTURES
    assert found.not_shown == (f"of 10000 pictures the first {MAX_PICTURES} were looked at",)


def test_a_picture_in_the_text_itself_is_read_and_leaves_a_reference() -> None:
    big = png(40, 40)
    source = (
        f"Before ![my sketch](data:image/png;base64,{text(big)}) after <img src='data:image/jpg;base64,{text(big)}'>"
    )
    assert [picture.data for picture in attached(source, None).pictures] == [text(big)] * 2
    assert without_pictures(source) == "Before ![my sketch](attachment:picture) after <img src='attachment:picture'>"


def test_text_that_only_speaks_of_data_stays_as_it_is() -> None:
    source = "write data:image/png;base64,AAAA or data:text/html;base64," + "A" * 500
    assert without_pictures(source) == source
    assert attached(source, None).pictures == ()


@pytest.mark.parametrize(
    ("source", "shown", "only"),
    [
        ("![image.png](attachment:a%20b.png)", "[picture: image.png]", True),
        ('![](attachment:a.png "title")\n', "[picture]\n", True),
        ("See ![x](attachment:a)", "See [picture: x]", False),
        ("![x](http://evil/a.png)", "![x](http://evil/a.png)", False),
    ],
)
def test_references_are_named(source: str, shown: str, only: bool) -> None:  # noqa: FBT001 - a column of the table
    assert named_references(source) == shown
    assert only_references(source) is only
