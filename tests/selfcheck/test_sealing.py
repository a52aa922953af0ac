"""What is in a file of sealed keys, and what is not."""

import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from grader.check_level import CheckLevel
from grader.checks.clues import Clue
from grader.errors import InputError
from grader.kernels.inside import encode
from grader.records import Answer
from grader.selfcheck.judging.judged import Standing
from grader.selfcheck.judging.judging import judge
from grader.selfcheck.keys.locking import box, fresh_key, padded, stretched, unbox
from grader.selfcheck.keys.opened import Contents, Hint, Piece
from grader.selfcheck.keys.sealed import Cost, SealedHomework, read_sealed, write_sealed
from grader.selfcheck.making import sealing
from grader.selfcheck.making.sealing import seal
from tests.selfcheck.agreement import CHEAP, all_told, homeworks, told

HOMEWORKS = ("hw5_cnn_sizes", "hw5_networks", "hw6_design")


def said(sealed: SealedHomework, **given: Any) -> dict[str, Any]:
    answers = {name: Answer(variable=name, data=encode(value)) for name, value in given.items()}
    return {one.variable: one for one in judge(sealed, answers, only=given)}


def secrets(homework: str) -> set[str]:
    """Words of the course that no student may read, from its files."""
    found: set[str] = set()
    for problem in homeworks()[homework].problems:
        for mistake in problem.spec.mistakes.values():
            found |= {mistake.what, mistake.hint}
        found |= set(problem.spec.mistakes)
        for meanings in problem.spec.conventions.values():
            found |= set(meanings.values())
        for part in problem.parts.values():
            for item in getattr(part.check, "rubric", ()):
                found |= {item.what, *item.keywords}
    return {word for word in found if len(word) > 8}


def public(homework: str) -> str:
    """What students are given anyway."""
    sections = [one for problem in homeworks()[homework].problems for one in problem.sections.values()]
    return " ".join(f"{one.title} {one.text}" for one in sections)


@pytest.mark.parametrize("homework", HOMEWORKS)
def test_no_mistake_hint_rubric_or_convention_can_be_read_in_the_file(homework: str) -> None:
    text = all_told(homework).model_dump_json()
    found = {word for word in secrets(homework) if json.dumps(word)[1:-1] in text}
    assert {word for word in found if word not in public(homework)} == set()


@pytest.mark.parametrize("homework", HOMEWORKS)
def test_no_right_number_can_be_read_in_the_file(homework: str) -> None:
    sealed = all_told(homework)
    for problem in homeworks()[homework].problems:
        for part, spec in problem.parts.items():
            if not spec.check.solved or spec.check.has_many_answers:
                continue
            own = next(one for one in sealed.parts if one.part == part)
            text = own.model_dump_json(exclude={"entries", "hints", "salt", "points", "asked", "items", "accepted"})
            value = problem.expected(part, problem.assignments[0])
            for number in value.values() if isinstance(value, dict) else [value]:
                if isinstance(number, int) and not isinstance(number, bool) and number > 100:
                    assert str(number) not in text


def test_bounds_of_measurements_and_networks_are_left_out() -> None:
    by_part = {one.part: one for one in all_told("hw6_design").parts}
    bands = by_part["accuracies"].check.model_dump()["values"].values()
    assert {(band["low"], band["high"]) for band in bands} == {("0", "0")}
    design = by_part["cifar_design"].check.model_dump()
    assert design["parameters"] == {"low": 0, "high": None}
    assert not design["needs"]
    assert design["receptive_field"] is None


@pytest.mark.parametrize(
    ("level", "entries", "hints"),
    [(CheckLevel.FORM, False, False), (CheckLevel.VERDICT, True, False), (CheckLevel.HINT, True, True)],
)
def test_a_level_seals_no_more_than_it_tells(level: CheckLevel, entries: bool, hints: bool) -> None:  # noqa: FBT001 - a table
    parts = {one.part: one for one in told(level).parts}
    assert bool(parts["linear_parameters"].entries) == entries
    assert bool(parts["linear_parameters"].hints) == hints


