"""docs/authoring.md does what it says: the problem on the page is built, refused, mended, proven, released and graded."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from grader import cli

PAGE = (Path(__file__).parents[1] / "docs" / "authoring.md").read_text(encoding="utf-8")
# A block of code, the file it is said to be, and what is said of its place there.
BLOCKS = re.findall(r"^`([\w/.]+)`(?:, ([^`\n]+))?:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
OUTPUTS = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`grader` in an empty folder: exit code, and all that it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def run(line: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", line.split())
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out + err

    return run


def lines(text: str) -> list[str]:
    """Without the blanks that fill a table, and without where the course lies."""
    return [
        " ".join(line.split()) for line in re.sub(r"/\S*/mycourse/", "mycourse/", text).splitlines() if line.strip()
    ]


def write(root: Path, *, place: str) -> None:
    """Writes the blocks of a place: "" is a whole file."""
    for name, where, text in BLOCKS:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if where != place:
            continue
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        if place == "in place of its last part":
            old = old[: old.rindex("[parts.")]
        file.write_text(f"{old}\n{text}" if place else text, encoding="utf-8")


@pytest.mark.kernel
def test_the_problem_on_the_page_is_built_and_graded(command: Command, tmp_path: Path) -> None:
    course = tmp_path / "mycourse"
    write(course, place="")
    status, out = command("grader validate --course mycourse")
    assert (status, lines(out)) == (2, lines(OUTPUTS[0]))

    write(course, place="in place of its last part")
    status, out = command("grader validate --course mycourse")
    assert (status, lines(out)) == (0, lines(OUTPUTS[1]))

    write(course, place="at its end")
    status, out = command("grader validate --course mycourse")
    assert (status, "separable is proven" in out) == (0, True)

    assert command("grader release hw1 --course mycourse -o class/blank.ipynb")[0] == 0
    notebook = nbformat.read(tmp_path / "class/blank.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    for name, value in {"plain_parameters": 18432, "separable_parameters": 288, "saving": 64}.items():
        cell = next(cell for cell in notebook.cells if cell.id == f"answer-{name}")
        cell.source = cell.source.replace("...", str(value))
    nbformat.write(notebook, tmp_path / "class/ada.ipynb")  # type: ignore[no-untyped-call]
    assert command("grader grade class --course mycourse -o reports")[0] == 0
    assert outcomes(tmp_path, "blank") == ["blank", "blank", "blank"]
    assert outcomes(tmp_path, "ada") == ["correct", "pointwise_forgotten", "follow(separable_parameters)"]


def outcomes(root: Path, student: str) -> list[str]:
    grade = json.loads((root / "reports" / "staff" / student / "grade.json").read_text(encoding="utf-8"))
    return [part["finding"].partition(":")[2] for part in grade["parts"]]
