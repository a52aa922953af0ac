"""The pictures of docs/ are what the pages look like; tests/test_sample_class.py takes them again."""

import re
from pathlib import Path

from grader.reports.environment import templates_digest
from scripts.take_screenshots import IMAGES, MADE_FROM, SHOTS

DOCS = Path(__file__).resolve().parent.parent / "docs"


def test_the_pictures_were_taken_from_the_templates_as_they_are() -> None:
    assert MADE_FROM.read_text(encoding="utf-8").strip() == templates_digest(), "run: make screenshots"


def test_every_picture_that_a_page_shows_is_taken_by_the_script_and_none_besides() -> None:
    shown = {
        name for page in DOCS.glob("*.md") for name in re.findall(r"\(images/([\w-]+)\.png\)", page.read_text("utf-8"))
    }
    assert shown == {shot.name for shot in SHOTS} == {file.stem for file in IMAGES.glob("*.png")}
