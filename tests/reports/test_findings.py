"""Findings are read as what they were written for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.records import Outcome
from grader.reports.findings import (
    Chosen,
    Finding,
    Followed,
    Incomplete,
    ItemsWrong,
    Mistaken,
    Plain,
    Slipped,
    Unexplained,
    finding_of,
)

NAMES = st.from_regex(r"[a-z]\w{0,12}", fullmatch=True).filter(lambda name: name not in {*Outcome})


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("correct", Plain("correct")),
        ("", Plain("")),
        ("convention(gigabyte=binary)", Chosen((("gigabyte", "binary"),), mixed=False)),
        ("convention(axes=channels last)", Chosen((("axes", "channels last"),), mixed=False)),
        ("convention(k=a, b=c)", Chosen((("k", "a, b=c"),), mixed=False)),
        ("mixed(downsampling=3x3,K=1024)", Chosen((("downsampling", "3x3"), ("K", "1024")), mixed=True)),
        ("follow(parameters,feature_maps)", Followed(("parameters", "feature_maps"))),
        ("slip(power-of-ten)", Slipped("power-of-ten")),
        ("slip(swapped=fc1)", Slipped("swapped", "fc1")),
        ("wrong=conv1,pool2", ItemsWrong(("conv1", "pool2"))),
        ("wrong=last feature map", ItemsWrong(("last feature map",))),
        ("step=3", ItemsWrong(("step 3",))),
        ("missing=2", Incomplete(2)),
        ("extra=a, b", Incomplete(0, "a, b")),
        ("extra=a, b,missing=2", Incomplete(2, "a, b")),
        ("extra=x,missing=9,missing=2", Incomplete(2, "x,missing=9")),
        ("missing=half, whole", ItemsWrong(("half", "whole"))),
        ("unit-missing", Plain("unit-missing")),
        ("by-a-person", Plain("by-a-person")),
        ("gradients_forgotten", Mistaken((("gradients_forgotten",),))),
        ("a+b", Mistaken((("a", "b"),))),
        ("a+b|c", Mistaken((("a", "b"), ("c",)))),
        ("unexplained=a+b|c", Unexplained("a+b|c")),
        ("unexplained=", Unexplained("")),
        ("a+", Plain("a+")),
        ("convention(", Plain("convention(")),
    ],
)
def test_every_form_of_a_finding_is_read(text: str, finding: Finding) -> None:
    assert finding_of(text) == finding


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_is_no_mistake(outcome: Outcome) -> None:
    assert finding_of(outcome) == Plain(outcome)


@given(st.lists(st.lists(NAMES, min_size=1, max_size=2), min_size=1, max_size=4))
def test_mistakes_are_read_as_they_were_charged(alternatives: list[list[str]]) -> None:
    found = finding_of("|".join("+".join(together) for together in alternatives))
    assert found == Mistaken(tuple(map(tuple, alternatives)))
    assert isinstance(found, Mistaken)
    assert found.certain == (len(alternatives) == 1)


@given(st.dictionaries(NAMES, st.text("abc 0123.^-", min_size=1), min_size=1, max_size=3))
def test_conventions_are_read_as_they_were_credited(chosen: dict[str, str]) -> None:
    text = f"mixed({','.join(f'{name}={value}' for name, value in chosen.items())})"
    assert finding_of(text) == Chosen(tuple(chosen.items()), mixed=True)


@given(st.text(max_size=80))
def test_any_text_is_some_finding_and_an_answer_never_a_mistake(text: str) -> None:
    finding_of(text)
    assert finding_of(f"unexplained={text}") == Unexplained(text)
