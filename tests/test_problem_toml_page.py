"""docs/problem-toml.md says what the models say, and its examples are what comes out."""

from pathlib import Path
from typing import get_args

from grader.checks import AnyCheck
from scripts.write_reference import REFERENCE, reference


def test_the_reference_of_problem_files_is_up_to_date() -> None:
    assert Path(REFERENCE).read_text(encoding="utf-8") == reference(), "run: python scripts/write_reference.py"


def test_every_key_of_every_table_is_described() -> None:
    rows = [line for line in reference().splitlines() if line.startswith("| `")]
    assert [row for row in rows if row.endswith("|  |")] == []


def test_every_kind_of_answer_has_an_example_and_all_but_pictures_have_answers_that_were_run() -> None:
    sections = reference().partition("## Kinds of answers")[2].split("\n### ")[1:]
    assert len(sections) == len(get_args(get_args(AnyCheck)[0]))
    assert all("```toml" in section for section in sections)
    assert [section.split()[0] for section in sections if "| answer |" not in section] == ["figure", "model"]
