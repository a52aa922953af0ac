"""The environment of the container: pinned as tested, and from wheels where they are all there."""

import re
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader.errors import InputError
from grader.gradescope.building.environment import LOCK, package_of, pins
from grader.gradescope.building.targets import Target
from grader.gradescope.building.wheels import wheels_in

ROOT = Path(__file__).parents[2]
AGAIN = "run python -m scripts.write_lock"
TWO = [Requirement("one==1.0"), Requirement("Two.Three==2.0")]


def wheel(folder: Path, name: str, *needs: str) -> Path:
    package, version = name.split("-")[:2]
    with zipfile.ZipFile(folder / name, "w") as archive:
        said = "".join(f"Requires-Dist: {need}\n" for need in needs)
        archive.writestr(
            f"{package}-{version}.dist-info/METADATA",
            f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n{said}",
        )
    return folder


def folder_of(tmp_path: Path, *names: str) -> Path:
    for name in names:
        wheel(tmp_path, name)
    return tmp_path


def test_the_lock_has_the_versions_that_were_tested() -> None:
    lines = (line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#"))
    tested = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}
    assert {name: str(pin.specifier) for name, pin in pins().items()} == {
        name: f"=={tested.get(canonicalize_name(name), 'in constraints.txt')}" for name in pins()
    }, AGAIN


def test_the_lock_has_all_that_the_grader_depends_on() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["grading"]]
    for needed in map(Requirement, asked):
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
    assert found.targets == (Target((3, 12), "x86_64"),)
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


def test_images_that_wheels_are_for_are_named_one_by_one(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, "one-1.0-py3-none-any.whl", "two_three-2.0-cp312-cp312-manylinux2014_x86_64.whl",
        "two_three-2.0-cp311-cp311-manylinux2014_aarch64.whl",
    )  # fmt: skip
    assert list(map(str, wheels_in(folder, TWO).targets)) == ["Python 3.12 on x86_64", "Python 3.11 on aarch64"]


@pytest.mark.parametrize(
    "need",
    [
        "filelock",
        "filelock>=3; platform_system == 'Linux' and python_version >= '3.8'",
        "four[more]; sys_platform == 'linux'",
    ],
)
def test_what_a_package_needs_has_to_be_there_too(need: str, tmp_path: Path) -> None:
    wheel(tmp_path, "torch-2.0-py3-none-any.whl", need)
    wheel(tmp_path, "four-1.0-py3-none-any.whl", "filelock; extra == 'more'")
    with pytest.raises(
        InputError, match=r"lacks filelock.* for Python 3\.12 .*--extra-index-url https://example\.org/cpu torch==2\.0$"
    ):
        wheels_in(tmp_path, [Requirement("torch==2.0")], "https://example.org/cpu")
    wheel(tmp_path, "filelock-3.1-py3-none-any.whl")
    assert wheels_in(tmp_path, [Requirement("torch==2.0")]).targets


@pytest.mark.parametrize(
    "need", ["filelock; extra == 'more'", "filelock; sys_platform == 'win32'", "filelock; python_version < '3.9'"]
)
def test_what_a_package_does_not_need_there_may_be_missing(need: str, tmp_path: Path) -> None:
    wheel(tmp_path, "torch-2.0-py3-none-any.whl", need)
    assert len(wheels_in(tmp_path, [Requirement("torch==2.0")]).targets) == 8


def test_packages_that_need_each_other_come_to_an_end(tmp_path: Path) -> None:
    wheel(tmp_path, "one-1.0-py3-none-any.whl", "two")
    wheel(tmp_path, "two-1.0-py3-none-any.whl", "one")
    assert wheels_in(tmp_path, [Requirement("one==1.0")]).targets


def test_a_package_that_needs_another_version_than_the_grader_is_not_downloaded_in_vain(tmp_path: Path) -> None:
    numpy = pins()["numpy"]
    version = str(numpy.specifier).removeprefix("==")
    wheel(tmp_path, f"numpy-{version}-py3-none-any.whl")
    wheel(tmp_path, "numpy-99.0-py3-none-any.whl")
    wheel(tmp_path, "one-1.0-py3-none-any.whl", "numpy>=99")
    with pytest.raises(InputError, match=rf"lacks numpy>=99 .* needs {numpy}: choose other versions"):
        wheels_in(tmp_path, [numpy, Requirement("one==1.0")])


@pytest.mark.parametrize("content", [b"", b"wheel", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_only_has_the_name_of_a_wheel_is_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "one-1.0-py3-none-any.whl").write_bytes(content)
    with pytest.raises(InputError, match=r"one-1\.0-py3-none-any\.whl is no wheel"):
        wheels_in(tmp_path, [Requirement("one==1.0")])


def test_every_module_of_a_pinned_package_is_known_to_be_there() -> None:
    own = pins().keys()
    for module, packages in packages_distributions().items():
        if own & set(map(canonicalize_name, packages)) and not re.match("_|ipykernel_|isympy|jupyter$", module):
            assert package_of(module) in own, (
                f"{module}: add it to the table of grader/gradescope/building/environment.py"
            )


def test_a_folder_that_is_none_and_a_file_that_is_no_wheel_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no folder"):
        wheels_in(tmp_path / "nowhere", TWO)
    (tmp_path / "odd.whl").touch()
    with pytest.raises(InputError, match=r"odd\.whl has not the name of a wheel"):
        wheels_in(tmp_path, TWO)


def test_an_empty_folder_is_told_how_to_fill_it_for_ubuntu(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"python3\.12 -m pip download .* -r .*requirements\.txt && .* Two\.Three==2\.0$"
    ):
        wheels_in(tmp_path, [*pins().values(), *TWO[1:]])
