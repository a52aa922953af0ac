import pytest

from grader.kernels.limits import Limits


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("memory_bytes", 2 * 1024**3, "used more than 2 GiB of memory (limit memory_bytes)"),
        ("memory_bytes", 1536 * 1024**2, "used more than 1.5 GiB of memory (limit memory_bytes)"),
        ("disk_bytes", 1024**2, "wrote more than 1 MiB to files (limit disk_bytes)"),
        ("files", 20_000, "made more than 20,000 files (limit files)"),
        ("seconds_of_cpu", 600, "used more than 600 s of processor time (limit seconds_of_cpu)"),
        ("seconds_per_cell", 60, "used too much: more than 60.0 (limit seconds_per_cell)"),
    ],
)
def test_a_limit_is_named_with_its_size(name: str, value: int, words: str) -> None:
    assert Limits(**{name: value}).exceeded(name) == words


def test_a_limit_that_nobody_knows_is_named_all_the_same() -> None:
    assert Limits().exceeded("gpu_bytes") == "met a limit (gpu_bytes)"
