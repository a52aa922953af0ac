import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.kernels.limits import MAX_DEPTH
from grader.kernels.outputs import (
    answers_in,
    clean,
    display,
    error_fields,
    joined,
    output_in,
    plain_text,
    stream,
)
from grader.records import ANSWERS_MIME

WATCHED = frozenset({"a", "b"})


def hand_over(values: Any) -> dict[str, Any]:
    return {"data": {ANSWERS_MIME: {"values": values}}, "metadata": {}}


@pytest.mark.parametrize(
    ("message_type", "content", "answers"),
    [
        ("display_data", hand_over({"a": {"t": "none"}}), {"a": {"t": "none"}}),
        ("display_data", hand_over({"a": {"t": "none"}, "stranger": {}, "b": 3}), {"a": {"t": "none"}}),
        ("display_data", hand_over({"a": {"v": math.nan, "w": "\ud800"}}), {"a": {"v": "nan", "w": "\ufffd"}}),
        ("execute_result", hand_over({"a": {}}), {}),
        ("update_display_data", hand_over({"a": {}}), {}),
        ("display_data", hand_over([["a", {}]]), {}),
        ("display_data", {"data": {ANSWERS_MIME: []}}, {}),
        ("display_data", {"data": []}, {}),
        ("display_data", None, {}),
        (["display_data"], hand_over({"a": {}}), {}),
    ],
)
def test_only_well_formed_claims_about_known_variables_are_taken(
    message_type: Any, content: Any, answers: dict[str, Any]
) -> None:
    assert answers_in(message_type, content, WATCHED) == answers


@pytest.mark.parametrize(
    ("message_type", "content", "output"),
    [
        ("stream", {"name": "stdout", "text": "a\0"}, stream("stdout", "a\ufffd")),
        ("stream", {"name": "../x", "text": "a"}, stream("stdout", "a")),
        ("stream", {"text": 3}, None),
        ("display_data", {"data": {"text/plain": "x", "evil/mime": "y", "text/html": 3}}, display({"text/plain": "x"})),
        ("execute_result", {"data": {"text/plain": "1"}, "execution_count": "9"}, display({"text/plain": "1"})),
        ("display_data", {"data": {}}, None),
        ("comm_open", {"data": {"text/plain": "x"}}, None),
        (None, {}, None),
        ("stream", [], None),
    ],
)
def test_an_output_is_rebuilt_from_known_fields(message_type: Any, content: Any, output: dict[str, Any] | None) -> None:
    assert output_in(message_type, content) == output


def test_an_error_keeps_no_colours_and_no_strange_fields() -> None:
    fields = error_fields(
        {"ename": "\x1b[31mE\x1b[0m", "evalue": 3, "traceback": ["\x1b[0;31ma\x1b[0m", 7, "b\x07\x1b]0;t\x07"]}
    )
    assert fields == {"name": "E", "message": "", "traceback": "a\nb"}


@pytest.mark.parametrize("length", [0, 99, 100, 101, 10**6])
def test_a_long_text_keeps_its_beginning_and_its_end(length: int) -> None:
    text = "a" * (length // 2) + "z" * (length - length // 2)
    kept = plain_text(text, 100)
    assert len(kept) <= 100 + len("\n[...]\n")
    assert (kept == text) == (length <= 100)
    assert kept[-1:] == text[-1:]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=[])), inner),
    max_leaves=12,
)


@given(ANY_JSON)
def test_clean_json_can_be_written_and_read_back(value: Any) -> None:
    cleaned = clean(value)
    assert json.loads(json.dumps(cleaned, ensure_ascii=False, allow_nan=False).encode()) == cleaned


def test_clean_json_is_cut_off_below_a_depth() -> None:
    value: Any = "core"
    for _ in range(300):
        value = [value]
    assert json.dumps(clean(value)) == "[" * MAX_DEPTH + '"..."' + "]" * MAX_DEPTH


@given(st.sampled_from(["stream", "display_data", "error", "x"]), ANY_JSON)
def test_no_content_of_a_message_raises(message_type: str, content: Any) -> None:
    for made in (content, {"data": content, "text": content, "name": content, "ename": content, "traceback": content}):
        answers_in(message_type, made, WATCHED)
        json.dumps(output_in(message_type, made), allow_nan=False)


def test_adjacent_pieces_of_a_stream_become_one() -> None:
    shown = display({"text/plain": "x"})
    pieces = [stream("stdout", "a"), stream("stdout", "b"), stream("stderr", "c"), shown, shown, stream("stdout", "d")]
    texts = [output.get("text") for output in joined(pieces)]
    assert texts == ["ab", "c", None, None, "d"]
