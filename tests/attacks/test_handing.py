"""Hostile files are refused with a reason, or graded as what they are; none ends the run."""

import json
import os
from pathlib import Path

import pytest

from tests.attacks.arena import arena
from tests.attacks.handing import HANDED
from tests.attacks.test_attacks import left
from tests.attacks.worlds import worlds


@pytest.mark.kernel
@pytest.mark.slow
def test_a_hostile_file_is_refused_with_a_reason_or_graded_as_what_it_is() -> None:
    world = next(world for world in worlds() if not world.missing)
    with arena(world) as place:
        names = {number: handed.name or f"file-{number}" for number, handed in enumerate(HANDED)}
        for number, handed in enumerate(HANDED):
            # A folder each, for the name of a folder says who it is.
            file = place.folder / "submissions" / f"s{number:02}" / f"{names[number]}.ipynb"
            file.parent.mkdir()
            file.write_bytes(handed.content)
            if handed.size:
                os.truncate(file, handed.size)
        outcome = place.grade(jobs=4)
        assert left(outcome, world) == {}, outcome.complained
        grades = {
            file.parent.name: json.loads(file.read_text("utf-8")) for file in Path(outcome.out).rglob("grade.json")
        }
    found = {handed.what: grades[f"s{number:02}"] for number, handed in enumerate(HANDED)}
    assert {what: grade["status"] for what, grade in found.items()} == {one.what: one.status for one in HANDED}
    points = {one.what: one.points for one in HANDED if one.points is not None}
    assert {what: grade["points"] for what, grade in found.items() if what in points} == points