def test_at_each_level_a_student_with_a_known_mistake_is_told_so_much() -> None:
    wrong = 12_288_000  # without biases
    form = said(told(CheckLevel.FORM), linear_parameters=wrong)["linear_parameters"]
    verdict = said(told(CheckLevel.VERDICT), linear_parameters=wrong)["linear_parameters"]
    hint = said(told(CheckLevel.HINT), linear_parameters=wrong)["linear_parameters"]
    assert (form.standing, form.read_as, form.message, form.hint) == (Standing.READABLE, "12 288 000", "", "")
    assert (verdict.standing, verdict.message, verdict.hint) == (Standing.NOT_RIGHT, "", "")
    assert hint.message == "This comes out when the biases of the linear layer were left out."
    assert hint.hint == "What is added to each output besides the weighted inputs?"


def test_a_hint_opens_for_no_other_wrong_answer() -> None:
    judged = said(told(CheckLevel.HINT), linear_parameters=12_288_007)["linear_parameters"]
    assert (judged.standing, judged.hint) == (Standing.NOT_RIGHT, "")
    assert judged.message == "None of the known mistakes alone leads to it."


def test_the_level_of_a_part_goes_before_that_of_its_homework() -> None:
    found = homeworks()["hw5_cnn_sizes"]
    layers = next(problem for problem in found.problems if problem.name == "layer_sizes")
    parts = dict(layers.parts)
    parts["linear_parameters"] = parts["linear_parameters"].model_copy(update={"self_check": CheckLevel.VERDICT})
    parts["convolution_parameters"] = parts["convolution_parameters"].model_copy(update={"self_check": None})
    problem = replace(layers, spec=layers.spec.model_copy(update={"parts": parts}))
    sealed = seal(replace(found, self_check=CheckLevel.FORM, problems=(problem,)), CHEAP)
    levels = {one.part: one.level for one in sealed.parts}
    assert levels["linear_parameters"] is CheckLevel.VERDICT
    assert levels["convolution_parameters"] is CheckLevel.FORM


def test_a_right_row_has_no_key_of_a_hint_and_a_row_that_shows_a_mistake_has_one() -> None:
    part = next(one for one in told(CheckLevel.HINT).parts if one.part == "parameters")
    boxes = {entry.id: entry.box for entry in part.entries}

    def opened(row: str, number: int) -> list[Piece]:
        name, key = stretched(Clue(f"= {number}", row), part.salt, CHEAP)
        return list(Contents.model_validate(unbox(key, boxes[name])).pieces)

    (right,) = opened("fc3", 4_097_000)
    (wrong,) = opened("fc3", 4_096_000)  # without its biases
    assert (bool(right.keys), bool(wrong.keys)) == (False, True)


def test_entries_stand_in_an_order_that_tells_nothing() -> None:
    for part in told(CheckLevel.HINT).parts:
        ids = [entry.id for entry in part.entries]
        assert ids == sorted(ids)


@pytest.mark.parametrize(
    ("coarse", "certain"),
    [("1", False), ("10", True), ("100", True), ("1000", None)],
)
def test_a_coarse_answer_is_only_explained_where_it_is_no_luck(
    coarse: str,
    certain: bool | None,  # noqa: FBT001 - a table
) -> None:
    hint = Hint(what="w", hint="", certain=False, grain=1, coarsest=Fraction(100))
    assert hint.weighed(Fraction(coarse)) is certain


@pytest.mark.parametrize(
    ("value", "right", "apart"),
    [
        (10, 9, 1),
        (1200, 75, 1000),
        (0.25, Fraction(1, 2), Fraction(1, 10)),
        (9, 9, 0),
        (math.inf, 9, 0),
        (9, math.inf, 0),
    ],
)
def test_a_mistake_is_told_from_a_right_answer_by_no_more_than_the_power_of_ten_between_them(
    value: float, right: Fraction, apart: Fraction
) -> None:
    assert sealing._apart(value, right) == apart


