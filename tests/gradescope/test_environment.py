"""The environment of the container: pinned as tested, and from wheels where they are all there."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader.errors import InputError
from grader.gradescope.environment import LOCK, pins
from grader.gradescope.wheels import wheels_in

ROOT = Path(__file__).parents[2]
AGAIN = "run python -m scripts.write_lock"
TWO = [Requirement("one==1.0"), Requirement("Two.Three==2.0")]


def folder_of(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / name).write_bytes(b"wheel")
    return tmp_path


def test_the_lock_has_the_versions_that_were_tested() -> None:
    lines = (line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#"))
    tested = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}
    assert {name: str(pin.specifier) for name, pin in pins().items()} == {
        name: f"=={tested.get(canonicalize_name(name), 'in constraints.txt')}" for name in pins()
    }, AGAIN


def test_the_lock_has_all_that_the_grader_depends_on() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for needed in map(Requirement, project["dependencies"]):
        pin = pins().get(canonicalize_name(needed.name))
        assert pin, f"{needed}: {AGAIN}"
        assert needed.specifier.contains(str(pin.specifier).removeprefix("==")), AGAIN
        assert not needed.extras or any(f"{needed.name}-{extra}" in pins() for extra in needed.extras)
    assert not {"torch", "pytest", "ruff"} & pins().keys()


def test_everything_in_the_lock_has_hashes_and_nothing_says_where_it_came_from() -> None:
    text = LOCK.read_text()
    for block in re.split(r"\n(?=[a-z])", text)[1:]:
        assert "--hash=sha256:" in block
    assert not re.search(r"https?:|file:|--index|--find-links|/[a-z]+/", text)


def test_wheels_for_one_python_and_processor_are_enough(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        "one-1.0-py3-none-any.whl",
        "two_three-2.0-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
    )
    found = wheels_in(folder, TWO)
    assert (found.pythons, found.machines) == (("3.12",), ("x86_64",))
    assert found.listing().content == b"3.12\n"
    assert [one.name for one in found.members()] == [f"wheels/{path.name}" for path in sorted(folder.iterdir())]


@pytest.mark.parametrize(
    "other",
    [
        "two_three-2.1-py3-none-any.whl",
        "two_three-2.0-cp312-cp312-win_amd64.whl",
        "two_three-2.0-cp310-cp310-manylinux_2_28_x86_64.whl",
        "two_three-2.0-cp312-cp312-manylinux_2_39_x86_64.whl",
    ],
)
def test_wheels_of_another_version_or_system_do_not_count_and_what_is_missing_is_named(
    other: str, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, "one-1.0-py3-none-any.whl", other)
    with pytest.raises(
        InputError, match=r"lacks Two\.Three==2\.0 for Python 3\.1.* python3\.1. -m pip download .* Two\.Three==2\.0$"
    ):
        wheels_in(folder, TWO)


def test_wheels_that_no_python_has_all_of_are_refused(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, "one-1.0-cp311-cp311-manylinux2014_x86_64.whl", "two_three-2.0-cp312-cp312-manylinux2014_x86_64.whl"
    )
    with pytest.raises(InputError, match="lacks"):
        wheels_in(folder, TWO)


def test_a_folder_that_is_none_and_a_file_that_is_no_wheel_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no folder"):
        wheels_in(tmp_path / "nowhere", TWO)
    with pytest.raises(InputError, match=r"odd\.whl has not the name of a wheel"):
        wheels_in(folder_of(tmp_path, "odd.whl"), TWO)


def test_an_empty_folder_is_told_how_to_fill_it_for_ubuntu(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"python3\.12 -m pip download .* -r .*requirements\.txt && .* Two\.Three==2\.0$"
    ):
        wheels_in(tmp_path, [*pins().values(), *TWO[1:]])
