"""What a class has done, by name: each count is that of students, as far as findings tell."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from grader.records import FailureKind, Outcome, Status
from grader.reports.class_findings import findings_of
from grader.reports.common_mistakes import CommonItem, CommonMistake, common_items, common_mistakes
from grader.reports.running_time import running_time
from grader.reports.standing import LATE_UNKNOWN, PartStanding, Standing, Stopped
from grader.reports.troubles import Reason, StoppedCells, Waiting, troubles
from grader.reports.unexplained import MOST_SHOWN, CommonValue, Right, common_values
from grader.reports.used_conventions import UsedConvention, used_conventions
from tests.reports.grades import homework
from tests.reports.standings import apart, blank, one, part

SIZES = "hw5_cnn_sizes"
PLACES = [f"{problem.name}.{name}" for problem, name in homework(SIZES).parts]


def student(name: str, findings: Mapping[str, PartStanding | str], **fields: object) -> Standing:
    """Whose other parts are blank."""
    found = {place: part(0.5, finding) if isinstance(finding, str) else finding for place, finding in findings.items()}
    assert found.keys() <= set(PLACES)
    return one(name, *(found.get(place, blank()) for place in PLACES), name=SIZES, **fields)


def mistakes(*class_: Standing) -> dict[str, CommonMistake]:
    return {found.name: found for found in common_mistakes(findings_of(class_, homework(SIZES)))}


def values(*class_: Standing) -> tuple[list[CommonValue], int]:
    return common_values(class_, findings_of(class_, homework(SIZES)))


def unexplained(value: str, read_as: str | None = None) -> PartStanding:
    return part(0.0, f"unexplained={value}", unexplained=value if read_as is None else read_as)


def test_a_mistake_counts_once_for_each_student_and_possible_ones_apart() -> None:
    found = mistakes(
        student(
            "ada", dict.fromkeys(["alexnet_sizes.training_bytes", "alexnet_sizes.largest_batch"], "gradients_forgotten")
        ),
        student("bo", {"alexnet_sizes.training_bytes": "gradients_forgotten+momentum_counted"}),
        student("cy", {"alexnet_sizes.training_bytes": "gradients_forgotten|adam_counted"}),
        student("di", {"alexnet_sizes.training_bytes": "gradients_forgotten+adam_counted|gradients_forgotten"}),
        apart("no", Status.NO_SUBMISSION, Outcome.BLANK, "", SIZES),
    )
    assert found["gradients_forgotten"] == CommonMistake(
        problem="alexnet_sizes",
        name="gradients_forgotten",
        kind="mistake",
        what="the gradients of the parameters were not counted",
        students=3,
        possibly=1,
        parts=("training_bytes", "largest_batch"),
        credit=Fraction(1, 2),
    )
    assert (found["adam_counted"].students, found["adam_counted"].possibly) == (0, 2)
    assert next(iter(found)) == "gradients_forgotten"


def test_who_shows_a_mistake_elsewhere_is_not_counted_as_possible_too() -> None:
    both = {
        "alexnet_sizes.training_bytes": "gradients_forgotten",
        "alexnet_sizes.largest_batch": "gradients_forgotten|adam_counted",
    }
    assert mistakes(student("ada", both))["gradients_forgotten"].possibly == 0


def test_slips_and_units_count_as_kinds_of_their_own() -> None:
    found = mistakes(
        student("ada", {"alexnet_sizes.training_bytes": "unit-missing", "layer_sizes.linear_parameters": "slip(bits)"}),
        student("bo", {"alexnet_sizes.largest_batch": "slip(swapped=training_bytes)"}),
        student("cy", {"alexnet_sizes.largest_batch": "no_longer_known"}),
    )
    assert {name: (one.kind, one.credit) for name, one in found.items()} == {
        "unit-missing": ("unit or digits", None),
        "bits": ("slip", None),
        "swapped": ("slip", None),
    }
    assert all(one.what for one in found.values())


def test_wrong_rows_count_by_row() -> None:
    class_ = (
        student("ada", {"alexnet_sizes.feature_maps": "wrong=conv1,pool2"}),
        student("bo", {"alexnet_sizes.feature_maps": "wrong=pool2", "alexnet_sizes.parameters": "extra=x,missing=2"}),
    )
    assert common_items(findings_of(class_, homework(SIZES))) == [
        CommonItem("alexnet_sizes.feature_maps", "pool2", 2),
        CommonItem("alexnet_sizes.feature_maps", "conv1", 1),
        CommonItem("alexnet_sizes.parameters", "members missing", 1),
        CommonItem("alexnet_sizes.parameters", "members too many", 1),
    ]


def test_conventions_show_in_right_answers_for_which_they_matter() -> None:
    class_ = (
        student("ada", {"alexnet_sizes.largest_batch": "correct"}),
        student("bo", {"alexnet_sizes.largest_batch": "convention(gigabyte=binary)"}),
        student("cy", {"alexnet_sizes.largest_batch": "mixed(gigabyte=binary)", "alexnet_sizes.parameters": "correct"}),
        student("di", {"alexnet_sizes.largest_batch": "batch_rounded_up", "alexnet_sizes.feature_maps": "correct"}),
        student("ed", {"alexnet_sizes.largest_batch": "by-a-person"}),
        student(
            "flo",
            {"alexnet_sizes.feature_maps": "convention(axes=channels last)", "alexnet_sizes.largest_batch": "correct"},
        ),
    )
    *_, gigabyte, axes = used_conventions(findings_of(class_, homework(SIZES)))
    assert gigabyte == UsedConvention(
        "alexnet_sizes",
        "gigabyte",
        (("decimal", "1 GB is 10^9 bytes", 2), ("binary", "1 GB is 2^30 bytes", 2)),
        mixed=0,
    )
    assert [(value, students) for value, _, students in axes.values] == [("channels first", 1), ("channels last", 1)]


def test_who_uses_two_values_mixes() -> None:
    class_ = (
        student(
            "ada", {"alexnet_sizes.feature_maps": "correct", "alexnet_sizes.parameters": "mixed(axes=channels last)"}
        ),
    )
    *_, axes = used_conventions(findings_of(class_, homework(SIZES)))
    assert (axes.mixed, [students for *_, students in axes.values]) == (1, [1, 1])


def test_the_commonest_unexplained_value_comes_first_with_what_is_right() -> None:
    place = "alexnet_sizes.largest_batch"
    class_ = (
        student("ada", {place: unexplained("1", "1")}),
        student("bo", {place: unexplained("3000", "3 000")}),
        student("cy", {place: unexplained("3,000", "3 000")}),
    )
    (first, second), further = values(*class_)
    assert (first.part, first.value, sorted(first.students), further) == (place, "3 000", [1, 2], 0)
    assert second.value == "1"
    problem = next(one for one in homework(SIZES).problems if one.name == "alexnet_sizes")
    right = [problem.solver.solve("largest_batch", {"gigabyte": value}) for value in ("decimal", "binary")]
    texts = [f"{value:,}".replace(",", " ") for value in right]
    words = ["1 GB is 10^9 bytes", "1 GB is 2^30 bytes"]
    assert first.rights == tuple(
        Right(text, meant, 3000 / value) for text, meant, value in zip(texts, words, right, strict=True)
    )


def test_the_formula_has_its_inputs_and_a_mistake_to_fill_in() -> None:
    ((found,), _) = values(student("ada", {"alexnet_sizes.largest_batch": unexplained("1")}))
    assert found.formula is not None
    assert found.formula.function == "largest_batch"
    assert found.formula.functions.keys() == {"training_bytes", "parameter_bytes"}
    assert found.formula.given == {"gpu_gigabytes": "8"}
    assert found.formula.assumptions["batch_rounding"] == '"down"'
    assert "[mistakes.NAME]" in found.formula.stub
    assert "#   gradient_copies = 1" in found.formula.stub


@pytest.mark.parametrize("answer", ["many", "9" * 60, "0", "nan", "1e999999999", "<b>"])
def test_what_is_no_number_has_no_ratio_and_breaks_nothing(answer: str) -> None:
    ((found,), _) = values(student("ada", {"alexnet_sizes.largest_batch": unexplained(answer)}))
    assert all(not right.ratio for right in found.rights)


def test_an_answer_that_was_not_put_down_as_read_stands_as_it_was_written() -> None:
    ((found,), _) = values(student("ada", {"alexnet_sizes.largest_batch": unexplained("odd", "")}))
    assert found.value == "odd"


def test_a_long_tail_of_values_is_counted_and_not_shown() -> None:
    class_ = [
        student(f"s{number}", {"alexnet_sizes.largest_batch": unexplained(str(number))})
        for number in range(MOST_SHOWN + 5)
    ]
    shown, further = values(*class_)
    assert (len(shown), further) == (MOST_SHOWN, 5)


def test_troubles_are_grouped_by_what_has_happened() -> None:
    unread = PartStanding(Outcome.UNREADABLE, None, "unreadable")
    fault = PartStanding(Outcome.PROBLEM_FAULT, None, "problem-fault")
    ours = PartStanding(Outcome.GRADER_FAULT, None, "grader-fault")
    name_error = Stopped(FailureKind.ERROR, "NameError", "")
    class_ = (
        student(
            "ada", {"alexnet_sizes.parameters": unread, "alexnet_sizes.largest_batch": fault}, stopped=(name_error,) * 2
        ),
        student(
            "bo", {"alexnet_sizes.parameters": part(None), "alexnet_sizes.training_bytes": fault}, stopped=(name_error,)
        ),
        student("cy", {"layer_sizes.linear_parameters": ours}, late=LATE_UNKNOWN),
        apart(
            "di", Status.NOT_A_NOTEBOOK, Outcome.UNREADABLE, "di.ipynb is not JSON (line 1 (char 0)); save it", SIZES
        ),
        apart(
            "ed", Status.NOT_A_NOTEBOOK, Outcome.UNREADABLE, "ed v2.ipynb is not JSON (line 7 (char 9)); save it", SIZES
        ),
        apart("flo", Status.OTHER_HOMEWORK, Outcome.AWAITS_REVIEW, "This answers another.", SIZES),
        apart("gus", Status.FAULT, Outcome.GRADER_FAULT, "The grader failed (KeyError).", SIZES),
        apart("hal", Status.NO_SUBMISSION, Outcome.BLANK, "Nothing was handed in.", SIZES),
    )
    found = troubles(class_, homework(SIZES))
    assert found.waiting == (Waiting("alexnet_sizes.parameters", to_mark=1, unreadable=1),)
    assert found.late_unknown == ("cy",)
    assert found.faults == (Reason("The grader failed (KeyError).", ("gus",)),)
    assert found.grader_faults == (Reason("layer_sizes.linear_parameters", ("cy",)),)
    assert found.problem_faults == (Reason("alexnet_sizes", ("ada", "bo")),)
    assert found.other_homework == (Reason("This answers another.", ("flo",)),)
    assert found.not_notebooks == (Reason("The file is not JSON; save it", ("di", "ed")),)
    assert found.missing == ("hal",)
    assert found.stopped == (StoppedCells(FailureKind.ERROR, "NameError", "", 3, ("ada", "bo")),)


def test_time_is_that_of_the_notebooks_that_ran() -> None:
    class_ = [student(f"s{number}", {}, seconds=float(number)) for number in range(1, 8)]
    found = running_time([*class_, apart("no", Status.NO_SUBMISSION, Outcome.BLANK, "", SIZES)])
    assert found is not None
    assert (found.notebooks, found.total, found.median, found.isolation) == (7, 28.0, 4.0, {"A": 7})
    assert found.slowest == (("s7", 7.0), ("s6", 6.0), ("s5", 5.0), ("s4", 4.0), ("s3", 3.0))
    assert running_time([]) is None
