from collections.abc import Callable
from io import StringIO
from types import SimpleNamespace

import pytest

from grader.kernels.inside_stubs import cap_prints, without_installers


def test_each_cell_prints_up_to_the_cap_also_when_cells_are_nested(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream(StringIO):  # unlike its base, it lets its methods be replaced
        pass

    hooks: dict[str, list[Callable[[], None]]] = {"pre_run_cell": [], "post_run_cell": []}
    out = Stream()
    monkeypatch.setattr("sys.stdout", out)
    cap_prints(SimpleNamespace(events=SimpleNamespace(register=lambda name, hook: hooks[name].append(hook))), 5)
    begin, end = hooks["pre_run_cell"][0], hooks["post_run_cell"][0]

    begin()
    out.write("abc")
    begin()
    out.write("inner")  # has what the outer cell has left
    end()
    out.write("outer")
    end()
    begin()
    out.write("next cell")
    out.write("more")
    end()
    out.write(" free")
    note = "\n[grader: output cut here, 5 characters are kept per cell]\n"
    assert out.getvalue() == f"abcin{note}next {note} free"


@pytest.mark.parametrize(
    "line",
    [
        "!pip install torch",
        "%pip install -q torch",
        "!!pip list",
        "! pip3 install x",
        "!python -m pip install x",
        "!{sys.executable} -m pip install x",
        "!uv pip install x",
        "%conda install x",
        "!apt-get -qq install x",
        "!sudo apt install -y x",
        "!mamba install x",
        "log = !pip install x",
        "pip install torch",
    ],
)
@pytest.mark.parametrize("indent", ["", "    "])
def test_an_installer_becomes_a_print_of_one_line(line: str, indent: str) -> None:
    lines = without_installers(["a = 1\n", f"{indent}{line}\n", "b = 2\n"])
    assert (lines[0], lines[2]) == ("a = 1\n", "b = 2\n")
    assert lines[1].startswith(f"{indent}print('")
    assert "not installed here" in lines[1]


def test_the_lines_that_continue_an_installer_go_with_it() -> None:
    lines = without_installers(["!pip install a \\\n", "   b \\\n", "   c\n", "x = 1"])
    assert len(lines) == 2
    assert lines[1] == "x = 1"


@pytest.mark.parametrize(
    "line", ["!ls pip", "!pipeline run", "pip = 3", "import pip", "%matplotlib inline", "x = 5 % pip", "!nvidia-smi"]
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    assert without_installers([line]) == [line]
