"""How long and how much a notebook may take in a container."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.gradescope.inside.deadline import DEFAULT, RESERVE, seconds_to_grade
from grader.gradescope.inside.limiting import limits_in_container, limits_in_time
from grader.gradescope.inside.memory import LEAST_MEMORY, MIB, OURS, memory_of_container, within_memory
from grader.kernels.limits import Limits


@pytest.mark.parametrize(
    ("configured", "environment", "seconds"),
    [
        (600, {}, 600 - RESERVE),
        (1200, {"TIMEOUT_SECONDS": "600"}, 600 - RESERVE),
        (300, {"TIMEOUT_SECONDS": "600"}, 300 - RESERVE),
        (600, {"TIMEOUT_SECONDS": "soon"}, 600 - RESERVE),
        (600, {"TIMEOUT_SECONDS": "inf"}, 600 - RESERVE),
        (600, {"TIMEOUT_SECONDS": "-1"}, 600 - RESERVE),
        (600, {"TIMEOUT_SECONDS": "20"}, 10),
        (0, {}, DEFAULT - RESERVE),
    ],
)
def test_grading_is_over_before_gradescope_ends_it(
    configured: float, environment: dict[str, str], seconds: float
) -> None:
    assert seconds_to_grade(configured, environment) == seconds


@given(left=st.floats(-10, 3000), slower=st.floats(1, 10))
def test_cells_are_over_before_the_deadline(left: float, slower: float) -> None:
    limits = limits_in_time(limits_in_container(Limits(), slower, None), left)
    Limits.model_validate(limits.model_dump())
    most = limits.seconds_per_notebook + 2 * limits.seconds_of_grace
    assert most <= max(left, 0.31) + 1e-9
    assert left < 60 or most <= left - 20 + 1e-9


@given(left=st.floats(-10, 3000))
def test_seconds_that_students_may_read_have_one_decimal_at_most(left: float) -> None:
    seconds = limits_in_time(Limits(seconds_per_notebook=3000), left).seconds_per_notebook
    assert seconds == round(seconds, 1)


def test_limits_of_time_are_stretched_and_others_are_not() -> None:
    limits = limits_in_container(Limits(), 2.5, None)
    assert (limits.seconds_per_cell, limits.seconds_per_notebook, limits.seconds_of_cpu) == (150, 750, 600)
    assert limits.memory_bytes == Limits().memory_bytes


@pytest.mark.parametrize(
    ("container", "memory", "disk"), [(768, 373, 74), (1536, 1013, 202), (3072, 2048, 256), (6144, 2048, 256)]
)
def test_what_a_notebook_takes_leaves_the_grader_its_share(container: int, memory: int, disk: int) -> None:
    limits = within_memory(Limits(), container * MIB)
    assert (limits.memory_bytes // MIB, limits.disk_bytes // MIB) == (memory, disk)


@given(st.integers(0, 16 * 1024**3))
def test_limits_of_memory_stay_valid_in_any_container(container: int) -> None:
    limits = Limits.model_validate(within_memory(Limits(), container).model_dump())
    assert limits.memory_bytes == LEAST_MEMORY or limits.memory_bytes + limits.disk_bytes + OURS <= container


def test_the_memory_of_a_container_is_read_from_its_control_group_or_else_the_machines(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:        1000 kB\nMemFree: 3 kB\n")
    assert memory_of_container(tmp_path, meminfo) == 1_024_000
    (tmp_path / "memory.max").write_text("max\n")
    assert memory_of_container(tmp_path, meminfo) == 1_024_000
    (tmp_path / "memory.max").write_text("805306\n")
    assert memory_of_container(tmp_path, meminfo) == 805_306
    (tmp_path / "memory.max").unlink()
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    assert memory_of_container(tmp_path, meminfo) == 1_024_000
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("905306\n")
    assert memory_of_container(tmp_path, meminfo) == 905_306
    assert memory_of_container(tmp_path / "none", tmp_path / "none") is None
