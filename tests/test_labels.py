import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.labels import FIGURE_HINT, PLACEHOLDER, label, labels_in, unlabelled, variable_of


@pytest.mark.parametrize(
    "text",
    [
        "<!-- Answer: my_words -->",
        "above <!--Answer:my_words--> below",
        r"\<!-- Answer: my\_words --\>",
        "&lt;!-- Answer: my_words --&gt;",
        "<!--  ANSWER:   my_words  -->",
    ],
)
def test_a_label_is_known_however_an_editor_writes_it(text: str) -> None:
    (found,) = labels_in(text)
    assert (found.kind, found.name) == ("answer", "my_words")


@pytest.mark.parametrize(
    "text", ["<!-- my answer -->", "<!-- Answer: x It is non-linear. -->", "Answer: x", "<!-- Answer: -->", ""]
)
def test_what_a_student_typed_into_a_comment_is_no_label(text: str) -> None:
    assert labels_in(text) == []
    assert unlabelled(text) == text


def test_a_merged_cell_has_all_its_labels_in_their_order() -> None:
    text = f"{label('answer', 'x')} one\n{label('question', 'y')}\n{label('problem', 'p-1')}"
    assert [(found.kind, found.name) for found in labels_in(text)] == [
        ("answer", "x"),
        ("question", "y"),
        ("problem", "p-1"),
    ]


@pytest.mark.parametrize(
    ("source", "variable"),
    [
        ("# Answer: x\nx = 1", "x"),
        ("\n  #Answer: x", "x"),
        ("<!-- Answer: x -->\nIt is.", "x"),
        ("y = 1\n# Answer: x", ""),
        ('y = "<!-- Answer: x -->"', ""),
        ("<!-- Question: x -->", ""),
    ],
)
def test_a_code_cell_is_known_by_its_first_line(source: str, variable: str) -> None:
    assert variable_of(source) == variable


@pytest.mark.parametrize(
    ("source", "left"),
    [
        (f"{label('answer', 'x')}\n\n{PLACEHOLDER}", ""),
        (f"{label('answer', 'x')}\n\n{PLACEHOLDER}\n\nIt is non-linear.", "It is non-linear."),
        ("Your answer here", ""),
        ("_Your answer here._  ", ""),
        ("Your answer here is wrong, I think.", "Your answer here is wrong, I think."),
        (f"# Answer: x\n{FIGURE_HINT}", ""),
        (f"# Answer: x\n{FIGURE_HINT}\nplt.plot(y)", "plt.plot(y)"),
    ],
)
def test_what_was_released_is_no_part_of_the_answer(source: str, left: str) -> None:
    assert unlabelled(source) == left


@given(st.text(st.sampled_from("<!-Answer: x\\&;gt\n *_"), max_size=60))
def test_any_text_has_labels_or_none(text: str) -> None:
    assert all(text[found.start : found.end] for found in labels_in(text))
    assert len(unlabelled(text)) <= len(text)
