import csv
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import nbformat
import pytest
from nbformat import NotebookNode, v4
from rich.cells import cell_len

from grader import __version__
from grader.exit_codes import BAD_INPUT, FAULT, INTERRUPTED
from grader.kernels.plain import PlainKernels
from grader.records import MAXIMUM
from tests.commands import Command, in_this_process
from tests.courses import write_course
from tests.processes import processes_with
from tests.terminals import on_terminal

ROOT = Path(__file__).parents[1]
RIGHT = {"linear_parameters": 12_289_000, "convolution_parameters": 1200, "convolution_outputs": (16, 60, 60)}


def written(file: Path, *sources: str) -> Path:
    notebook: NotebookNode = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])  # type: ignore[no-untyped-call]
    nbformat.write(notebook, file)  # type: ignore[no-untyped-call]
    return file


def answered(file: Path, **changed: object) -> Path:
    """A notebook with right answers to one problem, but for what is changed."""
    return written(file, *(f"{name} = {value!r}" for name, value in {**RIGHT, **changed}.items()))


@pytest.fixture
def grader(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """The command in this process, in an empty folder; exit code, output and error output."""
    monkeypatch.chdir(tmp_path)
    return in_this_process(monkeypatch, capsys)


def process(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "nowhere"], "nowhere cannot be opened (No such file or directory); give a notebook or a folder"),
        (["grade", "empty"], "there is no notebook (.ipynb) in empty; give the folder that holds the submissions"),
        (["grade", "text.txt"], "text.txt is not JSON"),
        (["grade", "other.ipynb"], "name it with --homework (hw5_cnn_sizes, hw5_networks, hw6_design)"),
        (["grade", "al.ipynb", "--homework", "hw9"], "there is no homework 'hw9' in"),
        (["grade", "al.ipynb", "-o", "text.txt"], "reports cannot be written to text.txt (File exists); choose"),
        (["grade", "al.ipynb", "--course", "empty"], "is no course: it needs problems/homeworks.toml and reference/"),
        (["release", "hw9"], "there is no homework 'hw9' in"),
        (
            ["release", "hw6_design", "-o", "empty"],
            "empty cannot be written (Is a directory); choose another file with -o",
        ),
    ],
)
def test_bad_input_exits_with_2_and_names_place_and_remedy(
    grader: Command, tmp_path: Path, arguments: list[str], words: str
) -> None:
    answered(tmp_path / "al.ipynb")
    written(tmp_path / "other.ipynb", "x = 1")
    (tmp_path / "text.txt").write_text("no notebook", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    course = [] if "--course" in arguments else ["--course", ROOT]
    status, out, err = grader(*arguments, *course)
    assert (status, out) == (BAD_INPUT, "")
    assert words in err
    assert err.startswith("error: ")
    assert not (tmp_path / "reports").exists()


def test_without_a_course_around_the_option_is_named(grader: Command, tmp_path: Path) -> None:
    status, _, err = grader("grade", answered(tmp_path / "al.ipynb"))
    assert status == BAD_INPUT
    assert "use --course" in err


@pytest.mark.parametrize(
    "arguments", [["grade"], ["grade", "x", "--jobs", "0"], ["nothing"], ["grade", "x", "--timeout", "0"]]
)
def test_wrong_use_exits_with_2(grader: Command, arguments: list[str]) -> None:
    status, _, err = grader(*arguments)
    assert status == BAD_INPUT
    assert "Usage" in err


def test_the_version_is_printed(grader: Command) -> None:
    assert grader("--version") == (0, f"grader {__version__}\n", "")


def test_release_writes_the_notebook_where_it_is_told(grader: Command, tmp_path: Path) -> None:
    assert grader("release", "hw5_cnn_sizes", "--course", ROOT)[:2] == (0, "wrote hw5_cnn_sizes.ipynb\n")
    assert grader("release", "hw5_cnn_sizes", "--course", ROOT, "-o", "new/x.ipynb")[0] == 0
    first, second = (
        json.loads((tmp_path / name).read_text("utf-8")) for name in ("hw5_cnn_sizes.ipynb", "new/x.ipynb")
    )
    assert first == second
    assert first["metadata"]["grader"] == {"homework": "hw5_cnn_sizes"}


def test_a_kernel_that_does_not_start_is_a_fault_of_the_grader_and_exits_with_1(
    grader: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: PlainKernels) -> None:
        raise OSError("no memory")

    monkeypatch.setattr(PlainKernels, "kernel", fails)
    status, out, _ = grader("grade", answered(tmp_path / "al.ipynb"), "--course", ROOT, "--unsafe-no-sandbox")
    assert status == FAULT
    assert re.search(r"^al +\d+ +fault of the grader *$", out, re.MULTILINE)
    assert (tmp_path / "reports/students/al/report.html").exists()


@pytest.mark.kernel
def test_a_report_that_cannot_be_written_exits_with_1(grader: Command, tmp_path: Path) -> None:
    (tmp_path / "al.ipynb").touch()
    (tmp_path / "reports/students").mkdir(parents=True)
    (tmp_path / "reports/students/al").touch()
    status, _, err = grader("grade", "al.ipynb", "--homework", "hw5_cnn_sizes", "--course", ROOT)
    assert status == FAULT
    assert "students/al cannot be written" in err


@pytest.mark.kernel
@pytest.mark.parametrize("name", [os.fsdecode(b"b\xff\x1b[2J\n[red].ipynb"), "\u202eevil;$(x)`y`.ipynb", "-rf.ipynb"])
def test_hostile_names_of_files_are_inert(grader: Command, tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    (tmp_path / f"{name}.csv").touch()
    status, out, err = grader("grade", ".", "--homework", "hw5_cnn_sizes", "--course", ROOT)
    assert status == 0
    assert "is empty; hand in the saved notebook" in err
    assert "left out" in err
    assert not set("\x1b\u202e\udcff") & set(out + err)
    (folder,) = (tmp_path / "reports/staff").iterdir()
    assert json.loads((folder / "grade.json").read_text("utf-8"))["status"] == "not a notebook"


@pytest.mark.kernel
def test_a_class_is_graded_alike_with_one_job_and_with_many(tmp_path: Path) -> None:
    answered(tmp_path / "李.ipynb")
    answered(tmp_path / "bo.ipynb", linear_parameters=12_288_000, convolution_outputs="many")
    written(tmp_path / "cy.ipynb", "1 / 0", "inception_reduced = 3")
    written(tmp_path / "dee.ipynb", "linear_parameters = undefined")
    (tmp_path / "eve.ipynb").write_text("<script>", encoding="utf-8")
    (tmp_path / "data.csv").touch()
    files: list[dict[Path, bytes]] = []
    for jobs in ("1", "4"):  # the second run finds the reports of the first, and takes none for a submission
        command = process("grade", ".", "--course", ROOT, "-j", jobs, "--force", cwd=tmp_path, PYTHONIOENCODING="ascii")
        out, err = command.communicate(timeout=100)
        assert (command.returncode, "Traceback" in err) == (0, False)
        assert "\x1b" not in out + err  # there is no terminal
        assert max(map(cell_len, out.splitlines()[:-1])) <= 80
        assert [line.split()[0] for line in out.splitlines()[:7]] == [
            "student", "maximum", "bo", "cy", "dee", "eve", "?",
        ]  # fmt: skip
        reports = tmp_path / "reports"
        assert (reports / "class.html").is_file()
        timed = (".sqlite", "class.html")  # have how long it took
        files.append({file: file.read_bytes() for file in reports.rglob("*.*") if not file.name.endswith(timed)})
    assert "left out (1):\n  data.csv: is no notebook (.ipynb)\n" in err
    assert "isolation" in err
    assert "NOT ISOLATED" not in err
    assert files[0] == files[1]
    assert {file.name for file in files[0]} == {"gradebook.csv", "report.html", "grade.json", "executed.ipynb"}
    rows = csv.DictReader((reports / "gradebook.csv").read_text("utf-8").splitlines())
    assert [(row["student"], row["total"], row["status"]) for row in rows if row["student"] != MAXIMUM] == [
        ("bo", "3.0", "needs review"),
        ("cy", "", "other homework"),
        ("dee", "0.0", "graded"),
        ("eve", "", "not a notebook"),
        ("李", "5.0", "graded"),
    ]


@pytest.mark.kernel
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_soon_with_130_and_leaves_reports_but_no_kernel(
    tmp_path: Path, signum: signal.Signals
) -> None:
    (tmp_path / "al.ipynb").touch()
    report = tmp_path / "reports/staff/al/grade.json"
    token = os.urandom(8).hex()
    wait = f"import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(99) # {token}'])"
    written(tmp_path / "bo.ipynb", "linear_parameters = 1", wait)
    command = process("grade", ".", "--course", ROOT, "-j", "1", cwd=tmp_path)
    started = monotonic()
    while not (processes_with(token) and report.exists()) and monotonic() - started < 60:
        sleep(0.05)
    command.send_signal(signum)
    sent = monotonic()
    _, err = command.communicate(timeout=60)
    assert command.returncode == INTERRUPTED
    assert monotonic() - sent < 10
    assert "interrupted; the results of 1 of 2 students are recorded, and the same command goes on" in err
    assert "Traceback" not in err
    assert report.exists()
    assert processes_with(token) == []


@pytest.mark.kernel
def test_an_interrupt_leaves_a_terminal_as_it_was(tmp_path: Path) -> None:
    written(tmp_path / "otto.ipynb", "linear_parameters = 1", "import time\ntime.sleep(99)")
    command = ["-m", "grader", "grade", "otto.ipynb", "--course", str(ROOT)]
    status, got = on_terminal(command, tmp_path, columns=60, until=lambda got: "1 notebook to run" in got)
    assert status == INTERRUPTED
    assert re.search(r"hw5_cnn_sizes \S*━{20}\S* \S*0/1", got)
    assert "interrupted; the results of 0 of 1 students are recorded" in got
    assert "Traceback" not in got
    assert got.count("\x1b[?25l") == got.count("\x1b[?25h")


@pytest.mark.kernel
def test_json_is_all_that_is_on_standard_output(tmp_path: Path) -> None:
    written(tmp_path / "al.ipynb", "print('not this')", "import os; os.write(1, b'nor this')", "linear_parameters = 1")
    command = process("grade", "al.ipynb", "--course", ROOT, "--json", "--quiet", cwd=tmp_path, FORCE_COLOR="1")
    out, err = command.communicate(timeout=100)
    assert (command.returncode, err) == (0, "")
    assert [one["student"] for one in json.loads(out)["classes"][0]["students"]] == ["al"]


@pytest.mark.kernel
def test_a_report_that_cannot_be_written_stops_neither_the_class_nor_the_gradebook(
    grader: Command, tmp_path: Path
) -> None:
    for name in ("al", "bo"):
        (tmp_path / f"{name}.ipynb").touch()
    (tmp_path / "reports/students").mkdir(parents=True)
    (tmp_path / "reports/students/al").touch()
    status, _, err = grader("grade", ".", "--homework", "hw5_cnn_sizes", "--course", ROOT)
    assert status == FAULT
    assert "students/al cannot be written" in err
    assert (tmp_path / "reports/students/bo/report.html").is_file()
    table = (tmp_path / "reports/gradebook.csv").read_text(encoding="utf-8").splitlines()
    assert [line.partition(",")[0] for line in table] == ["student", "maximum", "al", "bo"]


@pytest.mark.kernel
def test_a_path_without_notebooks_is_told_and_the_rest_is_graded(grader: Command, tmp_path: Path) -> None:
    (tmp_path / "al.ipynb").touch()
    (tmp_path / "empty").mkdir()
    status, out, err = grader("grade", "al.ipynb", "empty", "missing", "--homework", "hw5_cnn_sizes", "--course", ROOT)
    assert status == 0
    assert "no notebook (.ipynb) in empty" in err
    assert "missing cannot be opened" in err
    assert "al" in out


@pytest.mark.kernel
def test_each_folder_named_after_a_homework_is_graded_as_it_into_a_folder_of_its_own(
    grader: Command, tmp_path: Path
) -> None:
    for folder in ("hw1", "other", "hw1/.hidden"):
        (tmp_path / "class" / folder).mkdir(parents=True)
    (tmp_path / "class" / "hw1" / "ada.ipynb").write_text("no notebook", encoding="utf-8")
    (tmp_path / "class" / "loose.ipynb").write_text("no notebook", encoding="utf-8")
    course = write_course(tmp_path / "course")
    status, out, err = grader("grade", tmp_path / "class", "-o", tmp_path / "out", "--course", course)
    assert status == 0
    assert (tmp_path / "out" / "hw1" / "gradebook.csv").is_file()
    assert not (tmp_path / "out" / "gradebook.csv").exists()
    assert "loose.ipynb" in err
    assert "other" in err
    assert "ada" in out
