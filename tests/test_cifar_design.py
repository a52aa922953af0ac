"""The problem that asks for a network, marked without a kernel."""

import copy
from fractions import Fraction
from pathlib import Path

import pytest
from torch import nn

from grader import Answer, Course, Marker, Outcome, Verdict, load_course
from grader.answers.networks import as_data
from grader.checks.check import Encoded
from grader.kernels.inside import encode
from reference.cifar_design import cifar_design
from tests.answers.networks_as_data import network_of

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = {
    "design_field": 119,
    "design_largest_map": 98_304,
    "design_parameters": "1.195M",
    "design_macs": 289_918_720,
}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The problem alone."""
    (tmp_path / "problems").mkdir()
    listing = '[own]\ntitle = "A network"\nproblems = ["cifar_design"]\n'
    (tmp_path / "problems" / "homeworks.toml").write_text(listing, encoding="utf-8")
    (tmp_path / "problems" / "cifar_design").symlink_to(ROOT / "problems" / "cifar_design")
    (tmp_path / "reference").symlink_to(ROOT / "reference")
    return load_course(tmp_path)


def marked(course: Course, **given: object) -> dict[str, Verdict]:
    problem = course.homework("own").problems[0]
    answers = {
        name: Answer(variable=name, data=value.data if isinstance(value, Encoded) else encode(value))
        for name, value in given.items()
    }
    return {verdict.part: verdict for verdict in Marker(problem).mark(answers)}


def test_the_kernel_is_asked_to_run_the_network_on_an_image(course: Course) -> None:
    inputs = {name: asked.model_input for name, asked in course.homework("own").asked.items()}
    assert inputs == {"cifar_design": (3, 32, 32), "design_reasons": ()} | dict.fromkeys(NUMBERS, ())


def test_the_reference_earns_everything(course: Course) -> None:
    problem = course.homework("own").problems[0]
    check, expected = problem.parts["cifar_design"].check, problem.expected("cifar_design", problem.assignments[0])
    (answer,) = check.right_answers(expected)
    verdicts = marked(course, cifar_design=answer, **NUMBERS)
    assert verdicts.pop("design_reasons").outcome is Outcome.BLANK
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.CORRECT}
    assert sum(verdict.points or 0 for verdict in verdicts.values()) == 12
    wrong = [marked(course, cifar_design=answer)["cifar_design"] for answer in check.wrong_answers(expected)]
    assert {verdict.outcome for verdict in wrong} == {Outcome.PARTIAL}


def test_every_bound_that_a_network_keeps_earns_its_share_and_the_report_names_all(course: Course) -> None:
    plain = nn.Sequential(nn.Conv2d(3, 16, 9, 4, 4), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))
    verdict = marked(course, cifar_design=Encoded(as_data(network_of(plain, (3, 32, 32)))))["cifar_design"]
    assert (verdict.outcome, verdict.points) == (Outcome.PARTIAL, Fraction(6 * 4, 6))
    assert verdict.finding == "cifar_design:wrong=receptive field,concat layers"
    assert {item.name: item.right for item in verdict.items} == {
        "output": True,
        "parameters": True,
        "receptive field": False,
        "last feature map": True,
        "concat layers": False,
        "global average pool layers": True,
    }


def test_a_network_that_does_not_run_waits_for_a_person(course: Course) -> None:
    data = {"t": "network", "input": [3, 32, 32], "failure": "RuntimeError: no"}
    verdict = marked(course, cifar_design=Encoded(data))["cifar_design"]
    assert (verdict.outcome, verdict.points) == (Outcome.UNREADABLE, None)
    assert "fails on an input of shape (1, 3, 32, 32): RuntimeError: no" in verdict.message


@pytest.mark.parametrize(
    ("part", "given", "finding"),
    [
        ("design_largest_map", 4 * 98_304, "map_in_bytes"),
        ("design_parameters", 1_195_360, "weights_only"),
        ("design_macs", 2 * 289_918_720, "operations_counted_twice"),
    ],
)
def test_each_mistake_is_named(course: Course, part: str, given: int, finding: str) -> None:
    network = Encoded(cifar_design([3, 32, 32], 10)["description"])
    assert marked(course, cifar_design=network, **{part: given})[part].finding == f"{part}:{finding}"


def test_a_number_that_nobody_can_tell_of_a_network_waits_for_a_person(course: Course) -> None:
    data = copy.deepcopy(cifar_design([3, 32, 32], 10)["description"])
    data["steps"][1]["function"] = "shuffled in a way of its own"
    verdicts = marked(course, cifar_design=Encoded(data), design_field=50, design_parameters=1_195_370)
    assert verdicts["design_field"].outcome is Outcome.AWAITS_REVIEW
    assert "'cifar_design'" in verdicts["design_field"].message
    assert verdicts["design_parameters"].outcome is Outcome.CORRECT


def test_numbers_about_a_network_that_keeps_few_of_the_bounds_wait_for_a_person(course: Course) -> None:
    trivial = nn.Sequential(nn.Conv2d(3, 10, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    verdicts = marked(course, cifar_design=Encoded(as_data(network_of(trivial, (3, 32, 32)))), design_field=1)
    assert verdicts["cifar_design"].outcome is Outcome.PARTIAL
    assert verdicts["design_field"].outcome is Outcome.AWAITS_REVIEW
    assert "little of what was asked for" in verdicts["design_field"].message


def test_numbers_without_a_network_wait_for_a_person(course: Course) -> None:
    verdict = marked(course, design_parameters=1_195_370)["design_parameters"]
    assert verdict.outcome is Outcome.AWAITS_REVIEW
    assert "your own 'cifar_design', which is not there" in verdict.message


def test_a_right_number_about_an_own_network_is_no_follow_through(course: Course) -> None:
    network = Encoded(cifar_design([3, 32, 32], 10)["description"])
    verdict = marked(course, cifar_design=network, design_macs="579.8 MFLOPs")["design_macs"]
    assert (verdict.finding, verdict.message) == ("design_macs:correct", "")
