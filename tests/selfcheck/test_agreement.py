"""The sealed check and the grader say the same of every answer that both judge, whatever it is."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.selfcheck.judging.judging import judge
from tests.answer_sheets import answers_of, mark, sheets
from tests.marks import marker
from tests.selfcheck.agreement import all_told, disagreements, homeworks

SOLVED = [
    pytest.param(homework, problem.name, id=problem.name)
    for homework, found in homeworks().items()
    for problem in found.problems
    if any(part.check.solved for part in problem.parts.values())
]


def held_against(homework: str, problem: str, sheet: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Where the two differ on one sheet."""
    sealed = all_told(homework)
    own = tuple(one for one in sealed.problems if one.name == problem)
    judged = judge(sealed.model_copy(update={"problems": own}), answers_of(marker(problem).problem, sheet))
    return disagreements(homeworks()[homework], judged, mark(marker(problem), sheet))


@pytest.mark.parametrize(("homework", "problem"), SOLVED)
@settings(max_examples=60)
@given(data=st.data())
def test_the_sealed_check_and_the_grader_agree_on_any_sheet(homework: str, problem: str, data: st.DataObject) -> None:
    assert not held_against(homework, problem, data.draw(sheets(problem)))


@pytest.mark.parametrize(("homework", "problem"), SOLVED)
def test_they_agree_on_the_reference_under_each_convention_and_on_the_edges_of_each_tolerance(
    homework: str, problem: str
) -> None:
    found = marker(problem).problem
    for assignment in found.assignments:
        values = {part: found.expected(part, assignment) for part, spec in found.parts.items() if spec.check.solved}
        right = {part: found.parts[part].check.right_answers(value) for part, value in values.items()}
        wrong = {part: found.parts[part].check.wrong_answers(value) for part, value in values.items()}
        reference = {part: answers[0] for part, answers in right.items() if answers}
        for part in reference:
            for answer in (*right[part], *wrong[part]):
                assert not held_against(homework, problem, reference | {part: answer})
