"""What a running notebook has, seen as grading sees it."""

import os
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from grader.course import Homework
from grader.errors import InputError
from grader.kernels.inside import Capture, encode
from grader.loading import load_course
from grader.records import Asked
from grader.selfcheck.judging.judged import Judgement, Standing
from grader.selfcheck.keys.sealed import Cost, SealedHomework, write_sealed
from grader.selfcheck.making.sealing import seal
from grader.selfcheck.notebook.live import IN_A_PICTURE, IN_A_TEXT_CELL, fitting, judged, live_answers
from tests import written_homework
from tests.classes import RIGHT
from tests.courses import HOMEWORKS, write_course

QUICK = Cost(n=2, r=1)
"""Of a guess, where nobody guesses."""


class Hostile:
    def __getattribute__(self, name: str) -> Any:
        raise SystemExit

    __eq__ = __repr__ = __len__ = __iter__ = __hash__ = __bool__ = __getattribute__  # type: ignore[assignment]


def homework(root: Path) -> Homework:
    return load_course(write_course(root)).homework("hw1")


@pytest.fixture
def sealed(tmp_path: Path) -> SealedHomework:
    return seal(homework(tmp_path / "course"), QUICK)


def standings(sealed: SealedHomework, namespace: Mapping[str, Any], *names: str) -> dict[str, Standing]:
    _, judgements = judged(sealed, names, namespace)
    return {one.variable: one.standing for one in judgements}


def only(judgements: tuple[Judgement, ...]) -> Judgement:
    (one,) = judgements
    return one


def test_a_value_is_the_very_data_that_grading_takes() -> None:
    frame = pd.DataFrame({"a": [1]})
    for value in (96, 1.5, Fraction(1, 3), "12 MB", {"width": 4}, [(4, 0.0)], np.arange(4), frame, Hostile(), ...):
        answers = live_answers({"area": Asked(cell_id="answer-area")}, {"area": value})
        assert answers["area"].data == encode(value)


def test_a_network_is_described_as_in_grading_and_stays_as_it_was() -> None:
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.Dropout(), torch.nn.Flatten())
    asked = {"net": Asked(cell_id="answer-net", model_input=(3, 8, 8))}
    data = live_answers(asked, {"net": network})["net"].data
    assert data["t"] == "network"
    assert [step["function"] for step in data["steps"]] == ["conv2d", "dropout", "flatten"]
    assert network.training


def test_many_large_answers_are_all_taken_though_one_message_could_not_carry_them() -> None:
    asked = {f"path{number}": Asked(cell_id="a") for number in range(8)}
    namespace = dict.fromkeys(asked, np.zeros((16_000, 2)))
    together = Capture(SimpleNamespace(user_ns=namespace), "mime", list(asked)).changed(list(asked))
    assert {one["t"] for one in together.values()} == {"array", "too large"}
    assert {one.data["t"] for one in live_answers(asked, namespace).values()} == {"array"}


def test_an_answer_that_can_be_read_is_told_and_a_hostile_one_stops_nothing(sealed: SealedHomework) -> None:
    found = standings(sealed, RIGHT | {"area": Hostile()})
    assert found["area"] is Standing.UNREADABLE
    assert all(found[name].is_readable for name in RIGHT if name != "area")


def test_a_variable_that_is_not_there_yet_is_blank_with_a_remedy(sealed: SealedHomework) -> None:
    one = only(judged(sealed, ["area"], {})[1])
    assert (one.standing, one.message) == (
        Standing.BLANK,
        "There is no variable area yet: run its cell, or look whether it failed.",
    )
    one = only(judged(sealed, ["area"], {"area": ...})[1])
    assert one.standing is Standing.BLANK
    assert "run its cell" not in one.message


def test_words_in_text_cells_and_figures_are_not_here(tmp_path: Path) -> None:
    sealed = seal(written_homework.homework(tmp_path), QUICK)
    found = standings(sealed, {"side": 4})
    assert {name: found[name] for name in ("dropout", "losses", "sketch")} == dict.fromkeys(
        ("dropout", "losses", "sketch"), Standing.NOT_HERE
    )
    assert found["side"] is not Standing.NOT_HERE
    assert standings(sealed, {"dropout": "It regularises."})["dropout"] is Standing.READABLE
    assert only(judged(sealed, ["dropout"], {})[1]).message == IN_A_TEXT_CELL
    assert only(judged(sealed, ["sketch"], {"sketch": 1})[1]).message == IN_A_PICTURE


