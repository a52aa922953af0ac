from hypothesis import given
from hypothesis import strategies as st

from grader.kernels.allowance import Allowance
from grader.kernels.limits import Limits
from grader.kernels.outputs import json_bytes, stream


@given(st.lists(st.text(max_size=300), min_size=1), st.integers(200, 2000))
def test_a_cell_keeps_at_most_its_bytes_and_one_note(texts: list[str], most: int) -> None:
    allowance = Allowance(Limits(output_bytes_per_cell=most))
    kept = [output for text in texts for output in allowance.take(stream("stdout", text))]
    notes = [output for output in kept if "[grader: output cut here" in output["text"]]
    whole = sum(json_bytes(stream("stdout", text)) + 64 for text in texts) <= most
    assert len(notes) == (0 if whole else 1)
    assert json_bytes([output for output in kept if output not in notes]) <= most + 200


def test_all_cells_together_keep_at_most_the_bytes_of_the_notebook() -> None:
    allowance = Allowance(Limits(output_bytes_per_cell=1000, output_bytes_per_notebook=2500))
    kept = []
    for _ in range(10):
        allowance.next_cell()
        kept += allowance.take(stream("stdout", "x" * 800))
    assert sum(len(output["text"]) for output in kept if "x" * 800 in output["text"]) == 1600


def test_large_hand_overs_are_refused_singly_and_in_sum() -> None:
    allowance = Allowance(Limits(answer_bytes_per_message=100, answer_bytes_per_notebook=250))
    assert not allowance.take_answers({"a": "x" * 100})
    assert [allowance.take_answers({"a": "x" * 80}) for _ in range(3)] == [True, True, False]
