import base64
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import pictures
from grader.pictures import NotShown, proven
from tests.written_homework import jpeg, png, text


def why_not(data: Any) -> str:
    with pytest.raises(NotShown) as refused:
        proven(data)
    return str(refused.value)


def test_png_and_jpeg_are_shown_as_what_their_bytes_say() -> None:
    assert proven(text(png())).mime == "image/png"
    assert proven(text(jpeg())).mime == "image/jpeg"


def test_the_data_is_written_anew() -> None:
    lines = [line + "\n" for line in text(png()).partition("C") if line]
    assert proven(lines).data == text(png())
    assert base64.b64decode(proven(f" {text(png())} \n").data) == png()


def test_what_hides_behind_a_picture_stays_within_it() -> None:
    shown = proven(text(png(behind=b"<script>alert(1)</script>")))
    assert set(shown.data) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a" + bytes(50), "is a GIF; save it as PNG"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "is a WebP; save it as PNG"),
        (b"\0\0\0\x18ftypheic" + bytes(9), "is a HEIC photograph; save it as PNG"),
        (b"%PDF-1.4", "is a PDF"),
        (b"<svg onload='alert(1)'/>", "is an SVG"),
        (b"<html><script>", "is no PNG or JPEG"),
        (b"", "is no PNG or JPEG"),
        (png()[:20], "is damaged"),
        (png(claimed=(0, 5)), "is damaged"),
        (jpeg()[:18], "is damaged"),
        (b"\xff\xd8\xff" + b"\xff" * 5000, "is damaged"),
        (png(claimed=(2**31 - 1, 2**31 - 1)), "make it smaller, at most 50 megapixels"),
        (png(claimed=(1, 50_000_001)), "make it smaller"),
        (jpeg(65_535, 65_535), "make it smaller"),
    ],
)
def test_every_other_picture_is_refused_with_what_would_mend_it(content: bytes, words: str) -> None:
    assert words in why_not(text(content))


def test_a_photograph_is_measured_by_its_own_size_and_not_its_thumbnail() -> None:
    assert "60000 x 50000 pixels" in why_not(text(jpeg(60_000, 50_000)))


@pytest.mark.parametrize("data", [None, 5, {}, ["a", 1], "no base64!", "ä" * 8, "A"])
def test_what_is_no_base64_is_damaged(data: Any) -> None:
    assert "is damaged" in why_not(data)


def test_an_svg_is_known_although_notebooks_hold_it_as_text() -> None:
    assert why_not(["<?xml version='1.0'?>\n", "<svg/>"]).startswith("is an SVG")


@pytest.mark.parametrize("spare", [0, 1000])
def test_a_picture_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch, spare: int) -> None:
    monkeypatch.setattr(pictures, "MAX_PICTURE_BYTES", len(png()) - 1)
    assert "is larger than" in why_not(text(png()) + "=" * spare)


@given(st.binary(max_size=80), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd8\xff\xc0"]))
def test_any_bytes_are_a_picture_or_refused(content: bytes, start: bytes) -> None:
    with suppress(NotShown):
        assert base64.b64decode(proven(text(start + content)).data) == start + content