def test_only_what_is_asked_about_is_judged(sealed: SealedHomework) -> None:
    assert set(standings(sealed, RIGHT)) == {"area", "volume", "sizes", "trail"}
    assert set(standings(sealed, RIGHT, "area", "trail")) == {"area", "trail"}


def test_no_network_of_another_problem_is_run() -> None:
    runs = []

    class Network(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            runs.append(x.shape)
            return x

    own = load_course(Path(__file__).parents[2]).homework("hw6_design")
    sealed = seal(own, QUICK)
    judged(sealed, ["resnet50"], {"cifar_design": Network()})
    assert runs == []
    judged(sealed, ["design_field"], {"cifar_design": Network()})
    assert runs == [(1, 3, 32, 32)]


def test_a_part_may_be_called_by_its_own_name(tmp_path: Path) -> None:
    problem = (tmp_path / "c" / "problems" / "boxes" / "problem.toml", '[parts.area]\nkind = "integer"')
    write_course(tmp_path / "c")
    text = problem[0].read_text(encoding="utf-8")
    problem[0].write_text(text.replace(problem[1], f'{problem[1]}\nvariable = "surface"'), encoding="utf-8")
    sealed = seal(load_course(tmp_path / "c").homework("hw1"), QUICK)
    assert list(standings(sealed, {}, "area")) == ["surface"]
    assert list(standings(sealed, {}, "surface")) == ["surface"]


def test_a_name_that_is_not_asked_for_is_told_with_the_nearest_and_the_others_are_checked(
    sealed: SealedHomework,
) -> None:
    remarks, judgements = judged(sealed, ["Arae", "volume", "qqqqqqqq"], RIGHT)
    assert remarks[0] == "No answer is called Arae. Did you mean area?"
    assert remarks[1].endswith("There is: area, volume, sizes, trail.")
    assert only(judgements).variable == "volume"


def test_a_value_in_place_of_its_name_is_told(sealed: SealedHomework) -> None:
    remarks, judgements = judged(sealed, [96, Hostile()], {})
    assert remarks == ['check takes names in quotes, not the answers themselves: check("name_of_the_variable").']
    assert judgements == ()


@pytest.fixture
def several(tmp_path: Path) -> tuple[Path, ...]:
    """Keys of two homeworks, one of them fetched twice, the second time when it was newer."""
    sealed = seal(homework(tmp_path / "course"), QUICK)
    other = seal(written_homework.homework(tmp_path / "other"), QUICK).model_copy(update={"homework": "hw2"})
    newer = sealed.model_copy(update={"made_at": "9999-01-01", "title": "newer"})
    named = {"hw1.seal.json": sealed, "hw1.seal (1).json": newer, "hw2.seal.json": other}
    for name, one in named.items():
        write_sealed(one, tmp_path / name)
    return tuple(sorted(tmp_path / name for name in named))


def test_of_several_files_those_count_of_whose_answers_the_notebook_has_most_and_the_newest_of_them(
    several: tuple[Path, ...],
) -> None:
    assert fitting(several, {"dropout"}).homework == "hw2"
    assert fitting(several, {"area", "volume", "dropout"}).title == "newer"


def test_where_several_fit_as_well_their_names_are_told(several: tuple[Path, ...]) -> None:
    with pytest.raises(InputError, match=r"hw1\.seal.*hw2\.seal.*check\.use"):
        fitting(several, ())


def test_a_file_that_cannot_be_read_does_not_hide_the_others(several: tuple[Path, ...]) -> None:
    several[0].write_text("{", encoding="utf-8")
    assert fitting(several, {"area"}).homework == "hw1"
    with pytest.raises(InputError, match="fetch it again"):
        fitting(several[:1], {"area"})


def test_a_file_that_has_changed_is_read_again(several: tuple[Path, ...]) -> None:
    file = several[-1]
    before = fitting([file], ())
    assert fitting([file], ()) is before
    write_sealed(before.model_copy(update={"title": "another"}), file)
    os.utime(file, (1, 1))
    assert fitting([file], ()).title == "another"


def test_the_name_of_the_homework_listing_is_the_one_of_the_keys(sealed: SealedHomework) -> None:
    assert f"[{sealed.homework}]" in HOMEWORKS