def test_two_seals_of_one_homework_have_nothing_in_common() -> None:
    one, other = (seal(replace(homeworks()["hw5_cnn_sizes"], self_check=CheckLevel.VERDICT), CHEAP) for _ in range(2))
    ids = [{entry.id for part in sealed.parts for entry in part.entries} for sealed in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_a_guess_takes_32_mib_of_memory_and_its_steps_are_those_of_the_file() -> None:
    cost = Cost()
    assert 128 * cost.n * cost.r == 32 * 1024**2
    sealed = told(CheckLevel.VERDICT)
    assert sealed.cost == CHEAP
    part = next(one for one in sealed.parts if one.part == "linear_parameters")
    ids = {entry.id for entry in part.entries}
    assert stretched(Clue("= 12289000"), part.salt, CHEAP)[0] in ids
    assert stretched(Clue("= 12289000"), part.salt, Cost(n=4))[0] not in ids
    assert stretched(Clue("= 12288999"), part.salt, CHEAP)[0] not in ids


def test_a_box_opens_with_its_key_alone_and_not_when_it_was_changed() -> None:
    key = fresh_key()
    boxed = box(key, *padded([{"a": [1, "two"]}]))
    assert unbox(key, boxed) == {"a": [1, "two"]}
    assert unbox(fresh_key(), boxed) is None
    assert unbox(key, boxed[:-1] + bytes([boxed[-1] ^ 1])) is None
    assert unbox(key, b"") is None


def test_the_name_of_an_entry_tells_nothing_of_its_key_and_no_nonce_comes_twice() -> None:
    name, key = stretched(Clue("= 1"), b"s" * 16, CHEAP)
    assert not any(name[start : start + 4] in key for start in range(len(name) - 3))
    boxes = [entry.box for part in told(CheckLevel.HINT).parts for entry in part.entries]
    assert len({boxed[:12] for boxed in boxes}) == len(boxes)


def test_boxes_of_a_part_have_one_length_and_their_number_is_rounded_up_with_entries_that_nothing_opens() -> None:
    for part in all_told("hw5_networks").parts:
        assert len({len(entry.box) for entry in part.entries}) <= 1
        assert len({len(hint) for hint in part.hints.values()}) <= 1
        assert len(part.entries) % 16 == 0
        assert len({entry.id for entry in part.entries}) == len(part.entries)


@pytest.mark.parametrize("cost", [{"n": 2**18, "r": 16, "p": 16}, {"n": 2**18, "r": 8}, {"n": 3}, {"n": 0}])
def test_a_file_may_not_ask_for_any_price_of_a_guess(cost: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Cost(**cost)
    assert Cost(n=2**17, r=8)


def test_keys_that_went_through_a_file_are_the_same(tmp_path: Path) -> None:
    sealed = told(CheckLevel.HINT)
    write_sealed(sealed, tmp_path / "hw.seal.json")
    assert read_sealed(tmp_path / "hw.seal.json") == sealed


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"format": "homework-seal.v1", "cost": {"n": 3}}',
        b"not json",
        b"\xff\xfe",
        b'{"format": "homework-seal.v9"}',
        b"[1, 2",
    ],
)
def test_a_file_without_keys_is_named_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "hw.seal.json").write_bytes(content)
    with pytest.raises(InputError, match=r"hw\.seal\.json .*(fetch it again|update)"):
        read_sealed(tmp_path / "hw.seal.json")


def test_a_file_in_which_anything_was_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hw.seal.json"
    write_sealed(told(CheckLevel.VERDICT), path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["problems"][1]["parts"][0]["entries"] = []  # with which every answer would be wrong
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match="has been changed since it was made; fetch it again"):
        read_sealed(path)


def test_a_file_that_was_formatted_anew_is_the_same(tmp_path: Path) -> None:
    path, sealed = tmp_path / "hw.seal.json", told(CheckLevel.VERDICT)
    write_sealed(sealed, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(dict(reversed(content.items())), indent=2), encoding="utf-8")
    assert read_sealed(path) == sealed


def test_a_part_whose_keys_are_damaged_is_not_called_wrong() -> None:
    sealed = told(CheckLevel.VERDICT)
    text = json.loads(sealed.model_dump_json())
    for problem in text["problems"]:
        for part in problem["parts"]:
            part["entries"] = [entry | {"box": entry["box"][:8]} for entry in part["entries"]]
    damaged = SealedHomework.model_validate(text)
    assert said(damaged, linear_parameters=12_289_000)["linear_parameters"].standing is Standing.FAULT
    assert said(damaged, linear_parameters=1, can_linear_do_it="x")["can_linear_do_it"].standing is Standing.READABLE
