import pytest

from grader.kernels import inside_stubs
from grader.kernels.inside_stubs import adapted


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
    lines = adapted(["a = 1\n", f"{indent}{line}\n", "b = 2\n"])
    assert (lines[0], lines[2]) == ("a = 1\n", "b = 2\n")
    assert lines[1].startswith(f"{indent}print('")
    assert "not installed here" in lines[1]


def test_the_lines_that_continue_an_installer_go_with_it() -> None:
    lines = adapted(["!pip install a \\\n", "   b \\\n", "   c\n", "x = 1"])
    assert len(lines) == 2
    assert lines[1] == "x = 1"


@pytest.mark.parametrize(
    "line", ["!ls pip", "!pipeline run", "pip = 3", "import pip", "%matplotlib inline", "x = 5 % pip", "!nvidia-smi"]
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    assert adapted([line]) == [line]


@pytest.mark.parametrize("magic", ["%%bash", "%%sh", "%%script bash", "%%!"])
@pytest.mark.parametrize(
    "line", ["pip install x", "python -m pip install x \\\n  y", "sudo apt-get install -y x", "apt update"]
)
def test_an_installer_in_a_script_becomes_an_echo(magic: str, line: str) -> None:
    first, second, last = adapted([f"{magic}\n", *line.splitlines(keepends=True), "\n", "ls pip\n"])
    assert (first, last) == (f"{magic}\n", "ls pip\n")
    assert second.startswith("echo '")


@pytest.mark.parametrize("backend", ["notebook", "widget", "qt5", "inline", "ipympl  "])
def test_figures_are_shown_as_pictures(backend: str) -> None:
    assert adapted([f"  %matplotlib {backend}\n", "x = 1"]) == ["  %matplotlib inline\n", "x = 1"]


@pytest.mark.parametrize("line", ["%matplotlib", "%matplotlib --list", "'%matplotlib notebook'"])
def test_what_chooses_no_backend_stays(line: str) -> None:
    assert adapted([line]) == [line]


def test_a_progress_bar_passes_on_what_it_would_show() -> None:
    bar = inside_stubs._STUBS["tqdm.notebook"]["tqdm"]
    with bar([1, 2, 3], desc="epoch") as progress:
        assert (list(progress), len(progress)) == ([1, 2, 3], 3)
        progress.set_postfix(loss=1)
        progress.update(1)
    assert list(inside_stubs._STUBS["tqdm"]["trange"](2, 4)) == [2, 3]
    assert list(bar(total=5)) == []
